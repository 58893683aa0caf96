extension Option {
  /// The property that an option sets.
  package typealias Target<Value> = any WritableKeyPath<Root, Value> & Sendable

  /// An option whose text is turned into a value by `parse`; the last one given wins.
  package static func value<Value>(
    _ long: String, _ short: Character?, _ placeholder: String, help: String,
    sets target: Target<Value>,
    parse: @escaping @Sendable (String) throws(InvalidValue) -> Value
  ) -> Self {
    Option(
      syntax: OptionSyntax(long: long, short: short, placeholder: placeholder, help: help),
      store: { root, text throws(InvalidValue) in root[keyPath: target] = try parse(text) },
      showDefault: { _ in nil })
  }

  /// An option that may be given several times; each one appends.
  package static func value<Value>(
    _ long: String, _ short: Character?, _ placeholder: String, help: String,
    appendsTo target: Target<[Value]>,
    parse: @escaping @Sendable (String) throws(InvalidValue) -> Value
  ) -> Self {
    Option(
      syntax: OptionSyntax(
        long: long, short: short, placeholder: placeholder, help: help, isRepeatable: true),
      store: { root, text throws(InvalidValue) in root[keyPath: target].append(try parse(text)) },
      showDefault: { _ in nil })
  }

  /// An option with text as its value; a default that is not empty is shown in the help.
  package static func value(
    _ long: String, _ short: Character?, _ placeholder: String, help: String,
    sets target: Target<String>
  ) -> Self {
    value(long, short, placeholder, help: help, sets: target) { text in text }
      .showing { root in root[keyPath: target].isEmpty ? nil : root[keyPath: target] }
  }

  package static func value(
    _ long: String, _ short: Character?, _ placeholder: String, help: String,
    sets target: Target<String?>
  ) -> Self {
    value(long, short, placeholder, help: help, sets: target) { text in text }
      .showing { root in root[keyPath: target] }
  }

  package static func value(
    _ long: String, _ short: Character?, _ placeholder: String, help: String,
    sets target: Target<[String]>
  ) -> Self {
    value(long, short, placeholder, help: help, appendsTo: target) { text in text }
  }

  /// A whole number; the default is shown in the help.
  package static func value<Number: FixedWidthInteger & Sendable>(
    _ long: String, _ short: Character?, _ placeholder: String, help: String,
    sets target: Target<Number>,
    in range: ClosedRange<Number> = 0...Number.max
  ) -> Self {
    value(long, short, placeholder, help: help, sets: target) { text throws(InvalidValue) in
      try wholeNumber(text, in: range)
    }.showing { root in String(root[keyPath: target]) }
  }

  package static func value<Number: FixedWidthInteger & Sendable>(
    _ long: String, _ short: Character?, _ placeholder: String, help: String,
    sets target: Target<Number?>,
    in range: ClosedRange<Number> = 0...Number.max
  ) -> Self {
    value(long, short, placeholder, help: help, sets: target) { text throws(InvalidValue) in
      try wholeNumber(text, in: range)
    }.showing { root in root[keyPath: target].map { String($0) } }
  }

  package static func flag(
    _ long: String, _ short: Character? = nil, help: String,
    sets target: Target<Bool>
  ) -> Self {
    flag(long, short, help: help, sets: target, to: true)
  }

  /// A flag that stands for a value, such as `--csv` for `--format csv`.
  package static func flag<Value: Sendable>(
    _ long: String, _ short: Character? = nil, help: String,
    sets target: Target<Value>, to value: Value
  ) -> Self {
    Option(
      syntax: OptionSyntax(long: long, short: short, help: help),
      store: { root, _ in root[keyPath: target] = value }, showDefault: { _ in nil })
  }

  /// One of a few words; they are listed in the help.
  package static func choice(
    _ long: String, _ short: Character? = nil, _ choices: [String], help: String,
    sets target: Target<String>
  ) -> Self {
    choice(long, short, choices.map { ($0, $0) }, help: help, sets: target)
      .showing { root in root[keyPath: target].isEmpty ? nil : root[keyPath: target] }
  }

  package static func choice(
    _ long: String, _ short: Character? = nil, _ choices: [String], help: String,
    sets target: Target<String?>
  ) -> Self {
    choice(long, short, choices.map { ($0, $0) }, help: help, sets: target)
      .showing { root in root[keyPath: target] }
  }

  /// One of an enumeration's cases, by raw value.
  package static func choice<Case: RawRepresentable<String> & CaseIterable & Sendable>(
    _ long: String, _ short: Character? = nil, help: String, sets target: Target<Case>
  ) -> Self {
    choice(long, short, Case.allCases.map { ($0.rawValue, $0) }, help: help, sets: target)
      .showing { root in root[keyPath: target].rawValue }
  }

  package static func choice<Case: RawRepresentable<String> & CaseIterable & Sendable>(
    _ long: String, _ short: Character? = nil, help: String, sets target: Target<Case?>
  ) -> Self {
    choice(long, short, Case.allCases.map { ($0.rawValue, $0) }, help: help, sets: target)
      .showing { root in root[keyPath: target]?.rawValue }
  }

  private static func choice<Value: Sendable>(
    _ long: String, _ short: Character?, _ choices: [(word: String, value: Value)], help: String,
    sets target: Target<Value>
  ) -> Self {
    Option(
      syntax: OptionSyntax(
        long: long, short: short, placeholder: long, help: help, choices: choices.map(\.word)),
      store: { root, text throws(InvalidValue) in
        guard let choice = choices.first(where: { $0.word == text }) else {
          throw InvalidValue(expected: oneOf(choices.map(\.word)))
        }
        root[keyPath: target] = choice.value
      },
      showDefault: { _ in nil })
  }

  private func showing(_ showDefault: @escaping @Sendable (Root) -> String?) -> Self {
    Option(syntax: syntax, store: store, showDefault: showDefault)
  }
}

func wholeNumber<Number: FixedWidthInteger>(
  _ text: String, in range: ClosedRange<Number>
) throws(InvalidValue) -> Number {
  if let number = Number(text), range.contains(number) { return number }
  let expected =
    if range.upperBound < Number.max {
      "a whole number from \(range.lowerBound) to \(range.upperBound)"
    } else if range.lowerBound >= 0 {
      "a whole number, \(range.lowerBound) or more"
    } else {
      "a whole number"
    }
  throw InvalidValue(expected: expected)
}

/// A list in prose: `json, csv or md`.
func oneOf(_ choices: [String]) -> String {
  guard let last = choices.last, choices.count > 1 else { return choices.joined() }
  return choices.dropLast().joined(separator: ", ") + " or " + last
}
