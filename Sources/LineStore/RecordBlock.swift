package import LogModel

/// Records of one source as they were read, one behind the other, to be encoded elsewhere.
package struct RecordBlock: Sendable {
  /// A block is full with so many bytes of text, or with as many records as a chunk has rows.
  private static let maxBytes = 256 << 10

  private struct Record: Sendable {
    var time: Int64
    var layout: TimeLayout
    var end: Int32
    var timeStart: Int32
    var timeEnd: Int32
    var bodyStart: Int32
    var bodyEnd: Int32
    /// 0 for none.
    var level: UInt8

    var timeRange: Range<Int> { Int(timeStart)..<Int(timeEnd) }
    var body: Range<Int> { Int(bodyStart)..<Int(bodyEnd) }
  }

  private var text: [UInt8] = []
  private var records: [Record] = []

  package init() {}

  package var count: Int { records.count }
  package var isEmpty: Bool { records.isEmpty }
  package var isFull: Bool {
    records.count >= LineEncoder.maxRows || text.count >= Self.maxBytes
  }

  /// Appends one record, see `LineEncoder.append`.
  package mutating func append(
    _ record: Span<UInt8>, timeRange: Range<Int>, layout: TimeLayout, body: Range<Int>,
    time: Int64, severity: Severity?
  ) {
    text.append(record)
    records.append(
      Record(
        time: time, layout: layout, end: Int32(truncatingIfNeeded: text.count),
        timeStart: Int32(truncatingIfNeeded: timeRange.lowerBound),
        timeEnd: Int32(truncatingIfNeeded: timeRange.upperBound),
        bodyStart: Int32(truncatingIfNeeded: body.lowerBound),
        bodyEnd: Int32(truncatingIfNeeded: body.upperBound), level: severity?.rawValue ?? 0))
  }

  package mutating func removeAll() {
    text.removeAll(keepingCapacity: true)
    records.removeAll(keepingCapacity: true)
  }

  fileprivate func encode(from first: Int, with encoder: inout LineEncoder) -> Int {
    let (text, records) = (text.span, records.span)
    var start = first == 0 ? 0 : Int(records[first - 1].end)
    var index = first
    while index < records.count, !encoder.isFull {
      let end = Int(records[index].end)
      encoder.append(
        text.extracting(start..<end), timeRange: records[index].timeRange,
        layout: records[index].layout, body: records[index].body, time: records[index].time,
        level: records[index].level)
      start = end
      index += 1
    }
    return index
  }
}

extension LineEncoder {
  /// Appends records of the block, from `first` on, until the chunk is full: the index behind them.
  package mutating func append(_ block: RecordBlock, from first: Int) -> Int {
    block.encode(from: first, with: &self)
  }
}
