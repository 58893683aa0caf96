/// The sessions, a row each; all turns that name none are one row, too.
package struct SessionQuery: Sendable, Equatable {
  /// What comes first.
  package enum Order: String, Sendable, CaseIterable {
    case cost, tokens, turns, errors, last

    fileprivate var sql: String {
      switch self {
      case .cost: "sum(cost) DESC NULLS LAST"
      case .tokens: "sum(input) + sum(output) DESC"
      case .turns: "sum(turns) DESC"
      case .errors: "sum(failed) DESC"
      case .last: "max(last_us) DESC"
      }
    }

    /// The same over the table `turn`.
    fileprivate var ofTurns: String {
      switch self {
      case .cost: "sum(cost_nano) DESC NULLS LAST"
      case .tokens: "sum(\(TurnSums.input)) + sum(\(TurnSums.output)) DESC"
      case .turns: "count(*) DESC"
      case .errors: "sum(\(TurnSums.failed)) DESC"
      case .last: "max(time_us) DESC"
      }
    }
  }

  package var filter: TurnFilter
  package var order: Order
  package var limit: Int?

  package init(filter: TurnFilter = TurnFilter(), order: Order = .last, limit: Int? = nil) {
    self.filter = filter
    self.order = order
    self.limit = limit
  }

  /// Those of the view `sessions`, in its order.
  package static let columns = [
    "session", "first", "last", "turns", "models", "input_tokens", "cached_tokens",
    "output_tokens", "reasoning_tokens", "total_tokens", "cost_usd", "unpriced_turns",
    "failed_turns", "agent", "project", "rounds", "tool_calls", "latency_ms", "first_token_ms",
    "tokens_per_second", "cache_write_tokens", "cache_hit_share", "saved_usd", "suspect_turns",
    "cost_nano", "saved_nano",
  ]

  package func sql(_ columns: [String] = columns) -> String {
    let list = columns.map { name in
      switch name {
      case "session": "(SELECT key FROM session WHERE id = g.session) AS session"
      case "agent":
        "(SELECT l.text FROM session e JOIN turn_label l ON l.id = e.agent WHERE e.id = g.session) AS agent"
      case "project":
        "(SELECT text FROM turn_label WHERE id = \(TurnSums.project(session: "g.session"))) AS project"
      default: TurnSums.list([name])
      }
    }
    let selected = list.joined(separator: ", ")
    let sorted = "\(order.sql), max(last_us) DESC, g.session"
    return """
      SELECT \(selected)
      FROM (
        SELECT turn.session AS session, (SELECT text FROM turn_label WHERE id = model) AS model_name,
        \(TurnSums.inner(for: selected + sorted))
        FROM turn\(shown) GROUP BY turn.session, turn.model
      ) g GROUP BY g.session ORDER BY \(sorted)\(limit.map { " LIMIT \($0)" } ?? "")
      """
  }

  /// ` WHERE …` of the turns whose sums are shown.
  ///
  /// Where not all sessions are, a sum that has little to sort says which.
  private var shown: String {
    let chosen = filter.whereClause
    guard let limit else { return chosen }
    let first = """
      coalesce(turn.session, 0) IN (
          SELECT coalesce(session, 0) FROM (
            SELECT session FROM turn\(chosen) GROUP BY session ORDER BY \(order.ofTurns), max(time_us) DESC, session LIMIT \(limit)))
      """
    return (chosen.isEmpty ? " WHERE " : chosen + " AND ") + first
  }
}
