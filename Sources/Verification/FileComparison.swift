import LineStore
import LogModel
import Recomputation
import SQLite
import Storage
import Tailing

/// A file and the lines that are stored of it, side by side.
///
/// The extents say where each run of lines lies in the file, and only their last record may have
/// bytes that were passed over: a hole, or the rest of a line that was too long. A stored record says
/// how many lines it had, so that no format is needed. Of records that are gone retention says how many they
/// had.
struct FileComparison: ~Copyable {
  /// What an extent's record may be to the file's.
  private enum Kind {
    case inner
    /// May be cut.
    case last
    /// May have gone on.
    case open
  }

  private let row: FileRow
  private var reader: LineReader
  private var lines: StoredLines
  private var group = LineGroup()
  /// Parts of the lines may have been replaced before they were stored.
  private let marks: Bool

  /// `reader` stands where `row` begins.
  init(
    _ row: FileRow, _ reader: consuming LineReader, _ lines: consuming StoredLines, marks: Bool
  ) {
    self.marks = marks
    self.row = row
    self.reader = reader
    self.lines = lines
  }

  /// The first difference; nil where there is none.
  mutating func run(_ db: borrowing Connection) throws -> String? {
    var previous: Int64 = 0
    var extent = try db.prepare(
      "SELECT first_id, count, offset, bytes FROM extent WHERE file = ? ORDER BY offset, first_id")
    try extent.bind(1, row.id)
    while try extent.step() {
      let first = extent.integer(0)
      let last = first + extent.integer(1) - 1
      var bytes = extent.int(3)
      var id = first
      while id <= last {
        guard try lines.seek(id, db) else {
          guard let gap = try RecordGap(at: id, before: last + 1, lines, db) else {
            return "line \(id) is not stored"
          }
          guard let length = try pass(gap.lines) else {
            return "ends at byte \(reader.lineEnd), before line \(gap.end)"
          }
          bytes -= length
          id = gap.end
          previous = id - 1
          continue
        }
        if group.isEmpty, try !reader.next() {
          return "ends at byte \(reader.lineEnd), before line \(id)"
        }
        let start = group.start ?? reader.lineStart
        if id == first, start != extent.int(2) {
          return start < extent.int(2)
            ? Self.missing(start, after: previous)
            : "line \(id) begins at byte \(start), not at \(extent.int(2))"
        }
        if group.isEmpty {
          let kind: Kind = id == row.openLine ? .open : id == last ? .last : .inner
          let fault = try Self.compare(id, kind, marks, &reader, lines, &group, bytes: &bytes)
          if let fault { return fault }
        }
        if !group.isEmpty {
          guard try Self.take(lines, &reader, &group, marks) else {
            return Self.different(id, start)
          }
          bytes -= (group.start ?? reader.lineEnd) - start
        }
        previous = id
        id += 1
      }
    }
    return try rest(after: previous)
  }

  /// Passes over so many lines, and returns their bytes; nil where the file ends before.
  ///
  /// Whatever is cut off a line here, for it is longer than any that is stored, was read.
  private mutating func pass(_ lines: Int64) throws -> Int? {
    var left = lines
    var length = 0
    while left > 0, let start = group.start {
      group.removeFirst()
      length += (group.start ?? reader.lineEnd) - start
      left -= 1
    }
    while left > 0 {
      guard try reader.next() else { return nil }
      length += reader.lineEnd - reader.lineStart
      left -= 1
    }
    return length
  }

  private static func take(
    _ lines: borrowing StoredLines, _ reader: inout LineReader, _ group: inout LineGroup,
    _ marks: Bool
  ) throws -> Bool {
    try group.take(lines.text, &reader, marks: marks)
  }

  private static func missing(_ start: Int, after previous: Int64) -> String {
    let place = previous == 0 ? "before the first line" : "behind line \(previous)"
    return "has a line at byte \(start), \(place), that is not stored"
  }

