/// The program's commands, from which a command line becomes an invocation.
///
/// `Action` is whatever the executable runs: each entry says how a parsed command becomes one.
///
///     let table = CommandTable<GlobalOptions, Action>(
///       program: "logbook", abstract: "…", version: "1.0.0",
///       entries: [
///         .command(Ingest.self) { ingest in Action { globals in try ingest.run(globals) } },
///         .group("errors", abstract: "…", default: "list", [.command(ErrorList.self) { … }]),
///       ])
package struct CommandTable<Globals: OptionGroup, Action: Sendable>: Sendable {
  package let program: String
  package let version: String
  let abstract: String
  let discussion: String
  let entries: [CommandEntry<Globals, Action>]

  package init(
    program: String, abstract: String, discussion: String = "", version: String,
    entries: [CommandEntry<Globals, Action>]
  ) {
    self.program = program
    self.abstract = abstract
    self.discussion = discussion
    self.version = version
    self.entries = entries
  }

  /// The whole program as data.
  package var description: CommandDescription {
    CommandDescription(
      name: program, abstract: abstract, discussion: discussion,
      options: { Globals.syntaxes + [.version] }, subcommands: entries.map(\.description))
  }

  /// Reads a command line without the program's name.
  ///
  /// No words at all ask for help, and so does `--help` anywhere before `--`.
  package func parse(_ words: [String]) throws(UsageError) -> Invocation<Globals, Action> {
    var globals = Globals()
    var rest = words[...]
    let wantsHelp = words.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
    if wantsHelp { return .help(try help(naming: commandPath(in: words))) }
    if let word = words.prefix(while: { $0 != "--" }).first(where: { $0.hasPrefix("--help=") }) {
      throw .unexpectedValue(option: "--help", value: String(word.dropFirst("--help=".count)))
    }

    if try takeGlobals(&rest, &globals, command: "") { return .version(version) }
    guard let name = rest.popFirst() else { return .help(help(for: [])) }
    if name == "help" { return .help(try help(naming: Array(rest))) }
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw unknownCommand(name, parent: "", among: entries)
    }
    guard case .group(let defaultName, let subcommands) = entry.kind else {
      return try entry.parse(Array(rest), parent: "", globals, version)
    }

    if try takeGlobals(&rest, &globals, command: entry.name, stopsAtUnknown: true) {
      return .version(version)
    }
    if let named = subcommands.first(where: { $0.name == rest.first }) {
      return try named.parse(Array(rest.dropFirst()), parent: entry.name, globals, version)
    }
    let fallback = subcommands.first { $0.name == defaultName }
    if let word = rest.first, word == "-" || !word.hasPrefix("-"),
      fallback?.description.arguments.isEmpty ?? true
    {
      throw unknownCommand(word, parent: entry.name, among: subcommands)
    }
    guard let fallback else {
      if let word = rest.first {
        throw .unknownOption(word, command: entry.name, suggestion: nil)
      }
      return .help(help(for: [entry.name]))
    }
    return try fallback.parse(Array(rest), parent: entry.name, globals, version)
  }

  /// Takes the global options at the head; true when one of them asks for the version.
  private func takeGlobals(
    _ rest: inout ArraySlice<String>, _ globals: inout Globals, command: String,
    stopsAtUnknown: Bool = false
  ) throws(UsageError) -> Bool {
    let scanner = WordScanner(
      options: Globals.syntaxes + [.version], command: command, passesUnknownDashesThrough: false)
    while let word = rest.first, word.hasPrefix("-"), word != "-", word != "--" {
      let before = rest
      do throws(UsageError) {
        for case .option(let index, let value, let spelling) in try scanner.next(&rest) {
          if index == Globals.options.count { return true }
          try Globals.options[index].apply(to: &globals, value, spelling)
        }
      } catch {
        guard stopsAtUnknown, case .unknownOption = error else { throw error }
        rest = before
        break
      }
    }
    return false
  }

  private func unknownCommand(
    _ name: String, parent: String, among entries: [CommandEntry<Globals, Action>]
  ) -> UsageError {
    .unknownCommand(
      name: name, parent: parent, suggestion: suggestion(for: name, among: entries.map(\.name)))
  }

  /// The names with which the words call a command, known or not: one, or two for a group's.
  private func commandPath(in words: [String]) -> [String] {
    var path: [String] = []
    var level = description.subcommands
    var rest = words.prefix { $0 != "--" }
    while let word = rest.popFirst() {
      if word.hasPrefix("-") {
        let names = Globals.options.lazy.map(\.syntax).filter(\.takesValue)
        if names.contains(where: { "--" + $0.long == word }) { rest = rest.dropFirst() }
        continue
      }
      if path.isEmpty, word == "help" { continue }
      let found = level.first { $0.name == word }
      if found != nil || path.isEmpty { path.append(word) }
      guard let found, !found.subcommands.isEmpty else { break }
      level = found.subcommands
    }
    return path
  }

  /// The help of the command at `path`; an unknown name is a usage error.
  private func help(naming path: [String]) throws(UsageError) -> String {
    var level = entries
    var parents: [String] = []
    for name in path {
      guard let entry = level.first(where: { $0.name == name }) else {
        throw unknownCommand(name, parent: parents.joined(separator: " "), among: level)
      }
      parents.append(name)
      level = if case .group(_, let subcommands) = entry.kind { subcommands } else { [] }
    }
    return help(for: path)
  }

  private func help(for path: [String]) -> String {
    var page = HelpPage(program: program, path: path, command: description)
    for name in path {
      guard let next = page.command.subcommands.first(where: { $0.name == name }) else { break }
      page.command = next
      page.globalOptions = Globals.syntaxes
    }
    return page.text
  }
}

/// What a command line asks for.
package enum Invocation<Globals: Sendable, Action: Sendable>: Sendable {
  case run(Action, Globals)
  /// Text for standard output, without a final newline.
  case help(String)
  case version(String)
}

extension OptionSyntax {
  static let help = OptionSyntax(long: "help", short: "h", help: "Show help information.")
  static let version = OptionSyntax(long: "version", help: "Show the version.")
}
