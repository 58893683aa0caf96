import LogModel
package import SQLite

/// Writes what is counted without a rule of the user, whose own rules have numbers below 0.
package struct StandardMetricTable {
  package init() {}

  /// Makes the metric one of the store's.
  func insert(_ metric: StandardMetric, in db: borrowing Connection) throws(SQLiteError) {
    let rule = metric.rule
    try db.run(
      """
      INSERT OR IGNORE INTO metric_rule(id, name, help, function, step_us, sources, paths, folder, labels, conditions, changed_us)
      VALUES(?, ?, ?, ?, ?, '[]', '[]', '', '{}', '[]', 0)
      """, metric.rawValue, rule.name, rule.help, rule.function.rawValue, rule.step)
  }

  /// Of the labels of all series, by metric.
  package func labelHashes(
    in db: borrowing Connection
  ) throws(SQLiteError) -> [Int64: Set<Int64>] {
    var hashes: [Int64: Set<Int64>] = [:]
    var row = try db.prepare("SELECT DISTINCT rule, labels FROM series WHERE rule < ?")
    try row.bind(1, StandardMetric.routeDuration.rawValue)
    while try row.step() {
      hashes[row.integer(0), default: []].insert(
        ActiveMetricRule.hash(ofLabels: row.bytes(1)))
    }
    return hashes
  }

  /// Takes out what was counted, but for the buckets of sources that begin before the times given: all lines that
  /// are left are about to be shown once more.
  package func restart(
    keeping times: [Int64: Int64], in db: borrowing Connection
  ) throws(SQLiteError) {
    try SampleTable().remove(ofSeries: "rule < 0", keeping: times, in: db)
    try db.run(
      "DELETE FROM route_step WHERE source NOT IN (SELECT source FROM series WHERE rule < 0)")
    try db.run("DELETE FROM metric_failure WHERE rule < 0")
    for metric in StandardMetric.allCases where !metric.isOfRoutes {
      try RejectRow.remove(metric: metric.rule.name, in: db)
    }
    try db.run("UPDATE source SET counted_from = 0 WHERE counted_from IS NOT NULL")
  }

  /// Takes out what the lines of a source have added.
  func remove(source: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try SampleTable().remove(ofSeries: "rule < 0 AND source = \(source)", keeping: [:], in: db)
    try RouteLimit.forget(source, in: db)
    try db.run("DELETE FROM metric_failure WHERE rule < 0 AND source = ?", source)
    try removeUnused(db)
  }

  /// Removes metrics of which nothing is left.
  package func removeUnused(_ db: borrowing Connection) throws(SQLiteError) {
    try db.run(
      """
      DELETE FROM metric_rule WHERE id < 0 AND id NOT IN (SELECT rule FROM series)
        AND id NOT IN (SELECT rule FROM metric_failure)
      """)
  }
}
