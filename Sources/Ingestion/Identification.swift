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
      let verdict = try identifyByContent(&source, candidate, head, store)
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

  private func continues(
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
  private mutating func abandon(_ row: FileRow) {
    var gone = row
    gone.state = .superseded
    batch.adopt(row)
    batch.update(gone)
  }

  /// Decides what a file is that no row of its inode tells of.
  mutating func identifyByContent(
    _ source: inout ByteSource, _ candidate: Candidate, _ head: HeadSample,
    _ store: borrowing Store
  ) throws -> Verdict {
    guard !head.bytes.isEmpty else { return .new }
    // Of the archives only gzip says at its end what is in it, as a checkpoint does.
    if source.compression == .gzip, let trailer = try source.gzipTrailer() {
      let known = try rows(trailer: trailer, store).filter {
        head.continues(Fingerprint(length: $0.headLength, hash: $0.headHash))
      }
      for row in known where row.storedEnd > 0 {
        let isRelated = RotationName.isRelated(row.path, candidate.path)
        guard isRelated || hasEvidence(row) || row.storedEnd >= Self.longerThanALine else {
          continue
        }
        if !isAtAPath(row) { return .complete(row) }
        if isRelated {
          return .copy(of: row, upTo: row.checkpoint)
        }
      }
    }
    if try isUnfinished(&source, candidate) { return .unfinished }
    for row in try rows(head: head, store) where row.isPlausible {
      if let verdict = try compare(row, &source, candidate, store) { return verdict }
    }
    // What is left of a short file may be shorter than the head by which it would be found.
    if let known = replaced[candidate.path.absolute], known.headLength > head.bytes.count,
      let row = try row(known.id, store), row.inode == known.inode, row.device == known.device
    {
      return try replacement(of: row, &source, candidate, store) ?? .new
    }
    return .new
  }

  /// Whether equal bytes are the same records and not, say, the same banner written twice: times
  /// say so, or so many bytes that no banner has them.
  private func hasEvidence(_ row: FileRow) -> Bool {
    row.storedEnd > 0 && row.lastTime != nil || row.storedEnd >= Self.longerThanAnyBanner
  }

  /// Whether an archive stops in the middle of what the file beside it says, which `gzip` and `zstd
  /// --rm` delete when the archive is whole.
  private func isUnfinished(
    _ source: inout ByteSource, _ candidate: Candidate
  ) throws -> Bool {
    guard let name = source.compression?.unpackedName(candidate.path.bytes),
      let descriptor = try? FileDescriptor(opening: Path(bytes: name)),
      var original = try? ByteSource(descriptor)
    else { return false }
    let own = try source.content(upTo: .max)
    guard source.end == .incomplete else { return false }
    return try original.content(upTo: own.offset) == own
  }

  private static let longerThanAnyBanner = 64 << 10
  /// From this length on a whole content that is equal is a copy, times or not.
  private static let longerThanALine = 256

  /// Compares the file with what was read as `row`; nil when it is something else.
  private mutating func compare(
    _ row: FileRow, _ source: inout ByteSource, _ candidate: Candidate, _ store: borrowing Store
  ) throws -> Verdict? {
    let isPresent = isAtAPath(row)
    // Its original is still there. Two files that say the same are two files, unless the names tell
    // of a rotation. Asked first: hundreds of files may begin with the same kilobyte.
    if isPresent {
      guard hasEvidence(row), RotationName.isRelated(row.path, candidate.path) else { return nil }
    }
    let stored = try source.content(upTo: row.storedEnd)
    var shared = stored.offset == row.storedEnd && stored.crc32 == row.storedCRC32 ? stored : nil
    var isRewritten = false
    if shared == nil, row.openLine != nil, row.offset > 0 {
      // Something else stands where the record was that was still open, or only a part of it.
      let closed = try source.content(upTo: Int(row.offset))
      if closed.offset == Int(row.offset), closed.crc32 == row.crc32 { shared = closed }
      isRewritten = shared != nil && stored.offset == row.storedEnd
    }
    guard isPresent else {
      guard let shared else { return try replacement(of: row, &source, candidate, store) }
      guard try isContinued(row, &source, candidate) else { return nil }
      guard isRewritten else { return .resume(row) }
      // That record was stored, and what stands there now must not replace it.
      supersede(row)
      return .fork(of: row, after: shared)
    }
    let own = try source.content(upTo: .max)
    guard own.offset >= min(row.storedEnd, Self.longerThanALine) else { return nil }
    if var original = open(row), try original.content(upTo: own.offset) == own {
      // A header that every file begins with has no time and is short.
      let head = try source.headSample()
      let isHeader =
        own.offset < 4096 && FileOrder.firstTime(in: head, candidate, request(candidate)) == nil
      return isHeader ? nil : .copy(of: row, upTo: own)
    }
    return shared.map { .fork(of: row, after: $0) }
  }

  /// Whether a file that says the same is that of `row`, which is at no path any more.
  private func isContinued(
    _ row: FileRow, _ source: inout ByteSource, _ candidate: Candidate
  ) throws -> Bool {
    if hasEvidence(row) { return true }
    // The name of a rotated file says where its content came from.
    let isRotated = RotationName(candidate.path).rank != .active
    if isRotated, row.path != candidate.path.absolute, row.storedEnd > 0,
      RotationName.isRelated(row.path, candidate.path)
    {
      return true
    }
    let isWhole = try source.content(upTo: .max).offset == row.storedEnd
    return isWhole && row.storedEnd >= Self.longerThanALine
  }

  /// The file as what an editor, or `gzip` after it, has left of `row`'s.
  private mutating func replacement(
    of row: FileRow, _ source: inout ByteSource, _ candidate: Candidate, _ store: borrowing Store
  ) throws -> Verdict? {
    guard row.isPlausible, try source.content(upTo: row.storedEnd).offset < row.storedEnd,
      source.end == .complete
    else { return nil }
    let verdict = try trimmedReplacement(of: row, source, candidate, store)
    if case .fork? = verdict { supersede(row) }
    return verdict
  }

  /// Whether the bytes that `row` stands for are still where they were.
  private mutating func isAtAPath(_ row: FileRow) -> Bool {
    if let known = presence[row.id], known.row == row { return known.isPresent }
    let isPresent = looksPresent(row)
    presence[row.id] = (row, isPresent)
    return isPresent
  }

  private func looksPresent(_ row: FileRow) -> Bool {
    guard row.state == .active || row.state == .finished || row.state == .error,
      var source = open(row), let status = try? source.status()
    else { return false }
    if status.isSame(as: row) { return true }
    guard let head = try? source.headSample() else { return false }
    return (try? continues(row, &source, head, status)) ?? false
  }

  /// The file at the path where `row` was last seen, if it has the row's inode.
  private func open(_ row: FileRow) -> ByteSource? {
    let path = paths[Survey.FileKey(device: row.device, inode: row.inode)] ?? row.path
    guard let descriptor = try? FileDescriptor(opening: path),
      let source = try? ByteSource(descriptor), let status = try? source.status(),
      status.device == row.device, status.inode == row.inode,
      row.birth == nil || status.birthMicroseconds == row.birth
    else { return nil }
    return source
  }

  // MARK: Rows of the store and of this run

  private func rows(
    device: Int64, inode: Int64, _ store: borrowing Store
  ) throws -> [FileRow] {
    let stored = try store.wrap { db throws(SQLiteError) in
      try FileTable().rows(device: device, inode: inode, in: db)
    }
    return current(stored, [.inode(inode, device: device)]) {
      $0.device == device && $0.inode == inode && $0.state != .superseded
    }
  }

  private func rows(trailer: GzipTrailer, _ store: borrowing Store) throws -> [FileRow] {
    let stored = try store.wrap { db throws(SQLiteError) in
      try FileTable().rows(crc32: trailer.crc32, size: trailer.size, in: db)
    }
    return current(stored, [.content(crc32: trailer.crc32)]) { row in
      row.state != .copy
        && (row.crc32 == trailer.crc32 && UInt32(truncatingIfNeeded: row.offset) == trailer.size
          || row.openLine != nil && row.openCRC32 == trailer.crc32
            && UInt32(truncatingIfNeeded: row.offset + row.openBytes) == trailer.size)
    }
  }

  private mutating func rows(head: HeadSample, _ store: borrowing Store) throws -> [FileRow] {
    let heads = try shortHeads(store)
    var isAsked = [Bool](repeating: false, count: HeadSample.capacity + 1)
    for length in heads.keys where isAsked.indices.contains(length) { isAsked[length] = true }
    for length in batch.headLengths where isAsked.indices.contains(length) {
      isAsked[length] = true
    }
    isAsked[HeadSample.capacity] = true
    let lengths = (1...head.bytes.count).filter { isAsked[$0] }
    let hashes = head.hashes(lengths: lengths)
    var stored: [FileRow] = []
    for length in lengths.reversed() {
      guard let hash = hashes[length],
        length == HeadSample.capacity || heads[length]?.contains(hash) ?? false
      else { continue }
      stored += try store.wrap { db throws(SQLiteError) in
        try FileTable().rows(headLength: length, headHash: hash, in: db)
      }
    }
    let keys = lengths.compactMap { length in
      hashes[length].map { FileIndex.Key.head($0, length: length) }
    }
    return current(stored, keys) { $0.state != .copy && hashes[$0.headLength] == $0.headHash }
  }

  /// Read once a commit: a query a length and file costs seconds where thousands of files are short.
  private mutating func shortHeads(_ store: borrowing Store) throws -> [Int: Set<UInt64>] {
    if let knownHeads { return knownHeads }
    let heads = try store.wrap { db throws(SQLiteError) in try FileTable().shortHeads(in: db) }
    knownHeads = heads
    return heads
  }

  /// The rows as this run has left them, those among them that still fit.
  private func current(
    _ stored: [FileRow], _ keys: [FileIndex.Key], _ fits: (FileRow) -> Bool
  ) -> [FileRow] {
    var ids: Set<Int64> = []
    var found: [FileRow] = []
    for row in batch.uncommitted(keys) + stored.map({ batch.files[$0.id] ?? $0 }) {
      if fits(row), ids.insert(row.id).inserted { found.append(row) }
    }
    return found.sorted { $0.id > $1.id }
  }

  /// A row as it is now, uncommitted or stored.
  func row(_ id: Int64, _ store: borrowing Store) throws -> FileRow? {
    if let row = batch.files[id] { return row }
    return try store.wrap { db throws(SQLiteError) in try FileTable().row(id: id, in: db) }
  }
}

