package import Formats
package import LogModel
import RegularExpressions

// What one rule says of one record.

extension MetricReader {
  /// What a rule says of a record.
  package enum Verdict: Sendable, Equatable {
    case counted(MetricNumber?)
    case noMatch
    case excluded
    /// The condition that does not hold.
    case condition(String)
    /// The record has no such field.
    case noField
    /// The value's group took no part in the match.
    case noGroup
    case notANumber(String)
    /// From 10¹⁸ on either way.
    case tooLarge(String)
    case tooManySteps
  }

  /// What a rule says; where the record is counted, the rule has its labels.
  ///
  /// `hasText`: one of the rule's texts stands in the record.
  mutating func verdict(
    of rule: CompiledRule, _ text: Span<UInt8>, _ severity: Severity?, _ parser: LineParser,
    hasText: Bool
  ) -> Verdict {
    do throws(RegularExpressionError) {
      return try verdict(rule, text, severity, parser, hasText)
    } catch {
      return .tooManySteps
    }
  }

  private mutating func verdict(
    _ rule: CompiledRule, _ text: Span<UInt8>, _ severity: Severity?, _ parser: LineParser,
    _ hasText: Bool
  ) throws(RegularExpressionError) -> Verdict {
    if let pattern = rule.pattern, !(hasText && rule.isWholeText) {
      guard try pattern.isFound(in: text, line) else { return .noMatch }
    }
    if let exclude = rule.exclude, try exclude.isFound(in: text, line) { return .excluded }
    for (place, condition) in rule.conditions.enumerated() {
      let holds =
        switch condition {
        case .level(let condition): try condition.holds(severity)
        case .field(let condition): try fields.holds(condition, text, parser)
        }
      guard holds else { return .condition(rule.rule.conditions[place]) }
    }
    var number: MetricNumber?
    if let field = rule.field {
      guard let value = fields.value(field, text, parser) else { return .noField }
      if rule.rule.function != .count {
        number = fields.number(field, text, parser)
        guard number != nil else { return noNumber(Array(value.plainText.utf8).span) }
      }
    } else if let group = rule.group {
      guard let range = rule.pattern?.capture(group) else { return .noGroup }
      number = MetricNumber(text.extracting(range))
      guard number != nil else { return noNumber(text.extracting(range)) }
    }
    try rule.labels.make(text, line, &fields, parser)
    return .counted(number)
  }

  private func noNumber(_ text: Span<UInt8>) -> Verdict {
    let shown = shown(text)
    return MetricNumber.isWritten(as: text) ? .tooLarge(shown) : .notANumber(shown)
  }

  /// The beginning of a value that is no number.
  private func shown(_ text: Span<UInt8>) -> String {
    var end = min(text.count, 40)
    while end < text.count, end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    var bytes: [UInt8] = []
    for index in 0..<end { bytes.append(text[index]) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What each rule says of a record, whatever its source; the labels are canonical JSON.
  package mutating func verdicts(
    on text: Span<UInt8>, severity: Severity?, parser: LineParser
  ) -> [(rule: MetricRule, verdict: Verdict, labels: String?)] {
    fields.begin()
    line.begin(text)
    var result: [(rule: MetricRule, verdict: Verdict, labels: String?)] = []
    for rule in rules {
      let verdict = verdict(of: rule, text, severity, parser, hasText: false)
      var labels: String?
      if case .counted = verdict { labels = String(decoding: rule.labels.text, as: UTF8.self) }
      result.append((rule.rule, verdict, labels))
    }
    return result
  }
}
