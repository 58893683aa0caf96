import LogModel
package import SQLite

/// A row of `turn`, with its names in words.
package struct StoredTurn: Sendable {
  package var id: Int64
  /// Without `isShared`.
  package var row: TurnRow
  package var price: Int64?
  package var nanoUSD: Int64?
  package var savedNanoUSD: Int64?
}

extension TurnTable {
  /// Of those in rows; `PackedTurns` has the others.
  package func turn(
    key: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> StoredTurn? {
    try turn("t.key = ?", key, db)
  }

  /// Of those in rows.
  package func turn(id: Int64, in db: borrowing Connection) throws(SQLiteError) -> StoredTurn? {
    try turn("t.id = ?", id, db)
  }

  /// Turns without a key, by their lines.
  package func keylessTurns(
    in db: borrowing Connection
  ) throws(SQLiteError) -> [(line: Int64, id: Int64)] {
    var statement = try db.prepare(
      "SELECT log_id, id FROM turn_row WHERE key IS NULL ORDER BY log_id, id")
    var turns: [(line: Int64, id: Int64)] = []
    while try statement.step() { turns.append((statement.integer(0), statement.integer(1))) }
    return turns
  }

  private func turn(
    _ condition: String, _ value: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> StoredTurn? {
    var row = try db.prepare(
      """
      SELECT t.id, t.log_id, t.time_us, e.key, m.text, a.text, t.input, t.cache_read, t.cache_write_5m,
        t.cache_write_1h, t.output, t.reasoning, t.suspect, t.tool_calls, t.latency_ms, t.first_token_ms,
        t.stream, t.status, f.text, c.text, r.text, t.round, t.request_id, t.key, t.rank, t.tie,
        t.invalid_time, t.claimed_reasoning, t.price, t.cost_nano, t.saved_nano, v.text, p.text
      FROM turn_row t LEFT JOIN session e ON e.id = t.session LEFT JOIN turn_label m ON m.id = t.model
        LEFT JOIN turn_label a ON a.id = t.agent LEFT JOIN turn_label f ON f.id = t.failure
        LEFT JOIN turn_label c ON c.id = t.consumer LEFT JOIN turn_label r ON r.id = t.route
        LEFT JOIN turn_label v ON v.id = t.tier LEFT JOIN turn_label p ON p.id = t.project
      WHERE \(condition)
      """)
    try row.bind(1, value)
    guard try row.step() else { return nil }
    let tokens = TokenUsage(
      uncachedInput: row.integer(6), cacheRead: row.integer(7), cacheWrite5m: row.integer(8),
      cacheWrite1h: row.integer(9), visibleOutput: row.integer(10), reasoning: row.integer(11))
    var turn = TurnRow(
      logID: row.integer(1), time: row.integer(2), model: row.optionalText(4), tokens: tokens)
    turn.session = row.optionalText(3)
    turn.agent = row.optionalText(5)
    turn.isSuspect = row.integer(12) != 0
    turn.toolCalls = row.int(13)
    turn.latencyMilliseconds = row.optionalInteger(14)
    turn.firstTokenMilliseconds = row.optionalInteger(15)
    turn.isStream = row.optionalInteger(16).map { $0 != 0 }
    turn.status = row.optionalInteger(17)
    turn.failure = row.optionalText(18)
    turn.consumer = row.optionalText(19)
    turn.route = row.optionalText(20)
    turn.round = row.optionalInteger(21)
    turn.requestID = row.optionalText(22)
    turn.key = row.optionalInteger(23)
    turn.rank = row.integer(24)
    turn.tie = row.integer(25)
    turn.hasInvalidTime = row.integer(26) != 0
    turn.claimedReasoning = row.optionalInteger(27)
    turn.serviceTier = row.optionalText(31)
    turn.project = row.optionalText(32)
    return StoredTurn(
      id: row.integer(0), row: turn, price: row.optionalInteger(28),
      nanoUSD: row.optionalInteger(29), savedNanoUSD: row.optionalInteger(30))
  }
}
