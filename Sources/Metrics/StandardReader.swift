package import LogModel

/// Counts what is counted without a rule: requests in access logs, and structured events.
package struct StandardReader {
  private var routes = RouteReader()
  private var events: EventReader

  /// `labelHashes`: of the labels of its series, by metric.
  package init(labelHashes: [Int64: Set<Int64>] = [:]) {
    events = EventReader(labelHashes: labelHashes)
  }

  /// Shows a complete record, as it is stored; `head` is that of its first line.
  package mutating func read(
    _ text: Span<UInt8>, _ head: LineHead, source: Int64, time: Int64
  ) {
    if let request = head.request {
      routes.read(text, request, source: source, time: time)
    } else if head.mayMeasure {
      events.read(text, source: source, time: time)
    }
  }

  /// Of the record that was read last, where it was an event.
  package var rejects: [MetricReader.Reject] { events.rejects }

  package var hasManyBuckets: Bool { routes.hasManyBuckets || events.hasManyBuckets }

  /// What was counted since the last time; a bucket may come more than once.
  package mutating func take() -> MetricIncrements {
    var taken = events.take()
    taken.increments += routes.take()
    return taken
  }
}
