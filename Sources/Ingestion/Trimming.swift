import Extraction
import Formats
import LineStore
import LogModel
import SQLite
import Storage
import Tailing

// Files that have lost their end; reference: docs/decisions/0007.
//
// A file that is shorter than its offset was truncated, or somebody took its last lines out. A CRC
// cannot be cut back, so what tells the two apart is the stored lines themselves.

/// How far a file says what a generation has stored, record by record.
private struct CommonBeginning {
  enum End {
    /// The file ends there, or inside the record that was stored next.
    case file
    /// The file ends there too, and lacks only the line end of the generation's last record.
    case lineEnd
    /// Something else follows.
    case otherText
  }

  /// Behind the last record that is the same, line end included.
  var place: Checkpoint
  var end: End
  /// Of the records before `place`, the first time and the last one.
  var firstTime: Int64?
  var lastTime: Int64?
  /// What these records say of turns, where that was asked for.
  var turns: TurnExtractor.State
  /// Lines behind the end of a part, with the byte where each begins.
  var splits: [(line: Int64, offset: Int64)]

  /// No banner that is written twice shows two times and is the same both times.
  var hasTwoTimes: Bool { firstTime != nil && firstTime != lastTime }
}

extension IngestRun {
  /// What became of a file whose inode `row` has, and whose bytes before the offset are not there:
  /// nil when it was truncated or rewritten, and is to be read from its beginning.
  mutating func trimming(
    of row: FileRow, _ source: borrowing ByteSource, _ head: HeadSample, _ candidate: Candidate,
    _ store: borrowing Store
  ) throws -> Verdict? {
    guard row.state != .copy, row.compression == nil, source.compression == nil,
      !head.bytes.isEmpty,
      row.headLength > head.bytes.count
        || head.continues(Fingerprint(length: row.headLength, hash: row.headHash)),
      let common = try commonBeginning(row, source, candidate, store)
    else { return nil }
    switch common.end {
    case .lineEnd: return .complete(row)
    case .file: break
    case .otherText:
      // Lines were taken out and others appended. A few equal lines prove nothing: whoever truncates
      // a file may begin it again with the same ones.
      guard common.hasTwoTimes, common.place.offset >= HeadSample.capacity,
        common.place.offset >= row.storedEnd / 2
      else { return nil }
    }
    return .fork(of: row.cut(common), after: common.place)
  }

  /// The same of a file with another inode, which an editor or `gzip` has put in the place of `row`'s.
  mutating func trimmedReplacement(
    of row: FileRow, _ source: borrowing ByteSource, _ candidate: Candidate,
    _ store: borrowing Store
  ) throws -> Verdict? {
    guard RotationName.isRelated(row.path, candidate.path),
      let common = try commonBeginning(row, source, candidate, store), common.hasTwoTimes
    else { return nil }
    switch common.end {
    case .lineEnd: return .complete(row)
    case .file: return .fork(of: row.cut(common), after: common.place)
    case .otherText: return nil
    }
  }

  /// Reads the file next to the stored lines; nil where no record is the same that has
  /// a time.
  private mutating func commonBeginning(
    _ row: FileRow, _ source: borrowing ByteSource, _ candidate: Candidate,
    _ store: borrowing Store
  ) throws -> CommonBeginning? {
    guard row.lastTime != nil,
      let common = try walk(row, before: Int64(row.storedEnd), source, candidate, store)
    else { return nil }
    return common.firstTime == nil ? nil : common
  }

  /// What the records say of turns that `row`'s file has before `end`; they are stored.
  mutating func turnState(
    of row: FileRow, before end: Int64, _ source: borrowing ByteSource, _ candidate: Candidate,
    _ store: borrowing Store
  ) throws -> TurnExtractor.State {
    guard let common = try walk(row, before: end, source, candidate, store, isFollowing: true)
    else { return TurnExtractor.State() }
    // So that the store alone can tell, too.
    batch.splits += common.splits
    return common.turns
  }

