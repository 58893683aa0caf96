package import LogModel

/// How many lines there are in each interval, from the view `volume`, which has a row per minute.
package struct VolumeQuery: Sendable, Equatable {
  /// Whole minutes.
  package var interval: Interval
  /// Names, in which `*` stands for any characters; empty for all.
  package var sources: [String]
  package var minimumLevel: Severity?
  /// Microseconds since 1970, half open; a minute that lies partly inside is counted whole.
  package var since: Int64?
  package var until: Int64?
  package var grouping: Grouping

  /// A column that splits each interval's count.
  package enum Grouping: String, Sendable, CaseIterable {
    case none
    case source
    case level
  }

  package init(
    interval: Interval, sources: [String] = [], minimumLevel: Severity? = nil, since: Int64? = nil,
    until: Int64? = nil, grouping: Grouping = .none
  ) {
    self.interval = interval
    self.sources = sources
    self.minimumLevel = minimumLevel
    self.since = since
    self.until = until
    self.grouping = grouping
  }

  /// Columns `time`, `source` or `level` if grouped, and `lines`; the oldest first.
  ///
  /// Ungrouped, intervals without a line between the first and the last have a row with 0; unless that
  /// makes more than 100,000 intervals, as one stray year does.
  package var sql: String {
    let start = SQLText.floored(seconds, to: interval.seconds)
    guard grouping == .none else {
      let column = grouping.rawValue
      return "SELECT \(SQLText.timeText(seconds: start)) AS time, \(column), sum(lines) AS lines"
        + " FROM volume\(whereClause) GROUP BY 1, 2 ORDER BY 1, 2"
    }
    let width = interval.seconds
    return """
      WITH RECURSIVE counted AS (
        SELECT \(start) AS start, sum(lines) AS lines FROM volume\(whereClause) GROUP BY 1
      ), filled(start) AS (
        SELECT min(start) FROM counted HAVING min(start) IS NOT NULL
        UNION ALL
        SELECT start + \(width) FROM filled
        WHERE start < (SELECT max(start) FROM counted)
          AND (SELECT max(start) - min(start) FROM counted) <= \(width * 100_000)
      ), interval AS (
        SELECT start FROM filled UNION SELECT start FROM counted
      )
      SELECT \(SQLText.timeText(seconds: "interval.start")) AS time, coalesce(counted.lines, 0) AS lines
      FROM interval LEFT JOIN counted ON counted.start = interval.start
      ORDER BY interval.start
      """
  }

  /// Only intervals that hold a line.
  func sparseSQL(as name: String) -> String {
    "SELECT \(SQLText.timeText(seconds: SQLText.floored(seconds, to: interval.seconds))) AS time,"
      + " sum(lines) AS \(name) FROM volume\(whereClause) GROUP BY 1 ORDER BY 1"
  }

  func totalSQL(as name: String) -> String {
    "SELECT coalesce(sum(lines), 0) AS \(name) FROM volume\(whereClause)"
  }

  private var seconds: String { "CAST(strftime('%s', time) AS INTEGER)" }

  private var whereClause: String {
    let minute: Int64 = 60_000_000
    var conditions: [String] = []
    if let since {
      let start = since - (since % minute + minute) % minute
      conditions.append("time >= \(SQLText.quoted(Instant.text(start)))")
    }
    if let until { conditions.append("time < \(SQLText.quoted(Instant.text(until)))") }
    if let minimumLevel { conditions.append(Condition.atLeast(minimumLevel)) }
    if let sources = SearchQuery.anySource(sources) { conditions.append(sources) }
    return conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
  }
}
