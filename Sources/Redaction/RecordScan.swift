import JSON
import LogModel
import RegularExpressions

/// What is to be replaced in one record, found in a walk over its texts.
struct RecordScan {
  /// A place of the record that gets a mark.
  struct Edit {
    var range: Range<Int>
    var mark: ReplacementMark
    /// Of a value that is no string: how many strings it stands in.
    var quoteLevel: Int?
  }

  /// A string or a bare value of a document, which a match may replace.
  struct Leaf {
    /// In the record.
    var range: Range<Int>
    /// Of a bare value: how many strings it stands in.
    var bareLevel: Int?
    /// The characters of a string, where they are not bytes of the record.
    var view: TextView?
  }

  let redactor: Redactor
  private let hash: ContentHash?
  /// Whether anything but patterns is to be replaced.
  var dropsContent: Bool
  var edits: [Edit] = []
  /// They do not overlap.
  var leaves: [Leaf] = []
  /// Where whole documents stand in the record.
  var documents: [Range<Int>] = []
  var matches: [Range<Int>] = []
  var gaveUp = false
  /// False for texts of which a record has only parts in each line.
  var keepsLeaves = true
  /// Whether strings may hold documents.
  var readsStrings = true

  init(_ redactor: Redactor) {
    self.redactor = redactor
    switch redactor.content {
    case .keep: (dropsContent, hash) = (false, nil)
    case .drop: (dropsContent, hash) = (true, nil)
    case .hash(let key): (dropsContent, hash) = (true, ContentHash(key: key))
    }
  }

  /// Adds what the patterns match in a text.
  mutating func match(_ view: TextView) { match(view, 0..<view.count, isOpen: view.isOpen) }

  /// The same in a part of it, as if that were all.
  mutating func match(_ view: TextView, _ range: Range<Int>, isOpen: Bool) {
    for pattern in redactor.patterns where !gaveUp {
      do throws(RegularExpressionError) {
        try match(view, range, isOpen: isOpen, pattern)
      } catch {
        gaveUp = true
      }
    }
  }

  private mutating func match(
    _ view: TextView, _ range: Range<Int>, isOpen: Bool, _ pattern: RegularExpression
  ) throws(RegularExpressionError) {
    var found: [Range<Int>] = []
    let whole = isOpen ? view.whole(range) : range
    try pattern.forEachMatch(in: view.bytes.span.extracting(whole), mayGoOn: isOpen) { match in
      let (start, end) = (match.lowerBound + range.lowerBound, match.upperBound + range.lowerBound)
      // A match that may go on has the rest of the last character in it.
      found += view.places(start..<(end == whole.upperBound ? range.upperBound : end))
    }
    matches += found
  }

  /// Replaces what was said in `range`; `isValue` is a value that is no string.
  mutating func drop(_ view: TextView, _ range: Range<Int>, isValue: Bool = false) {
    guard !range.isEmpty else { return }
    let mark = hash.map { $0.mark(said(view, range, isValue: isValue)) } ?? .dropped
    for place in view.places(range) {
      edits.append(Edit(range: place, mark: mark, quoteLevel: isValue ? view.level : nil))
    }
  }

  /// What a string says without its escapes: equal texts are written in different ways.
  private func said(_ view: TextView, _ range: Range<Int>, isValue: Bool) -> ArraySlice<UInt8> {
    let text = view.bytes[range]
    guard !isValue, text.contains(UInt8(ascii: "\\")) else { return text }
    return view.decoded(range, isOpen: false).bytes[...]
  }
}
