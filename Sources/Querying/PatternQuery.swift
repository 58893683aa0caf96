/// The patterns of the lines that a filter leaves, from what is counted by minute.
///
/// First and last time are those of the sources and levels asked for, whatever the range: a pattern is
/// new in a range if it was never seen before it.
package struct PatternQuery: Sendable, Equatable {
  package enum Choice: String, Sendable, CaseIterable {
    case all
    /// Seen for the first time in the range; without one, in the day before the newest line.
    case new
    /// Seen before the range and not in it, or later; without one, not in that day.
    case gone
    /// At most `rareCount` lines, those with the fewest first.
    case rare
  }

  package static let rareCount = 5

  package var filter: MinuteFilter
  package var choice: Choice
  package var limit: Int?

  package init(filter: MinuteFilter = MinuteFilter(), choice: Choice = .all, limit: Int? = nil) {
    self.filter = filter
    self.choice = choice
    self.limit = limit
  }

  /// Columns `id`, `pattern`, `level` (the highest seen), `count`, `share` of all lines that the filter
  /// leaves, `first_seen` and `last_seen`.
  package var sql: String {
    let order = choice == .rare ? "s.count, p.id" : "s.count DESC, p.id"
    return """
      WITH seen AS (
        SELECT k.pattern, max(level) AS level, min(first_us) AS first_us, max(last_us) AS last_us, sum(count) AS count
        FROM skeleton_source c JOIN skeleton k ON k.id = c.skeleton\(filter.whereClauseWithoutRange)
        GROUP BY k.pattern
      )\(counted)
      SELECT p.id, p.text AS pattern, \(SQLText.levelName("s.level")) AS level, s.count, s.share,
        \(SQLText.timeText(microseconds: "s.first_us")) AS first_seen,
        \(SQLText.timeText(microseconds: "s.last_us")) AS last_seen
      FROM (\(shares)) s JOIN pattern p ON p.id = s.pattern\(condition)
      ORDER BY \(order)\(limit.map { " LIMIT \($0)" } ?? "")
      """
  }

  /// What is gone is counted before the range.
  private var range: MinuteFilter {
    guard choice == .gone else { return filter }
    var before = filter
    (before.since, before.until) = (nil, filter.since)
    return before
  }

  private var counted: String {
    guard range.hasRange else { return "" }
    return """
      , counted AS (
        SELECT k.pattern, max(c.level) AS level, sum(c.count) AS count
        FROM (
          SELECT skeleton, max(level) AS level, sum(count) AS count FROM (\(range.skeletonRows)) GROUP BY skeleton
        ) c JOIN skeleton k ON k.id = c.skeleton GROUP BY k.pattern
      )
      """
  }

  private var shares: String {
    let share = "1.0 * c.count / sum(c.count) OVER () AS share"
    return range.hasRange
      ? "SELECT c.pattern, c.level, s.first_us, s.last_us, c.count, \(share) FROM counted c JOIN seen s ON s.pattern = c.pattern"
      : "SELECT c.*, \(share) FROM seen c"
  }

  private var condition: String {
    let dayBefore = "(SELECT max(last_us) FROM pattern) - 86400000000"
    let start = filter.since.map { "\($0)" } ?? dayBefore
    return switch choice {
    case .all: ""
    case .new: " WHERE s.first_us >= \(start)"
    case .gone: " WHERE s.last_us < \(start)"
    case .rare: " WHERE s.count <= \(Self.rareCount)"
    }
  }
}
