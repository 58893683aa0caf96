import ArgumentParsing
import LogModel
import Querying
import Recomputation
import RegularExpressions
import Reporting
import SQLite
import Storage

/// How rows of metrics are written: as all rows, or as Prometheus reads them.
enum MetricFormat: String, CaseIterable, Sendable {
  case table, json, ndjson, csv, md, prom

  var rows: OutputFormat { OutputFormat(rawValue: rawValue) ?? .table }
}

protocol MetricCommand: ReadingCommand {
  var format: MetricFormat { get set }
}

extension MetricCommand {
  static var metricOptions: [Option<Self>] {
    [.choice("format", help: "How rows are written.", sets: \.format)] + zoneOptions
  }
}

struct MetricsList: MetricCommand {
  static let name = "list"
  static let abstract = "List the metrics that are counted, measured and emitted."
  static let discussion = """
    --format prom writes what every series has come to over all time, as Prometheus reads it: counts and \
    sums as _total, histograms as summaries, the others as gauges. Of what a host or 'emit' gave, it is \
    the latest.
    """
  static let options = metricOptions
  static let examples = [
    ("logbook metrics list --format prom > metrics.prom", "for the node exporter's textfile folder")
  ]
  var result = ResultOptions()
  var format = MetricFormat.table

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let columns =
      format == .table
      ? "metric, function, series, samples, count, last, rejects, limit_hits"
      : "metric, function, help, step_s, series, samples, count, first, last, rejects, limit_hits, version"
    let sql = "SELECT \(columns) FROM metrics ORDER BY metric, id"
    if result.showsSQL { return try show(sql) }
    let store = try Workspace(globals).openForReading()
    if format == .prom {
      try prepareForReading(store.db)
      try MetricExposition.writeTotals(store.db)
      return .success
    }
    var result = result
    result.format = format.rows
    var writer = ResultWriter(result, precision: .minutes)
    try writer.all(sql, store.db)
    return .success
  }
}

