import Formats
import LogModel
import Testing

@testable import Metrics

/// A record as 1688sync's logger writes it.
private func record(_ details: String, duration: String = "null") -> String {
  #"{"timestamp": "1970-01-01T00:01:04.180740", "level": "INFO", "message": "m", "context": {"task_id": null, "extra": {}}, "details": {\#(details)}, "error": null, "duration_ms": \#(duration), "stack_trace": null}"#
}

/// Reads JSON lines: `metric labels minute: count sum`, and what was rejected.
private func counted(_ lines: [String]) -> (sums: [String: String], rejects: [String]) {
  var reader = StandardReader()
  var parser = LineParser(format: "json", zone: .utc, reference: 0, multiline: .none)
  var rejects: [String] = []
  for line in lines {
    var head = LineHead()
    let bytes = Array(line.utf8)
    _ = parser.parse(bytes.span, into: &head)
    guard head.isCountable else { continue }
    reader.read(bytes.span, head, source: 1, time: head.time ?? 0)
    rejects += reader.rejects.map { $0.metric + ($0.isTooLarge ? " is too large" : "") }
  }
  var sums: [String: MetricSummary] = [:]
  for entry in reader.take().increments {
    let name = StandardMetric(rawValue: entry.rule)?.rule.name ?? ""
    let labels = String(decoding: entry.labels, as: UTF8.self)
    sums["\(name)\(labels)\(entry.time / 60_000_000)", default: MetricSummary()].merge(
      entry.summary)
  }
  let texts = sums.mapValues { sum in
    "\(sum.count)" + (sum.sum.map { " \(Double($0) / 1e9)" } ?? "")
  }
  return (texts, rejects)
}

@Suite struct `Structured events` {
  struct Example: Sendable, CustomTestStringConvertible {
    var details: String
    var duration = "null"
    var counted: [String: String]
    var testDescription: String { details }
  }

  private static let examples = [
    Example(
      details:
        #""event": "api_request", "method": "GET", "path": "/api/products/17", "status_code": 200, "duration_ms": 250.3"#,
      duration: "250.3",
      counted: [
        #"api_request{"method":"GET","path":"/api/products/{id}","status_code":"200"}1"#: "1",
        #"api_request_duration_ms{"method":"GET","path":"/api/products/{id}"}1"#: "1 250.3",
        #"event_duration_ms{"event":"api_request"}1"#: "1 250.3",
      ]),
    Example(
      details:
        #""event": "database_operation", "operation": "SELECT", "table": "products", "affected_rows": 25"#,
      duration: "120.5",
      counted: [
        #"database_operation{"operation":"SELECT","table":"products"}1"#: "1",
        #"database_affected_rows{"operation":"SELECT","table":"products"}1"#: "1 25.0",
        #"database_operation_duration_ms{"operation":"SELECT","table":"products"}1"#: "1 120.5",
        #"event_duration_ms{"event":"database_operation"}1"#: "1 120.5",
      ]),
    Example(
      details: #""task_name": "图片同步", "event": "task_start""#,
      counted: [#"task_start{"task_name":"图片同步"}1"#: "1"]),
    Example(
      details: #""task_name": "\u56fe", "event": "task_complete", "duration_seconds": 1.5005"#,
      duration: "1500.5",
      counted: [
        #"task_complete{"task_name":"图"}1"#: "1",
        #"task_duration_seconds{"task_name":"图"}1"#: "1 1.5005",
        #"event_duration_ms{"event":"task_complete"}1"#: "1 1500.5",
      ]),
    Example(
      details: #""event": "task_error", "task_name": "a\"b", "error_type": "KeyError""#,
      counted: [#"task_error{"error_type":"KeyError","task_name":"a\"b"}1"#: "1"]),
    Example(
      details: #""event": "queue_operation", "operation": "push", "queue_name": "images""#,
      counted: [#"queue_operation{"operation":"push","queue":"images"}1"#: "1"]),
    Example(
      details:
        #""event": "performance_metric", "metric_name": "cpu", "value": "12.5", "unit": "percent""#,
      counted: [#"performance_metric{"metric_name":"cpu","unit":"percent"}1"#: "1 12.5"]),
    Example(
      details: #""event": "business_event", "event_name": "user_registered""#,
      counted: [#"business_event{"event_name":"user_registered"}1"#: "1"]),
    Example(
      details: #""event": "operation_complete", "operation": "sync""#, duration: "7",
      counted: [
        #"operation_complete{"operation":"sync"}1"#: "1",
        #"event_duration_ms{"event":"operation_complete"}1"#: "1 7.0",
      ]),
    // A record that took its time, and says nothing else; and what is no event.
    Example(details: "", duration: "3", counted: [#"event_duration_ms{"event":""}1"#: "1 3.0"]),
    Example(details: #""event": null, "operation": "x""#, counted: [:]),
    Example(details: #""error_id": "e1", "severity": "high""#, counted: [:]),
    Example(
      details: #""event": "api_request", "method": null, "path": {"a": 1}"#,
      counted: [#"api_request{"method":"","path":"","status_code":""}1"#: "1"]),
  ]

  @Test(arguments: examples)
  func `become samples`(_ example: Example) {
    let (sums, rejects) = counted([record(example.details, duration: example.duration)])
    #expect(sums == example.counted)
    #expect(rejects.isEmpty)
  }

  @Test(arguments: [
    ("\"abc\"", "performance_metric"), ("true", "performance_metric"),
    ("\"\"", "performance_metric"), ("1e18", "performance_metric is too large"),
    ("NaN", "performance_metric"),
  ])
  func `with a value that is no number are one reject`(_ value: String, _ reject: String) {
    let details = #""event": "performance_metric", "metric_name": "cpu", "value": \#(value)"#
    let (sums, rejects) = counted([record(details)])
    #expect(sums.isEmpty)
    #expect(rejects == [reject])
  }

  @Test func `with too many labels are added up`() {
    let (sums, _) = counted(
      (0..<1500).map { record(#""event": "business_event", "event_name": "e\#($0)""#) })
    #expect(sums.count == 1001)
    #expect(sums[#"business_event{"event_name":"__other__"}1"#] == "500")
  }

  @Test(arguments: [
    (#""event":"run","name":"backup""#, "run"), (#""event":"two words""#, ""), (#""event":7"#, ""),
    ("", ""),
    (#""event":"outer","details":{"event":"inner"}"#, "inner"),
  ])
  func `a record without details may name its event itself`(_ fields: String, _ label: String) {
    let line =
      #"{"time":"1970-01-01T00:01:04Z","message":"m","duration_ms":5\#(fields.isEmpty ? "" : ",")\#(fields)}"#
    #expect(counted([line]).sums == [#"event_duration_ms{"event":"\#(label)"}1"#: "1 5.0"])
  }
}
