import LogModel
import Querying
import Reporting
import SQLite

/// What the metrics come to; none where only some lines are asked for, of which metrics know nothing.
func metricSection(
  _ scope: ReportScope, _ db: borrowing Connection
) throws -> ReportSection? {
  guard scope.condition == nil else { return nil }
  let perMetric = 8
  let before = try scope.earlier.map { try MetricSums($0, db) }
  var section = ReportSection("metrics", "Metrics")
  var rows: [ReportTable.Row] = []
  var row = try db.prepare(scope.lines.metricsSQL)
  var percentiles: [ExactText: [Quantity]] = [:]
  var (name, series, metrics) = ("", 0, 0)
  while try row.step() {
    let metric = row.text(0)
    if metric != name {
      (name, series, metrics) = (metric, 0, metrics + 1)
      percentiles =
        row.text(2) == "histogram" ? try MetricPercentiles(metric, scope.lines, db).byLabels : [:]
    }
    series += 1
    if series > perMetric { continue }
    let counts = row.text(2) == "count"
    let (count, sum) = (row.integer(3), row.real(4))
    rows.append(
      .init(
        [
          .text(metric), .text(labelText(row.text(1))), .count(count),
          counts ? .none : .number(sum),
          counts || count == 0 ? .none : .number(sum / Double(count)),
          row.optionalReal(5).map { .number($0) } ?? .none,
          row.optionalReal(6).map { .number($0) } ?? .none,
        ] + (percentiles[ExactText(row.text(1))] ?? [.none, .none, .none])
          + compared(
            count, before?.sums[.init(metric: metric, labels: ExactText(row.text(1)))], scope),
        command: scope.metric(metric)))
  }
  let straddling = try db.integer(scope.lines.straddlingSQL) ?? 0
  guard metrics > 0 || straddling > 0 else { return nil }
  if straddling > 0 {
    section.notes.append(
      "\(counted(straddling, "bucket")) with values beyond the time asked for left out; those of routes are of hours, days or weeks."
    )
  }
  if rows.isEmpty { return section }
  section.figures = [
    ReportFigure(
      "metrics", "Metrics", .count(Int64(metrics)),
      earlier: before.map { .count(Int64(Set($0.sums.keys.map(\.metric)).count)) },
      command: "logbook metrics list")
  ]
  section.tables = [
    ReportTable(
      "series", "Series",
      columns: [
        .init("metric", "metric", .text), .init("labels", "labels", .code),
        .init("count", "n", .number), .init("sum", "sum", .number, isMinor: true),
        .init("avg", "avg", .number), .init("min", "min", .number, isMinor: true),
        .init("max", "max", .number, isMinor: true), .init("p50", "p50", .number),
        .init("p95", "p95", .number), .init("p99", "p99", .number, isMinor: true),
      ]
        + (before == nil
          ? []
          : [
            .init("earlier", "n before", .number), .init("change", "change", .number),
            .init("earlier_avg", "avg before", .number, isMinor: true),
          ]),
      rows: rows, command: scope.metric("METRIC"),
      note: "Of each metric the \(perMetric) series with the most values.")
  ]
  return section
}

/// What the series of a range came to.
private struct MetricSums {
  struct Series: Hashable {
    var metric: String
    var labels: ExactText
  }

  private(set) var sums: [Series: (count: Int64, average: Quantity)] = [:]

  init(_ lines: ReportQuery, _ db: borrowing Connection) throws {
    var row = try db.prepare(lines.metricsSQL)
    while try row.step() {
      let count = row.integer(3)
      let hasNone = row.text(2) == "count" || count == 0
      sums[Series(metric: row.text(0), labels: ExactText(row.text(1)))] = (
        count, hasNone ? .none : .number(row.real(4) / Double(count))
      )
    }
  }
}

private func compared(
  _ count: Int64, _ before: (count: Int64, average: Quantity)?, _ scope: ReportScope
) -> [Quantity] {
  scope.earlier == nil
    ? [] : scope.compared(count, before?.count) + [before?.average ?? .none]
}

extension ReportScope {
  fileprivate func metric(_ name: String) -> String {
    "logbook metrics query \(shellWord(selector(name, lines.sources))) --step 1h --since \(Self.minute(lines.since)) --until \(Self.minute(lines.until))"
  }
}

/// `name`, or `name{source="app"}` where only some sources are asked for.
private func selector(_ name: String, _ sources: [String]) -> String {
  if sources.isEmpty { return name }
  func quoted(_ text: String) -> String {
    "\"" + text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
  }
  if sources.count == 1, !sources[0].contains("*") {
    return "\(name){source=\(quoted(sources[0]))}"
  }
  let expressions = sources.map { source in
    source.flatMap { character -> [Character] in
      if character == "*" { return [".", "*"] }
      return "\\.+?()[]{}|^$".contains(character) ? ["\\", character] : [character]
    }
  }
  return "\(name){source=~\(quoted(String(expressions.joined(separator: "|"))))}"
}

/// A JSON object of labels as people read it: `method=GET route=/cart`.
private func labelText(_ object: String) -> String {
  if object == "{}" { return "" }
  let members = object.dropFirst().dropLast()
  // What has quotes of its own, or what looks like them, stays as it is.
  guard members.hasPrefix("\""), members.hasSuffix("\""), !members.contains("\\") else {
    return String(members)
  }
  let pairs = members.dropFirst().dropLast().replacing("\",\"", with: " ")
  return String(pairs.replacing("\":\"", with: "="))
}
