package import LogModel

/// A record that another file of its source may hold, too, and what it adds to metrics if it counts.
package struct SharedRecord: Sendable {
  package var line: Int64
  /// In microseconds since 1970.
  package var time: Int64
  package var increments: [MetricIncrement]

  package init(line: Int64, time: Int64, increments: [MetricIncrement]) {
    self.line = line
    self.time = time
    self.increments = increments
  }

  /// Whether a record may have copies: it is a JSON object with a time of its own.
  @inline(__always)
  package static func mayBe(_ text: Span<UInt8>, _ head: LineHead) -> Bool {
    head.time != nil && text.count > 0 && text[0] == 0x7B
  }

  /// About what it takes in memory.
  package var bytes: Int {
    increments.reduce(into: MemoryLayout<Self>.stride + 32) { sum, entry in
      sum += MemoryLayout<MetricIncrement>.stride + 32 + entry.labels.count
      if !entry.classes.isEmpty { sum += 96 }
    }
  }
}
