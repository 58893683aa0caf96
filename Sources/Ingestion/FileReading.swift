import Extraction
import Formats
import LineStore
import LogModel
import Metrics
import Redaction
import SQLite
import Storage
import Tailing

extension IngestRun {
  /// Reads one file from where its generation was left.
  mutating func read(_ candidate: Candidate, _ store: borrowing Store) throws {
    var bytes = try ByteSource(FileDescriptor(opening: candidate.path))
    let status = try bytes.status()
    guard status.kind == .regular else { throw SourceError.notRegular(status.kind) }
    let head = try bytes.headSample()
    var verdict = try identify(&bytes, candidate, status: status, store: store)
    if verdict.isUnread && bytes.compression == nil && BinarySniffer.looksBinary(head) {
      add(.binary(candidate.path, isExplicit: candidate.isExplicit))
      return
    }
    while true {
      switch verdict {
      case .complete(let row):
        if bytes.compression != nil, try isInsideRecord(row, store) {
          return try read(bytes, row, candidate, status, head, store)
        }
        try takeOver(row, candidate, bytes.compression, status, head, store)
        return
      case .copy(let original, let checkpoint, let known):
        remember(copy: original, checkpoint, known, candidate, status, head)
        return
      case .unfinished: return
      case .resume(let row):
        let again = bytes.compression != nil ? try bytes.reopened() : nil
        do {
          return try read(bytes, row, candidate, status, head, store)
        } catch let error as SourceError where error.isOtherContent {
          // Only inflating an archive to the offset showed that it is another one.
          guard let again = consume again else { throw error }
          supersede(row)
          bytes = again
          verdict = try identifyByContent(&bytes, candidate, head, store)
        }
      case .fork(let original, let checkpoint):
        var row = FileRow(
          source: try source(of: candidate, store), path: candidate.path.absolute,
          device: status.device,
          inode: status.inode, birth: status.birthMicroseconds)
        row.goOn(from: original, after: checkpoint)
        return try read(bytes, batch.addFile(row), candidate, status, head, store)
      case .new:
        let row = FileRow(
          source: try source(of: candidate, store), path: candidate.path.absolute,
          device: status.device,
          inode: status.inode, birth: status.birthMicroseconds)
        return try read(bytes, batch.addFile(row), candidate, status, head, store)
      }
    }
  }

  /// Reads a pipe, which begins at its beginning and ends at its end.
  mutating func read(
    stream: consuming ByteSource, _ candidate: Candidate, _ store: borrowing Store
  ) throws {
    let head = try stream.headSample()
    guard !head.bytes.isEmpty else { return }
    if stream.compression == nil && BinarySniffer.looksBinary(head) {
      add(.binary(candidate.path, isExplicit: true))
      return
    }
    let row = FileRow(
      source: try source(of: candidate, store), path: candidate.path, device: 0, inode: 0,
      birth: nil)
    try read(stream, batch.addFile(row), candidate, candidate.status, head, store)
  }

  /// The file holds nothing but what `row` has read: the generation lives here now.
  private mutating func takeOver(
    _ row: FileRow, _ candidate: Candidate, _ compression: Compression?, _ status: FileStatus,
    _ head: HeadSample, _ store: borrowing Store
  ) throws {
    var moved = row
    // Of a plain file, the record may go on here.
    if compression != nil || status.size != Int64(row.storedEnd) {
      try closeOpenRecord(&moved, store)
    }
    if compression != nil { openArchives.append(row.id) }
    batch.adopt(row)
    moved.take(status, at: candidate.path.absolute)
    moved.take(head)
    moved.compression = compression?.rawValue
    moved.state = compression == nil ? .active : .finished
    moved.lostBytes = 0
    moved.error = nil
    batch.update(moved)
  }

  private mutating func remember(
    copy original: FileRow, _ checkpoint: Checkpoint, _ known: FileRow?, _ candidate: Candidate,
    _ status: FileStatus, _ head: HeadSample
  ) {
    if let known { batch.adopt(known) }
    var row =
      known
      ?? FileRow(
        source: original.source, path: candidate.path.absolute, device: status.device,
        inode: status.inode, birth: status.birthMicroseconds)
    row.take(status, at: candidate.path.absolute)
    row.take(head)
    row.become(copyOf: original, upTo: checkpoint)
    if known == nil { _ = batch.addFile(row) } else { batch.update(row) }
  }

