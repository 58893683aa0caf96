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

/// Finds turns in chunks, of which it keeps the last ones that it has read.
package struct PackedTurns {
  private static let maxKept = 8

  private let names: [Int64: String]
  private let sessions: [Int64: String]
  private var kept: [(chunk: Int64, turns: [PackedTurn], places: [Int64: Int])] = []
  private let spans: [Span]

  private struct Span {
    var chunk: Int64
    var lines: ClosedRange<Int64>
    var keys: ClosedRange<Int64>
  }

  package init(reading db: borrowing Connection) throws(SQLiteError) {
    names = try Self.texts("SELECT id, text FROM turn_label", db)
    sessions = try Self.texts("SELECT id, key FROM session", db)
    var row = try db.prepare(
      "SELECT first_id, first_line, last_line, min_key, max_key FROM turn_chunk ORDER BY first_id")
    var spans: [Span] = []
    while try row.step() {
      spans.append(
        Span(
          chunk: row.integer(0), lines: row.integer(1)...max(row.integer(1), row.integer(2)),
          keys: row.integer(3)...max(row.integer(3), row.integer(4))))
    }
    self.spans = spans
  }

  private static func texts(
    _ sql: String, _ db: borrowing Connection
  ) throws(SQLiteError) -> [Int64: String] {
    var row = try db.prepare(sql)
    var texts: [Int64: String] = [:]
    while try row.step() { texts[row.integer(0)] = row.text(1) }
    return texts
  }

  /// The turn with this key that `line`, or one of its source with the same record, shows.
  package mutating func turn(
    key: Int64, line: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> StoredTurn? {
    let spans = spans
    // One wrong time makes a chunk's keys reach across all others: lines tell more.
    for isNear in [true, false] {
      for span in spans
      where span.keys.contains(key) && span.lines.contains(line) == isNear
        && span.lines.lowerBound >> 36 == line >> 36
      {
        let place = try place(of: span.chunk, db)
        if let index = kept[place].places[key] { return stored(kept[place].turns[index]) }
      }
    }
    return nil
  }

  /// Those of lines in the range.
  package mutating func turns(
    of lines: Range<Int64>, in db: borrowing Connection
  ) throws(SQLiteError) -> [StoredTurn] {
    guard let last = lines.last else { return [] }
    var found: [StoredTurn] = []
    for chunk in try TurnChunkTable().chunks(.init(lines: lines.lowerBound...last), in: db) {
      let place = try place(of: chunk, db)
      for turn in kept[place].turns where lines.contains(turn.logID) { found.append(stored(turn)) }
    }
    return found
  }

  /// Where a chunk is among those that are kept: at the end.
  private mutating func place(
    of chunk: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int {
    if let place = kept.firstIndex(where: { $0.chunk == chunk }) {
      if place < kept.count - 1 { kept.append(kept.remove(at: place)) }
    } else {
      if kept.count >= Self.maxKept { kept.removeFirst() }
      let turns = try TurnChunkTable().turns(of: chunk, in: db)
      var places: [Int64: Int] = [:]
      for index in turns.indices { places[turns[index].key] = index }
      kept.append((chunk, turns, places))
    }
    return kept.count - 1
  }

  private func stored(_ packed: PackedTurn) -> StoredTurn {
    func name(_ column: PackedTurn.Column) -> String? { packed[column].flatMap { names[$0] } }
    var turn = TurnRow(
      logID: packed.logID, time: packed.time, model: name(.model), tokens: packed.tokens)
    turn.session = packed[.session].flatMap { sessions[$0] }
    turn.agent = name(.agent)
    turn.isSuspect = packed[.suspect] == 1
    turn.toolCalls = Int(packed[.tool_calls] ?? 0)
    turn.latencyMilliseconds = packed[.latency_ms]
    turn.firstTokenMilliseconds = packed[.first_token_ms]
    turn.isStream = packed[.stream].map { $0 != 0 }
    turn.status = packed[.status]
    turn.failure = name(.failure)
    turn.consumer = name(.consumer)
    turn.route = name(.route)
    turn.round = packed[.round]
    turn.key = packed.key
    (turn.rank, turn.tie) = packed.rank
    turn.hasInvalidTime = packed[.invalid_time] == 1
    turn.claimedReasoning = packed[.claimed_reasoning]
    turn.serviceTier = name(.tier)
    return StoredTurn(
      id: packed.id, row: turn, price: packed[.price], nanoUSD: packed[.cost_nano],
      savedNanoUSD: packed[.saved_nano])
  }
}
