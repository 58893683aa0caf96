import LogModel
package import SQLite

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
