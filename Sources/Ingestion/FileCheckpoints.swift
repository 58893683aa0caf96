import Extraction
import Formats
import LineStore
import LogModel
import SQLite
import Storage
import Tailing

// Where a file has been read to: at the end of a block, of the file, and behind an open record.

extension IngestRun {
  mutating func endBlock(
    _ file: inout OpenFile, _ reader: inout LineReader, _ store: borrowing Store
  ) throws {
    passBlock()
    let read = Int64(file.end) - file.before.offset
    batch.bytes += read - file.counted
    file.counted = read
    try blockEnded(bytesInFile: read)
    if budget.isLate(clock) { file.allowance = 0 }
    guard isBatchFull else { return }
    finishChunk(sealed: true)
    try confirm(file, reader)
    save(&file, reader.commitPoint(at: file.end), rest: reader.overlongRest)
    var row = file.row
    // The status stands for the whole file; should the run end here, the next one must look again.
    row.modified = -1
    batch.update(row)
    count(&file)
    try commit(store, reading: row.id)
  }

  /// Truncating is quick, reading is not: the bytes that identified the file must stand there still.
  ///
  /// Of an archive, its own checksum speaks.
  private func confirm(_ file: borrowing OpenFile, _ reader: borrowing LineReader) throws {
    let head = Fingerprint(length: file.row.headLength, hash: file.row.headHash)
    let isSame = try? reader.begins(with: head, checkpoint: file.before.checkpoint)
    guard isSame ?? false else { throw RewrittenFile() }
  }

  /// `rest` is how much of an over-long line the file began with.
  private mutating func save(_ file: inout OpenFile, _ checkpoint: Checkpoint, rest: Int) {
    pushExtent(&file)
    file.row.take(checkpoint)
    if file.turns != file.storedTurns { batch.rows.turnStates[file.row.id] = file.turns.encoded }
    let isPassed = file.before.isOverlong && file.row.offset > file.before.offset
    file.row.bytesCut = file.before.bytesCut + file.cut + (isPassed ? Int64(rest) : 0)
    if file.replacing == nil { file.row.forgetOpenRecord() }
  }

  mutating func finish(
    _ file: inout OpenFile, _ reader: inout LineReader, _ candidate: Candidate,
    _ failure: SourceError?, isStream: Bool
  ) throws {
    try confirm(file, reader)
    let canEnd = isStream || file.row.compression != nil
    let end = reader.end
    let isFinal = canEnd && end == .complete
    if failure == nil { try readUnfinished(&reader, &file, isFinal: isFinal) }
    var open: OpenFile.Pending?
    if let record = file.pending {
      let isQuiet =
        file.row.id == followed
        || now - file.status.mtimeMicroseconds >= request(candidate).multilineTimeout
      if failure == nil, isFinal || record.isTerminated && isQuiet {
        file.pending = nil
        append(record, file.pendingHead, &file, &reader)
      } else {
        open = record
      }
    }
    if failure == nil, isFinal {
      if isStream { endTexts(&file) } else { openArchives.append(file.row.id) }
    }
    if let record = open, failure != nil || record.skipped > 0 {
      // It cannot be stored before it is complete; the next run counts its lines.
      file.forget(record)
      open = nil
    }
    // A hole before an open record has been passed over for good.
    save(&file, reader.commitPoint(at: open?.start ?? file.end), rest: reader.overlongRest)
    if let open {
      storeOpen(open, &file, &reader)
    } else if file.replacing != nil {
      // What was stored of it stays until it can be read again.
      file.row.lines += file.before.openLines
      file.row.unparsed += file.before.openUnparsed
      file.row.sanitized += file.before.openSanitized
    }
    if file.isStopped {
      // As with a batch that ends in a file: the next run must look again.
      file.row.modified = -1
      leave(candidate, file.row)
    } else {
      settle(
        &file, candidate, failure, end: end, trailing: reader.trailingBytes, canEnd: canEnd)
    }
    batch.bytes += Int64(file.end) - file.before.offset - file.counted
    count(&file)
    budget.spend(file.tally.bytes)
    if file.isStopped { budget.endFamily() }
    batch.update(file.row)
  }

  private mutating func settle(
    _ file: inout OpenFile, _ candidate: Candidate, _ failure: SourceError?, end: SourceEnd?,
    trailing: Int, canEnd: Bool
  ) {
    if let failure {
      file.row.error = failure.description
      note(.failed(candidate.path, failure), of: file.row)
      // Not what the file is now: the next run looks at it again.
      file.row.modified = -1
      return
    }
    guard canEnd else { return }
    switch end {
    case .complete:
      file.row.state = .finished
      guard trailing > 0 else { break }
      file.row.error = "\(trailing) bytes behind its end are no archive"
      note(.trailing(candidate.path, bytes: trailing), of: file.row)
    case .corrupt(let offset):
      file.row.state = .error
      file.row.error = "damaged at byte \(offset)"
      note(.corrupt(candidate.path, offset: offset), of: file.row)
    case .refused(let reason, let offset):
      file.row.state = .error
      file.row.error = reason.description
      note(.refused(candidate.path, reason, offset: offset), of: file.row)
    case .incomplete, nil:
      file.row.error = "incomplete: still being written"
      note(.incomplete(candidate.path), of: file.row)
    }
  }

  /// Stores a record that may go on, under an id that its complete form will take.
  ///
  /// Records that interleave are one row, the lines as they stand, until all of them are complete.
  private mutating func storeOpen(
    _ record: OpenFile.Pending, _ file: inout OpenFile, _ reader: inout LineReader
  ) {
    let checkpoint = reader.commitPoint(at: record.end)
    let bytes = Int64(record.end - record.start)
    let isSame =
      file.replacing != nil && file.before.openBytes == bytes
      && file.before.openCRC32 == checkpoint.crc32
    if isSame {
      // What was replaced in UTF-16 has been counted again.
      file.row.sanitized += file.before.openSanitized - Int64(record.repaired)
    } else {
      let id: Int64
      if let line = file.replacing {
        batch.rows.replaced.append(line)
        id = line
      } else {
        id = nextLine(file.row.source)
      }
      finishChunk(sealed: false)
      openChunk(source: file.row.source, id: id)
      let sanitized = file.row.sanitized
      encode(
        reader.bytes(from: record.start, to: record.contentEnd), &file, file.pendingHead, line: nil,
        start: record.start)
      file.row.openSanitized = file.row.sanitized - sanitized + Int64(record.repaired)
      finishChunk(sealed: false, counting: false)
      batch.rows.extents.append(
        (
          Extent(
            firstID: id, count: 1, file: file.row.id, offset: Int64(record.start), bytes: bytes),
          true
        ))
      file.row.openLine = id
      if file.replacing == nil { file.records += 1 }
    }
    file.row.openBytes = bytes
    file.row.openIsWhole = record.isTerminated
    file.row.openLines = Int64(record.lines)
    file.row.openUnparsed = Int64(record.unparsed)
    file.row.openCRC32 = checkpoint.crc32
    file.row.openAnchorLength = checkpoint.anchorLength
    file.row.openAnchorHash = checkpoint.anchorHash
  }
}