  private mutating func walk(
    _ row: FileRow, before end: Int64, _ source: borrowing ByteSource, _ candidate: Candidate,
    _ store: borrowing Store, isFollowing: Bool = false
  ) throws -> CommonBeginning? {
    if batch.isUncommitted(row) { try commit(store) }
    guard !batch.isUncommitted(row) else { return nil }
    let parts = try store.wrap { db throws(SQLiteError) in
      try ExtentTable().parts(of: row, before: end, in: db)
    }
    guard let parts else { return nil }
    let request = request(candidate)
    let format = try request.format ?? adoptSource(of: row, store).format
    let reader = try LineReader(
      source.reopened(), maxLine: request.maxLine, encoding: request.encoding)
    var comparison = Comparison(
      reader: reader, marks: try isMarked(row, store),
      lines: try store.wrap { db throws(SQLiteError) in try StoredLines(reading: db) },
      parser: LineParser(
        format: format, zone: request.zone, reference: candidate.status.mtimeMicroseconds,
        multiline: .none), isFollowing: isFollowing)
    return try comparison.run(parts, store)
  }
}

extension FileRow {
  /// The row as a generation that goes on behind `common` takes it for its origin.
  fileprivate func cut(_ common: CommonBeginning) -> FileRow {
    var row = self
    row.lastTime = common.lastTime
    return row
  }
}

/// A file and the stored lines of a generation, side by side; one record at a time is in memory.
private struct Comparison: ~Copyable {
  private var reader: LineReader
  /// Parts of the stored lines may have been replaced.
  private let marks: Bool
  private var lines: StoredLines
  private var times: Times
  /// Where the record begins that is being compared.
  private var recordStart = 0
  private var extractor = TurnExtractor()
  private var turns = TurnExtractor.State()
  private var splits: [(line: Int64, offset: Int64)] = []
  /// Whether the records are asked for turns.
  private let isFollowing: Bool

  /// What the records show that are the same.
  private struct Times {
    var parser: LineParser
    var head = LineHead()
    var first: Int64?
    var last: Int64?

    mutating func look(at line: Span<UInt8>) { _ = parser.parse(line, into: &head) }

    mutating func take() {
      guard let time = head.time else { return }
      first = first ?? time
      last = time
    }
  }

  init(
    reader: consuming LineReader, marks: Bool, lines: consuming StoredLines, parser: LineParser,
    isFollowing: Bool
  ) {
    self.isFollowing = isFollowing
    self.reader = reader
    self.marks = marks
    self.lines = lines
    times = Times(parser: parser)
  }

  mutating func run(_ parts: [ExtentTable.Part], _ store: borrowing Store) throws -> CommonBeginning
  {
    let last = parts.last?.extents.last.map { $0.firstID + $0.count - 1 }
    for part in parts {
      for extent in part.extents {
        for id in extent.firstID..<extent.firstID + extent.count {
          // The rest of the extent was cut off before, and other bytes came in its place.
          guard Int64(reader.lineEnd) < part.end else {
            splits.append((id, Int64(reader.lineEnd)))
            break
          }
          recordStart = reader.lineEnd
          let isStored = try store.wrap { db throws(SQLiteError) in try lines.seek(id, db) }
          guard isStored else { return result(.otherText) }
          switch try Self.step(&reader, lines, &times, start: &recordStart, marks) {
          case .same:
            times.take()
            if isFollowing { Self.follow(lines, times.head, &extractor, &turns) }
          case .different: return result(.otherText)
          case .fileEnds(let hasWholeText):
            return result(hasWholeText && id == last ? .lineEnd : .file)
          }
        }
      }
    }
    recordStart = reader.lineEnd
    return result(try reader.next() ? .otherText : .file)
  }

