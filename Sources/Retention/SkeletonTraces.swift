import LogModel
import Patterns
import SQLite

/// Tells which words of skeletons are in no line any more once lines have other texts.
///
/// A pattern that matches a whole value need not match what masks have left of it.
struct SkeletonTraces {
  /// A word, or what wildcards leave of one.
  private struct Part {
    var bytes: [UInt8]
    /// A wildcard stands before it, or behind it: a line's word may go on there.
    var isOpen: (left: Bool, right: Bool)
    var isLost = false
    var isKept = false

    mutating func note(_ old: Span<UInt8>, _ new: Span<UInt8>) {
      guard !isKept else { return }
      isKept = stands(in: new)
      if !isKept && !isLost { isLost = stands(in: old) }
    }

    private func stands(in text: Span<UInt8>) -> Bool {
      guard text.count >= bytes.count else { return false }
      for start in 0...text.count - bytes.count where text[start] == bytes[0] {
        let end = start + bytes.count
        guard isOpen.left || start == 0 || !Word.holds(text[start - 1]),
          isOpen.right || end == text.count || !Word.holds(text[end]),
          bytes.indices.allSatisfy({ text[start + $0] == bytes[$0] })
        else { continue }
        return true
      }
      return false
    }
  }

  private struct Entry {
    var lines: Int64 = 0
    var parts: [Part]
  }

  private var texts: [Int64: String] = [:]
  private var entries: [Int64: Entry] = [:]

  init() {}

  init(reading db: borrowing Connection) throws(SQLiteError) {
    var row = try db.prepare("SELECT id, text FROM skeleton")
    while try row.step() { texts[row.integer(0)] = row.text(1) }
  }

  /// Notes a line of the skeleton that is to have another text.
  mutating func note(_ skeleton: Int64, _ old: Span<UInt8>, _ new: Span<UInt8>) {
    var entry =
      entries.removeValue(forKey: skeleton) ?? Entry(parts: Self.parts(of: texts[skeleton] ?? ""))
    entry.lines += 1
    for index in entry.parts.indices { entry.parts[index].note(old, new) }
    entries[skeleton] = entry
  }

  /// The words that lines of the skeleton have lost, and none has kept; `lines` is how many there are.
  func words(of skeleton: Int64, lines: Int64) -> Set<String> {
    guard let entry = entries[skeleton], entry.lines >= lines else { return [] }
    return Set(
      entry.parts.filter { $0.isLost && !$0.isKept }.map {
        String(decoding: $0.bytes, as: UTF8.self)
      })
  }

  private static func parts(of text: String) -> [Part] {
    var bytes = Array(text.utf8)
    let isCut = bytes.ends(with: Skeleton.cut)
    if isCut { bytes.removeLast(Skeleton.cut.utf8.count) }
    return SkeletonTraces.words(in: bytes).map { range in
      Part(
        bytes: Array(bytes[range]),
        isOpen: (
          left: bytes[..<range.lowerBound].ends(with: Skeleton.wildcard),
          right: bytes[range.upperBound...].starts(with: Skeleton.wildcard.utf8)
            || isCut && range.upperBound == bytes.count
        ))
    }
  }

  private static func words(in bytes: [UInt8]) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var start = 0
    for index in 0...bytes.count where index == bytes.count || !Word.holds(bytes[index]) {
      if start < index { words.append(start..<index) }
      start = index + 1
    }
    return words
  }

  /// The words of a text.
  static func words(in text: String) -> Set<String> {
    let bytes = Array(text.utf8)
    return Set(words(in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) })
  }

  /// The text with marks in place of `words`.
  static func without(_ words: Set<String>, _ text: String) -> String {
    guard !words.isEmpty else { return text }
    var bytes = Array(text.utf8)
    for range in Self.words(in: bytes).reversed()
    where words.contains(String(decoding: bytes[range], as: UTF8.self)) {
      bytes.replaceSubrange(range, with: ReplacementMark.redacted.text.utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension BidirectionalCollection<UInt8> {
  fileprivate func ends(with text: String) -> Bool {
    reversed().starts(with: text.utf8.reversed())
  }
}
