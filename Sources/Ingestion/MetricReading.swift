import Formats
import LineStore
package import LogModel
import Metrics
import Recomputation
import SQLite
import Storage

// Records to what is counted in them, by rules and without. A record that is still open is not counted.

/// Whether the lines of a source's file are counted without a rule; nil where nothing says so, and it
/// stays as it was.
package typealias CountingChoice = (_ source: String, _ file: Path) -> Bool?

extension IngestRun {
  /// The rules as they are stored; nil where there are none.
  static func metrics(_ store: borrowing Store) throws(StorageError) -> MetricReader? {
    let rules = try store.wrap { db throws(SQLiteError) in try MetricRuleTable().active(in: db) }
    return rules.isEmpty ? nil : MetricReader(rules)
  }

  /// Shows record `id`, as it is stored, to the rules of its file.
  ///
  /// `isShared`: another file of its source may have it, too, and whether it counts is told when it is committed.
  mutating func readMetrics(
    _ text: Span<UInt8>, _ severity: Severity?, _ parser: LineParser, _ row: inout FileRow,
    selection: Int, id: Int64, start: Int, time: Int64, isShared: Bool
  ) {
    if isShared {
      let found = metrics?.readApart(
        text, id: id, source: row.source, time: time, severity: severity, selection: selection,
        parser: parser)
      addShared(found ?? [], id, time)
    } else {
      metrics?.read(
        text, id: id, source: row.source, time: time, severity: severity, selection: selection,
        parser: parser)
    }
    guard let rejects = metrics?.rejects, !rejects.isEmpty else { return }
    note(rejects, text, &row, id, start: start)
  }

  private mutating func addShared(_ found: [MetricIncrement], _ id: Int64, _ time: Int64) {
    guard !found.isEmpty else { return }
    batch.rows.add(SharedRecord(line: id, time: time, increments: found))
  }

  /// When the files of a source have records.
  mutating func times(
    ofSource id: Int64, _ store: borrowing Store
  ) throws(StorageError) -> FileTimes {
    try store.wrap { db throws(SQLiteError) in try batch.times(ofSource: id, reading: db) }
  }

  private mutating func note(
    _ rejects: [MetricReader.Reject], _ text: Span<UInt8>, _ row: inout FileRow, _ id: Int64,
    start: Int
  ) {
    for found in rejects {
      reject(
        text, &row, id, start: start,
        reason: RejectRow.reason(metric: found.metric, isTooLarge: found.isTooLarge))
    }
  }

  static func standard(_ store: borrowing Store) throws(StorageError) -> StandardReader {
    StandardReader(
      labelHashes: try store.wrap { db throws(SQLiteError) in
        try StandardMetricTable().labelHashes(in: db)
      })
  }

  /// The first line of a source that is counted without a rule, as its file's settings want it.
  mutating func countedFrom(_ source: SourceRow, _ file: Path) -> Int64 {
    guard let isWanted = counting(source.name, file), isWanted != (source.countedFrom != nil) else {
      return source.countedFrom ?? .max
    }
    let line =
      isWanted ? LineIdentifier.make(source: source.id, number: source.nextLine) : Int64?.none
    batch.count(source, from: line)
    return line ?? .max
  }

  /// Counts what record `id` shows without a rule, as it is stored; `isShared` as for `readMetrics`.
  mutating func readStandard(
    _ text: Span<UInt8>, _ head: LineHead, _ row: inout FileRow, id: Int64, start: Int,
    time: Int64, isShared: Bool
  ) {
    if isShared {
      let found = standard.readApart(text, head, source: row.source, time: time)
      addShared(found, id, time)
    } else {
      standard.read(text, head, source: row.source, time: time)
    }
    guard head.mayMeasure, !standard.rejects.isEmpty else { return }
    note(standard.rejects, text, &row, id, start: start)
  }

  /// The same of a record that was stored open and is complete as it stands.
  mutating func readClosedMetrics(
    _ text: Span<UInt8>, _ head: LineHead, _ parser: LineParser, _ row: inout FileRow,
    source: SourceRow, id: Int64, time: Int64, times: FileTimes
  ) {
    let before = row.rejects
    var times = times
    let isShared = SharedRecord.mayBe(text, head) && times.isShared(time, of: row.id)
    if head.isCountable, id >= source.countedFrom ?? .max {
      readStandard(
        text, head, &row, id: id, start: Int(row.offset), time: time, isShared: isShared)
    }
    if let selection = metrics?.select(source: source.name, id: row.source, file: row.path) {
      readMetrics(
        text, head.severity, parser, &row, selection: selection, id: id, start: Int(row.offset),
        time: time, isShared: isShared)
    }
    summary.rejects += Int(row.rejects - before)
  }
}
