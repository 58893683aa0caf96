import LineStore
import LogModel
import Recomputation
import SQLite
import Storage
import Tailing

// What a file is, by its content alone: the rows that begin as it does, compared byte by byte.

extension IngestRun {
  /// Decides what a file is that no row of its inode tells of, or only as a copy of `original`.
  mutating func identifyByContent(
    _ source: inout ByteSource, _ candidate: Candidate, _ head: HeadSample,
    copyOf original: Int64? = nil, _ store: borrowing Store
  ) throws -> Verdict {
    guard !head.bytes.isEmpty else { return .new }
    // Of the archives only gzip says at its end what is in it, as a checkpoint does.
    if source.compression == .gzip, let trailer = try source.gzipTrailer() {
      let known = try rows(trailer: trailer, store).filter {
        head.continues(Fingerprint(length: $0.headLength, hash: $0.headHash))
      }
      for row in known where row.storedEnd > 0 {
        guard try standsFor(row, candidate, store) else { continue }
        let isRelated = RotationName.isRelated(row.path, candidate.path)
        guard isRelated || hasEvidence(row) || row.storedEnd >= Self.longerThanALine else {
          continue
        }
        // The last of several members speaks for itself alone: then all are inflated.
        guard try beginsAsStored(row, source, store) else { continue }
        if isAtAPath(row) {
          if isRelated { return .copy(of: row, upTo: row.checkpoint) }
        } else if row.storedCRC32 == trailer.crc32 {
          // Otherwise it lacks the record that was open, and that takes a closer look.
          return .complete(row)
        }
      }
    }
    if try isUnfinished(&source, candidate) { return .unfinished }
    // A generation whose file is still there may have less of this one than another, or more.
    var fork: (verdict: Verdict, length: Int)?
    for row in try rows(head: head, store) where row.isPlausible {
      let isKin = row.id == original || RotationName.isRelated(row.path, candidate.path)
      guard try standsFor(row, candidate, store),
        let verdict = try compare(row, &source, candidate, isKin: isKin, store)
      else { continue }
      if let fork, fork.length > verdict.knownLength { continue }
      switch verdict {
      case .fork where isAtAPath(row): fork = (verdict, verdict.knownLength)
      case .resume where isAtAPath(row): try rememberCopy(of: row); fallthrough
      default: return verdict
      }
    }
    if let fork { return fork.verdict }
    // What is left of a short file may be shorter than the head by which it would be found.
    if let known = replaced[candidate.path.absolute], known.headLength > head.bytes.count,
      let row = try row(known.id, store), row.inode == known.inode, row.device == known.device
    {
      return try replacement(of: row, &source, candidate, store) ?? .new
    }
    return .new
  }