struct MetricsQuery: MetricCommand {
  static let name = "query"
  static let abstract = "Show what a metric came to, by time and labels."
  static let discussion = """
    NAME may select labels, as in Prometheus: name{code="500",path=~"/api/.*"}. Without --step the whole \
    time is one row for each set of labels. A rate is by the second: of matches where they are counted, \
    else of the sum. Percentiles are the value that so many percent of all do not exceed: exactly of \
    gauges, and of values in few stored lines; else, and by --show-sql, from histograms within 1 %. \
    --format prom writes the last row of each series.
    """
  static let arguments: [Argument<Self>] = [
    .one(
      "NAME", help: "A metric, or some of its series; see 'logbook metrics list'.",
      sets: \.selector,
      parse: { text throws(InvalidValue) in
        guard let selector = MetricSelector(text) else {
          throw InvalidValue(expected: #"a metric such as name or name{label="x"}"#)
        }
        return selector
      })
  ]
  static let options: [Option<Self>] =
    [
      .choice(
        "fn", help: "What is shown. (default: the rule's function)", sets: \.function),
      .value(
        "step", nil, "INTERVAL", help: "By intervals of time: 30s, 5m, 1h or 1d.", sets: \.step,
        parse: parseInterval),
      .value(
        "since", nil, "TIME", help: "From this time on: 2026-02-01, 2h, yesterday, @epoch.",
        sets: \.since),
      .value("until", nil, "TIME", help: "Before this time.", sets: \.until),
      .value(
        "by", nil, "LABEL", help: "Keep this label, or these, apart, and add up the others.",
        sets: \.labels),
      .flag("total", help: "Add up all series.", sets: \.isTotal),
      .flag("chart", help: "Draw bars.", sets: \.draws),
    ] + metricOptions
  static let examples = [
    (#"logbook metrics query 'requests{code="500"}' --fn rate --step 5m --since 2h"#, "a rate"),
    ("logbook metrics query latency_ms --fn p95 --step 1h --chart", "a percentile, drawn"),
  ]
  var result = ResultOptions()
  var format = MetricFormat.table
  var selector: MetricSelector?
  var function: MetricQuery.Function?
  var step: Interval?
  var since: String?
  var until: String?
  var labels: [String] = []
  var isTotal = false
  var draws = false

  func validate() throws(UsageError) {
    if isTotal, !labels.isEmpty { throw .conflict("--by", "--total") }
  }

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    guard let selector else { return .usage }
    let clock = Times(zone: result.zone)
    var query = MetricQuery(selector)
    query.function = function
    query.step = step
    query.since = try since.map { try clock.parse($0) }
    query.until = try until.map { try clock.parse($0) }
    if !labels.isEmpty || isTotal { query.labels = isTotal ? [] : labels }
    if result.showsSQL { return try show(query.sql) }
    let store = try Workspace(globals).openForReading()
    try check(selector, store.db)
    try prepareForReading(store.db)
    if let percent = function?.percent {
      query.values = try MetricValues.read(query.histogramSQL, in: store.db).map { entries in
        let texts = entries.map { "[\($0.series),\($0.time),\($0.value)]" }
        return "[" + texts.joined(separator: ",") + "]"
      }
      if query.values == nil { query.ranks = try MetricRanks(percent, of: query, store.db).json }
    }
    if format == .prom {
      try MetricExposition.write(query, store.db)
      return .success
    }
    var result = result
    result.format = format.rows
    let precision =
      step.map { $0.seconds % 60 == 0 } ?? true ? TimePrecision.minutes : .milliseconds
    var writer = ResultWriter(result, precision: precision)
    if draws, format == .table {
      try Histogram(writer, precision: precision).write(query.sql, store.db, &writer)
      return .success
    }
    var row = try store.db.prepare(query.sql)
    writer.begin(["time", "labels", "value"])
    while writer.isOpen, try row.step() {
      writer.row([Value(row, 0), .json(row.text(1)), Value(row, 2)])
    }
    try writer.end()
    return .success
  }

  /// That there is such a metric, and that it keeps what is asked for; tells what is taken otherwise.
  private func check(_ selector: MetricSelector, _ db: borrowing Connection) throws {
    for condition in selector.conditions where condition.comparison.isExpression {
      do throws(RegularExpressionError) {
        _ = try RegularExpression(condition.value)
      } catch {
        throw Failure("bad regular expression '\(condition.value)': \(error)", status: .usage)
      }
    }
    var functions: [String] = []
    var bucket: Int64 = 1
    var row = try db.prepare(
      """
      SELECT function, step_us FROM metric_rule WHERE name = ?1
      UNION ALL SELECT 'gauge', 1 FROM gauge WHERE metric = ?1 LIMIT 1000
      """)
    try row.bind(1, selector.name)
    while try row.step() {
      functions.append(row.text(0))
      bucket = max(bucket, row.integer(1))
    }
    guard !functions.isEmpty else {
      throw Failure(
        "there is no metric '\(selector.name)'", hint: "see 'logbook metrics list'",
        status: .negative)
    }
    if let step, step.seconds * 1_000_000 % bucket != 0 {
      let count = (step.seconds * 1_000_000 + bucket - 1) / bucket
      StandardError.write(
        Failure(
          "--step is taken as \(Self.seconds(count * bucket)): '\(selector.name)' has buckets of \(Self.seconds(bucket))",
          status: .success))
    }
    guard let function else { return }
    let isGauge = functions.contains("gauge")
    if [.rate, .increase].contains(function), isGauge {
      throw Failure(
        "metric '\(selector.name)' is a gauge, which has no \(function.rawValue)",
        hint: "--fn avg, min, max or a percentile", status: .usage)
    }
    if function.percent != nil, !functions.contains("histogram"), !isGauge {
      throw Failure(
        "metric '\(selector.name)' keeps no percentiles",
        hint: "'function: histogram' in its rule, and 'logbook metrics rebuild \(selector.name)'",
        status: .usage)
    }
    if [.avg, .min, .max].contains(function), functions.allSatisfy({ $0 == "count" }) {
      throw Failure(
        "metric '\(selector.name)' counts matches and keeps no values",
        hint: "'function: avg' in its rule keeps count, sum, avg, min and max", status: .usage)
    }
  }

  private static func seconds(_ microseconds: Int64) -> String {
    microseconds % 1_000_000 == 0
      ? "\(microseconds / 1_000_000)s" : "\(Double(microseconds) / 1e6)s"
  }
}
