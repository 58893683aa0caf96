import LogModel
import SQLite
import Storage
import Tailing

// Which generation a file is, decided by its content; reference: docs/ARCHITECTURE.md, "Exactly once".
//
// An inode is a hint: it is reused within milliseconds. A name is nothing: it moves at every
// rotation. What proves that bytes have been read is that the file begins with bytes of the same
// CRC-32 up to the offset, its head and the kilobyte before the offset included.

/// What to do with a file.
enum Verdict {
  /// Go on at the row's offset.
  case resume(FileRow)
  /// Everything in it has been read as this row, which now lives here.
  case complete(FileRow)
  /// The same bytes as a file that is still there: remember it, as the row `known` where it has one,
  /// and read nothing.
  case copy(of: FileRow, upTo: Checkpoint, known: FileRow? = nil)
  /// The same bytes as `of` up to `after`, and other ones behind: a copy that has gone its own way,
  /// or a file that has lost its end.
  case fork(of: FileRow, after: Checkpoint)
  /// The beginning of an archive whose plain file is still there: it will be read when it is whole.
  case unfinished
  case new

  /// How many of the file's bytes are stored, as far as that is known.
  var knownLength: Int {
    switch self {
    case .resume(let row), .complete(let row): row.storedEnd
    case .copy(_, let place, _), .fork(_, let place): place.offset
    case .unfinished, .new: 0
    }
  }

  /// Whether no byte of the file has been read before.
  ///
  /// A log that was read stays one, even where a crash has left NULs near its beginning.
  var isUnread: Bool {
    switch self {
    case .new: true
    case .resume(let row): row.storedEnd == 0
    case .complete, .copy, .fork, .unfinished: false
    }
  }
}

extension IngestRun {
  /// Decides what the open file is.
  ///
  /// Rows that turn out to be rewritten are marked as superseded.
  mutating func identify(
    _ source: inout ByteSource, _ candidate: Candidate, status: FileStatus,
    store: borrowing Store
  ) throws -> Verdict {
    let head = try source.headSample()
    let rows = try rows(device: status.device, inode: status.inode, store)
    for row in rows {
      // The inode was given to a new file: what was under it is gone from here.
      let isReused = row.birth != nil && row.birth != status.birthMicroseconds
      guard !isReused, row.isPlausible else {
        supersede(row)
        continue
      }
      guard try continues(row, &source, head, status) else {
        let verdict = try trimming(of: row, source, head, candidate, store)
        if case .complete? = verdict { return .complete(row) }
        supersede(row)
        if let verdict { return verdict }
        continue
      }
      // A file that was empty proves nothing: it may become a copy, or an archive of what was read.
      let wasEmpty = row.storedEnd == 0
      guard row.state == .copy || wasEmpty else {
        if try holdsOpenRecord(row, source) { return .resume(row) }
        // It was stored, and what stands there now must not replace it.
        let verdict = try trimming(of: row, source, head, candidate, store)
        if case .complete? = verdict { return .complete(row) }
        supersede(row)
        return verdict ?? .fork(of: row, after: row.checkpoint)
      }
      // A copy that has changed: does it still say what its original says, or has it taken its place?
      let verdict = try identifyByContent(&source, candidate, head, copyOf: row.origin, store)
      switch verdict {
      case .copy(let original, let checkpoint, _):
        return .copy(of: original, upTo: checkpoint, known: row)
      case .resume, .complete:
        abandon(row)
        return verdict
      case .fork where wasEmpty:
        abandon(row)
        return verdict
      case .unfinished: return verdict
      case .fork, .new: return .resume(row)
      }
    }
    return try identifyByContent(&source, candidate, head, store)
  }

  func continues(
    _ row: FileRow, _ source: inout ByteSource, _ head: HeadSample, _ status: FileStatus
  ) throws -> Bool {
    guard head.continues(Fingerprint(length: row.headLength, hash: row.headHash)) else {
      return false
    }
    if row.offset == 0 { return true }
    guard source.compression?.rawValue == row.compression else { return false }
    if source.compression != nil { return true }
    return try source.anchorMatches(row.checkpoint)
  }

  /// Whether the record that was open still stands behind the offset, and may go on.
  private func holdsOpenRecord(
    _ row: FileRow, _ source: borrowing ByteSource
  ) throws -> Bool {
    guard row.openLine != nil, source.compression == nil else { return true }
    let whole = Checkpoint(
      offset: row.storedEnd, crc32: row.openCRC32, anchorLength: row.openAnchorLength,
      anchorHash: row.openAnchorHash)
    return try source.anchorMatches(whole)
  }

  /// The content that `row` stands for is at this inode no longer.
  mutating func supersede(_ row: FileRow) {
    guard row.state != .superseded else { return }
    var gone = row
    gone.state = .superseded
    if row.compression == nil, row.state == .active {
      gone.lostBytes = max(0, row.size - row.offset - row.openBytes)
    }
    batch.adopt(row)
    batch.update(gone)
    // What a missing one has lost was reported when it went.
    if row.state != .missing { superseded.insert(row.id) }
  }

  /// Nothing of this generation is stored, and what it holds belongs to another one.
  mutating func abandon(_ row: FileRow) {
    var gone = row
    gone.state = .superseded
    batch.adopt(row)
    batch.update(gone)
  }
}
