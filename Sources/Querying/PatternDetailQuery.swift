/// One pattern in detail, from what is counted and from its newest lines.
package struct PatternDetailQuery: Sendable, Equatable {
  package var pattern: Int64
  package var filter: MinuteFilter

  package init(pattern: Int64, filter: MinuteFilter = MinuteFilter()) {
    self.pattern = pattern
    self.filter = filter
  }

  private var own: String {
    let range = filter.whereClauseWithHours
    return range + (range.isEmpty ? " WHERE " : " AND ") + ofPattern
  }

  private var ofPattern: String {
    "skeleton IN (SELECT id FROM skeleton WHERE pattern = \(pattern))"
  }

  /// Columns `name` and `count`.
  package var levelsSQL: String {
    "SELECT coalesce(\(SQLText.levelName("level")), 'none') AS name, sum(count) AS count"
      + " FROM (\(filter.skeletonRows)) WHERE \(ofPattern) GROUP BY level ORDER BY 2 DESC, 1"
  }

  /// Columns `name` and `count`.
  package var sourcesSQL: String {
    "SELECT (SELECT name FROM source WHERE id = source) AS name, sum(count) AS count"
      + " FROM (\(filter.skeletonRows)) WHERE \(ofPattern) GROUP BY source ORDER BY 2 DESC, 1"
  }

  /// Columns `minute` and `count`, ascending.
  package var minutesSQL: String {
    "SELECT minute, sum(count) AS count FROM skeleton_count\(own) GROUP BY minute ORDER BY minute"
  }

  /// Columns `id` and `message`, the newest first.
  package func linesSQL(limit: Int) -> String {
    var query = SearchQuery(.pattern(pattern))
    query.since = filter.since
    query.until = filter.until
    query.sources = filter.sources
    query.minimumLevel = filter.minimumLevel
    query.limit = limit
    return query.rowsSQL(columns: ["id", "message"])
  }
}
