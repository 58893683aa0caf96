import LogModel
package import SQLite

/// Takes out samples for their age, bucket by bucket, and those of gauges chunk by chunk.
package struct SamplePruning {
  package init() {}

  /// Of a bucket that has ended: those that may go.
  ///
  /// The widest one that has not ended tells how wide those before
  /// it are at least.
  private static let first = """
    SELECT s.id, coalesce((
        SELECT max(x.step_us) FROM route_step x WHERE x.source = s.source
          AND \(RouteLimit.isOfRoutes)
          AND x.until_us > ?1 - coalesce((SELECT max(step_us) FROM route_step WHERE source = x.source AND step_us < x.step_us), r.step_us)
      ), r.step_us) AS step_us, (SELECT min(time_us) FROM sample WHERE series = s.id) AS first
    FROM series s JOIN metric_rule r ON r.id = s.rule
    """

  /// Whether there is a bucket that ended before `time`.
  package func isDue(before time: Int64, in db: borrowing Connection) throws(SQLiteError) -> Bool {
    try db.integer(
      """
      SELECT 1 WHERE EXISTS (SELECT 1 FROM (\(Self.first)) WHERE first <= ?1 - step_us)
        OR EXISTS (SELECT 1 FROM gauge_sample WHERE time_us < ?1) OR EXISTS (SELECT 1 FROM gauge_chunk WHERE last_us < ?1)
      """, time) == 1
  }

  /// How many buckets ended before `time`.
  package func count(before time: Int64, in db: borrowing Connection) throws(SQLiteError) -> Int64 {
    try db.integer(
      """
      SELECT total((SELECT count(*) FROM sample WHERE series = f.id AND time_us <= ?1 - f.step_us))
        + (SELECT count(*) FROM gauge_sample WHERE time_us < ?1)
        + (SELECT total(count) FROM gauge_chunk WHERE last_us < ?1)
      FROM (\(Self.first)) f WHERE f.first <= ?1 - f.step_us
      """, time) ?? 0
  }

  /// Takes out about `limit` of them, and the series that have none left; how many.
  package func remove(
    before time: Int64, limit: Int, in db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    var count = 0
    var series: [(id: Int64, end: Int64)] = []
    do {
      var row = try db.prepare(
        "SELECT id, ?1 - step_us FROM (\(Self.first)) WHERE first <= ?1 - step_us ORDER BY id LIMIT ?2"
      )
      try row.bind(values: time, limit)
      while try row.step() { series.append((row.integer(0), row.integer(1))) }
    }
    var newest = Int64.min
    for (id, end) in series where count < limit {
      // The bucket behind those that go.
      let next = try db.integer(
        "SELECT time_us FROM sample WHERE series = ? AND time_us <= ? ORDER BY time_us LIMIT 1 OFFSET ?",
        id, end, limit - count)
      let last = next.map { $0 - 1 } ?? end
      newest = max(
        newest,
        try db.integer(
          "SELECT max(time_us) FROM sample WHERE series = ? AND time_us <= ?", id, last) ?? .min)
      try RouteLimit.willRemove(series: id, until: last, in: db)
      try db.run("DELETE FROM sample WHERE series = ? AND time_us <= ?", id, last)
      count += db.changes
      try db.run(
        "DELETE FROM series WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM sample WHERE series = ?1)",
        id)
    }
    if count > 0 {
      try PrunedTable().note(.samples, before: newest + 1, in: db)
      try StandardMetricTable().removeUnused(db)
    }
    return Int64(count) + (count < limit ? try removeGauges(before: time, in: db) : 0)
  }

  private func removeGauges(
    before time: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    let chunks = "(SELECT id FROM gauge_chunk WHERE last_us < ? ORDER BY id LIMIT 1000)"
    var count =
      try db.integer("SELECT total(count) FROM gauge_chunk WHERE id IN \(chunks)", time) ?? 0
    try db.run("DELETE FROM gauge_chunk WHERE id IN \(chunks)", time)
    try db.run(
      """
      DELETE FROM gauge_sample WHERE (time_us, gauge) IN (
        SELECT time_us, gauge FROM gauge_sample WHERE time_us < ? ORDER BY time_us LIMIT 20000)
      """, time)
    count += Int64(db.changes)
    try db.run(
      """
      DELETE FROM gauge WHERE id NOT IN (SELECT gauge FROM gauge_chunk) AND id NOT IN (SELECT gauge FROM gauge_sample)
      """)
    return count
  }
}
