/// What may follow the name of a command, or of a group of them, on a command line.
struct CompletionPlace {
  /// `/patterns/list`; empty for the program itself.
  let path: String
  let subcommands: [CommandDescription]
  /// With those of all commands; of a group, those of the command that runs when none is named.
  let options: [OptionSyntax]
  let argument: ArgumentSyntax?

  /// The program, its groups and its commands, in the order of the help.
  static func all(_ program: CommandDescription) -> [CompletionPlace] {
    let shared = program.options + [.help]
    return [
      CompletionPlace(
        path: "", subcommands: program.subcommands, options: shared, argument: nil)
    ]
      + program.subcommands.flatMap {
        places(of: $0, below: "", shared.filter { $0.long != "version" })
      }
  }

  private static func places(
    of command: CommandDescription, below parent: String, _ shared: [OptionSyntax]
  ) -> [CompletionPlace] {
    let path = "\(parent)/\(command.name)"
    let fallback = command.subcommands.first { $0.name == command.defaultSubcommand } ?? command
    let place = CompletionPlace(
      path: path, subcommands: command.subcommands, options: fallback.options + shared,
      argument: fallback.arguments.last)
    return [place] + command.subcommands.flatMap { places(of: $0, below: path, shared) }
  }
}

/// What the text of a value or an argument names.
enum CompletedValue: Equatable {
  case file
  case words([String])
  case text

  init(_ syntax: OptionSyntax) {
    self =
      if !syntax.choices.isEmpty {
        .words(syntax.choices)
      } else if !syntax.suggestions.isEmpty {
        .words(syntax.suggestions)
      } else if Self.files.contains(syntax.placeholder ?? "") {
        .file
      } else {
        .text
      }
  }

  init(_ syntax: ArgumentSyntax?) {
    self =
      if let words = syntax?.suggestions, !words.isEmpty {
        .words(words)
      } else if Self.files.contains(syntax?.placeholder ?? "") {
        .file
      } else {
        .text
      }
  }

  private static let files: Set<String> = ["FILE", "PATH", "DIR", "LINE|FILE"]
}

extension OptionSyntax {
  /// As they are written: `-s`, `--source`.
  var spellings: [String] { (short.map { ["-\($0)"] } ?? []) + ["--\(long)"] }
}

extension String {
  /// As one word of a shell.
  var shellQuoted: String {
    "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
