package import Extraction
package import LogModel

extension TurnExtractor {
  /// Looks at a complete record whose first line has this head; `time` is that of its line in the
  /// store.
  ///
  /// `texts` is what its parts say together (`LineParser.joinedParts`).
  package mutating func read(
    _ record: Span<UInt8>, _ head: LineHead, joined texts: [[UInt8]]?, time: Int64,
    state: inout State
  ) -> Bool {
    let time = head.time == nil ? nil : time
    if let texts { return read(joined: texts, time: time, state: &state) }
    return read(record, body: head.turnBody(in: record), time: time, state: &state)
  }
}
