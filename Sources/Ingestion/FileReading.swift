import Formats
import LineStore
import LogModel
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
    if bytes.kind == .plain && BinarySniffer.looksBinary(head) {
      add(.binary(candidate.path, isExplicit: candidate.isExplicit))
      return
    }
    var verdict = try identify(&bytes, candidate, status: status, store: store)
    while true {
      switch verdict {
      case .complete(let row):
        takeOver(row, candidate, status, head)
        return
      case .copy(let original, let checkpoint, let known):
        remember(copy: original, checkpoint, known, candidate, status, head)
        return
      case .unfinished: return
      case .resume(let row):
        do {
          return try read(bytes, row, candidate, status, head, store)
        } catch SourceError.otherThanCheckpoint, SourceError.shorterThanCheckpoint {
          // Only inflating an archive to the offset showed that it is another one.
          supersede(row)
          bytes = try ByteSource(FileDescriptor(opening: candidate.path))
          verdict = try identifyByContent(&bytes, candidate, head, store)
        }
      case .fork(let original, let checkpoint):
        var row = FileRow(
          source: try source(of: candidate, store), path: candidate.path.absolute,
          device: status.device,
          inode: status.inode, birth: status.birthMicroseconds)
        row.take(checkpoint)
        row.start = row.offset
        row.bytesStored = 0
        row.bytesSkipped = 0
        row.lastTime = original.lastTime
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
    if stream.kind == .plain && BinarySniffer.looksBinary(head) {
      add(.binary(candidate.path, isExplicit: true))
      return
    }
    let row = FileRow(
      source: try source(of: candidate, store), path: candidate.path, device: 0, inode: 0,
      birth: nil)
    try read(stream, batch.addFile(row), candidate, candidate.status, head, store)
  }

  /// The file holds what `row` has read, all of it: the generation lives here now.
  private mutating func takeOver(
    _ row: FileRow, _ candidate: Candidate, _ status: FileStatus, _ head: HeadSample
  ) {
    batch.adopt(row)
    var moved = row
    moved.take(status, at: candidate.path.absolute)
    moved.take(head)
    moved.compression = Compression.gzip.rawValue
    moved.state = .finished
    moved.lostBytes = 0
    moved.error = nil
    if let line = moved.openLine {
      moved.closeOpenRecord()
      batch.closed.append(line)
    }
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
    row.state = .copy
    row.take(checkpoint)
    row.start = row.offset
    row.bytesStored = 0
    row.bytesSkipped = 0
    row.lastTime = original.lastTime
    if known == nil { _ = batch.addFile(row) } else { batch.update(row) }
  }

  private mutating func read(
    _ bytes: consuming ByteSource, _ row: FileRow, _ candidate: Candidate, _ status: FileStatus,
    _ head: HeadSample, _ store: borrowing Store
  ) throws {
    // Its copy, which turned up in the same run, replaces the open record: that one must be stored.
    if row.openLine != nil, batch.isUncommitted(row) { try commit(store) }
    let request = request(candidate)
    let isGzip = bytes.kind == .gzip
    let isStream = bytes.isStream
    let source = try adoptSource(of: row, store)
    let format = try format(of: source, candidate, isStream ? bytes.beginning : nil)
    var reader = try LineReader(
      bytes, from: row.checkpoint, maxLine: request.maxLine, encoding: request.encoding)
    batch.adopt(row)
    var file = OpenFile(
      row: row, status: status, before: row, replacing: row.openLine,
      parser: LineParser(
        format: format, zone: request.zone, reference: status.mtimeMicroseconds,
        multiline: request.multiline),
      hasFormat: format != nil && format != "raw", end: Int(row.offset))
    file.parser.previous = row.lastTime
    if !isStream { file.row.take(status, at: candidate.path.absolute) }
    file.row.take(head)
    file.row.compression = isGzip ? Compression.gzip.rawValue : nil
    file.row.state = .active
    file.row.lostBytes = 0
    file.row.error = nil
    file.row.lines -= row.openLines
    var failure: SourceError?
    do {
      try readLines(&reader, &file, store)
    } catch let error as SourceError {
      failure = error
    }
    try finish(&file, &reader, candidate, failure, canEnd: isGzip || isStream)
    if batch.isFull { try commit(store) }
  }

  private mutating func adoptSource(
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

  /// The request's format, else the source's; detected from the file's first lines, and then sticky.
  private mutating func format(
    of source: SourceRow, _ candidate: Candidate, _ beginning: [UInt8]?
  ) throws -> String? {
    if let format = request(candidate).format {
      if source.format != format { setFormat(format, of: source.id) }
      return format
    }
    if let format = source.format { return format }
    let lines =
      try beginning?.split(separator: 0x0A).prefix(100).map { Array($0) }
      ?? FileOrder.sample(candidate, limit: 64 << 10)
    let detection = Detector.detect(lines)
    if let name = detection.name {
      setFormat(name, of: source.id)
    } else if detection.total >= Self.enoughLines {
      setFormat("raw", of: source.id)
    }
    return detection.name
  }

  // MARK: Lines to records

  private mutating func readLines(
    _ reader: inout LineReader, _ file: inout OpenFile, _ store: borrowing Store
  ) throws {
    while try reader.next() {
      let outcome = file.parser.parse(reader.line, into: &file.head)
      let role = file.head.role
      let skipped = reader.skippedBehindLine - reader.skippedBeforeLine
      if file.pending != nil {
        if (role == .continues || role == .ends) && !reader.isCut && !file.isPendingFull(reader) {
          file.pending?.extend(
            contentEnd: reader.contentEnd, end: reader.lineEnd,
            skipped: reader.skippedBehindLine, isTerminated: reader.isTerminated)
          countLine(outcome, &file)
          if role == .ends && reader.isTerminated { try flush(&file, &reader, store) }
          continue
        }
        try flush(&file, &reader, store)
      }
      // Not before what stands in front of it is appended: that may end a batch, and the line is not in it.
      countLine(outcome, &file)
      if Self.isSingle(role, reader.line) && reader.isTerminated || reader.isCut {
        append(
          reader.line, &file, file.head, start: reader.lineStart, end: reader.lineEnd,
          skipped: skipped, cutFrom: reader.isCut ? reader.originalLength : nil)
        if encoder.isFull { try endChunk(&file, &reader, store) }
      } else {
        file.pending = OpenFile.Pending(
          head: file.head, start: reader.lineStart, contentEnd: reader.contentEnd,
          end: reader.lineEnd, skippedBefore: reader.skippedBeforeLine,
          skipped: reader.skippedBehindLine, isTerminated: reader.isTerminated)
        reader.keep(from: reader.lineStart)
      }
    }
  }

  private func countLine(_ outcome: LineParser.Outcome, _ file: inout OpenFile) {
    file.row.lines += 1
    if outcome != .parsed && file.hasFormat { file.row.unparsed += 1 }
  }

  /// Whether a line that has nothing to continue is a record by itself.
  ///
  /// At the head of a file the rest of a trace that was cut by rotation stays together, as far as it
  /// is indented; a banner is a record a line.
  private static func isSingle(_ role: LineHead.Role, _ line: Span<UInt8>) -> Bool {
    switch role {
    case .whole, .ends: true
    case .begins: false
    case .continues: line.isEmpty || line[0] != 0x20 && line[0] != 0x09
    }
  }

  /// Appends the pending record, which is complete.
  private mutating func flush(
    _ file: inout OpenFile, _ reader: inout LineReader, _ store: borrowing Store
  ) throws {
    guard let record = file.pending else { return }
    file.pending = nil
    reader.keep(from: nil)
    append(
      reader.bytes(from: record.start, to: record.contentEnd), &file, record.head,
      start: record.start, end: record.end, skipped: record.skipped, cutFrom: nil)
    if encoder.isFull { try endChunk(&file, &reader, store) }
  }

  private mutating func append(
    _ text: Span<UInt8>, _ file: inout OpenFile, _ head: LineHead, start: Int, end: Int,
    skipped: Int, cutFrom length: Int?
  ) {
    let id: Int64
    if let line = file.replacing {
      batch.replaced.append(line)
      file.replacing = nil
      id = line
    } else {
      id = nextLine(file.row.source)
    }
    openChunk(source: file.row.source, id: id)
    encode(text, &file, head)
    extend(&file, id, start: start, bytes: end - start - skipped)
    file.end = end
    file.records += 1
    if let length { reject(text, &file, id, start: start, length: length) }
  }

  private mutating func reject(
    _ text: Span<UInt8>, _ file: inout OpenFile, _ id: Int64, start: Int, length: Int
  ) {
    file.row.rejects += 1
    guard file.row.rejects <= Self.maxRejects else { return }
    let shown = TextSanitizer.clean(text.extracting(0..<min(200, text.count)))
    batch.rejects.append(
      RejectRow(
        file: file.row.id, offset: Int64(start), line: id,
        reason: "line of \(length) bytes was cut at max_line",
        text: String(decoding: shown, as: UTF8.self)))
  }

  /// Hands a record's text, made valid where it is not, to the encoder.
  private mutating func encode(_ text: Span<UInt8>, _ file: inout OpenFile, _ head: LineHead) {
    guard TextSanitizer.isClean(text) else {
      file.row.sanitized += 1
      let clean = TextSanitizer.clean(text)
      let lineEnd = clean.firstIndex(of: 0x0A) ?? clean.count
      var again = LineHead()
      var parser = file.parser
      _ = parser.parse(clean.span.extracting(0..<lineEnd), into: &again)
      return append(clean.span, &file, again)
    }
    append(text, &file, head)
  }

  private mutating func append(_ text: Span<UInt8>, _ file: inout OpenFile, _ head: LineHead) {
    var time = file.row.lastTime ?? file.status.mtimeMicroseconds
    var layout = TimeLayout.none
    if let own = head.time, own >= 0, own < Self.endOfTime {
      time = own
      file.row.lastTime = own
      if head.timeRange.upperBound <= text.count { layout = head.layout }
    }
    encoder.append(
      text, timeRange: head.timeRange, layout: layout,
      body: head.body.clamped(to: 0..<text.count), time: min(max(0, time), Self.endOfTime - 1),
      severity: head.severity)
  }

  /// The first instant that has no four-digit year.
  private static let endOfTime: Int64 = 253_402_300_800_000_000

  private mutating func extend(_ file: inout OpenFile, _ id: Int64, start: Int, bytes: Int) {
    if var extent = file.extent, extent.firstID + extent.count == id,
      extent.offset + extent.bytes == Int64(start)
    {
      extent.count += 1
      extent.bytes += Int64(bytes)
      file.extent = extent
    } else {
      pushExtent(&file)
      file.extent = Extent(
        firstID: id, count: 1, file: file.row.id, offset: Int64(start), bytes: Int64(bytes))
    }
  }

  private mutating func pushExtent(_ file: inout OpenFile) {
    if let extent = file.extent { batch.extents.append((extent, false)) }
    file.extent = nil
  }

  // MARK: Checkpoints

  private mutating func endChunk(
    _ file: inout OpenFile, _ reader: inout LineReader, _ store: borrowing Store
  ) throws {
    finishChunk(sealed: true)
    let read = Int64(file.end) - file.before.offset
    batch.bytes += read - file.counted
    file.counted = read
    try chunkEnded(bytesInFile: read)
    guard batch.isFull else { return }
    save(&file, reader.commitPoint(at: file.end))
    var row = file.row
    // The status stands for the whole file; should the run end here, the next one must look again.
    row.modified = -1
    batch.update(row)
    try commit(store)
  }

  private mutating func save(_ file: inout OpenFile, _ checkpoint: Checkpoint) {
    pushExtent(&file)
    let lines = file.row.lines
    file.row.take(checkpoint)
    if file.replacing == nil { file.row.forgetOpenRecord() }
    file.row.lines = lines
  }

  private mutating func finish(
    _ file: inout OpenFile, _ reader: inout LineReader, _ candidate: Candidate,
    _ failure: SourceError?, canEnd: Bool
  ) throws {
    let end = reader.end
    let isFinal = canEnd && end == .complete
    var open: OpenFile.Pending?
    if let record = file.pending {
      let isQuiet = time - file.status.mtimeMicroseconds >= request(candidate).multilineTimeout
      if failure == nil, isFinal || record.isTerminated && isQuiet {
        file.pending = nil
        append(
          reader.bytes(from: record.start, to: record.contentEnd), &file, record.head,
          start: record.start, end: record.end, skipped: record.skipped, cutFrom: nil)
      } else {
        open = record
      }
    }
    if let record = open, failure != nil || record.skipped > 0 {
      // It cannot be stored before it is complete; the next run counts its lines.
      file.row.lines -= Int64(record.lines)
      open = nil
    }
    // A hole before an open record has been passed over for good.
    save(&file, reader.commitPoint(at: open?.start ?? file.end))
    if let open {
      storeOpen(open, &file, &reader)
    } else if file.replacing != nil {
      // What was stored of it stays until it can be read again.
      file.row.lines += file.before.openLines
    }
    settle(&file, candidate, failure, end: end, canEnd: canEnd)
    batch.bytes += Int64(file.end) - file.before.offset - file.counted
    let bytes = file.row.offset + file.row.openBytes - file.before.offset - file.before.openBytes
    let lines = Int(file.row.lines - file.before.lines)
    // A record that was stored open was counted then.
    let known = file.before.openLine != nil && file.replacing == nil ? 1 : 0
    count(
      file.row.source, files: bytes > 0 ? 1 : 0, lines: lines, records: file.records - known,
      bytes: bytes,
      rejects: Int(file.row.rejects - file.before.rejects))
    batch.update(file.row)
  }

  private mutating func settle(
    _ file: inout OpenFile, _ candidate: Candidate, _ failure: SourceError?, end: SourceEnd?,
    canEnd: Bool
  ) {
    if let failure {
      add(.failed(candidate.path, failure))
      file.row.error = failure.description
      // Not what the file is now: the next run looks at it again.
      file.row.modified = -1
      return
    }
    guard canEnd else { return }
    switch end {
    case .complete: file.row.state = .finished
    case .corrupt(let offset):
      file.row.state = .error
      file.row.error = "damaged at byte \(offset)"
      add(.corrupt(candidate.path, offset: offset))
    case .incomplete, nil:
      file.row.error = "incomplete: still being written"
      add(.incomplete(candidate.path))
    }
  }

  /// Stores a record that may go on, under an id that its complete form will take.
  private mutating func storeOpen(
    _ record: OpenFile.Pending, _ file: inout OpenFile, _ reader: inout LineReader
  ) {
    let checkpoint = reader.commitPoint(at: record.end)
    let bytes = Int64(record.end - record.start)
    let isSame =
      file.replacing != nil && file.before.openBytes == bytes
      && file.before.openCRC32 == checkpoint.crc32
    if !isSame {
      let id: Int64
      if let line = file.replacing {
        batch.replaced.append(line)
        id = line
      } else {
        id = nextLine(file.row.source)
      }
      finishChunk(sealed: false)
      openChunk(source: file.row.source, id: id)
      encode(reader.bytes(from: record.start, to: record.contentEnd), &file, record.head)
      finishChunk(sealed: false, counting: false)
      batch.extents.append(
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
    file.row.openCRC32 = checkpoint.crc32
    file.row.openAnchorLength = checkpoint.anchorLength
    file.row.openAnchorHash = checkpoint.anchorHash
  }
}
