extension CommandTable {
  /// Names that stand for two things at once, as `errors list: -s`; a table without mistakes has
  /// none.
  ///
  /// Two subcommands of one name, two options of one name, an option that takes a shared option's
  /// name, an argument behind one that takes all that is left, a default that does not exist.
  package var conflicts: [String] {
    conflicts(in: description.subcommands, path: "")
  }

  private func conflicts(in commands: [CommandDescription], path: String) -> [String] {
    repeated(commands.map(\.name)).map { path + $0 }
      + commands.flatMap { command -> [String] in
        let name = path + command.name
        let options = command.options + Globals.syntaxes + [.help, .version]
        let names =
          options.map { "--" + $0.long } + options.compactMap { $0.short.map { "-\($0)" } }
        let behind = command.arguments.drop { !$0.isRepeated }.dropFirst().map(\.label)
        let hasDefault =
          command.defaultSubcommand.map { named in
            command.subcommands.contains { $0.name == named }
          } ?? true
        return (repeated(names) + behind + (hasDefault ? [] : ["default"])).map { "\(name): \($0)" }
          + conflicts(in: command.subcommands, path: name + " ")
      }
  }

  private func repeated(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { !seen.insert($0).inserted }
  }
}
