package import LogModel

/// Which events of errors are meant.
package struct ErrorFilter: Sendable, Equatable {
  /// Microseconds since 1970, half open.
  package var since: Int64?
  package var until: Int64?
  /// Names, in which `*` stands for any characters; empty for all.
  package var sources: [String] = []
  package var minimumLevel: Severity?
  /// SQL for the ids of the lines whose events are meant; nil for all.
  package var lines: String?

  package init(
    since: Int64? = nil, until: Int64? = nil, sources: [String] = [], minimumLevel: Severity? = nil
  ) {
    self.since = since
    self.until = until
    self.sources = sources
    self.minimumLevel = minimumLevel
  }

  package var isEmpty: Bool { self == ErrorFilter() }

  private static let hour: Int64 = 3_600_000_000

  /// Counts in columns `error` (a fingerprint), `source`, `level`, `hour` and `count`; several rows may be
  /// of one hour.
  ///
  /// Whole hours come from `error_count`; of those that lie partly inside, the chunks of events that reach
  /// into them.
  package var rowsSQL: String {
    if lines != nil { return events(since ?? .min, until ?? .max) }
    let firstHour = since.map { Self.floor($0 + Self.hour - 1) }
    let endHour = until.map { Self.floor($0) }
    if let since, let until, let firstHour, let endHour, firstHour > endHour {
      return events(since, until)
    }
    var parts = [
      "SELECT error, source, level, hour, count FROM error_count"
        + Self.clause(
          [firstHour.map { "hour >= \($0)" }, endHour.map { "hour < \($0)" }].compactMap { $0 }
            + conditions("source", "level"))
    ]
    if let since, let firstHour, since < firstHour * Self.hour {
      parts.append(events(since, min(firstHour * Self.hour, until ?? .max)))
    }
    if let until, let endHour, endHour * Self.hour < until {
      parts.append(events(max(endHour * Self.hour, since ?? .min), until))
    }
    return parts.joined(separator: " UNION ALL ")
  }

  private func events(_ since: Int64, _ until: Int64) -> String {
    """
    SELECT v.error AS error, e.log_id >> 36 AS source, v.level AS level, e.time_us / 3600000000 AS hour, 1 AS count
    FROM (\(Self.eventsSQL(since, until))) e JOIN error_variant v ON v.id = e.variant
    """ + eventsClause(since, until)
  }

  /// Columns `error` and `count`: how many sessions with language models had events of each error.
  package var sessionsByErrorSQL: String {
    let (since, until) = (since ?? .min, until ?? .max)
    return """
      SELECT coalesce(a.error, v.error) AS error, count(DISTINCT t.session) AS count
      FROM (\(Self.eventsSQL(since, until, "EXISTS (SELECT 1 FROM turn)"))) e JOIN turn t ON t.log_id = e.log_id
        JOIN error_variant v ON v.id = e.variant LEFT JOIN error_alias a ON a.fingerprint = v.error
      \(eventsClause(since, until)) GROUP BY 1
      """
  }

  /// How many sessions with language models had such an event.
  func sessionsSQL(_ since: Int64, _ until: Int64) -> String {
    let hasTurns = "EXISTS (SELECT 1 FROM turn)"
    return """
      SELECT count(DISTINCT t.session) AS count
      FROM (\(Self.eventsSQL(since, until, hasTurns))) e JOIN turn t ON t.log_id = e.log_id
        JOIN error_variant v ON v.id = e.variant
      """ + eventsClause(since, until)
  }

  private static func eventsSQL(
    _ since: Int64, _ until: Int64, _ condition: String = "TRUE"
  ) -> String {
    eventsSQL(where: "c.max_us >= \(since) AND c.min_us < \(until) AND \(condition)")
  }

  /// Events in columns `log_id`, `variant`, `time_us` and `copy`, which is null for those that count; `condition`
  /// is one of rows `c` of `error_chunk`.
  static func eventsSQL(where condition: String) -> String {
    """
    SELECT c.first_id + sum(r.value->>0) OVER up AS log_id, r.value->>1 AS variant, \
    c.min_us + c.unit_us * sum(r.value->>2) OVER up AS time_us, r.value->>3 AS copy
    FROM error_chunk c, json_each(CAST(sqlar_uncompress(c.data, c.size) AS TEXT)) r WHERE \(condition)
    WINDOW up AS (PARTITION BY c.first_id ORDER BY r.key)
    """
  }

  func eventsClause(_ since: Int64, _ until: Int64) -> String {
    Self.clause(
      ["e.copy IS NULL", "e.time_us >= \(since)", "e.time_us < \(until)"]
        + conditions("e.log_id >> 36", "v.level")
        + (lines.map { ["e.log_id IN (\($0))"] } ?? []))
  }

  /// As `rowsSQL`, by error, merged ones together.
  package var countsSQL: String {
    """
    SELECT coalesce(a.error, r.error) AS error, r.source, r.level, r.hour, sum(r.count) AS count
    FROM (\(rowsSQL)) r LEFT JOIN error_alias a ON a.fingerprint = r.error GROUP BY 1, 2, 3, 4
    """
  }

  /// CTEs `counted`, with the count of each error, and `timed`, with the first and the last time in microseconds of
  /// those for which these are not the ones of the whole store.
  ///
  /// Only the chunks of events are read that reach into the first or the last hour of one of these.
  var timesSQL: String {
    let hour = Self.hour
    let isWhole = sources.isEmpty && minimumLevel == nil && lines == nil
    let differs = [
      since.map { "first_us < \($0)" }, until.map { "last_us >= \($0)" },
    ].compactMap { $0 }.joined(separator: " OR ")
    let meant =
      isWhole
      ? " WHERE error IN (SELECT coalesce(a.error, g.id) FROM error_group g LEFT JOIN error_alias a ON a.fingerprint = g.id WHERE \(differs))"
      : ""
    let chunks = """
      c.first_id IN (
            SELECT o.first_id FROM found f JOIN variant v USING (error) JOIN error_chunk_variant x ON x.variant = v.id
              JOIN error_chunk o ON o.first_id = x.chunk
            WHERE o.min_us < (f.first + 1) * \(hour) AND o.max_us >= f.first * \(hour)
              OR o.min_us < (f.last + 1) * \(hour) AND o.max_us >= f.last * \(hour))
      """
    return """
      counted AS MATERIALIZED (
        SELECT error, sum(count) AS count, min(hour) AS first, max(hour) AS last FROM (\(countsSQL)) GROUP BY error
      ), found AS MATERIALIZED (
        SELECT * FROM counted\(meant)
      ), variant AS MATERIALIZED (
        SELECT v.id, v.level, coalesce(a.error, v.error) AS error
        FROM error_variant v LEFT JOIN error_alias a ON a.fingerprint = v.error
      ), timed AS (
        SELECT v.error, min(e.time_us) AS first_us, max(e.time_us) AS last_us
        FROM (\(Self.eventsSQL(where: chunks))) e JOIN variant v ON v.id = e.variant JOIN found USING (error)\(eventsClause(since ?? .min, until ?? .max))
        GROUP BY 1
      )
      """
  }

  private func conditions(_ source: String, _ level: String) -> [String] {
    var conditions: [String] = []
    if let minimumLevel { conditions.append("\(level) >= \(minimumLevel.rawValue)") }
    if let sources = SearchQuery.anySource(sources) {
      let named = "SELECT id, name AS source FROM source"
      conditions.append("\(source) IN (SELECT id FROM (\(named)) WHERE \(sources))")
    }
    return conditions
  }

  private static func clause(_ conditions: [String]) -> String {
    conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
  }

  private static func floor(_ time: Int64) -> Int64 {
    (time - (time % hour + hour) % hour) / hour
  }
}