  private static func follow(
    _ lines: borrowing StoredLines, _ head: LineHead, _ extractor: inout TurnExtractor,
    _ turns: inout TurnExtractor.State
  ) {
    let text = lines.text
    _ = extractor.read(text, body: head.turnBody(in: text), state: &turns)
  }

  private mutating func result(_ end: CommonBeginning.End) -> CommonBeginning {
    CommonBeginning(
      place: reader.commitPoint(at: recordStart), end: end, firstTime: times.first,
      lastTime: times.last, turns: turns, splits: splits)
  }

  /// What the next record of the file is to the next stored one.
  private enum Step {
    case same
    case fileEnds(hasWholeText: Bool)
    case different
  }

  /// Reads as many lines as the stored record has.
  private static func step(
    _ reader: inout LineReader, _ lines: borrowing StoredLines, _ times: inout Times,
    start: inout Int, _ marks: Bool
  ) throws -> Step {
    guard try reader.next() else { return .fileEnds(hasWholeText: false) }
    times.look(at: reader.line)
    start = reader.lineStart
    reader.keep(from: start)
    defer { reader.keep(from: nil) }
    for _ in 0..<feeds(in: lines.text) {
      let end = reader.lineEnd
      guard reader.isTerminated, try reader.next() else {
        return isBeginning(reader.bytes(from: start, to: end), of: lines.text, marks)
          ? .fileEnds(hasWholeText: false) : .different
      }
    }
    // Of a line that is too long, only its beginning is stored.
    if reader.isCut { return isSame(reader.line, lines.text, marks) ? .same : .different }
    let isTerminated = reader.isTerminated
    let text = reader.bytes(from: start, to: reader.contentEnd)
    if isTerminated { return isSame(text, lines.text, marks) ? .same : .different }
    guard isBeginning(text, of: lines.text, marks) else { return .different }
    return .fileEnds(hasWholeText: isSame(text, lines.text, marks))
  }

  private static func feeds(in text: Span<UInt8>) -> Int {
    text.indices.reduce(0) { text[$1] == 0x0A ? $0 + 1 : $0 }
  }

  /// Whether a text of the file is stored as `stored`.
  private static func isSame(
    _ text: Span<UInt8>, _ stored: Span<UInt8>, _ marks: Bool
  ) -> Bool {
    guard TextSanitizer.isClean(text) else {
      let clean = TextSanitizer.clean(text)
      return clean.span.isEqual(to: stored) || marks && clean.span.mayHaveBecome(stored, .whole)
    }
    return text.isEqual(to: stored) || marks && text.mayHaveBecome(stored, .whole)
  }

  /// The same of a text that may be cut anywhere, inside a character or a line end too.
  private static func isBeginning(
    _ text: Span<UInt8>, of stored: Span<UInt8>, _ marks: Bool
  ) -> Bool {
    var count = text.count
    if count > 0, text[count - 1] == 0x0D { count -= 1 }
    while count > 0, text[count - 1] >= 0x80 { count -= 1 }
    let clean = TextSanitizer.clean(text.extracting(first: count))
    return clean.count <= stored.count
      && clean.span.isEqual(to: stored.extracting(first: clean.count))
      || marks && clean.span.mayHaveBecome(stored, .cutShort)
  }
}

extension IngestRun {
  /// Whether parts of the lines that are stored of `row` may have been replaced.
  func isMarked(_ row: FileRow, _ store: borrowing Store) throws -> Bool {
    try store.wrap { db throws(SQLiteError) in try SourceTable().isMarked(id: row.source, in: db) }
  }
}

extension Span<UInt8> {
  /// Whether marks in `stored` may stand for what is lacking there of this text.
  func mayHaveBecome(_ stored: Span<UInt8>, _ extent: MarkedText.Extent) -> Bool {
    MarkedText(stored)?.mayBe(stored, from: self, extent) ?? false
  }

  func isEqual(to other: Span<UInt8>) -> Bool {
    count == other.count && indices.allSatisfy { self[$0] == other[$0] }
  }
}
