import Extraction
import Formats
import LogModel
import Storage
import Tailing

// Turns of records that a container's runtime has cut into parts, and that are longer than a record
// may be: they are several in the store. Their text goes by part for part, and an excerpt of it is read.

extension IngestRun {
  /// Looks at a record that is not all of its text; false for one that is.
  ///
  /// Its turns are those of the first of the records that the text is stored as.
  mutating func readPart(
    _ record: Span<UInt8>, _ head: LineHead, _ file: inout OpenFile, id: Int64, start: Int,
    time: Int64, stored: Span<UInt8>
  ) -> Bool {
    guard let part = head.part else { return false }
    if let place = file.turns.unfinished, place.stream == part.stream {
      if part.continues {
        let (text, isComplete) = file.parser.parts(of: record, part.stream)
        longParts.take(text.span)
        if isComplete { endParts(&file) }
        return true
      }
      // It breaks off.
      endParts(&file)
    }
    guard file.isFull else { return false }
    let (text, isComplete) = file.parser.parts(of: record, part.stream)
    guard !isComplete, text.prefix(Self.longestLead).contains(0x7B) else { return false }
    if file.turns.unfinished != nil {
      reject(
        stored, &file.row, id, start: start,
        reason: "turns of a record in parts, longer than max_line beside another, are not read")
      return true
    }
    file.turns.unfinished = TurnExtractor.State.Unfinished(
      start: Int64(start), line: id, time: time, stream: part.stream)
    longParts.clear()
    longParts.take(text.span)
    return true
  }

  /// Behind a name in front of it, a text that shows turns is an object.
  private static let longestLead = 160

  /// Reads the text that is unfinished, of which nothing follows.
  mutating func endParts(_ file: inout OpenFile) {
    guard let place = file.turns.unfinished, place.stream != nil else { return }
    file.turns.unfinished = nil
    // The records that it is stored as show nothing of it, or something else.
    file.turns.isBeyondStore = true
    let text = TextSanitizer.clean(longParts.bytes.span)
    longParts.clear()
    guard !text.isEmpty else {
      return reject(
        text.span, &file.row, place.line, start: Int(place.start),
        reason: "turns of a record in parts, longer than max_line, cannot be read")
    }
    var head = LineHead()
    head.time = place.time
    head.body = 0..<text.count
    read(text, head, joined: text, place, &file)
  }

  /// Shows the parser what earlier runs have read of the text that is unfinished.
  mutating func resumeParts(
    _ reader: inout LineReader, _ file: inout OpenFile
  ) throws {
    longParts.clear()
    guard let place = file.turns.unfinished, let stream = place.stream else { return }
    var again = try reader.reopened(at: place.start)
    var head = LineHead()
    var others = 0
    while again.lineEnd < Int(file.before.offset), try again.next() {
      _ = file.parser.parse(again.line, into: &head)
      guard head.part?.stream == stream else {
        others += 1
        continue
      }
      others = 0
      let text = file.parser.parts(of: again.line, stream).text
      longParts.take(text.span)
    }
    // What nothing follows any more would be read again in each run.
    if others > PartJoiner.patience { endParts(&file) }
  }
}
