import Anomalies
import LogModel
import Querying
import Reporting
import SQLite

/// Of a longer time only the end is looked at: each pattern's hours are held against weeks of others.
private let longestExamined: Int64 = 31 * 86_400_000_000

/// What is unlike it was before; none where only some lines are asked for.
func anomalySection(
  _ scope: ReportScope, _ db: borrowing Connection
) throws -> ReportSection? {
  guard scope.condition == nil else { return nil }
  let limit = 20
  var scope = scope
  let isLong = scope.lines.until - scope.lines.since > longestExamined
  if isLong {
    scope.lines.since = scope.lines.until - longestExamined
    scope.earlier?.since = scope.lines.until - longestExamined - longestExamined
    scope.earlier?.until = scope.lines.since
  }
  let rows = try AnomalyRows(db)
  let names = try matchingSources(scope.lines.sources, db)
  func anomalies(_ lines: ReportQuery) throws -> [Anomaly] {
    try AnomalyCounts.anomalies(MinuteFilter(since: lines.since, until: lines.until), db)
      .filter { names.contains(rows.name($0)) }
  }
  let found = try anomalies(scope.lines)
    .map { (anomaly: $0, row: try rows.row($0, db)) }.sorted(by: isBefore)
  let before = try scope.earlier.map { try anomalies($0).count }
  let table = found.prefix(limit).map { anomaly, values -> ReportTable.Row in
    let expected = anomaly.expectedRange
    return .init(
      [
        .text(anomaly.kind.rawValue),
        .time(Int64(anomaly.buckets.lowerBound) * Bucket.microseconds),
        .milliseconds(Double(anomaly.buckets.count * Bucket.minutes) * 60_000),
        .text(rows.name(anomaly)), .count(Int64(anomaly.observed)),
        .text(
          "\(Quantity.number(expected.lowerBound.rounded()).shown)–\(Quantity.number(expected.upperBound.rounded()).shown)"
        ),
        .number((anomaly.score * 10).rounded() / 10),
        .text(text(values, "pattern") ?? text(values, "level") ?? "all lines"),
      ], command: text(values, "evidence"))
  }
  var section = ReportSection("anomalies", "Anomalies")
  if isLong { section.notes = ["Of the last 31 days."] }
  section.figures = [
    ReportFigure(
      "anomalies", "Anomalies", .count(Int64(found.count)),
      earlier: before.map { .count(Int64($0)) }, isMain: true,
      command: scope.command("anomalies"))
  ]
  section.tables = [
    ReportTable(
      "list", "New patterns first, then the most telling",
      columns: [
        .init("kind", "kind", .word), .init("from", "from", .text),
        .init("length", "for", .number), .init("source", "source", .text, isMinor: true),
        .init("observed", "lines", .number), .init("expected", "expected", .number),
        .init("score", "score", .number, isMinor: true), .init("what", "what", .code),
      ], rows: table, command: scope.command("anomalies"),
      note: found.count > limit ? "And \(found.count - limit) more." : nil)
  ]
  return section
}

private func text(_ values: [Value], _ column: String) -> String? {
  guard let index = AnomalyRows.columns.firstIndex(of: column),
    case .text(let text) = values[index]
  else { return nil }
  return text
}

/// Ids of sources depend on the order of reading, their names do not.
private func isBefore(
  _ left: (anomaly: Anomaly, row: [Value]), _ right: (anomaly: Anomaly, row: [Value])
) -> Bool {
  func key(_ found: (anomaly: Anomaly, row: [Value])) -> (Int, Double, Int, String) {
    let anomaly = found.anomaly
    return (
      anomaly.kind == .newPattern ? 0 : 1, -abs(anomaly.score), -anomaly.buckets.lowerBound,
      text(found.row, "evidence") ?? ""
    )
  }
  return key(left) < key(right)
}

private func matchingSources(
  _ sources: [String], _ db: borrowing Connection
) throws -> Set<String> {
  var names: Set<String> = []
  var row = try db.prepare(SearchQuery.sourceNamesSQL(sources))
  while try row.step() { names.insert(row.text(0)) }
  return names
}
