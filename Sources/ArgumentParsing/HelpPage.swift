/// The help of one command, in the shape of swift-argument-parser's.
struct HelpPage {
  static let indent = 2
  static let labelColumnWidth = 26
  static let width = 80

  let program: String
  /// The command's names, without the program.
  let path: [String]
  var command: CommandDescription
  /// Listed below the command's own options.
  var globalOptions: [OptionSyntax] = []

  /// Without a final newline.
  var text: String {
    var overview = wrapped("OVERVIEW: " + command.abstract, to: Self.width)
    if !command.discussion.isEmpty {
      overview += "\n\n" + wrapped(command.discussion, to: Self.width)
    }
    let sections: [(title: String, rows: [(String, String)])] = [
      ("ARGUMENTS", command.arguments.map { ($0.label, $0.help) }),
      ("OPTIONS", (command.options + globalOptions + [.help]).map { ($0.label, $0.fullHelp) }),
      (
        "OPTIONS OF " + (fallback?.name ?? ""),
        (fallback?.options ?? []).map { ($0.label, $0.fullHelp) }
      ),
      ("EXAMPLES", command.examples),
      ("SUBCOMMANDS", command.subcommands.map { (label(of: $0), $0.abstract) }),
    ]
    var blocks = [overview, wrapped("USAGE: " + usage, to: Self.width, indent: 7)]
    for section in sections where !section.rows.isEmpty {
      blocks.append(section.title + ":\n" + section.rows.map(row).joined(separator: "\n"))
    }
    if !command.subcommands.isEmpty {
      let name = ([program, "help"] + path + ["<subcommand>"]).joined(separator: " ")
      blocks.append("  See '\(name)' for detailed help.")
    }
    return blocks.joined(separator: "\n\n")
  }

  private var usage: String {
    var words = [program] + path
    let hasOptions = path.isEmpty || !command.options.isEmpty || !globalOptions.isEmpty
    if hasOptions { words.append("[<options>]") }
    words += command.arguments.map(\.usage)
    if !command.subcommands.isEmpty {
      words.append(command.defaultSubcommand == nil ? "<subcommand>" : "[<subcommand>]")
    }
    return words.joined(separator: " ")
  }

  /// The subcommand that is meant where none is named.
  private var fallback: CommandDescription? {
    command.subcommands.first { $0.name == command.defaultSubcommand }
  }

  private func label(of subcommand: CommandDescription) -> String {
    subcommand.name == command.defaultSubcommand ? "\(subcommand.name) (default)" : subcommand.name
  }

  private func row(label: String, help: String) -> String {
    let padded = String(repeating: " ", count: Self.indent) + label
    guard !help.isEmpty else { return padded }
    let margin = String(repeating: " ", count: Self.labelColumnWidth)
    let body = wrapped(help, to: Self.width, margin: Self.labelColumnWidth)
    guard padded.count < Self.labelColumnWidth else { return "\(padded)\n\(margin)\(body)" }
    return padded + margin.dropFirst(padded.count) + body
  }
}

extension OptionSyntax {
  /// The help with what may be chosen and what is the default.
  var fullHelp: String {
    var notes: [String] = []
    if !choices.isEmpty { notes.append("values: " + choices.joined(separator: ", ")) }
    if let defaultText { notes.append("default: " + defaultText) }
    return notes.isEmpty ? help : "\(help) (\(notes.joined(separator: "; ")))"
  }
}
