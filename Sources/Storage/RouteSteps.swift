package import LogModel
package import SQLite

/// By which buckets the requests of sources are counted, where these are wider than an hour: the older ones.
package struct RouteSteps {
  /// From the narrowest on; each is a multiple of the one before.
  static let widths: [Int64] = [1, 7, 28].map { $0 * 24 * StandardMetric.hour }

  /// By source, and in the order of the widths: before which time a bucket is so wide.
  private var ends: [Int64: [Int64]] = [:]

  package init(reading db: borrowing Connection) throws(SQLiteError) {
    var row = try db.prepare("SELECT source, step_us, until_us FROM route_step")
    while try row.step() {
      guard let place = Self.widths.firstIndex(of: row.integer(1)) else { continue }
      let none = [Int64](repeating: .min, count: Self.widths.count)
      ends[row.integer(0), default: none][place] = row.integer(2)
    }
  }

  package var isEmpty: Bool { ends.isEmpty }

  /// Before which time the buckets of a source are so wide.
  func end(_ source: Int64, width: Int) -> Int64 { ends[source]?[width] ?? .min }

  /// Where the bucket of a source begins that an hour is in; no time is before 1970.
  package func bucket(_ time: Int64, of source: Int64) -> Int64 {
    width(time, of: source).map { time - time % $0 } ?? time
  }

  /// How wide the bucket of a source is that an hour is in, where that is more than an hour.
  package func width(_ time: Int64, of source: Int64) -> Int64? {
    guard let ends = ends[source] else { return nil }
    return zip(Self.widths, ends).reversed().first { time < $0.1 }?.0
  }

  /// The same counts in these buckets; one may come more than once.
  package func widened(_ increments: MetricIncrements) -> MetricIncrements {
    guard !ends.isEmpty else { return increments }
    var result = increments
    for (index, entry) in increments.increments.enumerated()
    where StandardMetric(rawValue: entry.rule)?.isOfRoutes == true {
      result.increments[index].time = bucket(entry.time, of: entry.source)
    }
    return result
  }

  /// Makes one bucket of those of the routes of a source that are in one of this width, before `end`.
  static func widen(
    _ source: Int64, width: Int, before end: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    let step = widths[width]
    var series: [(id: Int64, rule: Int64, labels: String)] = []
    do {
      var row = try db.prepare(
        "SELECT id, rule, labels FROM series WHERE rule BETWEEN ? AND ? AND source = ?")
      try row.bind(
        values: StandardMetric.routeDuration.rawValue, StandardMetric.routeRequests.rawValue, source
      )
      while try row.step() { series.append((row.integer(0), row.integer(1), row.text(2))) }
    }
    var row = try db.prepare(
      """
      SELECT count, sum, nano, min, max, classes, time_us FROM sample WHERE series = ? AND time_us < ?
      """)
    var removal = try db.prepare("DELETE FROM sample WHERE series = ? AND time_us < ?")
    for (id, rule, labels) in series {
      var sums: [Int64: MetricIncrement] = [:]
      var count = 0
      try row.bind(values: id, end)
      while try row.step() {
        let time = row.integer(6)
        let bucket = time - time % step
        let (summary, classes) = (SampleTable.summary(row, from: 0), SampleTable.classes(row, 5))
        count += 1
        if sums[bucket] == nil {
          sums[bucket] = MetricIncrement(
            rule: rule, source: source, labels: Array(labels.utf8), time: bucket, summary: summary,
            classes: classes)
        } else {
          sums[bucket]?.summary.merge(summary)
          sums[bucket]?.classes.merge(classes, uniquingKeysWith: +)
        }
      }
      row.reset()
      guard count > 0 else { continue }
      try removal.bind(values: id, end)
      try removal.run()
      var table = SampleTable()
      try table.addAsTheyAre(Array(sums.values), in: db)
    }
    for narrower in 0...width {
      try db.run(
        """
        INSERT INTO route_step(source, step_us, until_us) VALUES(?, ?, ?)
        ON CONFLICT DO UPDATE SET until_us = max(until_us, excluded.until_us)
        """, source, widths[narrower], end)
    }
  }
}
