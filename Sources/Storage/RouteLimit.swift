import LogModel
package import SQLite

/// Keeps what is stored of a source's routes small: hours become days and up to four weeks, and the least frequent routes are
/// added up as `__other__`.
///
/// There are too many routes (see `RouteRanking`), or they take more bytes than a share of the lines. How many
/// they take is added up as they come, so that most runs need not look; where it is too many, all of them are looked at.
package enum RouteLimit {
  /// Bytes that the routes of a source may take, however few lines it has.
  private static let leastBytes: Int64 = 16 << 10
  /// Of the bytes of its lines, less what pages at the ends of tables leave free: with these it is below 2 %.
  private static let shareOfLines = 0.0175
  private static let unusedBytes: Int64 = 14 << 10
  /// Of the bytes that there may be, so that it is not done again for the next lines.
  private static let share = 0.9
  /// Of the routes that may be kept apart, for the same reason.
  private static let shareOfRoutes = 0.75
  /// Where they cannot be made less, they are looked at again when they are a tenth more.
  private static let growth = 1.1

  /// Called when about so many bytes were added to what a source's routes take, or where that is not known; true
  /// where samples were added up.
  package static func enforce(
    _ source: Int64, after added: Int64?, hasMore: Bool, in db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    var isChanged = false
    if hasMore, try mayHaveSurplus(source, db) {
      isChanged = try fold(source, to: .max, inSeriesOnly: false, db)
    }
    if let added, try !isTooMuch(added, source, db) { return isChanged }
    let most = try mostBytes(source, db)
    var left = try bytes(of: source, db).total
    if left > most {
      try reduce(source, to: Int64(Double(most) * share), db)
      left = try bytes(of: source, db).total
      isChanged = true
    }
    try db.run(
      "UPDATE source SET route_bytes = ?, route_most = ? WHERE id = ?", left,
      max(most, Int64(Double(left) * growth)), source)
    return isChanged
  }

  /// Called when nothing is left of what the routes of a source took.
  static func forget(_ source: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try db.run("DELETE FROM route_step WHERE source = ?", source)
    try db.run("UPDATE source SET route_bytes = 0, route_most = 0 WHERE id = ?", source)
  }

  /// Called before samples of a series are taken out, of routes or not, up to those of a time, and the series if it has
  /// no other ones.
  static func willRemove(
    series: Int64, until time: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    try db.run(
      """
      UPDATE source SET route_bytes = max(0, route_bytes - (
          SELECT CAST(total(\(sampleBytes)) AS INTEGER) FROM sample p WHERE p.series = ?1 AND p.time_us <= ?2
        ) - CASE WHEN EXISTS (SELECT 1 FROM sample WHERE series = ?1 AND time_us > ?2) THEN 0
          ELSE (SELECT \(seriesBytes) FROM series s WHERE s.id = ?1) END)
      WHERE id = (SELECT s.source FROM series s WHERE s.id = ?1 AND \(isOfRoutes))
      """, series, time)
  }

  private static func reduce(
    _ source: Int64, to target: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) {
    // Of each half: no hour is given up for routes that there is no room for in any case.
    if try bytes(of: source, db).series > target / 2 {
      _ = try fold(source, to: target / 2, inSeriesOnly: true, db)
    }
    try widen(source, to: target, db)
    // Histograms take the most by far: where there is no room for those of routes, the number of requests may
    // stay by route, beside one histogram for all.
    let durations = StandardMetric.routeDuration.rawValue
    try fold(source, to: target, upTo: durations, db)
    let histograms = try bytes(of: source, upTo: durations, db).total
    try fold(source, to: target + histograms, upTo: StandardMetric.routeRequests.rawValue, db)
  }

  /// Again, since what is added up takes more then.
  private static func fold(
    _ source: Int64, to target: Int64, upTo last: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) {
    while try bytes(of: source, db).total > target,
      try fold(source, to: target, inSeriesOnly: false, upTo: last, db)
    {}
  }

  /// Adds to what the routes of a source take; whether that may be more than there is room for.
  private static func isTooMuch(
    _ added: Int64, _ source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    guard added > 0 else { return false }
    let isMore = try db.integer(
      "UPDATE source SET route_bytes = route_bytes + ? WHERE id = ? RETURNING route_bytes > route_most",
      added, source)
    guard isMore == 1 else { return false }
    // There are more lines than there were, too.
    return try db.integer(
      "UPDATE source SET route_most = max(route_most, ?) WHERE id = ? RETURNING route_bytes > route_most",
      mostBytes(source, db), source) == 1
  }

  private static func mostBytes(
    _ source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    let lines =
      try db.integer("SELECT next_line - first_line FROM source WHERE id = ?", source) ?? 0
    // The rows of old files may be gone; lines are as long as those of the others.
    let bytes =
      try db.integer(
        """
        SELECT CAST(max(total(bytes_stored), total(bytes_stored) / max(total(lines), 1) * ?) AS INTEGER)
        FROM file WHERE source = ?
        """, lines, source) ?? 0
    return max(leastBytes, Int64(Double(bytes) * shareOfLines) - unusedBytes)
  }

  /// Makes days of the oldest hours, and then weeks and four weeks, as far as it takes to come down to so many bytes.
  private static func widen(
    _ source: Int64, to most: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) {
    for (width, step) in RouteSteps.widths.enumerated() {
      let total = try bytes(of: source, db).total
      guard total > most else { return }
      guard let end = try end(of: step, saving: Double(total - most), source, db) else { continue }
      try RouteSteps.widen(source, width: width, before: end, in: db)
    }
  }

  /// Before which time buckets are to be so wide; nil where it would save nothing.
  private static func end(
    of step: Int64, saving bytes: Double, _ source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64? {
    var row = try db.prepare(
      """
      SELECT p.time_us - p.time_us % ?2 AS bucket, count(*), count(DISTINCT p.series), total(\(sampleBytes))
      FROM series s CROSS JOIN sample p ON p.series = s.id WHERE \(ofRoutes) GROUP BY bucket ORDER BY bucket
      """)
    try row.bind(values: source, step)
    var saved = 0.0
    var end: Int64?
    while saved < bytes, try row.step() {
      let share = 1 - Double(row.integer(2)) / Double(row.integer(1))
      guard share > 0 else { continue }
      saved += row.real(3) * share
      end = row.integer(0) + step
    }
    return end
  }

  /// Whether there may be more routes than are kept apart.
  private static func mayHaveSurplus(
    _ source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    let series = try db.integer(
      "SELECT count(*) FROM series WHERE rule = ? AND source = ?",
      StandardMetric.routeRequests.rawValue, source)
    return series ?? 0 > RouteRanking.mostUnserved
  }

  /// Adds up the least frequent routes: those of which there are too many, and what takes more than so many bytes.
  ///
  /// Not the latter where that would not do. `last` is the last one of the metrics that are added up.
  private static func fold(
    _ source: Int64, to most: Int64, inSeriesOnly: Bool,
    upTo last: Int64 = StandardMetric.routeRequests.rawValue, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    let isWhole = last == StandardMetric.routeRequests.rawValue
    var sums = try routes(of: source, db)
    var surplus = isWhole ? RouteRanking.surplus(sums, leaving: 1) : []
    guard most < .max || !surplus.isEmpty else { return false }
    let costs = try addCounts(to: &sums, source, inSeriesOnly, upTo: last, db)
    if !surplus.isEmpty { surplus = RouteRanking.surplus(sums, leaving: shareOfRoutes) }
    let all = try bytes(of: source, db)
    var total =
      (inSeriesOnly ? all.series : all.total) - surplus.reduce(0) { $0 + (costs[$1] ?? 0) }
    let others = costs.reduce(total) { $0 - (surplus.contains($1.key) ? 0 : $1.value) }
    if total > most, others <= most || !isWhole {
      for (route, _) in sums.sorted(by: RouteRanking.isBefore).reversed()
      where total > most && !surplus.contains(route) {
        guard let cost = costs[route] else { continue }
        surplus.insert(route)
        total -= cost
      }
    }
    guard !surplus.isEmpty else { return false }
    try addUp(try series(of: surplus, upTo: last, source, db), source, db)
    return true
  }

  /// Without their counts, of which there are many more.
  private static func routes(
    of source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> [Route: RouteRanking.Sum] {
    var sums: [Route: RouteRanking.Sum] = [:]
    var row = try db.prepare("SELECT labels FROM series WHERE rule = ? AND source = ?")
    try row.bind(values: StandardMetric.routeRequests.rawValue, source)
    while try row.step() {
      guard let (route, status) = route(row, 0, source) else { continue }
      sums[route, default: RouteRanking.Sum()].isServed =
        sums[route]?.isServed == true || status == 2
    }
    return sums
  }

  /// Adds how many requests each had, and returns about how many bytes it takes.
  private static func addCounts(
    to sums: inout [Route: RouteRanking.Sum], _ source: Int64, _ inSeriesOnly: Bool,
    upTo last: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> [Route: Int64] {
    var costs: [Route: Int64] = [:]
    var row = try db.prepare(
      """
      SELECT s.labels, s.rule, sum(p.count), \(seriesBytes), CAST(total(\(sampleBytes)) AS INTEGER)
      FROM series s CROSS JOIN sample p ON p.series = s.id WHERE \(ofRoutes) GROUP BY s.id
      """)
    try row.bind(1, source)
    while try row.step() {
      guard let (route, _) = route(row, 0, source), sums[route] != nil else { continue }
      if row.integer(1) <= last {
        costs[route, default: 0] += row.integer(3) + (inSeriesOnly ? 0 : row.integer(4))
      }
      if row.integer(1) == StandardMetric.routeRequests.rawValue {
        sums[route]?.count += row.integer(2)
      }
    }
    return costs
  }

  /// Nil for all others together.
  private static func route(
    _ row: borrowing Statement, _ column: Int32, _ source: Int64
  ) -> (Route, status: UInt8?)? {
    let labels = row.bytes(column)
    guard let found = Route.read(Array(labels.indices.map { labels[$0] }), source: source),
      found.route.path != LabelText.other
    else { return nil }
    return found
  }

  /// The series of routes, with the labels that those have to which they are added.
  private static func series(
    of routes: Set<Route>, upTo last: Int64, _ source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> [Int64: String] {
    var found: [Int64: String] = [:]
    var row = try db.prepare(
      "SELECT s.labels, s.id FROM series s WHERE \(ofRoutes) AND s.rule <= ?2")
    try row.bind(values: source, last)
    while try row.step() {
      guard let (route, status) = route(row, 0, source), routes.contains(route) else { continue }
      var other = route
      other.path = LabelText.other
      found[row.integer(1)] = String(decoding: other.labels(status), as: UTF8.self)
    }
    return found
  }

  private struct Bucket: Hashable {
    var rule: Int64
    var labels: String
    var time: Int64
  }

  /// Puts the samples of series into those with other labels.
  private static func addUp(
    _ series: [Int64: String], _ source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) {
    var sums: [Bucket: MetricIncrement] = [:]
    var row = try db.prepare(
      """
      SELECT p.count, p.sum, p.nano, p.min, p.max, p.classes, p.time_us, s.rule
      FROM series s JOIN sample p ON p.series = s.id WHERE s.id = ?
      """)
    var samples = try db.prepare("DELETE FROM sample WHERE series = ?")
    var itself = try db.prepare("DELETE FROM series WHERE id = ?")
    for (id, labels) in series.sorted(by: { $0.key < $1.key }) {
      try row.bind(1, id)
      while try row.step() {
        let bucket = Bucket(rule: row.integer(7), labels: labels, time: row.integer(6))
        let (summary, classes) = (SampleTable.summary(row, from: 0), SampleTable.classes(row, 5))
        if sums[bucket] == nil {
          sums[bucket] = MetricIncrement(
            rule: bucket.rule, source: source, labels: Array(labels.utf8), time: bucket.time,
            summary: summary, classes: classes)
        } else {
          sums[bucket]?.summary.merge(summary)
          sums[bucket]?.classes.merge(classes, uniquingKeysWith: +)
        }
      }
      row.reset()
      try samples.bind(1, id)
      try samples.run()
      try itself.bind(1, id)
      try itself.run()
    }
    var table = SampleTable()
    try table.addAsTheyAre(Array(sums.values), in: db)
  }
}
