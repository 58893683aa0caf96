import Formats
package import LogModel

/// Counts what is counted without a rule: requests, and structured events.
package struct StandardReader {
  private var routes = RouteReader()
  /// Empty between two records.
  private var apart = RouteReader()
  private var objects = RecordFieldReader(isLogfmt: false)
  private var pairs = RecordFieldReader(isLogfmt: true)
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
      return routes.read(text, request, source: source, time: time)
    }
    if head.mayMeasure { events.read(text, source: source, time: time) }
    if head.mayBeRequest { readRequest(text, source: source, time: time) }
  }

  /// Returns what a complete record adds, instead of adding it to what `take` fetches.
  package mutating func readApart(
    _ text: Span<UInt8>, _ head: LineHead, source: Int64, time: Int64
  ) -> [MetricIncrement] {
    var found: [MetricIncrement] = []
    if head.mayMeasure, head.request == nil {
      found = events.readApart(text, source: source, time: time)
    }
    guard head.request != nil || head.mayBeRequest else { return found }
    swap(&routes, &apart)
    defer { swap(&routes, &apart) }
    var head = head
    head.mayMeasure = false
    read(text, head, source: source, time: time)
    return found + routes.take()
  }

  /// The request that a record of JSON or logfmt may be about.
  private mutating func readRequest(_ text: Span<UInt8>, source: Int64, time: Int64) {
    let isObject = text.count > 0 && text[0] == 0x7B
    guard let fields = isObject ? objects.fields(of: text) : pairs.fields(of: text) else { return }
    var request = LoggedRequest(target: fields.path ?? 0..<0, status: fields.status ?? 0)
    request.method = fields.method ?? 0..<0
    request.size = fields.bytes ?? -1
    request.duration = fields.microseconds ?? -1
    // With the method behind it.
    var unescaped: [UInt8] = []
    guard let count = fields.unescape(text, request.target, into: &unescaped) else {
      return routes.read(text, request, source: source, time: time)
    }
    unescaped.removeSubrange(count...)
    request.target = 0..<count
    unescaped += request.method.map { text[$0] }
    request.method = count..<unescaped.count
    routes.read(unescaped.span, request, source: source, time: time)
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
