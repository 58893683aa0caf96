import Anomalies
import ArgumentParsing
import LogModel
import Querying
import Reporting
import SQLite
import Storage

struct AnomaliesList: PatternCommand {
  static let name = "anomalies"
  static let abstract = "Find what is unlike it was before: bursts, silences, new kinds of lines."
  static let discussion = """
    Each pattern, level and source is compared, in steps of five minutes, with the two hours before, the \
    same time of the last seven days and of the last four weeks. What several of them show is told once. \
    'evidence' is the command that prints the lines. New patterns come first, then the most telling; the \
    score counts standard deviations. Counts are kept by 'ingest', so that this reads no line.
    """
  static let options: [Option<Self>] =
    rangeOptions + lineOptions + [
      .choice("kind", help: "Only this kind.", sets: \.kind),
      .value("limit", "n", "N", help: "At most N anomalies.", sets: \.limit, in: 0...Int.max),
    ] + resultOptions
  static let examples = [
    ("logbook anomalies --since 1d", "what was strange since yesterday"),
    ("logbook anomalies --kind new-pattern --since 2026-03-02T08:00", "never seen before"),
  ]
  var result = ResultOptions()
  var patterns = PatternOptions()
  var kind: AnomalyKind?
  var limit: Int?

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let filter = try patterns.filter(result.zone)
    if result.showsSQL {
      let sql = AnomalyCounts.sql(filter, now: currentTime())
      return try show(sql.joined(separator: ";\n"))
    }
    let store = try Workspace(globals).openForReading()
    let rows = try AnomalyRows(store.db)
    let names = try sourceNames(store.db)
    let found = try AnomalyCounts.anomalies(filter, store.db).filter { anomaly in
      (kind ?? anomaly.kind) == anomaly.kind
        && (filter.minimumLevel?.rawValue ?? 0) <= rows.level(anomaly)
        && names.contains(rows.name(anomaly))
    }
    var writer = ResultWriter(result, precision: .minutes, isVertical: true)
    writer.begin(AnomalyRows.columns)
    for anomaly in found.prefix(limit ?? .max) where writer.isOpen {
      writer.row(try rows.row(anomaly, store.db))
    }
    try writer.end()
    return writer.rows > 0 ? .success : try whyNothing(store.db)
  }

  /// Of the sources that are asked for.
  private func sourceNames(_ db: borrowing Connection) throws -> Set<String> {
    var source = try db.prepare(SearchQuery.sourceNamesSQL(patterns.sources))
    var names: Set<String> = []
    while try source.step() { names.insert(source.text(0)) }
    return names
  }
}
