import LogModel
import RegularExpressions

/// What a parsed field must be, such as `status>=500`, `method=GET` or `path~^/api/`.
///
/// The field `level` is that of the record, whose names may be in letters of either case. A value may
/// stand in quotes, double or single ones.
struct FieldCondition {
  enum Comparison: String, CaseIterable {
    // Longer ones first: they begin with the others.
    case atLeast = ">="
    case atMost = "<="
    case isNot = "!="
    case matchesAs = "=~"
    case matchesNot = "!~"
    case equalsAs = "=="
    case greater = ">"
    case less = "<"
    case matches = "~"
    case equals = "="
    case has = ":"

    /// The one of several that mean the same.
    var meaning: Comparison {
      switch self {
      case .matchesAs: .matches
      case .equalsAs, .has: .equals
      default: self
      }
    }

    /// Whether one is greater than the other, or what else is asked of their order.
    @inline(__always)
    func holds<Operand: Comparable>(_ left: Operand, _ right: Operand) -> Bool {
      switch self {
      case .atLeast: left >= right
      case .atMost: left <= right
      case .greater: left > right
      case .less: left < right
      default: false
      }
    }
  }

  let field: String
  let comparison: Comparison
  let text: [UInt8]
  let number: MetricNumber?
  private let severity: Severity?
  let expression: RegularExpression?

  var isOfLevel: Bool { field == "level" }

  init(_ condition: String) throws(MetricRuleError) {
    let bytes = Array(condition.utf8)
    var place = 0
    while place < bytes.count, !"<>!=~:".utf8.contains(bytes[place]) { place += 1 }
    let rest = String(decoding: bytes[place...], as: UTF8.self)
    let field = Self.trimmed(bytes[..<place])
    guard !field.isEmpty,
      let found = Comparison.allCases.first(where: { rest.hasPrefix($0.rawValue) })
    else { throw .badCondition(condition) }
    self.field = field
    comparison = found.meaning
    let text = Self.unquoted(Self.trimmed(bytes[(place + found.rawValue.utf8.count)...]))
    let value = Array(text.utf8)
    self.text = value
    number = MetricNumber(value.span)
    severity = Severity(name: text)
    let isOrdered = [.atLeast, .atMost, .greater, .less].contains(found)
    let isExpression = [.matches, .matchesNot].contains(comparison)
    let isOfLevel = field == "level"
    if isOfLevel, !isExpression, severity == nil { throw .unknownLevel(text) }
    if isOrdered, !isOfLevel, number == nil { throw .badCondition(condition) }
    expression =
      isExpression ? try RegularExpression((isOfLevel ? "(?i)" : "") + text, of: "where") : nil
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    let start = bytes.firstIndex { $0 != 0x20 } ?? bytes.endIndex
    let end = bytes.lastIndex { $0 != 0x20 }.map { $0 + 1 } ?? start
    return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
  }

  private static func unquoted(_ text: String) -> String {
    let isQuoted = ["\"", "'"].contains { text.hasPrefix($0) && text.hasSuffix($0) }
    return isQuoted && text.utf8.count > 1 ? String(text.dropFirst().dropLast()) : text
  }

  /// - Throws: where an expression takes too many steps.
  func holds(_ level: Severity?) throws(RegularExpressionError) -> Bool {
    switch comparison {
    case .isNot: return level != severity
    case .matches: return try matches(Array((level?.name ?? "").utf8).span)
    case .matchesNot: return try !matches(Array((level?.name ?? "").utf8).span)
    case .atLeast, .atMost, .greater, .less:
      guard let level, let severity else { return false }
      return comparison.holds(level, severity)
    case .equals, .equalsAs, .has, .matchesAs: return level == severity
    }
  }

  private func matches(_ text: Span<UInt8>) throws(RegularExpressionError) -> Bool {
    try expression?.matches(text, steps: RegularExpression.stepsOfLine, isKnownUTF8: true) ?? false
  }
}

extension Value {
  /// The number that a field holds, be it as text.
  var number: MetricNumber? {
    switch self {
    case .integer(let integer): MetricNumber(integer)
    case .real(let real): MetricNumber(real)
    case .text(let text): MetricNumber(Array(text.utf8).span)
    case .null, .blob, .json: nil
    }
  }

  /// A field as a label's value.
  var plainText: String {
    switch self {
    case .null, .blob: ""
    case .integer(let integer): String(integer)
    case .real(let real): real.description
    case .text(let text), .json(let text): text
    }
  }
}
