import Extraction
import Formats
import LineStore
import LogModel
import Recomputation
import SQLite
import Storage
import Tailing

// Files that have lost their end; reference: docs/decisions/0007.
//
// A file that is shorter than its offset was truncated, or somebody took its last lines out. A CRC
// cannot be cut back, so what tells the two apart is the stored lines themselves.

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
      let common = try commonBeginning(row, source, head, candidate, store)
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
    of row: FileRow, _ source: borrowing ByteSource, _ head: HeadSample, _ candidate: Candidate,
    _ store: borrowing Store
  ) throws -> Verdict? {
    guard RotationName.isRelated(row.path, candidate.path),
      let common = try commonBeginning(row, source, head, candidate, store), common.hasTwoTimes
    else { return nil }
    switch common.end {
    case .lineEnd: return .complete(row)
    case .file: return .fork(of: row.cut(common), after: common.place)
    case .otherText: return nil
    }
  }

  /// An archive that stops in the middle of what is stored of `row`, whose file is at no path any more: it
  /// is still being written, or was cut, and holds nothing that is new.
  ///
  /// - Parameter content: All of the archive.
  mutating func unfinishedCopy(
    of row: FileRow, _ content: Checkpoint, _ source: inout ByteSource, _ candidate: Candidate,
    _ store: borrowing Store
  ) throws -> Verdict? {
    guard source.end == .incomplete, content.offset < row.storedEnd, row.isPlausible,
      let common = try commonBeginning(row, source, source.headSample(), candidate, store),
      common.end == .file,
      common.hasTwoTimes || RotationName.isRelated(row.path, candidate.path)
    else { return nil }
    return .copy(of: row, upTo: content)
  }

  /// Reads the file next to the stored lines; nil where no record is the same that has a time, or where neither
  /// a stored record nor the first kilobyte proves that it is the generation's.
  private mutating func commonBeginning(
    _ row: FileRow, _ source: borrowing ByteSource, _ head: HeadSample, _ candidate: Candidate,
    _ store: borrowing Store
  ) throws -> CommonBeginning? {
    guard row.lastTime != nil,
      let common = try walk(row, before: Int64(row.storedEnd), source, candidate, store),
      common.firstTime != nil
    else { return nil }
    let known = Fingerprint(length: row.headLength, hash: row.headHash)
    return common.hasRecord || head.continues(known) ? common : nil
  }

  /// What the records say of turns that `row`'s file has before `end`; they are stored.
  mutating func turnState(
    of row: FileRow, before end: Int64, _ source: borrowing ByteSource, _ candidate: Candidate,
    _ store: borrowing Store
  ) throws -> TurnExtractor.State {
    guard let common = try walk(row, before: end, source, candidate, store, isFollowing: true)
    else { return TurnExtractor.State() }
    // So that the store alone can tell, too.
    batch.rows.splits += common.splits
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
    var comparison = GenerationComparison(
      reader: reader, marks: try isMarked(row, store),
      lines: try store.wrap { db throws(SQLiteError) in try StoredLines(reading: db) },
      parser: LineParser(
        format: format, zone: request.zone, reference: candidate.status.mtimeMicroseconds,
        multiline: .none),
      goneBefore: try goneBefore(row, store), isFollowing: isFollowing)
    return try comparison.run(parts, store)
  }

  /// Lines of this time and later are none that retention has removed; nil where it has removed none.
  ///
  /// What was written since the file was looked at is later than that, whatever lines with times to come
  /// have been removed.
  private func goneBefore(_ row: FileRow, _ store: borrowing Store) throws -> Int64? {
    let time = try store.wrap { db throws(SQLiteError) in
      try PrunedTable().linesBefore(source: row.source, in: db)
    }
    return time.map { row.modified > 0 ? min($0, row.modified + 1) : $0 }
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