/// The errors that have events in a range, from what is counted by hour.
///
/// First and last time are those in the range; the status is that at its end.
package struct ErrorQuery: Sendable, Equatable {
  package enum Order: String, Sendable, CaseIterable {
    case count, last, first
  }

  package var filter: ErrorFilter
  /// Empty for all.
  package var statuses: [ErrorStatus]
  /// `*` stands for any characters.
  package var type: String?
  package var order: Order
  package var limit: Int?
  /// Only those that were first seen in the range, and are neither resolved nor ignored.
  package var isNew = false

  package init(
    filter: ErrorFilter = ErrorFilter(), statuses: [ErrorStatus] = [], type: String? = nil,
    order: Order = .count, limit: Int? = nil
  ) {
    self.filter = filter
    self.statuses = statuses
    self.type = type
    self.order = order
    self.limit = limit
  }

  package static let columns = [
    "id", "type", "title", "level", "status", "count", "first_seen", "last_seen", "culprit",
  ]

  package func sql(_ columns: [String] = columns) -> String {
    let names = columns.joined(separator: ", ")
    var conditions: [String] = []
    if !statuses.isEmpty {
      let names = statuses.map { SQLText.quoted($0.rawValue) }.joined(separator: ", ")
      conditions.append("status IN (\(names))")
    }
    if isNew {
      conditions.append("status NOT IN ('resolved', 'ignored')")
      if let since = filter.since {
        // In the whole store.
        conditions.append("ever_first_seen >= \(SQLText.quoted(Instant.text(since)))")
      }
    }
    if let type { conditions.append(Condition.like("coalesce(type, '')", type)) }
    let clause = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    let orders: [Order: String] = [
      .count: "count DESC, id", .last: "last_seen DESC, id", .first: "first_seen DESC, id",
    ]
    let end = " ORDER BY \(orders[order] ?? "id")" + (limit.map { " LIMIT \($0)" } ?? "")
    guard !filter.isEmpty else { return "SELECT \(names) FROM errors\(clause)\(end)" }
    let past = filter.until.map {
      " LEFT JOIN (\(PastErrorStatus.sql(before: $0))) s ON s.id = e.id AND e.status <> 'ignored'"
    }
    let status = past == nil ? "e.status" : "coalesce(s.status, e.status) AS status"
    return """
      WITH \(filter.timesSQL)
      SELECT \(names) FROM (
        SELECT e.id, e.type, e.title, e.level, \(status), c.count,
          coalesce(\(SQLText.timeText(microseconds: "t.first_us")), e.first_seen) AS first_seen,
          coalesce(\(SQLText.timeText(microseconds: "t.last_us")), e.last_seen) AS last_seen,
          e.culprit, e.first_seen AS ever_first_seen
        FROM counted c JOIN errors e ON e.id = c.error LEFT JOIN timed t ON t.error = c.error\(past ?? "")
      )\(clause)\(end)
      """
  }

  /// The ids of the lines that show an error; with a range of time, at least those in it.
  package static func linesSQL(
    of error: Int64, since: Int64? = nil, until: Int64? = nil
  ) -> String {
    let variants = """
      SELECT v.id FROM error_variant v LEFT JOIN error_alias a ON a.fingerprint = v.error WHERE coalesce(a.error, v.error) = \
      coalesce((SELECT error FROM error_alias WHERE fingerprint = \(error)), \(error))
      """
    let chunks = [
      since.map { "c.max_us >= \($0)" }, until.map { "c.min_us < \($0)" },
      "c.first_id IN (SELECT chunk FROM error_chunk_variant WHERE variant IN (\(variants)))",
    ].compactMap { $0 }.joined(separator: " AND ")
    return """
      SELECT log_id FROM (\(ErrorFilter.eventsSQL(where: chunks))) WHERE copy IS NULL AND variant IN (\(variants))
      """
  }
}

/// How things stand with an error.
package enum ErrorStatus: String, Sendable, CaseIterable {
  case new, ongoing, escalating, regressed, resolved, ignored
}
