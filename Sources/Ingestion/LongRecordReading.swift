import Extraction
import Formats
import JSON
import LogModel
import Recomputation
import Redaction
import Storage
import Tailing

// Turns of lines that are longer than what is stored of them: of such a line, an excerpt is read.

/// The excerpt of the over-long line that a reader passes.
final class LongLine {
  private var excerpt = JSONExcerpt()
  private var isLost = false

  /// Empty for a line that is no JSON.
  var bytes: [UInt8] { isLost ? [] : excerpt.bytes }

  func follow(_ reader: inout LineReader) {
    clear()
    reader.overlong = { self.take($0) }
  }

  func take(_ piece: Span<UInt8>) { excerpt.append(piece) }

  /// A piece did not come whole: what follows says nothing any more.
  func lose() { isLost = true }

  func clear() {
    excerpt = JSONExcerpt()
    isLost = false
  }

  /// Shows the excerpt for what it says of the records that follow, and forgets it.
  func show(
    to extractor: inout TurnExtractor, _ parser: LineParser, time: Int64,
    _ state: inout TurnExtractor.State
  ) {
    let text = TextSanitizer.clean(bytes.span)
    clear()
    guard !text.isEmpty else { return }
    var parser = parser
    var head = LineHead()
    _ = parser.parse(text.span, into: &head)
    let before = state
    _ = extractor.read(
      text.span, head, joined: parser.joinedParts(of: text.span, head), time: time, state: &state)
    if state != before { state.isBeyondStore = true }
  }
}

extension IngestRun {
  /// Reads a line that was cut: whose part of a text it is, its end may tell.
  mutating func parseCut(
    _ line: Span<UInt8>, _ parser: inout LineParser, into head: inout LineHead
  ) -> LineParser.Outcome {
    var other = parser
    let outcome = parser.parse(line, into: &head)
    guard parser.cutsTexts, head.part == nil, !longLine.bytes.isEmpty else { return outcome }
    var whole = LineHead()
    let found = other.parse(longLine.bytes.span, into: &whole)
    guard whole.part != nil else { return outcome }
    parser = other
    head.part = whole.part
    head.role = whole.role
    head.time = whole.time
    return found
  }

  /// Looks for turns in the line that was appended last, of which the beginning is stored.
  ///
  /// If it has not ended, the run that finds its end looks.
  mutating func readLongRecord(
    _ reader: inout LineReader, _ file: inout OpenFile, _ head: LineHead
  ) {
    guard !longLine.bytes.isEmpty, let extent = file.extent else { return longLine.clear() }
    let place = TurnExtractor.State.Unfinished(
      start: Int64(reader.lineStart), line: extent.firstID + extent.count - 1,
      time: file.row.lastTime ?? file.status.mtimeMicroseconds)
    guard reader.isTerminated else {
      file.turns.unfinished = place
      return
    }
    if !readCutPart(head, place, &file) { readExcerpt(longLine.bytes, place, &file) }
    longLine.clear()
  }

  /// Whether the turns of the generation's last record are still to be read.
  func isInsideRecord(_ row: FileRow, _ store: borrowing Store) throws -> Bool {
    try ownTurnState(of: row, store)?.isUnfinished ?? false
  }

  /// Looks for turns in the line that had not ended when its beginning was stored, if it has ended.
  ///
  /// `isFinal` tells that the file's end is that of the line.
  mutating func readUnfinished(
    _ reader: inout LineReader, _ file: inout OpenFile, isFinal: Bool
  ) throws {
    guard let place = file.turns.unfinished,
      isFinal || reader.hasPassedOverlong
    else { return }
    file.turns.unfinished = nil
    if place.start >= file.before.offset {
      readExcerpt(longLine.bytes, place, &file)
      return longLine.clear()
    }
    // Its beginning went by in an earlier run.
    var again = try reader.reopened(at: place.start)
    let line = LongLine()
    line.follow(&again)
    // By another limit it may not be too long.
    if try again.next(), !again.isCut { line.take(again.line) }
    readExcerpt(line.bytes, place, &file)
  }

  private mutating func readExcerpt(
    _ excerpt: [UInt8], _ place: TurnExtractor.State.Unfinished, _ file: inout OpenFile
  ) {
    let text = TextSanitizer.clean(excerpt.span)
    guard !text.isEmpty else { return }
    var parser = file.parser
    var head = LineHead()
    _ = parser.parse(text.span, into: &head)
    let before = file.turns
    read(
      text, head, joined: parser.joinedParts(of: text.span, head), place, &file)
    if !extractor.turns.isEmpty || file.turns != before { file.turns.isBeyondStore = true }
  }

  /// Looks for turns in the excerpt of a record.
  mutating func read(
    _ text: [UInt8], _ head: LineHead, joined parts: [[UInt8]]?,
    _ place: TurnExtractor.State.Unfinished, _ file: inout OpenFile
  ) {
    var (stored, storedHead) = (text, head)
    if let (replacement, found) = redacted(excerpt: text.span, file, head) {
      (stored, storedHead) = (replacement.text, found)
    }
    readTurns(
      text.span, head, joined: parts, &file, id: place.line, start: Int(place.start),
      time: place.time, stored: stored.span, storedHead)
  }
}
