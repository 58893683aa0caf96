/// `complete` lines, each for the command that the words before the cursor name.
struct FishCompletion {
  let program: String
  let places: [CompletionPlace]

  var text: String {
    let function = "__\(program)_path"
    let shared = (places.first?.options ?? []).filter(\.takesValue).flatMap(\.spellings)
      .joined(separator: " ")
    let paths = places.dropFirst().map(\.path).joined(separator: " ")
    return """
      # fish completion for \(program)
      function \(function)
          set -l path
          set -l isValue
          for word in (commandline -opc)[2..]
              if test -n "$isValue"
                  set isValue
              else if contains -- $word \(shared)
                  set isValue 1
              else if contains -- "$path/$word" \(paths)
                  set path "$path/$word"
              end
          end
          echo "$path"
      end
      complete -c \(program) -f

      """ + places.map(lines).joined()
  }

  private func lines(_ place: CompletionPlace) -> String {
    let head = "complete -c \(program) -n 'test \"$(__\(program)_path)\" = \"\(place.path)\"'"
    var lines = place.subcommands.map { "\(head) -a \($0.name) -d \($0.abstract.fishQuoted)" }
    for option in place.options {
      var line = head + (option.short.map { " -s \($0)" } ?? "") + " -l \(option.long)"
      if option.takesValue {
        switch CompletedValue(option) {
        case .file: line += " -r -F"
        case .words(let words): line += " -x -a \(words.joined(separator: " ").fishQuoted)"
        case .text: line += " -x"
        }
      }
      lines.append("\(line) -d \(option.help.fishQuoted)")
    }
    switch CompletedValue(place.argument) {
    case .file: lines.append("\(head) -F")
    case .words(let words): lines.append("\(head) -a \(words.joined(separator: " ").fishQuoted)")
    case .text: break
    }
    return lines.map { $0 + "\n" }.joined()
  }
}

extension String {
  /// In single quotes `\` and `'` are escaped.
  fileprivate var fishQuoted: String {
    var result = "'"
    for character in self {
      if character == "\\" || character == "'" { result.append("\\") }
      result.append(character)
    }
    return result + "'"
  }
}
