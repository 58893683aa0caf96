/// One positional argument of a command.
///
/// `many` takes all that is left, so it stands last.
package struct Argument<Root>: Sendable {
  package var syntax: ArgumentSyntax
  let store: @Sendable (inout Root, String) throws(InvalidValue) -> Void

  /// The property that an argument sets.
  package typealias Target<Value> = any WritableKeyPath<Root, Value> & Sendable

  /// An argument that has to be given.
  package static func one(
    _ placeholder: String, help: String, sets target: Target<String>
  ) -> Self {
    one(placeholder, help: help, sets: target) { text in text }
  }

  /// An argument that may be left out.
  package static func one(
    _ placeholder: String, help: String, sets target: Target<String?>
  ) -> Self {
    one(placeholder, help: help, isRequired: false, sets: target) { text in text }
  }

  package static func one<Value>(
    _ placeholder: String, help: String, isRequired: Bool = true,
    sets target: Target<Value>,
    parse: @escaping @Sendable (String) throws(InvalidValue) -> Value
  ) -> Self {
    Argument(
      syntax: ArgumentSyntax(placeholder: placeholder, help: help, isRequired: isRequired),
      store: { root, text throws(InvalidValue) in root[keyPath: target] = try parse(text) })
  }

  /// The same, for which a shell offers these words.
  package func suggesting(_ words: [String]) -> Self {
    var argument = self
    argument.syntax.suggestions = words
    return argument
  }

  package static func many(
    _ placeholder: String, help: String, isRequired: Bool = false,
    sets target: Target<[String]>
  ) -> Self {
    many(placeholder, help: help, isRequired: isRequired, sets: target) { text in text }
  }

  package static func many<Value>(
    _ placeholder: String, help: String, isRequired: Bool = false,
    sets target: Target<[Value]>,
    parse: @escaping @Sendable (String) throws(InvalidValue) -> Value
  ) -> Self {
    Argument(
      syntax: ArgumentSyntax(
        placeholder: placeholder, help: help, isRequired: isRequired, isRepeated: true),
      store: { root, text throws(InvalidValue) in root[keyPath: target].append(try parse(text)) })
  }
}

/// What an argument looks like in the help.
package struct ArgumentSyntax: Sendable, Equatable {
  package var placeholder: String
  package var help: String
  package var isRequired: Bool
  package var isRepeated = false
  /// Values that a shell offers.
  var suggestions: [String] = []

  package var label: String { "<\(placeholder.lowercased())>" }

  /// As in a usage line: `<query>`, `[<query>]`, `[<path> ...]`.
  package var usage: String {
    let text = isRepeated ? "\(label) ..." : label
    return isRequired ? text : "[\(text)]"
  }
}
