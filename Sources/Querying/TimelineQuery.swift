/// The turns of one session, the oldest first.
package struct TimelineQuery: Sendable, Equatable {
  /// Nil: the turns that name no session.
  package var session: String?
  package var filter: TurnFilter
  /// Whether question and answer are read from the turns' lines.
  package var includesContent: Bool

  package init(session: String?, filter: TurnFilter = TurnFilter(), includesContent: Bool = false) {
    self.session = session
    self.filter = filter
    self.includesContent = includesContent
  }

  /// Those of the view `turns`, and behind them `question` and `answer` where content is included.
  package static let columns = [
    "session", "time", "model", "input_tokens", "cached_tokens", "output_tokens",
    "reasoning_tokens", "total_tokens", "cost_usd", "latency_ms", "first_token_ms", "tool_calls",
    "status", "failure", "log_id", "id", "source", "agent", "consumer", "route", "round",
    "cache_write_5m_tokens", "cache_write_1h_tokens", "saved_usd", "cost_nano", "price_match",
    "service_tier",
  ]

  package func sql(_ columns: [String] = columns) -> String {
    let list = columns.map { "t.\($0) AS \($0)" }.joined(separator: ", ")
    let content = includesContent ? ", \(Self.question) AS question, \(Self.answer) AS answer" : ""
    let join = includesContent ? " LEFT JOIN log l ON l.id = t.log_id" : ""
    return
      "SELECT \(list)\(content)\nFROM turns t\(join)\nWHERE \(condition) ORDER BY t.time_us, t.id"
  }

  /// A row if any of the turns has content.
  package var hasContentSQL: String {
    "SELECT 1 FROM turns t JOIN log l ON l.id = t.log_id WHERE \(condition)"
      + " AND coalesce(\(Self.question), \(Self.answer)) IS NOT NULL LIMIT 1"
  }

  /// Of `turns t`.
  package var condition: String {
    let named = session.map { "t.session = \(SQLText.quoted($0))" } ?? "t.session IS NULL"
    return filter == TurnFilter() ? named : "\(named) AND \(filter.condition)"
  }

  // A gateway writes both into `ai_log`, a JSON text inside the JSON of the line; a coding agent
  // writes what the model said into `message.content`, a text or an array of parts.
  private static let question = valid(
    "l.message", then: valid(gateway, then: "\(gateway)->>'$.question'"))
  private static let answer = valid(
    "l.message",
    then: """
      coalesce(\(valid(gateway, then: "\(gateway)->>'$.answer'")),
        CASE json_type(l.message, '$.message.content') WHEN 'text' THEN l.message->>'$.message.content'
          WHEN 'array' THEN (SELECT group_concat(value->>'$.text', char(10))
            FROM json_each(l.message, '$.message.content')) END)
      """)
  private static let gateway = "l.message->>'$.ai_log'"

  private static func valid(_ json: String, then value: String) -> String {
    "CASE WHEN json_valid(\(json)) THEN \(value) END"
  }
}
