import LogModel
package import RegularExpressions

/// Takes out of a record what its source's settings say must not be stored.
///
/// The text that comes out is all that the rest of the program sees. JSON stays JSON, also JSON in
/// strings of JSON: marks take the place of strings' insides, and of whole values. Line ends stay, so
/// that a record has as many lines as in its file.
package final class Redactor {
  /// What becomes of what people and models say.
  package enum Content {
    case keep
    case drop
    /// Replaced by a hash that is keyed by these bytes.
    case hash(key: [UInt8])
  }

  /// The range of one part of a text that a container's runtime has cut into lines.
  package struct Part {
    package var range: Range<Int>
    /// The inside of a JSON string.
    package var isEscaped: Bool

    package init(range: Range<Int>, isEscaped: Bool) {
      self.range = range
      self.isEscaped = isEscaped
    }
  }

  /// A text that a container's runtime has cut into lines, as far as it stands in a record.
  package struct CutText {
    package var parts: [Part] = []
    /// It begins in the midst of an object: nobody can say what in it is content.
    package var isInside: Bool
    /// It goes on behind the record, or may do so.
    package var isOpen = true

    package init(isInside: Bool) { self.isInside = isInside }
  }

  /// A record as it may be stored.
  package struct Replacement {
    package var text: [UInt8]
    /// A pattern took too many steps: nothing of the record was kept.
    package var gaveUp: Bool
  }

  let content: Content
  let patterns: [RegularExpression]

  /// Steps from each place where a match might begin.
  private static let matchLimit: UInt32 = 200_000

  /// - Throws: `invalidPattern` or `outOfMemory`.
  package init(content: Content, patterns: [String]) throws(RegularExpressionError) {
    self.content = content
    var compiled: [RegularExpression] = []
    for pattern in patterns {
      compiled.append(try RegularExpression(pattern, matchLimit: Self.matchLimit))
    }
    self.patterns = compiled
  }

  /// Where in a stored line a document may begin behind a container's prefix.
  package static func body(of line: Span<UInt8>) -> Int {
    line.indices.prefix(200).first { line[$0] == UInt8(ascii: "{") } ?? 0
  }

  /// The record with marks in it; nil where nothing is to be replaced.
  ///
  /// `body` is where its message begins, `texts` are those in it that were cut into lines. Of a record
  /// that `isOpen`, more may follow: what might become a match is replaced, too.
  package func replacement(
    for text: Span<UInt8>, body: Int, texts: [CutText] = [], isOpen: Bool = false
  ) -> Replacement? {
    let record = TextView(text, isOpen: isOpen)
    var scan = RecordScan(self)
    scan.match(record)
    if texts.isEmpty {
      let isJSON = Self.mayBeJSON(text, at: 0) || !Self.mayBeJSON(text, at: body)
      let start = isJSON ? 0 : body
      scan.documents = scan.search(record, 0..<start) + scan.read(record, from: start)
    } else {
      scan.readLines(record)
      for cut in texts {
        scan.read(parts: record.joined(cut.parts, isOpen: cut.isOpen), isInside: cut.isInside)
      }
    }
    guard let replaced = scan.apply(to: record) else { return nil }
    return Replacement(text: replaced, gaveUp: scan.gaveUp)
  }

  /// Whether anything but patterns is to be replaced.
  package var dropsContent: Bool {
    if case .keep = content { return false }
    return true
  }

  private static func mayBeJSON(_ text: Span<UInt8>, at start: Int) -> Bool {
    start < text.count && (text[start] == UInt8(ascii: "{") || text[start] == UInt8(ascii: "["))
  }

  /// The same with patterns alone.
  package var withoutContent: Redactor { Redactor(patterns) }

  private init(_ patterns: [RegularExpression]) {
    content = .keep
    self.patterns = patterns
  }

  /// A name without what the patterns match in it, as it stands or as it reads without escapes.
  package func label(_ text: String) -> String {
    guard !patterns.isEmpty else { return text }
    var scan = RecordScan(self)
    let view = TextView(Array(text.utf8).span, isOpen: false)
    scan.match(view)
    scan.searchName(view)
    guard let bytes = scan.apply(to: view) else { return text }
    return String(decoding: bytes, as: UTF8.self)
  }
}
