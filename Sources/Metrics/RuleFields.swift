import Formats
import LogModel
import RegularExpressions

/// The fields that rules ask for, of the record at hand.
///
/// Each is looked up once, and only where a rule asks for it. What the conditions say of a value is kept
/// for the records that have the same one.
struct RuleFields {
  /// Of the record at hand.
  private struct Field {
    var value: Value?
    /// Where its plain text stands.
    var text = 0..<0
    var number: MetricNumber?
    var isNumberKnown = false
  }

  private struct Place {
    let field: Int
    let place: Int
  }

  private let names: [String]
  private let places: [Place]
  private let wanted: FieldNames
  private let tests: FieldTests
  private var record: UInt64 = 0
  /// Of the record, once a rule has asked for a field.
  private var attributes: [(key: String, value: Value)]?
  private var fields: [Field]
  /// Plain texts, one behind the other.
  private var texts: [UInt8] = []
  /// By field: the record that it was looked up in, and where the answers for its value begin.
  private var records: [UInt64]
  private var rows: [Int]
  private var answers: AnswersByValue

  init(_ table: FieldTable) {
    names = table.names
    places = table.entries.map { Place(field: $0.field, place: $0.place) }
    wanted = FieldNames(names)
    tests = FieldTests(table.entries.map(\.condition))
    fields = names.map { _ in Field() }
    records = names.map { _ in 0 }
    rows = names.map { _ in 0 }
    answers = AnswersByValue(widths: table.widths)
  }

  /// Forgets the record before.
  mutating func begin() {
    record &+= 1
    guard attributes != nil else { return }
    attributes = nil
    texts.removeAll(keepingCapacity: true)
  }

  /// What the record has as a field; nil where there is none, or `null`.
  mutating func value(_ field: Int, _ text: Span<UInt8>, _ parser: LineParser) -> Value? {
    look(up: field, text, parser)
    return fields[field].value
  }

  /// The number that a field holds, be it as text.
  mutating func number(_ field: Int, _ text: Span<UInt8>, _ parser: LineParser) -> MetricNumber? {
    look(up: field, text, parser)
    return number(field)
  }

  /// Appends a field's plain text as JSON; an empty one where there is none.
  mutating func append(
    _ field: Int, _ text: Span<UInt8>, _ parser: LineParser, to labels: inout [UInt8]
  ) {
    look(up: field, text, parser)
    LabelText.append(texts.span.extracting(fields[field].text), to: &labels)
  }

  /// Whether a condition holds.
  ///
  /// - Throws: where its expression takes too many steps.
  @inline(__always)
  mutating func holds(
    _ condition: Int, _ text: Span<UInt8>, _ parser: LineParser
  ) throws(RegularExpressionError) -> Bool {
    let place = places[condition]
    if records[place.field] != record { look(up: place.field, text, parser) }
    let index = rows[place.field] &+ place.place
    if answers[index] == FieldTests.Answer.unknown.rawValue {
      answers[index] = answer(condition, place.field).rawValue
    }
    if answers[index] == FieldTests.Answer.tooManySteps.rawValue { throw .limitExceeded }
    return answers[index] == FieldTests.Answer.holds.rawValue
  }

  private mutating func answer(_ condition: Int, _ field: Int) -> FieldTests.Answer {
    guard fields[field].value != nil else { return tests.answerWithoutField(condition) }
    let number = tests.takesNumber(condition) ? number(field) : nil
    return tests.answer(condition, texts.span.extracting(fields[field].text), number)
  }

  private mutating func number(_ field: Int) -> MetricNumber? {
    if !fields[field].isNumberKnown {
      fields[field].isNumberKnown = true
      fields[field].number = fields[field].value?.number
    }
    return fields[field].number
  }

  @inline(never)
  private mutating func look(up field: Int, _ text: Span<UInt8>, _ parser: LineParser) {
    guard records[field] != record else { return }
    records[field] = record
    let known = attributes ?? parser.attributes(of: text, among: wanted)
    attributes = known
    let value = Attributes.value(of: names[field], in: known).flatMap { $0 == .null ? nil : $0 }
    fields[field].value = value
    fields[field].isNumberKnown = false
    let start = texts.count
    if let value { texts.append(contentsOf: value.plainText.utf8) }
    fields[field].text = start..<texts.count
    rows[field] = answers.row(of: texts[start...], kind: value?.kind ?? 0, field)
  }
}

extension Value {
  /// Equal texts of other kinds may be other numbers, or none.
  fileprivate var kind: UInt8 {
    switch self {
    case .null: 1
    case .integer: 2
    case .real: 3
    case .text: 4
    case .blob: 5
    case .json: 6
    }
  }
}
