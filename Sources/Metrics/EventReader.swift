import JSON
package import LogModel

/// Counts structured events until `take` fetches them.
package struct EventReader {
  /// By metric, of the labels of its series: what has other ones than so many is counted as `__other__`.
  private var labelHashes: [Int64: Set<Int64>]
  private var buckets = SeriesBuckets()
  /// Empty between two records.
  private var apart = SeriesBuckets()
  private var failures: [MetricFailures] = []
  private var mask = RouteMask()
  /// Of the record that was read last.
  package private(set) var rejects: [MetricReader.Reject] = []

  /// The record that is being read.
  private struct Record {
    var fields: EventFields
    var source: Int64
    /// The bucket's.
    var time: Int64
  }

  package init(labelHashes: [Int64: Set<Int64>]) { self.labelHashes = labelHashes }

  package mutating func read(_ text: Span<UInt8>, source: Int64, time: Int64) {
    if !rejects.isEmpty { rejects.removeAll() }
    guard let fields = EventFields(text) else { return }
    let record = Record(
      fields: fields, source: source, time: StandardMetric.eventDuration.bucket(time))
    let duration = fields[.duration] ?? fields.duration
    if duration != nil {
      let event = (fields[.event] ?? fields.event).map { Self.bytes(text, $0) } ?? []
      let labels = Array(#"{"event":"#.utf8) + LabelText.quoted(event) + [0x7D]
      add(.eventDuration, duration, labels, record, text)
    }
    guard let event = fields[.event] else { return }
    switch String(decoding: Self.bytes(text, event), as: UTF8.self) {
    case "task_start": count(.taskStart, labels(text, record, ("task_name", .task)), record)
    case "task_complete":
      let names = labels(text, record, ("task_name", .task))
      count(.taskComplete, names, record)
      add(.taskDuration, fields[.seconds], names, record, text)
    case "task_error":
      count(
        .taskError, labels(text, record, ("error_type", .error), ("task_name", .task)), record)
    case "api_request":
      let request = [("method", .method), ("path", .path)] as [(String, EventFields.Name)]
      count(.apiRequest, labels(text, record, request + [("status_code", .status)]), record)
      add(.apiDuration, duration, labels(text, record, request), record, text)
    case "database_operation":
      let names = labels(text, record, ("operation", .operation), ("table", .table))
      count(.databaseOperation, names, record)
      add(.databaseRows, fields[.rows], names, record, text)
      add(.databaseDuration, duration, names, record, text)
    case "queue_operation":
      count(
        .queueOperation, labels(text, record, ("operation", .operation), ("queue", .queue)), record)
    case "performance_metric":
      add(
        .performance, fields[.value],
        labels(text, record, ("metric_name", .metric), ("unit", .unit)),
        record, text)
    case "business_event":
      count(.businessEvent, labels(text, record, ("event_name", .eventName)), record)
    case "operation_start":
      count(.operationStart, labels(text, record, ("operation", .operation)), record)
    case "operation_complete":
      count(.operationComplete, labels(text, record, ("operation", .operation)), record)
    case "operation_error":
      count(.operationError, labels(text, record, ("operation", .operation)), record)
    default: break
    }
  }

  /// Returns what a record adds, instead of adding it to what `take` fetches.
  package mutating func readApart(
    _ text: Span<UInt8>, source: Int64, time: Int64
  ) -> [MetricIncrement] {
    swap(&buckets, &apart)
    defer { swap(&buckets, &apart) }
    read(text, source: source, time: time)
    return buckets.take()
  }

  private static func bytes(_ text: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    if range.contains(where: { text[$0] == 0x5C }) {
      return Array(JSONText.unescaped(text, range).utf8)
    }
    return range.map { text[$0] }
  }

  private mutating func labels(
    _ text: Span<UInt8>, _ record: Record, _ names: (String, EventFields.Name)...
  ) -> [UInt8] { labels(text, record, names) }

  /// The labels' names are sorted.
  private mutating func labels(
    _ text: Span<UInt8>, _ record: Record, _ names: [(String, EventFields.Name)]
  ) -> [UInt8] {
    var labels: [UInt8] = []
    for (name, field) in names {
      labels.append(labels.isEmpty ? 0x7B : 0x2C)
      labels += LabelText.quoted(Array(name.utf8))
      labels.append(0x3A)
      var value = record.fields[field].map { Self.bytes(text, $0) } ?? []
      if field == .path, value.first == 0x2F {
        mask.read(value.span, from: 0, to: value.count)
        value = Array(mask.bytes[..<mask.count])
      }
      labels += LabelText.quoted(value)
    }
    labels.append(0x7D)
    return labels
  }

  private mutating func count(_ metric: StandardMetric, _ labels: [UInt8], _ record: Record) {
    add(nil, metric, labels, record)
  }

  /// Adds the value in a field; nothing where there is no such field.
  private mutating func add(
    _ metric: StandardMetric, _ value: Range<Int>?, _ labels: [UInt8], _ record: Record,
    _ text: Span<UInt8>
  ) {
    guard let value else { return }
    let written = text.extracting(value)
    guard let number = MetricNumber(written) else {
      return reject(
        metric, source: record.source, isTooLarge: MetricNumber.isWritten(as: written))
    }
    add(number, metric, labels, record)
  }

  private mutating func add(
    _ number: MetricNumber?, _ metric: StandardMetric, _ labels: [UInt8], _ record: Record
  ) {
    let rule = metric.rawValue
    let hash = ActiveMetricRule.hash(ofLabels: labels.span)
    var labels = labels
    if labelHashes[rule]?.contains(hash) != true {
      if (labelHashes[rule]?.count ?? 0) < MetricReader.maxSeries {
        labelHashes[rule, default: []].insert(hash)
      } else {
        labels = Self.other(labels)
      }
    }
    buckets.add(
      number, rule: rule, source: record.source, labels: labels, time: record.time,
      isHistogram: metric.rule.function == .histogram)
  }

  /// The same names, each with the value of all others.
  private static func other(_ labels: [UInt8]) -> [UInt8] {
    guard var cursor = JSONCursor(labels.span) else { return labels }
    var result: [UInt8] = []
    while case .member = cursor.next(labels.span) {
      result.append(result.isEmpty ? 0x7B : 0x2C)
      result += LabelText.quoted(Array(labels[cursor.key]))
      result.append(0x3A)
      result += LabelText.quoted(LabelText.other)
    }
    result.append(0x7D)
    return result
  }

  private mutating func reject(_ metric: StandardMetric, source: Int64, isTooLarge: Bool) {
    rejects.append(MetricReader.Reject(metric: metric.rule.name, isTooLarge: isTooLarge))
    if let known = failures.firstIndex(where: {
      $0.rule == metric.rawValue && $0.source == source
    }) {
      failures[known].rejects += 1
    } else {
      var entry = MetricFailures(rule: metric.rawValue, source: source)
      entry.rejects = 1
      failures.append(entry)
    }
  }

  package var hasManyBuckets: Bool { buckets.count >= MetricReader.manyBuckets }

  /// What was added up since the last time; a bucket may come more than once.
  package mutating func take() -> MetricIncrements {
    defer { failures = [] }
    return MetricIncrements(increments: buckets.take(), failures: failures)
  }
}
