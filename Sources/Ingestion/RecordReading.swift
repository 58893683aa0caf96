import Extraction
import Formats
import LineStore
import LogModel
import Recomputation
import Redaction
import SQLite
import Storage
import Tailing

// Lines to records, and records to the encoder.

extension IngestRun {
  mutating func readLines(
    _ reader: inout LineReader, _ file: inout OpenFile, _ store: borrowing Store
  ) throws {
    // Large, and so in no structure that is passed on as a whole: it would be copied for each line.
    var head = LineHead()
    var pendingHead = LineHead()
    defer { file.pendingHead = pendingHead }
    try resumeTexts(&reader, &file, store)
    while true {
      if file.end - Int(file.before.offset) >= file.allowance { return stop(&file) }
      guard try reader.next() else { return }
      if file.turns.unfinished != nil { try readUnfinished(&reader, &file, isFinal: false) }
      let outcome =
        reader.isCut
        ? parseCut(reader.line, &file.parser, into: &head)
        : file.parser.parse(reader.line, into: &head)
      let isParsed = outcome == .parsed || !file.hasFormat
      let role = head.role
      let skipped = reader.skippedBehindLine - reader.skippedBeforeLine
      var isBehindFull = false
      if file.pending != nil {
        // What the end of the file cuts is of no format yet, and ends nothing.
        let isCutShort = !reader.isTerminated && outcome != .parsed
        let continues = role == .continues || role == .ends || isCutShort
        if continues {
          isBehindFull = file.isPendingFull(contentEnd: reader.contentEnd, maxLine: reader.maxLine)
        }
        if continues && !reader.isCut && !isBehindFull {
          file.extend(Self.line(&reader, isParsed: isParsed), head)
          countLine(&file, isParsed: isParsed, isRepaired: reader.isRepaired)
          if role == .ends && reader.isTerminated { try flush(&file, pendingHead, &reader, store) }
          continue
        }
        file.isFull = isBehindFull
        try flush(&file, pendingHead, &reader, store)
        file.isFull = false
      }
      // Not before what stands in front of it is appended: that may end a batch, and the line is not in it.
      countLine(&file, isParsed: isParsed, isRepaired: reader.isRepaired)
      let goesOn = role == .continues && (isBehindFull || head.part != nil)
      let isSingle = Self.isSingle(role, reader.line) && !goesOn
      if isSingle && reader.isTerminated || reader.isCut {
        let (start, end) = (reader.lineStart, reader.lineEnd)
        let length = reader.isCut ? reader.originalLength : nil
        append(
          reader.line, &file, head, start: start, end: end, skipped: skipped, cutFrom: length)
        if reader.isCut { readLongRecord(&reader, &file, head) }
        if block.isFull { try endBlock(&file, &reader, store) }
      } else {
        file.begin(Self.line(&reader, isParsed: isParsed), head)
        pendingHead = head
        reader.keep(from: reader.lineStart)
      }
    }
  }

  private static func line(_ reader: inout LineReader, isParsed: Bool) -> OpenFile.Line {
    OpenFile.Line(
      start: reader.lineStart, contentEnd: reader.contentEnd, end: reader.lineEnd,
      skippedBefore: reader.skippedBeforeLine, skippedBehind: reader.skippedBehindLine,
      isTerminated: reader.isTerminated, isParsed: isParsed, isRepaired: reader.isRepaired)
  }

  private func countLine(_ file: inout OpenFile, isParsed: Bool, isRepaired: Bool) {
    file.row.lines += 1
    if !isParsed { file.row.unparsed += 1 }
    if isRepaired { file.row.sanitized += 1 }
  }

  /// Leaves the rest, the record that has begun included, to the next run.
  private func stop(_ file: inout OpenFile) {
    file.isStopped = true
    if let record = file.pending { file.forget(record) }
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
    _ file: inout OpenFile, _ head: LineHead, _ reader: inout LineReader, _ store: borrowing Store
  ) throws {
    guard let record = file.pending else { return }
    file.pending = nil
    reader.keep(from: nil)
    append(record, head, &file, &reader)
    if block.isFull { try endBlock(&file, &reader, store) }
  }

  /// Appends a record that is complete, or each of those that interleave.
  ///
  /// Inside a group no batch ends: the offset can only lie before it or behind it.
  mutating func append(
    _ record: OpenFile.Pending, _ head: LineHead, _ file: inout OpenFile,
    _ reader: inout LineReader
  ) {
    guard file.group.members.count > 1 else {
      if !file.group.isEmpty { file.group.removeAll() }
      return append(
        reader.bytes(from: record.start, to: record.contentEnd), &file, head,
        start: record.start, end: record.end, skipped: record.skipped, cutFrom: nil)
    }
    let members = file.group.members
    file.group.removeAll()
    for (index, member) in members.enumerated() {
      if block.isFull { passBlock() }
      var text: [UInt8] = []
      for piece in member.pieces {
        let bytes = reader.bytes(from: piece.lowerBound, to: piece.upperBound)
        for place in bytes.indices { text.append(bytes[place]) }
      }
      // To the next one's beginning: a few of the bytes are another member's, but each is told once.
      let next = index + 1 < members.count ? members[index + 1] : nil
      let skipped = (next?.skippedBefore ?? record.skippedBehind) - member.skippedBefore
      append(
        text.span, &file, member.head, start: member.start, end: next?.start ?? record.end,
        skipped: skipped, cutFrom: nil)
    }
  }

