import LogModel
import Metrics
package import SQLite
import Storage

/// The values that histograms were made of, read once more from the stored lines.
package enum MetricValues {
  /// Of more lines it takes too long.
  package static let mostLines: Int64 = 30_000

  package struct Entry: Sendable, Equatable {
    package var series: Int64
    /// Where its bucket begins.
    package var time: Int64
    package var value: Double
  }

  private struct Bucket: Hashable {
    var rule: Int64
    var source: Int64
    var labels: [UInt8]
    var time: Int64
  }

  /// What is stored of the buckets, and the lines that may have made them.
  private struct Selection {
    var buckets: [Bucket: (series: Int64, summary: MetricSummary)] = [:]
    /// By source.
    var times: [Int64: Range<Int64>] = [:]
    var count: Int64 = 0
  }

  /// The values of the buckets that `sql` selects, with the columns series, rule, source, labels, time_us, step_us, count,
  /// sum, nano, min and max.
  ///
  /// Nil where it would take too long, and where what the lines show is not what is stored: some are gone, or were
  /// not counted as they would be now.
  package static func read(
    _ sql: String, in db: borrowing Connection
  ) throws(SQLiteError) -> [Entry]? {
    let steps = try RouteSteps(reading: db)
    guard let selection = try selection(sql, steps, db),
      let lines = try lines(of: selection, db)
    else { return nil }
    let ids = Set(selection.buckets.keys.map(\.rule))
    let rules = try MetricRuleTable().active(in: db).filter { ids.contains($0.id) }
    var replay = try MetricReplay(rules, isStandard: ids.contains { $0 < 0 }, reading: db)
    var entries: [Entry] = []
    var sums: [Bucket: MetricSummary] = [:]
    for (source, ranges) in lines {
      for range in ranges {
        try replay.run(lines: range, of: source, in: db) { counting in
          // Of one line: each is one value.
          for found in steps.widened(counting.take()).increments {
            let bucket = Bucket(
              rule: found.rule, source: found.source, labels: found.labels, time: found.time)
            guard let stored = selection.buckets[bucket], let sum = found.summary.sum else {
              continue
            }
            sums[bucket, default: MetricSummary()].merge(found.summary)
            entries.append(
              Entry(
                series: stored.series, time: found.time,
                value: MetricNumber(billionths: sum)?.real ?? 0))
          }
        }
      }
    }
    let isWhole = selection.buckets.allSatisfy { sums[$0.key] == $0.value.summary }
    return isWhole ? entries : nil
  }

  private static func selection(
    _ sql: String, _ steps: RouteSteps, _ db: borrowing Connection
  ) throws(SQLiteError) -> Selection? {
    var selection = Selection()
    var row = try db.prepare(sql)
    while try row.step() {
      let labels = row.bytes(3)
      let bucket = Bucket(
        rule: row.integer(1), source: row.integer(2), labels: labels.indices.map { labels[$0] },
        time: row.integer(4))
      let summary = SampleTable.summary(row, from: 6)
      selection.count += summary.count
      guard selection.count <= mostLines else { return nil }
      selection.buckets[bucket] = (row.integer(0), summary)
      let isOfRoutes = StandardMetric(rawValue: bucket.rule)?.isOfRoutes == true
      let width = isOfRoutes ? steps.width(bucket.time, of: bucket.source) : nil
      let end = bucket.time + (width ?? row.integer(5))
      let known = selection.times[bucket.source] ?? bucket.time..<end
      selection.times[bucket.source] =
        min(known.lowerBound, bucket.time)..<max(known.upperBound, end)
    }
    return selection
  }

  /// The lines of chunks that reach into the times; nil where they are too many.
  private static func lines(
    of selection: Selection, _ db: borrowing Connection
  ) throws(SQLiteError) -> [(source: SourceRow, ranges: [Range<Int64>])]? {
    var lines: [(source: SourceRow, ranges: [Range<Int64>])] = []
    var count: Int64 = 0
    for (id, times) in selection.times {
      guard let source = try SourceTable().row(id: id, in: db) else { return nil }
      var ranges: [Range<Int64>] = []
      var row = try db.prepare(
        "SELECT first_id, count FROM chunk WHERE source = ? AND max_us >= ? AND min_us < ? ORDER BY first_id"
      )
      try row.bind(values: id, times.lowerBound, times.upperBound)
      while try row.step() {
        ranges.append(row.integer(0)..<row.integer(0) + row.integer(1))
        count += row.integer(1)
        guard count <= mostLines else { return nil }
      }
      lines.append((source, ranges))
    }
    return lines
  }
}
