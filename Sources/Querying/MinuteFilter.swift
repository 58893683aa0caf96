package import LogModel

/// Which rows of the tables that count by minute, source and level are meant.
package struct MinuteFilter: Sendable, Equatable {
  /// Microseconds since 1970, half open; a minute that lies partly inside is counted whole.
  package var since: Int64?
  package var until: Int64?
  /// Names, in which `*` stands for any characters; empty for all.
  package var sources: [String]
  package var minimumLevel: Severity?

  package init(
    since: Int64? = nil, until: Int64? = nil, sources: [String] = [], minimumLevel: Severity? = nil
  ) {
    self.since = since
    self.until = until
    self.sources = sources
    self.minimumLevel = minimumLevel
  }

  /// Counts by skeleton, in columns `source`, `level`, `skeleton` and `count`.
  ///
  /// They are rows of `skeleton_count`, of `skeleton_hour` for whole hours, and without a range those of
  /// `skeleton_source`, which are the sums over all time.
  package var skeletonRows: String {
    func select(_ table: String, _ conditions: [String]) -> String {
      "SELECT source, level, skeleton, count FROM \(table)"
        + Self.clause(conditions + otherConditions)
    }
    func minutes(from first: Int64?, to end: Int64?) -> String {
      select("skeleton_count", Self.range(from: first, to: end) + Self.hours(from: first, to: end))
    }
    guard hasRange else { return select("skeleton_source", []) }
    let firstHour = firstMinute.map { -Self.floor(-$0, 60) }
    let endHour = endMinute.map { Self.floor($0, 60) }
    if let firstHour, let endHour, firstHour >= endHour {
      return minutes(from: firstMinute, to: endMinute)
    }
    var parts = [
      select(
        "skeleton_hour",
        [firstHour.map { "hour >= \($0)" }, endHour.map { "hour < \($0)" }].compactMap { $0 })
    ]
    if let firstHour, let firstMinute, firstMinute < firstHour * 60 {
      parts.append(minutes(from: firstMinute, to: firstHour * 60))
    }
    if let endHour, let endMinute, endMinute > endHour * 60 {
      parts.append(minutes(from: endHour * 60, to: endMinute))
    }
    return parts.joined(separator: " UNION ALL ")
  }

  package var hasRange: Bool { since != nil || until != nil }

  /// With a blank before it; empty for all rows.
  package var whereClause: String { Self.clause(rangeConditions + otherConditions) }

  /// For `skeleton_count`, which finds hours.
  var whereClauseWithHours: String {
    Self.clause(rangeConditions + hourConditions + otherConditions)
  }

  /// The same hours behind other conditions.
  var hours: String { hourConditions.map { " AND " + $0 }.joined() }

  private var hourConditions: [String] { Self.hours(from: firstMinute, to: endMinute) }

  /// For a table without minutes.
  package var whereClauseWithoutRange: String { Self.clause(otherConditions) }

  private static func clause(_ conditions: [String]) -> String {
    conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
  }

  private var rangeConditions: [String] { Self.range(from: firstMinute, to: endMinute) }

  private static func range(from first: Int64?, to end: Int64?) -> [String] {
    [first.map { "minute >= \($0)" }, end.map { "minute < \($0)" }].compactMap { $0 }
  }

  /// The hours in which these minutes lie.
  private static func hours(from first: Int64?, to end: Int64?) -> [String] {
    [first.map { "hour >= \(floor($0, 60))" }, end.map { "hour < \(-floor(-$0, 60))" }]
      .compactMap { $0 }
  }

  private var firstMinute: Int64? { since.map { Self.floor($0, 60_000_000) } }
  private var endMinute: Int64? { until.map { -Self.floor(-$0, 60_000_000) } }

  private var otherConditions: [String] {
    var conditions: [String] = []
    if let minimumLevel { conditions.append("level >= \(minimumLevel.rawValue)") }
    if let sources = SearchQuery.anySource(sources) {
      let named = "SELECT id, name AS source FROM source"
      conditions.append("source IN (SELECT id FROM (\(named)) WHERE \(sources))")
    }
    return conditions
  }

  private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
    (value - (value % divisor + divisor) % divisor) / divisor
  }
}