  private static func different(_ id: Int64, _ start: Int) -> String {
    "line \(id) differs from what stands at byte \(start)"
  }

  /// The bytes behind the last record and before the offset, if there are any, were passed over.
  private mutating func rest(after previous: Int64) throws -> String? {
    if let start = group.start { return Self.missing(start, after: previous) }
    let end = Int(row.offset + row.openBytes)
    guard reader.lineEnd < end, try reader.next(), reader.lineStart < end else { return nil }
    return Self.missing(reader.lineStart, after: previous)
  }

  /// Compares a record, at whose first line the reader stands; `bytes` are those left of its extent.
  ///
  /// Where several lines differ, they go to `group`: other records' may be among them.
  private static func compare(
    _ id: Int64, _ kind: Kind, _ marks: Bool, _ reader: inout LineReader,
    _ lines: borrowing StoredLines,
    _ group: inout LineGroup, bytes: inout Int
  ) throws -> String? {
    let start = reader.lineStart
    let skipped = reader.skippedBeforeLine
    reader.keep(from: start)
    defer { reader.keep(from: nil) }
    for _ in 0..<lines.text.count(of: 0x0A) {
      guard try reader.next() else {
        return "ends at byte \(reader.lineEnd), inside line \(id)"
      }
    }
    let length = reader.lineEnd - start - (reader.skippedBehindLine - skipped)
    let end = reader.contentEnd
    let isTerminated = reader.isTerminated
    let text = reader.bytes(from: start, to: end)
    let left = bytes
    let isSame =
      switch kind {
      case _ where marks && isMarked(lines.text, text, kind, isCut: left < length): true
      case .open: mayContinue(lines.text, as: text)
      case .last where left < length: clean(text) { $0.starts(with: lines.text) }
      case .last, .inner: clean(text) { $0.isEqual(to: lines.text) }
      }
    guard isSame else {
      guard kind != .open, lines.text.contains(0x0A) else { return different(id, start) }
      group.add(text, start: start)
      return nil
    }
    bytes -= length
    let isCounted =
      switch kind {
      case .open: true
      // Where nothing but the line end of the last record was taken out, it stays in the extent.
      case .last: left <= length || !isTerminated && left <= length + Self.longestLineEnd
      case .inner: left > length
      }
    return isCounted
      ? nil
      : "line \(id) at byte \(start) has \(counted(length, "byte")), its extent holds \(left)"
  }

  /// Whether marks stand in the record for what is lacking of the text.
  private static func isMarked(
    _ stored: Span<UInt8>, _ text: Span<UInt8>, _ kind: Kind, isCut: Bool
  ) -> Bool {
    guard let marked = MarkedText(stored) else { return false }
    let mayGoOn = kind == .open || kind == .last && isCut
    return clean(text) { marked.mayBe(stored, from: $0, mayGoOn ? .beginning : .whole) }
  }

  /// CR and LF in UTF-16.
  private static let longestLineEnd = 4

  /// Whether a record that was open may have become `text`: its end may be half a line end or half a
  /// character.
  private static func mayContinue(_ stored: Span<UInt8>, as text: Span<UInt8>) -> Bool {
    var count = stored.count
    if count > 0, stored[count - 1] == 0x0D { count -= 1 }
    while count > 0, stored[count - 1] >= 0x80 { count -= 1 }
    return clean(text) { $0.starts(with: stored.extracting(first: count)) }
  }

  /// The text as it is stored.
  private static func clean(_ text: Span<UInt8>, _ body: (Span<UInt8>) -> Bool) -> Bool {
    TextSanitizer.isClean(text) ? body(text) : body(TextSanitizer.clean(text).span)
  }
}

extension Span<UInt8> {
  fileprivate func contains(_ byte: UInt8) -> Bool { indices.contains { self[$0] == byte } }

  fileprivate func count(of byte: UInt8) -> Int {
    indices.reduce(0) { self[$1] == byte ? $0 + 1 : $0 }
  }
}