  mutating func append(
    _ text: Span<UInt8>, _ file: inout OpenFile, _ head: LineHead, start: Int, end: Int,
    skipped: Int, cutFrom length: Int?
  ) {
    let id: Int64
    if let line = file.replacing {
      batch.rows.replaced.append(line)
      file.replacing = nil
      id = line
    } else {
      id = nextLine(file.row.source)
    }
    openChunk(source: file.row.source, id: id)
    encode(text, &file, head, line: id, start: start, cutFrom: length)
    extend(&file, id, start: start, bytes: end - start - skipped)
    file.end = end
    file.records += 1
    if length != nil { file.cut += Int64(skipped) }
  }

  mutating func reject(
    _ text: Span<UInt8>, _ row: inout FileRow, _ id: Int64, start: Int, reason: String
  ) {
    row.rejects += 1
    guard row.rejects <= Self.maxRejects else { return }
    let shown = TextSanitizer.clean(text.extracting(0..<min(200, text.count)))
    batch.rows.rejects.append(
      RejectRow(
        file: row.id, offset: Int64(start), line: id, reason: reason,
        text: String(decoding: shown, as: UTF8.self)))
  }

  /// Hands a record's text, made valid where it is not, to the encoder, and to the extractors if it is
  /// complete.
  ///
  /// `line` is its id then. `length` is that of a line that was cut.
  mutating func encode(
    _ text: Span<UInt8>, _ file: inout OpenFile, _ head: LineHead, line: Int64?, start: Int,
    cutFrom length: Int? = nil
  ) {
    guard TextSanitizer.isClean(text) else {
      return encodeCleaned(text, &file, line: line, start: start, cutFrom: length)
    }
    encodeClean(text, &file, head, line: line, start: start, cutFrom: length)
  }

  private mutating func encodeCleaned(
    _ text: Span<UInt8>, _ file: inout OpenFile, line: Int64?, start: Int, cutFrom length: Int?
  ) {
    file.row.sanitized += 1
    let clean = TextSanitizer.clean(text)
    let lineEnd = clean.firstIndex(of: 0x0A) ?? clean.count
    var again = LineHead()
    var parser = file.parser
    _ = parser.parse(clean.span.extracting(0..<lineEnd), into: &again)
    encodeClean(clean.span, &file, again, line: line, start: start, cutFrom: length)
  }

  private mutating func encodeClean(
    _ text: Span<UInt8>, _ file: inout OpenFile, _ head: LineHead, line: Int64?, start: Int,
    cutFrom length: Int?
  ) {
    let isOpen = line == nil || length != nil
    guard
      let (replacement, found) = redacted(text, &file, head, isOpen: isOpen, isKept: line != nil)
    else {
      return encodeStored(
        text, &file, head, line: line, start: start, original: text, head, cutFrom: length)
    }
    encodeStored(
      replacement.text.span, &file, found, line: line, start: start, original: text, head,
      cutFrom: length)
    guard let line, replacement.gaveUp else { return }
    reject(
      replacement.text.span, &file.row, line, start: start,
      reason: "a redact pattern takes too many steps: nothing of the record was kept")
  }

  /// Hands on a text as it is stored; turns are those that the `original` shows.
  private mutating func encodeStored(
    _ text: Span<UInt8>, _ file: inout OpenFile, _ head: LineHead, line: Int64?, start: Int,
    original: Span<UInt8>, _ originalHead: LineHead, cutFrom length: Int?
  ) {
    var time = file.row.lastTime ?? file.status.mtimeMicroseconds
    var layout = TimeLayout.none
    var isShared = false
    if let own = head.time, own >= 0, own < Self.endOfTime {
      time = own
      file.row.lastTime = own
      if SharedRecord.mayBe(text, head) {
        file.row.noteRecord(at: own)
        isShared = file.times.isShared(own, of: file.row.id)
      }
      if head.timeRange.upperBound <= text.count { layout = head.layout }
    }
    time = min(max(0, time), Self.endOfTime - 1)
    let body = head.body.clamped(to: 0..<text.count)
    block.append(
      text, timeRange: head.timeRange, layout: layout, body: body, time: time,
      severity: head.severity)
    guard let line else { return }
    readError(text, head, file: file.row.id, id: line, time: time)
    if head.isCountable, line >= file.countedFrom {
      readStandard(
        text, head, &file.row, id: line, start: start, time: time, isShared: isShared)
    }
    if let selection = file.metrics {
      readMetrics(
        text, head.severity, file.parser, &file.row, selection: selection, id: line, start: start,
        time: time, isShared: isShared)
    }
    if length == nil || longLine.bytes.isEmpty {
      readTurns(
        original, originalHead, &file, id: line, start: start, time: time, stored: text, head)
    }
    if let length {
      reject(
        text, &file.row, line, start: start, reason: "line of \(length) bytes was cut at max_line")
    }
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

  mutating func pushExtent(_ file: inout OpenFile) {
    if let extent = file.extent { batch.rows.extents.append((extent, false)) }
    file.extent = nil
  }
}
