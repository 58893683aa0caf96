/// What turns used and cost, summed by group.
package struct CostQuery: Sendable, Equatable {
  package enum Grouping: String, Sendable, CaseIterable {
    case model, day, week, month, session, project, consumer, source
    /// How turns failed: what Envoy flags, an error's name, or a status.
    case failure
    /// Windows of five hours, as subscriptions count them.
    case block

    /// Whether groups follow each other in time.
    package var isPeriod: Bool {
      switch self {
      case .day, .week, .month, .block: true
      case .model, .session, .project, .consumer, .source, .failure: false
      }
    }

    /// Whether a group is some days of a zone.
    package var isCalendar: Bool { isPeriod && self != .block }
  }

  package var grouping: Grouping
  package var filter: TurnFilter
  /// Whose days, weeks and months.
  package var zone: ZonePeriods

  package init(_ grouping: Grouping, filter: TurnFilter = TurnFilter(), zone: ZonePeriods = .utc) {
    self.grouping = grouping
    self.filter = filter
    self.zone = zone
  }

  /// Behind the group, in this order.
  package static let sums = [
    "turns", "input_tokens", "cached_tokens", "output_tokens", "reasoning_tokens", "total_tokens",
    "cost_usd", "unpriced_turns", "failed_turns", "models", "cache_write_tokens",
    "cache_hit_share", "saved_usd", "tool_calls", "suspect_turns", "first", "last", "cost_nano",
    "saved_nano",
  ]

  /// Behind these, of blocks: how fast tokens and money went from the first turn to the last, and how
  /// many hours without a turn lie between the block before and this one.
  package static let rates = ["tokens_per_minute", "usd_per_hour", "gap_hours"]

  /// All columns of the grouping.
  package var columns: [String] { Self.sums + (grouping == .block ? Self.rates : []) }

  /// A row for each group, whose column is named like the grouping, before the columns.
  ///
  /// Turns without a session, a consumer … are a group, too. Periods ascend; of other groups the dearest comes first.
  package func sql(_ columns: [String]? = nil) -> String {
    let columns = columns ?? self.columns
    let gap =
      columns.contains("gap_hours")
      ? ", nullif(max(g.grp - lag(g.grp) OVER (ORDER BY g.grp) - 5, 0), 0) AS gap_hours" : ""
    let order =
      grouping.isPeriod ? "g.grp" : "sum(cost) DESC NULLS LAST, sum(turns) DESC, g.grp"
    let list = TurnSums.list(columns)
    return """
      \(prelude)SELECT \(shown) AS \(grouping.rawValue), \(list)\(gap)
      FROM (
        SELECT \(group) AS grp, (SELECT text FROM turn_label WHERE id = model) AS model_name,
        \(TurnSums.inner(for: list + order))
        FROM turn\(join)\(filter.whereClause) GROUP BY 1, turn.model
      ) g GROUP BY g.grp ORDER BY \(order)
      """
  }

  private var local: String { zone.local("turn.time_us/1000000") }

  /// What turns of one group have in common.
  private var group: String {
    switch grouping {
    case .model: "turn.model"
    case .day: "date(\(local), 'unixepoch')"
    case .week: "date(\(local), 'unixepoch', '-6 days', 'weekday 1')"
    case .month: "strftime('%Y-%m', \(local), 'unixepoch')"
    case .session: "turn.session"
    case .project: TurnSums.project(session: "turn.session")
    case .consumer: "turn.consumer"
    case .source: "turn.log_id >> 36"
    case .failure:
      "coalesce((SELECT text FROM turn_label WHERE id = turn.failure), iif(status >= 400, CAST(status AS TEXT), NULL))"
    case .block: "slot.start"
    }
  }

  private var shown: String {
    switch grouping {
    case .model, .project, .consumer: "(SELECT text FROM turn_label WHERE id = g.grp)"
    case .day, .week, .month, .failure: "g.grp"
    case .session: "(SELECT key FROM session WHERE id = g.grp)"
    case .source: "(SELECT name FROM source WHERE id = g.grp)"
    case .block: SQLText.timeText(seconds: "g.grp * 3600")
    }
  }

  /// The table `slot`, in which each hour that has turns finds the hour in which its block begins.
  ///
  /// A block begins with the hour of its first turn, and the first turn five hours behind that, or
  /// later, begins the next. Where an agent was told when its limit is lifted, a block ends before that.
  private var prelude: String {
    guard grouping == .block else { return "" }
    return """
      WITH RECURSIVE lifted AS MATERIALIZED (
        SELECT DISTINCT CAST(substr(text, instr(text, '|') + 1) AS INTEGER)/3600 AS hour
        FROM turn_label WHERE text GLOB '*limit reached|[0-9]*'
      ), hour AS MATERIALIZED (
        SELECT \(Self.hour) AS hour, row_number() OVER (ORDER BY \(Self.hour)) AS n
        FROM turn\(filter.whereClause) GROUP BY 1
      ), known AS MATERIALIZED (
        SELECT n, hour,
          (SELECT min(l.hour) - 5 FROM lifted l WHERE l.hour > hour.hour AND l.hour - 5 <= hour.hour) AS start
        FROM hour
      ), slot(n, hour, start) AS (
        SELECT n, hour, coalesce(start, hour) FROM known WHERE n = 1
        UNION ALL
        SELECT k.n, k.hour, coalesce(k.start, iif(k.hour >= slot.start + 5, k.hour, slot.start))
        FROM slot JOIN known k ON k.n = slot.n + 1
      )

      """
  }

  private static let hour = "turn.time_us/3600000000"

  private var join: String {
    grouping == .block ? " JOIN slot ON slot.hour = \(Self.hour)" : ""
  }
}
