/// The turns of one session, the oldest first.
package struct TimelineQuery: Sendable, Equatable {
  /// Nil: the turns that name no session.
  package var session: String?
  package var filter: TurnFilter
  /// Whether question, answer and the names of tools are read from the turns' lines.
  package var includesContent: Bool

  package init(session: String?, filter: TurnFilter = TurnFilter(), includesContent: Bool = false) {
    self.session = session
    self.filter = filter
    self.includesContent = includesContent
  }

  /// Those of the view `turns`, and behind them `question`, `answer` and `tool_names` where content is included.
  package static let columns = [
    "session", "time", "model", "input_tokens", "cached_tokens", "output_tokens",
    "reasoning_tokens", "total_tokens", "cost_usd", "latency_ms", "first_token_ms", "tool_calls",
    "status", "failure", "log_id", "id", "source", "agent", "consumer", "route", "round",
    "cache_write_5m_tokens", "cache_write_1h_tokens", "saved_usd", "cost_nano", "price_match",
    "service_tier", "saved_nano", "suspect", "invalid_time",
  ]

  package func sql(_ columns: [String] = columns) -> String {
    guard includesContent else {
      let list = columns.map { "t.\($0) AS \($0)" }.joined(separator: ", ")
      return "SELECT \(list)\nFROM turns t\nWHERE \(condition) ORDER BY t.time_us, t.id"
    }
    return """
      \(said(filter.condition))
      SELECT \(columns.map { "said.\($0) AS \($0)" }.joined(separator: ", ")), \(TurnContent.question) AS question,
        \(TurnContent.answer) AS answer,
        \(TurnContent.tools) AS tool_names
      FROM \(TurnContent.join) ORDER BY said.time_us, said.id
      """
  }

  /// A row if any of the turns, or of the first so many, has content.
  package func hasContentSQL(first: Int? = nil) -> String {
    let some = first.map {
      " AND t.id IN (SELECT t.id FROM turns t WHERE \(condition) ORDER BY t.time_us, t.id LIMIT \($0))"
    }
    return """
      \(said(filter.condition + (some ?? "")))
      SELECT 1 FROM \(TurnContent.join)
      WHERE coalesce(\(TurnContent.question), \(TurnContent.answer), \(TurnContent.tools)) IS NOT NULL
      LIMIT 1
      """
  }

  /// Of `turns t`.
  package var condition: String {
    filter == TurnFilter() ? named : "\(named) AND \(filter.condition)"
  }

  private func said(_ condition: String) -> String {
    TurnContent.said(named, name: session.map(SQLText.quoted) ?? "NULL", condition)
  }

  private var named: String {
    session.map { "t.session = \(SQLText.quoted($0))" } ?? "t.session IS NULL"
  }
}