extension FileStatus {
  /// Nothing has happened to the file since the row was written.
  func isSame(as row: FileRow) -> Bool {
    row.size == size && row.modified == mtimeMicroseconds && row.changed == ctimeMicroseconds
      && (row.birth == nil || row.birth == birthMicroseconds)
  }
}

extension FileRow {
  /// False for a row that only another program, or a damaged disk, can have written.
  var isPlausible: Bool {
    (0...HeadSample.capacity).contains(headLength)
      && (0...Checkpoint.anchorCapacity).contains(anchorLength) && start >= 0 && offset >= start
      && Int64(anchorLength) <= offset && openBytes >= 0 && bytesSkipped >= 0 && lines >= openLines
      && (0...Checkpoint.anchorCapacity).contains(openAnchorLength) && offset < 1 << 60
      && openBytes < 1 << 60 && Int64(openAnchorLength) <= offset + openBytes
  }

  /// Where the stored lines end, the open one included.
  var storedEnd: Int { Int(offset + openBytes) }
  var storedCRC32: UInt32 { openLine == nil ? crc32 : openCRC32 }

  var checkpoint: Checkpoint {
    Checkpoint(
      offset: Int(offset), crc32: crc32, anchorLength: anchorLength, anchorHash: anchorHash,
      isInsideOverlong: isOverlong, bytesSkipped: Int(bytesSkipped))
  }

  mutating func take(_ checkpoint: Checkpoint) {
    offset = Int64(checkpoint.offset)
    crc32 = checkpoint.crc32
    anchorLength = checkpoint.anchorLength
    anchorHash = checkpoint.anchorHash
    isOverlong = checkpoint.isInsideOverlong
    bytesSkipped = Int64(checkpoint.bytesSkipped)
    bytesStored = offset - start - bytesSkipped
  }

  mutating func take(_ status: FileStatus, at path: Path) {
    self.path = path
    device = status.device
    inode = status.inode
    birth = status.birthMicroseconds
    size = status.size
    modified = status.mtimeMicroseconds
    changed = status.ctimeMicroseconds
  }

  mutating func take(_ head: HeadSample) {
    let print = head.fingerprint
    guard print.length > headLength || headLength == 0 else { return }
    headLength = print.length
    headHash = print.hash
  }
}
