import LogModel
import SQLite
import Storage

/// Samples of gauges against each other: nothing else says what they were.
enum GaugeCheck {
  /// How many samples there are.
  static func run(_ faults: inout Faults, _ db: borrowing Connection) throws(SQLiteError) -> Int64 {
    var count = try db.integer("SELECT count(*) FROM gauge_sample") ?? 0
    let table = GaugeTable()
    var last: (gauge: Int64, time: Int64) = (0, 0)
    var row = try db.prepare(
      """
      SELECT c.id, c.gauge, c.first_us, c.last_us, c.count, g.metric
      FROM gauge_chunk c LEFT JOIN gauge g ON g.id = c.gauge ORDER BY c.gauge, c.first_us
      """)
    while try row.step() {
      count += row.integer(4)
      let name =
        "samples of \(row.optionalText(5) ?? "no metric") from \(Instant.text(row.integer(2)))"
      if row.isNull(5) || row.integer(1) == last.gauge && row.integer(2) <= last.time {
        faults.add("\(name) are where they must not be")
      }
      last = (row.integer(1), row.integer(3))
      do throws(SQLiteError) {
        let points = try table.points(of: row.integer(0), in: db)
        let isAscending = zip(points, points.dropFirst()).allSatisfy { $0.time < $1.time }
        if points.count != row.int(4) || points.first?.time != row.integer(2)
          || points.last?.time != row.integer(3) || !isAscending
        {
          faults.add("\(name) are others than their chunk says")
        }
      } catch {
        guard error.isDamage else { throw error }
        faults.add("\(name) are damaged")
      }
    }
    let lost =
      try db.integer(
        "SELECT count(*) FROM gauge_sample WHERE gauge NOT IN (SELECT id FROM gauge)") ?? 0
    if lost > 0 { faults.add("\(counted(lost, "sample")) of no gauge") }
    return count
  }
}
