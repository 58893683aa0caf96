/// All that help, completions and documentation need to know of a command or a group of commands.
package struct CommandDescription: Sendable {
  package var name: String
  package var abstract: String
  package var discussion: String = ""
  package var examples: [(String, String)] = []
  package var subcommands: [CommandDescription] = []
  /// The subcommand that runs when none is named.
  package var defaultSubcommand: String?
  /// Made when they are asked for: those of all commands cost half of a start.
  private let makeSyntax: @Sendable () -> (arguments: [ArgumentSyntax], options: [OptionSyntax])

  package var arguments: [ArgumentSyntax] { makeSyntax().arguments }
  package var options: [OptionSyntax] { makeSyntax().options }

  init(
    name: String, abstract: String, discussion: String = "",
    options: @escaping @Sendable () -> [OptionSyntax] = { [] },
    subcommands: [CommandDescription], defaultSubcommand: String? = nil
  ) {
    self.name = name
    self.abstract = abstract
    self.discussion = discussion
    self.subcommands = subcommands
    self.defaultSubcommand = defaultSubcommand
    makeSyntax = { ([], options()) }
  }

  init<C: Command>(_ command: C.Type) {
    name = C.name
    abstract = C.abstract
    discussion = C.discussion
    examples = C.examples
    makeSyntax = { (C.arguments.map(\.syntax), C.syntaxes) }
  }
}
