import JSON
package import LogModel

extension LineParser {
  /// The text that the runtime of a container has cut into the lines of a record, whose first one has
  /// this head; nil of other records, and of one that is all in one line.
  ///
  /// Of a record with lines of both streams it is the text of the first one.
  package func joinedParts(of record: Span<UInt8>, _ head: LineHead) -> [UInt8]? {
    guard let stream = head.part?.stream,
      record.firstIndex(of: 0x0A, in: 0..<record.count) != nil
    else { return nil }
    return parts(of: record, stream).text
  }

  /// The text of one stream in a record's lines, and whether it ends there.
  package func parts(
    of record: Span<UInt8>, _ stream: LineHead.Stream
  ) -> (text: [UInt8], isComplete: Bool) {
    var parser = self
    var head = LineHead()
    var isComplete = false
    var text: [UInt8] = []
    var scratch: [UInt8] = []
    var start = 0
    while start < record.count {
      let end = record.firstIndex(of: 0x0A, in: start..<record.count) ?? record.count
      let line = record.extracting(start..<end)
      _ = parser.parse(line, into: &head)
      if let part = head.part, part.stream == stream {
        isComplete = part.isLast
        if line[0] == UInt8(ascii: "{") {
          let count = JSONText.unescape(line, head.body, into: &scratch)
          text += scratch[..<count]
        } else {
          for index in head.body.lowerBound..<line.count { text.append(line[index]) }
        }
      }
      start = end + 1
    }
    return (text, isComplete)
  }
}
