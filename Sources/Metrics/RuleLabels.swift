import Formats
import LogModel
import RegularExpressions

/// The labels of one rule, or of several: those of a line are made once.
final class RuleLabels {
  private struct Label {
    enum Origin {
      /// By its place in the table.
      case field(Int)
      case expression(LineExpression, group: Int)
    }

    /// `"name":`, as JSON, behind `{` or `,`.
    let key: [UInt8]
    let origin: Origin
  }

  /// So many sets of labels have numbers.
  static let mostNumbers = 64

  private let labels: [Label]
  /// All of them with the value of what is not kept apart.
  let others: [UInt8]
  let otherHash: Int64
  /// The line that `text` is of.
  private var line: UInt64 = 0
  private var hasGivenUp = false
  /// Canonical JSON.
  private(set) var text: [UInt8] = []
  private(set) var hash: Int64 = 0
  /// Of the set of labels, among the first ones that there were; nil for a later one.
  private(set) var number: Int?
  private var numbers: [Int64: Int] = [:]
  /// By number.
  private var texts: [[UInt8]] = []

  init(
    _ labels: [MetricRule.Label], _ shared: inout CompiledRule.Shared
  ) throws(MetricRuleError) {
    var made: [Label] = []
    var others: [UInt8] = []
    for label in labels {
      let key =
        [made.isEmpty ? 0x7B : 0x2C] + LabelText.quoted(Array(label.name.utf8)) + [0x3A]
      made.append(Label(key: key, origin: try Self.origin(label, &shared)))
      others += key + LabelText.quoted(LabelText.other)
    }
    self.labels = made
    others = labels.isEmpty ? Array("{}".utf8) : others + [0x7D]
    otherHash = ActiveMetricRule.hash(ofLabels: others.span)
    self.others = others
    if labels.isEmpty { (text, hash) = (others, otherHash) }
    text.reserveCapacity(256)
  }

  var isExhausted: Bool {
    labels.contains { if case .expression(let it, _) = $0.origin { it.isExhausted } else { false } }
  }

  private static func origin(
    _ label: MetricRule.Label, _ shared: inout CompiledRule.Shared
  ) throws(MetricRuleError) -> Label.Origin {
    if label.isField { return .field(shared.fields.field(label.text)) }
    let expression = try shared.expression(label.text, label.name)
    guard expression.captureCount > 0 else { throw .noGroup(key: label.name) }
    return .expression(expression, group: expression.valueGroup)
  }

  /// Makes the labels of a line.
  ///
  /// - Throws: where an expression takes too many steps.
  func make(
    _ line: Span<UInt8>, _ state: LineText, _ fields: inout RuleFields, _ parser: LineParser
  ) throws(RegularExpressionError) {
    if labels.isEmpty { return }
    if self.line != state.number {
      self.line = state.number
      hasGivenUp = true
      try append(line, state, &fields, parser)
      hasGivenUp = false
      hash = ActiveMetricRule.hash(ofLabels: text.span)
      number = takeNumber()
    }
    if hasGivenUp { throw .limitExceeded }
  }

  private func takeNumber() -> Int? {
    if let known = numbers[hash] { return texts[known] == text ? known : nil }
    guard texts.count < Self.mostNumbers else { return nil }
    numbers[hash] = texts.count
    texts.append(text)
    return texts.count - 1
  }

  private func append(
    _ line: Span<UInt8>, _ state: LineText, _ fields: inout RuleFields, _ parser: LineParser
  ) throws(RegularExpressionError) {
    text.removeAll(keepingCapacity: true)
    for label in labels {
      text.append(contentsOf: label.key)
      switch label.origin {
      case .field(let field):
        fields.append(field, line, parser, to: &text)
      case .expression(let expression, let group):
        if try expression.isFound(in: line, state), let range = expression.capture(group) {
          LabelText.append(line.extracting(range), to: &text)
        } else {
          LabelText.append(line.extracting(0..<0), to: &text)
        }
      }
    }
    text.append(0x7D)
  }
}
