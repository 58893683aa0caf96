/// The manual page of a program with all its commands, for `man` (the macros of man(7)).
package struct ManualPage {
  let program: CommandDescription
  let version: String
  /// Of that version, as `2026-03-02`.
  let date: String
  /// What else it says: a heading, and paragraphs as those of a discussion.
  let sections: [(title: String, text: String)]

  package init(
    of program: CommandDescription, version: String, date: String,
    sections: [(title: String, text: String)] = []
  ) {
    self.program = program
    self.version = version
    self.date = date
    self.sections = sections
  }

  package var text: String {
    let name = program.name
    var lines = [
      ".TH \(name.uppercased()) 1 \"\(date)\" \"\(name) \(version)\" \"User Commands\"", ".SH NAME",
      "\(name) \\- \(escaped(phrase(program.abstract)))", ".SH SYNOPSIS",
      ".B \(name)", "[\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]", ".SH DESCRIPTION",
    ]
    lines += paragraphs(program.discussion)
    lines.append(".SH OPTIONS")
    for option in program.options + [.help] { lines += row(option) }
    lines.append(".SH COMMANDS")
    for command in program.subcommands { lines += self.command(command, path: []) }
    for section in sections {
      lines.append(".SH \(section.title)")
      lines += paragraphs(section.text)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func command(_ command: CommandDescription, path: [String]) -> [String] {
    let names = path + [command.name]
    guard command.subcommands.isEmpty else {
      return command.subcommands.flatMap { self.command($0, path: names) }
    }
    let words = [program.name] + names
    let usage =
      (command.options.isEmpty ? [] : ["[<options>]"]) + command.arguments.map(\.usage)
    var lines = [
      ".SS \"\(escaped(words.joined(separator: " ") + usage.map { " " + $0 }.joined()))\"",
      escaped(command.abstract),
    ]
    if !command.discussion.isEmpty { lines += [".PP"] + paragraphs(command.discussion) }
    for argument in command.arguments {
      lines += [
        ".TP", "\\fI\(escaped(argument.placeholder.lowercased()))\\fR", escaped(argument.help),
      ]
    }
    for option in command.options { lines += row(option) }
    for (example, meaning) in command.examples {
      lines += [".TP", "\\fB\(escaped(example))\\fR", escaped(meaning)]
    }
    return lines
  }

  private func row(_ option: OptionSyntax) -> [String] {
    var label = option.spellings.map { "\\fB\(escaped($0))\\fR" }.joined(separator: ", ")
    if let placeholder = option.placeholder {
      label += " \\fI\(escaped(placeholder.lowercased()))\\fR"
    }
    return [".TP", label, escaped(option.fullHelp)]
  }

  /// Text as it is written in help: indented lines stay as they are.
  private func paragraphs(_ text: String) -> [String] {
    var lines: [String] = []
    var isVerbatim = false
    var isBegun = true
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard !line.isEmpty else {
        isBegun = false
        continue
      }
      let isIndented = line.hasPrefix(" ")
      if isVerbatim, !isIndented { lines.append(".fi") }
      if !lines.isEmpty, !isBegun || isIndented != isVerbatim { lines.append(".PP") }
      if !isVerbatim, isIndented { lines.append(".nf") }
      (isVerbatim, isBegun) = (isIndented, true)
      lines.append(escaped(String(line)))
    }
    if isVerbatim { lines.append(".fi") }
    return lines
  }

  /// In the list of pages: without the capital and the full stop of a sentence.
  private func phrase(_ sentence: String) -> String {
    let text = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  private func escaped(_ text: String) -> String {
    var result = text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" : ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "\"": result += "\\(dq"
      case "'": result += "\\(aq"
      case "`": result += "\\(ga"
      case "~": result += "\\(ti"
      case "^": result += "\\(ha"
      default: result.append(character)
      }
    }
    return result
  }
}
