/// All that help, completions and documentation need to know of a command or a group of commands.
package struct CommandDescription: Sendable {
  package var name: String
  package var abstract: String
  package var discussion: String = ""
  package var arguments: [ArgumentSyntax] = []
  package var options: [OptionSyntax] = []
  package var examples: [(String, String)] = []
  package var subcommands: [CommandDescription] = []
  /// The subcommand that runs when none is named.
  package var defaultSubcommand: String?
}

extension CommandDescription {
  init<C: Command>(_ command: C.Type) {
    self.init(
      name: C.name, abstract: C.abstract, discussion: C.discussion,
      arguments: C.arguments.map(\.syntax), options: C.syntaxes, examples: C.examples)
  }
}
