import Formats
import LineStore
import LogModel
import SQLite
import Storage
import Tailing

// Lines to records, and records to the encoder.

extension IngestRun {
  mutating func readLines(
    _ reader: inout LineReader, _ file: inout OpenFile, _ store: borrowing Store
  ) throws {
    while true {
      if file.end - Int(file.before.offset) >= file.allowance { return stop(&file) }
      guard try reader.next() else { return }
      let outcome = file.parser.parse(reader.line, into: &file.head)
      let role = file.head.role
      let skipped = reader.skippedBehindLine - reader.skippedBeforeLine
      if file.pending != nil {
        if (role == .continues || role == .ends) && !reader.isCut && !file.isPendingFull(reader) {
          file.pending?.extend(
            contentEnd: reader.contentEnd, end: reader.lineEnd,
            skipped: reader.skippedBehindLine, isTerminated: reader.isTerminated)
          countLine(outcome, &file)
          if isUnparsed(outcome, file) { file.pending?.unparsed += 1 }
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
        if isUnparsed(outcome, file) { file.pending?.unparsed = 1 }
        reader.keep(from: reader.lineStart)
      }
    }
  }

  /// Leaves the rest, the record that has begun included, to the next run.
  private func stop(_ file: inout OpenFile) {
    file.isStopped = true
    file.forgetPending()
  }

  private func isUnparsed(_ outcome: LineParser.Outcome, _ file: OpenFile) -> Bool {
    outcome != .parsed && file.hasFormat
  }

  private func countLine(_ outcome: LineParser.Outcome, _ file: inout OpenFile) {
    file.row.lines += 1
    if isUnparsed(outcome, file) { file.row.unparsed += 1 }
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

  mutating func append(
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
  mutating func encode(_ text: Span<UInt8>, _ file: inout OpenFile, _ head: LineHead) {
    guard TextSanitizer.isClean(text) else {
      file.row.sanitized += 1
      let clean = TextSanitizer.clean(text)
      let lineEnd = clean.firstIndex(of: 0x0A) ?? clean.count
      var again = LineHead()
      var parser = file.parser
      _ = parser.parse(clean.span.extracting(0..<lineEnd), into: &again)
      return encodeClean(clean.span, &file, again)
    }
    encodeClean(text, &file, head)
  }

  private mutating func encodeClean(
    _ text: Span<UInt8>, _ file: inout OpenFile, _ head: LineHead
  ) {
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

  mutating func pushExtent(_ file: inout OpenFile) {
    if let extent = file.extent { batch.extents.append((extent, false)) }
    file.extent = nil
  }
}
