package import LogModel

/// How many lines there are in each interval, from `line_count`, which counts by the minute.
///
/// Minutes are added up before times are made of them.
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
  /// Only lines of this pattern; they are counted in `skeleton_count` and `skeleton_hour`.
  var pattern: Int64?

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
    switch grouping {
    case .none: filledSQL
    case .source:
      "SELECT \(time("start")) AS time, source, lines FROM ("
        + "SELECT \(start) AS start, s.name AS source, sum(count) AS lines"
        + " FROM line_count c JOIN source s ON s.id = c.source\(whereClause)"
        + " GROUP BY 1, 2) ORDER BY 1, 2"
    case .level:
      "SELECT \(time("start")) AS time, \(SQLText.levelName("level")) AS level, lines FROM ("
        + "SELECT \(start) AS start, level, sum(count) AS lines"
        + " FROM line_count\(whereClause) GROUP BY 1, 2) ORDER BY 1, 2"
    }
  }

  private var filledSQL: String {
    """
    WITH RECURSIVE counted AS MATERIALIZED (
      SELECT \(start) AS start, sum(count) AS lines FROM line_count\(whereClause) GROUP BY 1
    ), filled(start) AS (
      SELECT min(start) FROM counted HAVING min(start) IS NOT NULL
      UNION ALL
      SELECT start + \(width) FROM filled
      WHERE start < (SELECT max(start) FROM counted)
        AND (SELECT max(start) - min(start) FROM counted) <= \(width * 100_000)
    ), interval AS (
      SELECT start FROM filled UNION SELECT start FROM counted
    )
    SELECT \(time("interval.start")) AS time, coalesce(counted.lines, 0) AS lines
    FROM interval LEFT JOIN counted ON counted.start = interval.start
    ORDER BY interval.start
    """
  }

  /// Only intervals that hold a line.
  func sparseSQL(as name: String) -> String {
    "SELECT \(time("start")) AS time, \(name) FROM (SELECT \(start) AS start, sum(count) AS \(name)"
      + " FROM \(table)\(whereClause) GROUP BY 1) ORDER BY 1"
  }

  func totalSQL(as name: String) -> String {
    "SELECT coalesce(sum(count), 0) AS \(name) FROM line_count\(whereClause)"
  }

  /// Minutes.
  private var width: Int64 { interval.seconds / 60 }
  private var start: String { SQLText.floored("minute", to: width) }
  private func time(_ start: String) -> String { SQLText.timeText(seconds: "\(start) * 60") }

  /// Hours where they will do: forty times fewer rows.
  private var table: String {
    guard let pattern else { return "line_count" }
    let hour: Int64 = 3_600_000_000
    let isHourly = width % 60 == 0 && (since ?? 0) % hour == 0 && (until ?? 0) % hour == 0
    let own = "WHERE skeleton IN (SELECT id FROM skeleton WHERE pattern = \(pattern))"
    return isHourly
      ? "(SELECT hour * 60 AS minute, source, level, count FROM skeleton_hour \(own))"
      : "(SELECT minute, source, level, count FROM skeleton_count \(own)\(filter.hours))"
  }

  private var whereClause: String { filter.whereClause }

  private var filter: MinuteFilter {
    MinuteFilter(since: since, until: until, sources: sources, minimumLevel: minimumLevel)
  }
}
