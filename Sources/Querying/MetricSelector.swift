/// Which series are meant: `name`, or `name{label="x",other!="y",third=~"a|b"}`, as Prometheus has it.
package struct MetricSelector: Sendable, Equatable {
  package enum Comparison: String, Sendable, CaseIterable {
    case matches = "=~"
    case matchesNot = "!~"
    case isNot = "!="
    case equals = "="

    package var isExpression: Bool { self == .matches || self == .matchesNot }
  }

  package struct Condition: Sendable, Equatable {
    package var label: String
    package var comparison: Comparison
    package var value: String
  }

  package var name: String
  package var conditions: [Condition] = []

  /// Nil where the text is no selector.
  package init?(_ text: String) {
    // By scalars: what joins itself to a quote or a brace does not hide it.
    let scalars = text.unicodeScalars
    guard let brace = scalars.firstIndex(of: "{") else {
      name = Self.trimmed(scalars[...])
      guard !name.isEmpty, !scalars.contains("}") else { return nil }
      return
    }
    name = Self.trimmed(scalars[..<brace])
    guard !name.isEmpty, let end = scalars.lastIndex(where: { $0 != " " }), scalars[end] == "}"
    else { return nil }
    var rest = scalars[scalars.index(after: brace)..<end]
    while true {
      rest = rest.drop { $0 == " " || $0 == "," }
      if rest.isEmpty { return }
      let label = rest.prefix {
        $0.properties.isAlphabetic || $0.properties.numericType != nil
          || "_:.-".unicodeScalars.contains($0)
      }
      rest = rest.dropFirst(label.count).drop { $0 == " " }
      guard !label.isEmpty,
        let comparison = Comparison.allCases.first(where: {
          rest.starts(with: $0.rawValue.unicodeScalars)
        })
      else { return nil }
      rest = rest.dropFirst(comparison.rawValue.unicodeScalars.count).drop { $0 == " " }
      guard let value = Self.takeQuoted(&rest) else { return nil }
      conditions.append(Condition(label: String(label), comparison: comparison, value: value))
    }
  }

  private static func trimmed(_ text: Substring.UnicodeScalarView) -> String {
    let rest = text.drop { $0 == " " }
    guard let last = rest.lastIndex(where: { $0 != " " }) else { return "" }
    return String(rest[...last])
  }

  private static func takeQuoted(_ rest: inout Substring.UnicodeScalarView) -> String? {
    guard rest.popFirst() == "\"" else { return nil }
    var value = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\"": return String(value)
      case "\\":
        guard let escaped = rest.popFirst() else { return nil }
        value.append(escaped == "n" ? "\n" : escaped)
      default: value.append(scalar)
      }
    }
    return nil
  }

  /// SQL over `s`, a row of `series` or `gauge`; `column` is where the metric's name stands.
  func sql(name column: String) -> String {
    var parts = ["\(column) = \(SQLText.quoted(name))"]
    for condition in conditions {
      let value = Self.value(of: condition.label)
      let text = SQLText.quoted(condition.value)
      switch condition.comparison {
      case .equals: parts.append("\(value) = \(text)")
      case .isNot: parts.append("\(value) <> \(text)")
      case .matches, .matchesNot:
        let whole = SQLText.quoted(Self.whole(condition.value))
        let not = condition.comparison == .matchesNot ? "NOT " : ""
        parts.append("\(value) \(not)REGEXP \(whole)")
      }
    }
    return parts.joined(separator: " AND ")
  }

  /// An expression for the whole of a value.
  ///
  /// The shell knows groups that capture only; they renumber
  /// those that a back-reference names, which the shell has none of.
  private static func whole(_ expression: String) -> String {
    let digits = (1...9).contains { expression.contains("\\\($0)") }
    return digits ? "^(?:\(expression))$" : "^(\(expression))$"
  }

  /// SQL for a label's value; a label that is not there is empty.
  ///
  /// `source` is the source of the lines, unless there is a label of that name.
  static func value(of label: String) -> String {
    if label == "source" {
      return
        "coalesce(json_extract(s.labels, '$.\"source\"'), (SELECT name FROM source WHERE id = s.source))"
    }
    return "coalesce(json_extract(s.labels, \(SQLText.quoted("$.\"\(label)\""))), '')"
  }
}