  private mutating func read(
    _ bytes: consuming ByteSource, _ row: FileRow, _ candidate: Candidate, _ status: FileStatus,
    _ head: HeadSample, _ store: borrowing Store
  ) throws {
    // Its copy, which turned up in the same run, replaces the open record: that one must be stored.
    if row.openLine != nil, batch.isUncommitted(row) { try commit(store) }
    let request = request(candidate)
    let compression = bytes.compression
    let isStream = bytes.isStream
    let known = try turnState(of: row, bytes, candidate, store)
    var turns = known.state
    let storedTurns = known.isStored ? turns : TurnExtractor.State()
    let source = try adoptSource(of: row, store)
    // Half a line, where it is all that there is of the source, may look like one of another format.
    let isHalf = row.offset == 0 && row.openLine != nil && !row.openIsWhole && source.nextLine == 2
    let format = try format(of: source, candidate, bytes, anew: isHalf)
    let isMarked = request.emitted?.isMarked == true
    let configured = redactor(source.name, candidate.path.absolute)
    let redactor = isMarked ? configured?.withoutContent : configured
    let parser = LineParser(
      format: format, zone: request.zone, reference: status.mtimeMicroseconds,
      multiline: request.multiline)
    if parser.cutsTexts, row.offset == 0, !isStream {
      try inherit(&turns, row, parser, candidate, store)
    }
    if redactor?.dropsContent != true { turns.insideObject = [] }
    var reader = try LineReader(
      bytes, from: row.checkpoint, maxLine: request.maxLine, encoding: request.encoding)
    longLine.follow(&reader)
    batch.adopt(row)
    if isMarked { batch.rows.marked.insert(source.id) }
    var file = OpenFile(
      row: row, status: status, before: row, replacing: row.openLine,
      parser: parser, hasFormat: format != nil && format != "raw", end: Int(row.offset),
      turns: turns, storedTurns: storedTurns,
      redactor: redactor,
      metrics: metrics?.select(source: source.name, id: source.id, file: candidate.path.absolute),
      countedFrom: countedFrom(source, candidate.path.absolute),
      times: try times(ofSource: source.id, store))
    file.parser.previous = row.lastTime
    if !isStream { file.allowance = budget.allowance(now: clock) }
    if !isStream { file.row.take(status, at: candidate.path.absolute) }
    file.row.take(head)
    file.row.compression = compression?.rawValue
    file.row.state = .active
    file.row.lostBytes = 0
    file.row.error = nil
    file.row.lines -= row.openLines
    file.row.unparsed -= row.openUnparsed
    file.row.sanitized -= row.openSanitized
    var failure: SourceError?
    do {
      try readLines(&reader, &file, store)
    } catch let error as SourceError {
      failure = error
    } catch {
      try settle()
      throw error
    }
    try settle()
    try finish(&file, &reader, candidate, failure, isStream: isStream)
    batch.noteTimes(of: file.row)
    if isBatchFull { try commit(store) }
  }

  mutating func adoptSource(
    of row: FileRow, _ store: borrowing Store
  ) throws -> SourceRow {
    if let known = batch.sources[row.source] { return known }
    let stored = try store.wrap { db throws(SQLiteError) in
      try SourceTable().row(id: row.source, in: db)
    }
    guard let stored else {
      throw StorageError.notADatabase(path: store.path)
    }
    batch.adopt(stored)
    return stored
  }

  /// Fewer lines of text say nothing about those that follow: the next run looks again.
  private static let enoughLines = 50

  /// The request's format, else the source's; detected from the file's first lines, and then sticky,
  /// unless it is to be detected `anew`.
  private mutating func format(
    of source: SourceRow, _ candidate: Candidate, _ bytes: borrowing ByteSource, anew: Bool
  ) throws -> String? {
    if let format = request(candidate).format {
      if source.format != format { setFormat(format, of: source.id) }
      return format
    }
    if let format = source.format, !anew { return format }
    let lines =
      bytes.isStream
      ? bytes.beginning.split(separator: 0x0A).prefix(100).map { Array($0) }
      : try FileOrder.sample(bytes.reopened(), limit: 64 << 10)
    let detection = Detector.detect(lines)
    if let name = detection.name ?? source.format {
      if name != source.format { setFormat(name, of: source.id) }
      return name
    } else if detection.total >= Self.enoughLines {
      setFormat("raw", of: source.id)
    }
    return detection.name
  }
}
