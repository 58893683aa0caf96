import Extraction
import Formats
import LogModel
import Recomputation
import Storage
import Tailing

// Turns of texts that a container's runtime has cut into parts, and that are more than one record of
// the store: they are longer than a record may be, or each part is one. The text goes by part for
// part, and an excerpt of it is read.

extension IngestRun {
  /// Looks for turns in a record; those of a text in several records are the first one's.
  mutating func readTurns(
    _ record: Span<UInt8>, _ head: LineHead, _ file: inout OpenFile, id: Int64, start: Int,
    time: Int64, stored: Span<UInt8>, _ storedHead: LineHead
  ) {
    var joined: [[UInt8]]?
    if let part = head.part, !part.isLast || file.turns[part.stream] != nil {
      let (text, isComplete) = file.parser.parts(of: record, part.stream)
      if file.turns[part.stream] != nil, part.continues {
        longTexts[part.stream]?.take(text.span)
        if isComplete { endText(part.stream, &file) }
        return
      }
      // One that has begun breaks off.
      endText(part.stream, &file)
      if !isComplete, Self.mayShowTurns(text) {
        file.turns[part.stream] = TurnExtractor.State.Unfinished(
          start: Int64(start), line: id, time: time, stream: part.stream)
        longTexts[part.stream]?.take(text.span)
        return
      }
      if record.lineEnd(from: 0) < record.count { joined = [text] }
    }
    readTurns(
      record, head, joined: joined, &file, id: id, start: start, time: time, stored: stored,
      storedHead)
  }

  /// Behind a name in front of it, a text that shows turns is an object.
  private static func mayShowTurns(_ text: [UInt8]) -> Bool { text.prefix(160).contains(0x7B) }

  /// Passes the line in `longLine`, of which only the beginning is stored, where it is a part of a
  /// text; false for one that is all of its text.
  mutating func readCutPart(
    _ head: LineHead, _ place: TurnExtractor.State.Unfinished, _ file: inout OpenFile
  ) -> Bool {
    guard let part = head.part, !part.isLast || file.turns[part.stream] != nil else { return false }
    if file.turns[part.stream] == nil || !part.continues {
      endText(part.stream, &file)
      let text = file.parser.parts(of: longLine.bytes.span, part.stream).text
      guard Self.mayShowTurns(text) else { return true }
      var place = place
      place.stream = part.stream
      file.turns[part.stream] = place
    }
    longTexts[part.stream]?.lose()
    if part.isLast { endText(part.stream, &file) }
    return true
  }

  /// Reads the texts that are unfinished, of which nothing follows.
  mutating func endTexts(_ file: inout OpenFile) {
    for stream in LineHead.Stream.allCases { endText(stream, &file) }
  }

  private mutating func endText(_ stream: LineHead.Stream, _ file: inout OpenFile) {
    guard let place = file.turns[stream], let excerpt = longTexts[stream] else { return }
    file.turns[stream] = nil
    // The records that it is stored as show nothing of it, or something else.
    file.turns.isBeyondStore = true
    let text = TextSanitizer.clean(excerpt.bytes.span)
    excerpt.clear()
    guard !text.isEmpty else { return rejectText(place, &file.row) }
    var head = LineHead()
    head.time = place.time
    head.body = 0..<text.count
    read(text, head, joined: [text], place, &file)
  }

  private mutating func rejectText(
    _ place: TurnExtractor.State.Unfinished, _ row: inout FileRow
  ) {
    let nothing: [UInt8] = []
    reject(
      nothing.span, &row, place.line, start: Int(place.start),
      reason: "turns of a text in parts, of which some cannot be read")
  }

  /// Notes which texts go on behind the last record of a generation, at `place`.
  static func leaveTexts(
    of record: Span<UInt8>, _ parser: LineParser, at place: TurnExtractor.State.Unfinished,
    _ state: inout TurnExtractor.State
  ) {
    let texts = CutTexts(of: record, parser, isOpen: true, after: state.insideObject)
    state.insideObject = texts.insideObject
    for stream in LineHead.Stream.allCases where state[stream] == nil {
      let (text, isComplete) = parser.parts(of: record, stream)
      guard !isComplete, mayShowTurns(text) else { continue }
      var place = place
      place.stream = stream
      state[stream] = place
    }
  }

  /// The file that held the rest of these texts is another one now, or gone.
  mutating func giveUpTexts(of row: inout FileRow, _ store: borrowing Store) throws {
    guard var state = try ownTurnState(of: row, store), !state.texts.isEmpty else { return }
    for place in state.texts {
      rejectText(place, &row)
      summary.rejects += 1
    }
    state.texts = []
    state.isBeyondStore = true
    batch.rows.turnStates[row.id] = state.encoded
  }

  /// Shows the parser what has been read before of the texts that are unfinished.
  mutating func resumeTexts(
    _ reader: inout LineReader, _ file: inout OpenFile, _ store: borrowing Store
  ) throws {
    for excerpt in longTexts.values { excerpt.clear() }
    guard !file.turns.texts.isEmpty else { return }
    if let files = try files(before: file.row, of: file.turns.texts, store) {
      for row in files {
        guard let source = open(row) else { continue }
        // Of a text that began before this file all of it may be a part.
        let begun = file.turns.texts.filter { $0.file ?? file.row.id <= row.id }
        let start = begun.map { $0.file == row.id ? $0.start : 0 }.min() ?? 0
        var before = try LineReader(
          source, at: start, maxLine: reader.maxLine, encoding: reader.encoding)
        _ = try passTexts(&before, &file, before: row.offset, in: row.id)
      }
    } else {
      for place in file.turns.texts where place.file != nil {
        if let stream = place.stream { longTexts[stream]?.lose() }
      }
    }
    let start = file.turns.texts.map { $0.file == nil ? $0.start : 0 }.min() ?? 0
    var again = try reader.reopened(at: start)
    let others = try passTexts(&again, &file, before: file.before.offset, in: file.row.id)
    // What nothing follows any more would be read again in each run.
    for (stream, lines) in others where lines > PartJoiner.patience { endText(stream, &file) }
  }

  /// Passes the lines before `end`; of each stream, how many others stand behind the last part.
  private mutating func passTexts(
    _ reader: inout LineReader, _ file: inout OpenFile, before end: Int64, in row: Int64
  ) throws -> [LineHead.Stream: Int] {
    var head = LineHead()
    var others: [LineHead.Stream: Int] = [:]
    while reader.lineEnd < Int(end), try reader.next() {
      _ = file.parser.parse(reader.line, into: &head)
      for place in file.turns.texts {
        let first = place.file ?? file.row.id
        guard let stream = place.stream, let excerpt = longTexts[stream],
          first < row || first == row && Int64(reader.lineStart) >= place.start
        else { continue }
        if reader.isCut {
          excerpt.lose()
        } else if head.part?.stream == stream {
          others[stream] = 0
          let text = file.parser.parts(of: reader.line, stream).text
          excerpt.take(text.span)
        } else {
          others[stream, default: 0] += 1
        }
      }
    }
    return others
  }
}
