import Formats
import LogModel
package import Redaction

/// Takes out of records that are stored what patterns match in them.
package struct StoredRedaction {
  private let redactor: Redactor
  private var parser: LineParser
  private var head = LineHead()

  /// For the records of a source whose format is `format`.
  package init(_ redactor: Redactor, format: String?) {
    self.redactor = redactor
    parser = LineParser(format: format, zone: .utc, reference: 0, multiline: .none)
  }

  /// The record with marks in it; nil where nothing is to be replaced.
  package mutating func replacement(for text: Span<UInt8>) -> Redactor.Replacement? {
    redactor.replacement(for: text, body: Redactor.body(of: text), texts: cutTexts(in: text))
  }

  /// Empty where the record is all of one text, as most are.
  private mutating func cutTexts(in text: Span<UInt8>) -> [Redactor.CutText] {
    guard parser.cutsTexts else { return [] }
    _ = parser.parse(text.extracting(0..<text.lineEnd(from: 0)), into: &head)
    guard let part = head.part, !part.isLast else { return [] }
    return CutTexts(of: text, parser, isOpen: false, after: []).texts
  }
}
