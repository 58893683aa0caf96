import Glibc
import JSON
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
  let before = try scope.earlier.map { try metricSums($0, db) }
  var sums: [MetricSeries: MetricSum] = [:]
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
    let (key, sum) = (MetricSeries(row), MetricSum(row))
    if before != nil { sums[key] = sum }
    series += 1
    if series > perMetric { continue }
    rows.append(
      .init(
        [
          .text(metric), .text(labelText(key)), .count(sum.count),
          sum.average == nil ? .none : .number(row.real(4)),
          sum.average.map { .number($0) } ?? .none,
          row.optionalReal(5).map { .number($0) } ?? .none,
          row.optionalReal(6).map { .number($0) } ?? .none,
        ] + (percentiles[key.labels] ?? [.none, .none, .none])
          + (before.map { compared(sum, $0[key], scope) } ?? []),
        command: scope.metric(metric, labels(of: key))))
  }
  let straddling = try db.integer(scope.lines.straddlingSQL) ?? 0
  guard metrics > 0 || straddling > 0 else { return nil }
  if straddling > 0 {
    section.notes.append(
      "\(counted(straddling, "bucket")) with values beyond the time asked for left out; those of routes are of hours, days or weeks."
    )
  }
  if let before { section.changes = changes(sums, before, scope) }
  if rows.isEmpty { return section }
  section.figures = [
    ReportFigure(
      "metrics", "Metrics", .count(Int64(metrics)),
      earlier: before.map { .count(Int64(Set($0.keys.map(\.metric)).count)) })
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

private struct MetricSeries: Hashable {
  var metric: String
  /// A JSON object.
  var labels: ExactText

  init(_ row: borrowing Statement) {
    metric = row.text(0)
    labels = ExactText(row.text(1))
  }
}

/// What a series of a range came to.
private struct MetricSum {
  var count: Int64
  /// Nil where values are only counted.
  var average: Double?

  init(_ row: borrowing Statement) {
    count = row.integer(3)
    average = row.text(2) == "count" || count == 0 ? nil : row.real(4) / Double(count)
  }
}

private func metricSums(
  _ lines: ReportQuery, _ db: borrowing Connection
) throws -> [MetricSeries: MetricSum] {
  var sums: [MetricSeries: MetricSum] = [:]
  var row = try db.prepare(lines.metricsSQL)
  while try row.step() { sums[MetricSeries(row)] = MetricSum(row) }
  return sums
}

private func compared(_ sum: MetricSum, _ before: MetricSum?, _ scope: ReportScope) -> [Quantity] {
  scope.compared(sum.count, before?.count) + [before?.average.map { .number($0) } ?? .none]
}

/// The averages and counts that differ most from the range before, the surest first.
private func changes(
  _ now: [MetricSeries: MetricSum], _ before: [MetricSeries: MetricSum], _ scope: ReportScope
) -> [ReportChange] {
  let scored = Set(now.keys).union(before.keys).map { series in
    let (sum, earlier) = (now[series], before[series])
    return (series: series, score: significance(sum, earlier))
  }.filter { $0.score >= leastScore }
  let ranked = scored.sorted {
    ($1.score, $0.series.metric, $0.series.labels.text)
      < ($0.score, $1.series.metric, $1.series.labels.text)
  }
  return ranked.prefix(3).map { series, _ in
    let (sum, earlier) = (now[series], before[series])
    let shown = labelText(series)
    let name = series.metric + (shown.isEmpty ? "" : " " + shown)
    let command = scope.metric(series.metric, labels(of: series))
    guard let average = sum?.average, let old = earlier?.average else {
      return ReportChange(
        "values", name, .count(sum?.count ?? 0), earlier: .count(earlier?.count ?? 0),
        change: .change(sum?.count ?? 0, from: earlier?.count ?? 0), command: command)
    }
    return ReportChange(
      "average", name, .number(average), earlier: .number(old),
      change: old == 0 ? .change(nil) : .change((average - old) / abs(old)), command: command)
  }
}

/// How far from chance the difference is, as χ² with one degree of freedom: of counts G² of two equal times; of averages
/// their difference by its deviation, were values as far from each other as both averages are from nothing.
private func significance(_ now: MetricSum?, _ before: MetricSum?) -> Double {
  let (a, b) = (Double(now?.count ?? 0), Double(before?.count ?? 0))
  if let average = now?.average, let old = before?.average {
    guard average != old else { return 0 }
    let difference = 2 * (average - old) / (abs(average) + abs(old))
    return difference * difference * a * b / (a + b)
  }
  return countSignificance(now?.count ?? 0, before?.count ?? 0)
}

/// G² of two counts of equal times.
func countSignificance(_ now: Int64, _ before: Int64) -> Double {
  let (a, b) = (Double(now), Double(before))
  func term(_ count: Double) -> Double { count == 0 ? 0 : count * log(2 * count / (a + b)) }
  return 2 * (term(a) + term(b))
}

extension ReportScope {
  fileprivate func metric(
    _ name: String, _ labels: [(name: String, value: String)] = []
  ) -> String {
    let matchers = labels.map { "\($0.name)=\(quoted($0.value))" } + sourceMatcher
    let selector = name + (matchers.isEmpty ? "" : "{\(matchers.joined(separator: ","))}")
    return
      "logbook metrics query \(shellWord(selector)) --step 1h --since \(Self.minute(lines.since)) --until \(Self.minute(lines.until))"
  }

  /// `source="app"` where only some sources are asked for.
  private var sourceMatcher: [String] {
    let sources = lines.sources
    if sources.isEmpty { return [] }
    if sources.count == 1, !sources[0].contains("*") { return ["source=\(quoted(sources[0]))"] }
    let expressions = sources.map { source in
      source.flatMap { character -> [Character] in
        if character == "*" { return [".", "*"] }
        return "\\.+?()[]{}|^$".contains(character) ? ["\\", character] : [character]
      }
    }
    return ["source=~\(quoted(String(expressions.joined(separator: "|"))))"]
  }
}

private func quoted(_ text: String) -> String {
  "\"" + text.flatMap { "\"\\".contains($0) ? ["\\", $0] : [$0] } + "\""
}

private func labels(of series: MetricSeries) -> [(name: String, value: String)] {
  let bytes = Array(series.labels.text.utf8)
  guard var member = JSONCursor(bytes.span) else { return [] }
  var labels: [(name: String, value: String)] = []
  while case .member = member.next(bytes.span) {
    labels.append(
      (
        JSONText.unescaped(bytes.span, member.key), JSONText.unescaped(bytes.span, member.value)
      ))
  }
  return labels
}

/// As people read them: `method=GET route="/a cart"`.
private func labelText(_ series: MetricSeries) -> String {
  labels(of: series).map { name, value in
    let isPlain = !value.isEmpty && !value.utf8.contains { $0 <= 0x20 || "\"=\\".utf8.contains($0) }
    return "\(name)=\(isPlain ? value : quoted(value))"
  }.joined(separator: " ")
}
