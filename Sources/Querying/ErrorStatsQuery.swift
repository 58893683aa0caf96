/// What errors add up to in a range of time, and in the range of the same length before it.
package struct ErrorStatsQuery: Sendable, Equatable {
  package enum Part: String, Sendable, CaseIterable {
    case hour, day, type, level, source, status, error
  }

  /// With both ends.
  package var filter: ErrorFilter
  /// Nil for all but days and errors.
  package var part: Part?

  private let since: Int64
  private let until: Int64

  /// `filter` is of the events from `since` on, before `until`.
  package init(filter: ErrorFilter, since: Int64, until: Int64, part: Part?) {
    self.filter = filter
    self.filter.since = since
    self.filter.until = until
    self.since = since
    self.until = until
    self.part = part
  }

  /// Columns `part`, `name`, `count` and `per_hour`.
  package var sql: String {
    let head = """
      WITH counted AS MATERIALIZED (
      \(filter.countsSQL)
      )
      """
    if let part { return "\(head)\n\(rows(part))" }
    let parts = [Part.status, .level, .type, .source, .hour].map { "SELECT * FROM (\(rows($0)))" }
    return ([head + "\n" + totals] + parts).joined(separator: "\nUNION ALL\n")
  }

  private var hours: Double { max(1, Double(until - since)) / 3.6e9 }

  private var totals: String {
    var before = filter
    (before.since, before.until) = (since - (until - since), since)
    let perHour = "round(count / \(hours), 3)"
    return """
      SELECT 'total' AS part, NULL AS name, count, \(perHour) AS per_hour FROM (SELECT coalesce(sum(count), 0) AS count FROM counted)
      UNION ALL
      SELECT 'before', iif(count * 6 < now * 5, 'increasing', iif(now * 5 < count * 4, 'decreasing', 'stable')), count, \(perHour)
      FROM (SELECT coalesce(sum(count), 0) AS count, (SELECT coalesce(sum(count), 0) FROM counted) AS now FROM (\(before.rowsSQL)))
      UNION ALL
      SELECT 'errors', NULL, count(DISTINCT error), NULL FROM counted
      UNION ALL
      SELECT 'sessions', NULL, count, NULL FROM (\(filter.sessionsSQL(since, until)))
      """
  }

  private func rows(_ part: Part) -> String {
    let time = { (width: Int64) in
      SQLText.timeText(seconds: "hour / \(width) * \(width * 3600)")
    }
    let (name, join, order) =
      switch part {
      case .hour: (time(1), "", "2")
      case .day: (time(24), "", "2")
      case .type: ("e.type", " c JOIN errors e ON e.id = c.error", "3 DESC, 2")
      case .status: ("e.status", " c JOIN errors e ON e.id = c.error", "3 DESC, 2")
      case .error: ("e.id || ' ' || e.title", " c JOIN errors e ON e.id = c.error", "3 DESC, 2")
      case .level: ("coalesce(\(SQLText.levelName("c.level")), 'none')", " c", "3 DESC, 2")
      case .source: ("(SELECT name FROM source WHERE id = c.source)", " c", "3 DESC, 2")
      }
    let count = join.isEmpty ? "count" : "c.count"
    let from = join.isEmpty ? "counted" : "counted\(join)"
    return """
      SELECT '\(part.rawValue)' AS part, \(name) AS name, sum(\(count)) AS count, round(sum(\(count)) / \(partHours(part)), 3) AS per_hour
      FROM \(from) GROUP BY 2 ORDER BY \(order)
      """
  }

  private func partHours(_ part: Part) -> Double {
    switch part {
    case .hour: 1
    case .day: 24
    default: hours
    }
  }
}
