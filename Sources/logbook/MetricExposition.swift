import Glibc
import LogModel
import Querying
import Reporting
import SQLite

/// Metrics as Prometheus reads them.
enum MetricExposition {
  /// All rules of one name.
  private struct Metric {
    var name: String
    var help: String
    var function: String
    var hasNegatives: Bool
  }

  /// What every series has come to over all time.
  static func writeTotals(_ db: borrowing Connection) throws {
    let sink = TextSink(descriptor: STDOUT_FILENO)
    var text = PrometheusText(sink)
    for metric in try metrics(db) {
      switch metric.function {
      case "count": try write(metric, "sum(p.count)", type: "counter", &text, db)
      case "sum": try write(metric, sum, type: metric.hasNegatives ? "gauge" : "counter", &text, db)
      case "min": try write(metric, "min(p.min)", type: "gauge", &text, db)
      case "max": try write(metric, "max(p.max)", type: "gauge", &text, db)
      case "histogram": try writeSummary(metric, &text, db)
      default: try write(metric, "(\(sum)) / sum(p.count)", type: "gauge", &text, db)
      }
    }
    try writeGauges(&text, db)
    sink.flush()
    for metric in text.omitted { StandardError.write(Failure(omittedForPrometheus: metric)) }
  }

  /// What every gauge was last; of a host those that it had when it was last looked at.
  private static func writeGauges(
    _ text: inout PrometheusText, _ db: borrowing Connection
  ) throws {
    var row = try db.prepare(
      """
      WITH latest AS (
        SELECT gauge, max(time_us) AS time_us, value FROM gauge_sample GROUP BY gauge
        UNION ALL
        SELECT gauge, max(last_us), json_extract(CAST(sqlar_uncompress(data, size) AS TEXT), '$[#-1][1]')
        FROM gauge_chunk GROUP BY gauge
      )
      SELECT g.metric, g.help, g.labels, l.value, max(l.time_us) AS latest_us, h.time_us AS host_us
      FROM gauge g JOIN latest l ON l.gauge = g.id LEFT JOIN host h ON h.source = g.source
      WHERE g.metric NOT IN (SELECT name FROM metric_rule) GROUP BY g.metric, g.labels
      HAVING host_us IS NULL OR latest_us / 1000000 = host_us / 1000000 ORDER BY g.metric, g.labels
      """)
    var last: String?
    var isShown = false
    while try row.step() {
      let metric = row.text(0)
      if metric != last { isShown = text.begin(metric, help: row.text(1), type: "gauge") }
      last = metric
      if isShown { text.sample(metric, try labels(row.text(2), db), number(row, 3)) }
    }
  }

  private static let sum = MetricQuery.sumOfValues

  /// Of rules of one name with several functions, as an unusable one may leave them, the oldest's count.
  private static func metrics(_ db: borrowing Connection) throws(SQLiteError) -> [Metric] {
    var metrics: [Metric] = []
    var row = try db.prepare(
      """
      SELECT name, help, function, min(id), EXISTS (
        SELECT 1 FROM series s JOIN sample p ON p.series = s.id
        WHERE s.rule IN (SELECT id FROM metric_rule WHERE name = r.name) AND p.min < 0)
      FROM metric_rule r GROUP BY name ORDER BY name
      """)
    while try row.step() {
      metrics.append(
        Metric(
          name: row.text(0), help: row.text(1), function: row.text(2),
          hasNegatives: row.integer(4) != 0))
    }
    return metrics
  }

  private static func write(
    _ metric: Metric, _ value: String, type: String, _ text: inout PrometheusText,
    _ db: borrowing Connection
  ) throws {
    let isTotal = type == "counter" && !metric.name.hasSuffix("_total")
    let name = metric.name + (isTotal ? "_total" : "")
    guard text.begin(name, help: metric.help, type: type) else { return }
    try writeSamples(metric, name, value, &text, db)
  }

  private static func writeSamples(
    _ metric: Metric, _ name: String, _ value: String, _ text: inout PrometheusText,
    _ db: borrowing Connection
  ) throws {
    var row = try db.prepare(
      """
      SELECT s.labels, \(value) FROM metric_rule r JOIN series s ON s.rule = r.id
      JOIN sample p ON p.series = s.id WHERE r.name = ? AND r.function = ?
      GROUP BY s.labels ORDER BY s.labels
      """)
    try row.bind(1, metric.name)
    try row.bind(2, metric.function)
    while try row.step() { text.sample(name, try labels(row.text(0), db), number(row, 1)) }
  }

  private static func writeSummary(
    _ metric: Metric, _ text: inout PrometheusText, _ db: borrowing Connection
  ) throws {
    let suffixes = ["", "_sum", "_count"]
    guard text.begin(metric.name, help: metric.help, type: "summary", suffixes: suffixes) else {
      return
    }
    guard let selector = MetricSelector(metric.name) else { return }
    for (function, quantile) in [
      (MetricQuery.Function.p50, "0.5"), (.p90, "0.9"), (.p95, "0.95"), (.p99, "0.99"),
    ] {
      var query = MetricQuery(selector)
      query.function = function
      var row = try db.prepare(query.sql)
      while try row.step() {
        let labels = try labels(row.text(1), db) + [("quantile", quantile)]
        text.sample(metric.name, labels, number(row, 2))
      }
    }
    try writeSamples(metric, metric.name + "_sum", sum, &text, db)
    try writeSamples(metric, metric.name + "_count", "sum(p.count)", &text, db)
  }

  /// The last row of each series of a query, with its time: the format has one value for a series.
  static func write(_ query: MetricQuery, _ db: borrowing Connection) throws {
    let sink = TextSink(descriptor: STDOUT_FILENO)
    var text = PrometheusText(sink)
    let name = query.selector.name
    let help = try db.text(
      "SELECT help FROM metric_rule WHERE name = ?1 UNION ALL SELECT help FROM gauge WHERE metric = ?1",
      name)
    _ = text.begin(name, help: help ?? "", type: "gauge")
    // Of the others SQLite takes those in the row that has the greatest.
    var row = try db.prepare(
      """
      SELECT max(time), labels, value FROM (\(query.sql)) WHERE value IS NOT NULL
      GROUP BY labels ORDER BY labels
      """)
    while try row.step() {
      let time = Instant.parse(row.text(0)).map { $0 / 1000 }
      text.sample(name, try labels(row.text(1), db), number(row, 2), time: time)
    }
    sink.flush()
  }

  private static func number(_ row: borrowing Statement, _ column: Int32) -> String {
    switch Value(row, column) {
    case .integer(let integer): return String(integer)
    case .real(let real):
      return real.rounded() == real && abs(real) < 9e15 ? String(Int64(real)) : real.description
    default: return "NaN"
    }
  }

  private static func labels(
    _ object: String, _ db: borrowing Connection
  ) throws(SQLiteError) -> [(name: String, value: String)] {
    guard object != "{}" else { return [] }
    var labels: [(name: String, value: String)] = []
    var row = try db.prepare("SELECT key, value FROM json_each(?)")
    try row.bind(1, object)
    while try row.step() { labels.append((row.text(0), row.text(1))) }
    return labels
  }
}

extension Failure {
  /// A metric, or a part of its series, that Prometheus would take for another one.
  fileprivate init(omittedForPrometheus metric: String) {
    self.init(
      "'\(metric)' is left out, or a part of it: Prometheus would take it for what is there already",
      hint: "for it every character but letters and digits is an underscore", status: .success)
  }
}
