/// A row of the command table: one command, or a group of them under one name.
package struct CommandEntry<Globals: OptionGroup, Action: Sendable>: Sendable {
  enum Kind: Sendable {
    case command(Parse)
    case group(default: String?, [CommandEntry])
  }
  typealias Parse =
    @Sendable ([String], _ path: String, Globals, _ version: String) throws(UsageError)
    -> Invocation<Globals, Action>

  package let description: CommandDescription
  let kind: Kind

  var name: String { description.name }

  /// - Parameter action: makes what the executable runs from the command with its options set.
  package static func command<C: Command>(
    _ type: C.Type, action: @escaping @Sendable (C) -> Action
  ) -> Self {
    CommandEntry(
      description: CommandDescription(type),
      kind: .command { words, path, globals, version throws(UsageError) in
        try parseWords(words, path: path, globals, version, action: action)
      })
  }

  /// Commands that are called as `name subcommand`; without a subcommand `default` runs, which is
  /// then also given the options.
  package static func group(
    _ name: String, abstract: String, discussion: String = "", default defaultName: String? = nil,
    _ subcommands: [Self]
  ) -> Self {
    CommandEntry(
      description: CommandDescription(
        name: name, abstract: abstract, discussion: discussion,
        subcommands: subcommands.map(\.description), defaultSubcommand: defaultName),
      kind: .group(default: defaultName, subcommands))
  }

  func parse(
    _ words: [String], parent: String, _ globals: Globals, _ version: String
  ) throws(UsageError) -> Invocation<Globals, Action> {
    let path = parent.isEmpty ? name : "\(parent) \(name)"
    switch kind {
    case .command(let parse): return try parse(words, path, globals, version)
    case .group:
      throw .unknownCommand(name: words.first ?? name, parent: path, suggestion: nil)
    }
  }
}

private func parseWords<C: Command, Globals: OptionGroup, Action: Sendable>(
  _ words: [String], path: String, _ globals: Globals, _ version: String,
  action: @Sendable (C) -> Action
) throws(UsageError) -> Invocation<Globals, Action> {
  var command = C()
  var globals = globals
  var arguments: [String] = []
  let own = C.options.count
  let shared = Globals.options.count
  let scanner = WordScanner(
    options: C.syntaxes + Globals.syntaxes + [.version], command: path,
    passesUnknownDashesThrough: C.passesUnknownDashesThrough)
  for token in try scanner.scan(words) {
    switch token {
    case .argument(let word): arguments.append(word)
    case .option(let index, let value, let spelling):
      if index < own {
        try C.options[index].apply(to: &command, value, spelling)
      } else if index < own + shared {
        try Globals.options[index - own].apply(to: &globals, value, spelling)
      } else {
        return .version(version)
      }
    }
  }
  try store(arguments, in: &command, path: path)
  try command.validate()
  return .run(action(command), globals)
}

private func store<C: Command>(
  _ words: [String], in command: inout C, path: String
) throws(UsageError) {
  var rest = words[...]
  for argument in C.arguments {
    let taken = argument.syntax.isRepeated ? rest : rest.prefix(1)
    rest = rest.dropFirst(taken.count)
    if taken.isEmpty, argument.syntax.isRequired {
      throw .missingArgument(placeholder: argument.syntax.placeholder, command: path)
    }
    for word in taken {
      do throws(InvalidValue) {
        try argument.store(&command, word)
      } catch {
        throw .invalidValue(
          subject: argument.syntax.label, value: word, expected: error.expected)
      }
    }
  }
  if let word = rest.first { throw .unexpectedArgument(word, command: path) }
}

extension Option {
  func apply(
    to root: inout Root, _ value: String?, _ spelling: String
  ) throws(UsageError) {
    do throws(InvalidValue) {
      try store(&root, value ?? "")
    } catch {
      throw .invalidValue(subject: spelling, value: value ?? "", expected: error.expected)
    }
  }
}
