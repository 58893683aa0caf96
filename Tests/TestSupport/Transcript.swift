/// Commands with the output they must print, as a person reads them.
///
/// A line `$ command` is run by `/bin/sh`; a command that ends in `\` goes on in the next line. What
/// follows, up to the next command or the next `## ` heading, is its output, both streams merged. Text before the
/// first command, and between a heading and its command, is prose. In the expected output
///
/// - a line `...` stands for any lines,
/// - `<word>`, in lower case, stands for any text within a line,
/// - `[exit 2]` comes last where the exit status is not 0.
///
/// Space at the ends of lines, and empty lines at the end of the output, do not count.
package struct Transcript: Sendable {
  package struct Step: Sendable, Equatable {
    package var command: String
    package var expected: [String]

    package init(command: String, expected: [String]) {
      self.command = command
      self.expected = expected
    }
  }

  package var name: String
  package var steps: [Step]

  package init(name: String, text: String) {
    self.name = name
    steps = []
    var isProse = true
    var goesOn = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if goesOn {
        steps[steps.count - 1].command += "\n" + line
        goesOn = line.hasSuffix("\\")
      } else if line.hasPrefix("$ ") {
        steps.append(Step(command: String(line.dropFirst(2)), expected: []))
        isProse = false
        goesOn = line.hasSuffix("\\")
      } else if line.hasPrefix("## ") {
        isProse = true
      } else if !isProse {
        steps[steps.count - 1].expected.append(String(line))
      }
    }
    for index in steps.indices { steps[index].expected.trimEnds() }
  }

  /// The blocks fenced as `console`, in order, as one transcript.
  ///
  /// A block fenced as a language and a name (`python slowest.py`) is written to a file of that name.
  package init(name: String, markdown: String) {
    self.init(name: name, text: "")
    var block: (info: Substring, text: String)?
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if let block { add(block.text, fencedAs: block.info) }
        block = block == nil ? (line.dropFirst(3), "") : nil
      } else {
        block?.text += line + "\n"
      }
    }
  }

  private mutating func add(_ text: String, fencedAs info: Substring) {
    let words = info.split(separator: " ")
    if info == "console" {
      steps += Transcript(name: name, text: text).steps
    } else if words.count == 2 {
      let command = "cat > \(words[1]) <<'END_OF_BLOCK'\n\(text)END_OF_BLOCK"
      steps.append(Step(command: command, expected: []))
    }
  }
}

extension [String] {
  /// Drops space at the ends of lines and empty lines at the end.
  package mutating func trimEnds() {
    for index in indices {
      while self[index].last?.isWhitespace == true { self[index].removeLast() }
    }
    while last?.isEmpty == true { removeLast() }
  }
}
