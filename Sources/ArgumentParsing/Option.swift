/// One row of a command's option table.
package struct Option<Root>: Sendable {
  package var syntax: OptionSyntax
  /// Stores a value; a flag is given the empty string.
  let store: @Sendable (inout Root, String) throws(InvalidValue) -> Void
  /// The default as the help shows it; nil where there is none worth showing.
  let showDefault: @Sendable (Root) -> String?
}

/// What an option looks like on the command line, without where its value goes.
package struct OptionSyntax: Sendable, Equatable {
  /// Without the dashes.
  package var long: String
  package var short: Character?
  /// The value's name in the help; nil for a flag.
  package var placeholder: String?
  package var help: String
  /// The permitted values, where they are few.
  package var choices: [String] = []
  /// Values that a shell offers, where the help does not list them.
  var suggestions: [String] = []
  package var isRepeatable = false
  package var defaultText: String?

  package var takesValue: Bool { placeholder != nil }

  /// How the help shows it: `-s, --source <name>`.
  package var label: String {
    let names = short.map { "-\($0), --\(long)" } ?? "--\(long)"
    return placeholder.map { "\(names) <\($0.lowercased())>" } ?? names
  }
}

extension Option {
  /// The same, for which a shell offers these values.
  package func suggesting(_ words: [String]) -> Self {
    var option = self
    option.syntax.suggestions = words
    return option
  }
}

extension OptionGroup {
  static var syntaxes: [OptionSyntax] {
    let defaults = Self()
    return options.map { option in
      var syntax = option.syntax
      syntax.defaultText = option.showDefault(defaults)
      return syntax
    }
  }
}