  /// Whether the first kilobytes of an archive are the first lines that are stored of `row`, as far as
  /// both go; false where that cannot be told.
  ///
  /// What the archive has behind the last stored line is a difference.
  private mutating func beginsAsStored(
    _ row: FileRow, _ source: borrowing ByteSource, _ store: borrowing Store
  ) throws -> Bool {
    if batch.isUncommitted(row) { try commit(store) }
    guard row.start == 0, !batch.isUncommitted(row) else { return false }
    let marks = try isMarked(row, store)
    let limit = 8 << 10
    var reader = try LineReader(source.reopened(), maxLine: limit)
    reader.readSize = { limit }
    var lines = try store.wrap { db throws(SQLiteError) in try StoredLines(reading: db) }
    let extents = try store.wrap { db throws(SQLiteError) in
      try ExtentTable().extents(file: row.id, before: Int64(row.storedEnd), in: db)
    }
    for extent in extents {
      for id in extent.firstID..<extent.firstID + extent.count {
        let isStored = try store.wrap { db throws(SQLiteError) in try lines.seek(id, db) }
        guard isStored else { return false }
        var start = 0
        while start <= lines.text.count {
          guard reader.lineEnd < limit, try reader.next() else { return true }
          let end = lines.text.lineEnd(from: start)
          let stored = lines.text.extracting(start..<end)
          let text = TextSanitizer.clean(reader.line)
          // Of a line that is longer than the limit, only the beginning is there.
          if reader.isCut {
            return text.count <= stored.count
              && text.span.isEqual(to: stored.extracting(first: text.count))
              || marks && text.span.mayHaveBecome(stored, .cutShort)
          }
          guard text.span.isEqual(to: stored) || marks && text.span.mayHaveBecome(stored, .whole)
          else { return false }
          start = end + 1
        }
      }
    }
    return try !reader.next()
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
  ///
  /// `isKin` tells whether names, or what the file was before, make it one of the row's.
  private mutating func compare(
    _ row: FileRow, _ source: inout ByteSource, _ candidate: Candidate, isKin: Bool,
    _ store: borrowing Store
  ) throws -> Verdict? {
    let isPresent = isAtAPath(row)
    // Its original is still there. Two files that say the same are two files, unless the names tell
    // of a rotation. Asked first: hundreds of files may begin with the same kilobyte.
    if isPresent {
      guard isKin, hasEvidence(row) else { return nil }
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
      guard let shared else {
        return try unfinishedCopy(of: row, stored, &source, candidate, store)
          ?? replacement(of: row, &source, candidate, store)
      }
      guard try isContinued(row, &source, candidate) else { return nil }
      guard isRewritten else { return try shortened(row, &source, candidate, store, shared) }
      // That record was stored, and what stands there now must not replace it.
      supersede(row)
      return .fork(of: row, after: shared)
    }
    let own = try source.content(upTo: .max)
    guard own.offset >= min(row.storedEnd, Self.longerThanALine) else { return nil }
    guard var original = open(row) else { return shared.map { .fork(of: row, after: $0) } }
    if try original.content(upTo: own.offset) == own {
      return try isHeader(own, source, candidate) ? nil : .copy(of: row, upTo: own)
    }
    guard let shared else { return nil }
    guard row.openLine != nil, !isRewritten, shared.offset == row.storedEnd else {
      return .fork(of: row, after: shared)
    }
    let torn = try original.content(upTo: .max)
    guard try source.content(upTo: torn.offset) == torn,
      try mayTake(row, candidate, store)
    else {
      // Each file has a record of its own where the other's record was cut.
      return .fork(of: row, after: row.openIsWhole ? shared : row.checkpoint)
    }
    // The other one is the copy: it was made before this record was complete.
    return .resume(row)
  }

  /// Whether what the store has of `row` is all that a file of such content holds: the first lines may
  /// have been forgotten with another source.
  private mutating func standsFor(
    _ row: FileRow, _ candidate: Candidate, _ store: borrowing Store
  ) throws -> Bool {
    var generation = row
    for _ in 0..<1000 {
      guard generation.start > 0 else { return true }
      guard let origin = generation.origin, let before = try self.row(origin, store) else { break }
      generation = before
    }
    guard request(candidate).source != nil else {
      return RotationName.isRelated(row.path, candidate.path)
    }
    return try mayTake(row, candidate, store)
  }

  /// Whether the lines of `row` may go on with the file's: nobody has named another source for it.
  private mutating func mayTake(
    _ row: FileRow, _ candidate: Candidate, _ store: borrowing Store
  ) throws -> Bool {
    guard let name = request(candidate).source else { return true }
    return try ExactText(adoptSource(of: row, store).name) == ExactText(name)
  }

  /// Whether so few bytes are what many files begin with: no time is among them.
  private func isHeader(
    _ content: Checkpoint, _ source: borrowing ByteSource, _ candidate: Candidate
  ) throws -> Bool {
    let limit = 4096
    guard content.offset < limit else { return false }
    let lines = try FileOrder.sample(source.reopened(), limit: limit)
    return FileOrder.firstTime(in: lines, candidate, request(candidate)) == nil
  }

  /// Notes that the file of `row`, which goes on in another file, is now a copy of it.
  private mutating func rememberCopy(of row: FileRow) throws {
    guard var source = open(row) else { return }
    var copy = FileRow(
      source: row.source, path: row.path, device: row.device, inode: row.inode, birth: row.birth)
    copy.headLength = row.headLength
    copy.headHash = row.headHash
    copy.compression = row.compression
    copy.take(try source.status(), at: row.path)
    copy.become(copyOf: row, upTo: try source.content(upTo: .max))
    _ = batch.addFile(copy)
  }

  /// What a file is that says the same up to the open record of `row`, and ends before that does.
  private mutating func shortened(
    _ row: FileRow, _ source: inout ByteSource, _ candidate: Candidate, _ store: borrowing Store,
    _ closed: Checkpoint
  ) throws -> Verdict {
    if let verdict = try replacement(of: row, &source, candidate, store) { return verdict }
    let whole = try source.content(upTo: .max)
    guard whole.offset == closed.offset, source.end == .complete else { return .resume(row) }
    if whole.offset == row.storedEnd { return .complete(row) }
    // The record has been taken out: it stays in the store, and nothing that follows replaces it.
    supersede(row)
    return .fork(of: row, after: closed)
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
    let head = try source.headSample()
    let verdict = try trimmedReplacement(of: row, source, head, candidate, store)
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
  func open(_ row: FileRow) -> ByteSource? {
    let path = paths[Survey.FileKey(device: row.device, inode: row.inode)] ?? row.path
    guard let descriptor = try? FileDescriptor(opening: path),
      let source = try? ByteSource(descriptor), let status = try? source.status(),
      status.device == row.device, status.inode == row.inode,
      row.birth == nil || status.birthMicroseconds == row.birth
    else { return nil }
    return source
  }
}
