import LogModel
import Pricing
import SQLite
import Storage
import TestSupport
import Testing

/// Turns of a gateway, which are in chunks, beside the same turns of another program, which are rows.
@Suite struct `Turns in chunks` {
  private static let programs = ["higress", "openai"]

  /// All that the views say but for the program.
  private static let queries = [
    """
    SELECT json_array(id, session, time, model, input_tokens, cached_tokens, output_tokens, reasoning_tokens, cost_nano,
      saved_nano, latency_ms, first_token_ms, tool_calls, status, failure, log_id, source, consumer, route, round, stream,
      cache_write_5m_tokens, cache_write_1h_tokens, failed, suspect, invalid_time, price_match, service_tier)
    FROM turns ORDER BY id
    """,
    "SELECT json_array(session, first, last, turns, models, total_tokens, cost_nano, failed_turns) FROM sessions ORDER BY session",
    "SELECT json_array(model, day, session, consumer, turns, cost_nano, source) FROM costs ORDER BY 1",
    "SELECT json_array(rank, tie, price, match, claimed_reasoning) FROM turn ORDER BY id",
    "SELECT text FROM turn_label WHERE text NOT IN ('higress', 'openai') ORDER BY 1",
    "SELECT key FROM session ORDER BY 1",
  ]

  private static func rows(_ db: borrowing Connection) throws(SQLiteError) -> [String] {
    var found: [String] = []
    for query in queries {
      var row = try db.prepare(query)
      while try row.step() { found.append(row.text(0)) }
    }
    return found
  }

  private static func turn(_ random: inout SeededRandom, _ number: inout Int64) -> TurnRow {
    let source = Int64.random(in: 1...2, using: &random)
    func maybe(_ range: ClosedRange<Int64>, _ random: inout SeededRandom) -> Int64? {
      Bool.random(using: &random) ? Int64.random(in: range, using: &random) : nil
    }
    number += Int64.random(in: 1...3, using: &random)
    let tokens = TokenUsage(
      uncachedInput: .random(in: 0...5000, using: &random), cacheRead: maybe(0...99, &random) ?? 0,
      cacheWrite5m: maybe(0...9, &random) ?? 0, cacheWrite1h: maybe(0...9, &random) ?? 0,
      visibleOutput: .random(in: 0...900, using: &random), reasoning: maybe(0...50, &random) ?? 0)
    var turn = TurnRow(
      logID: source << 36 | number,
      time: 1_800_000_000_000_000 + number * 1000 + .random(in: -90_000...90_000, using: &random),
      model: ["gpt-4o", "gpt-4", "mine", nil].randomElement(using: &random) ?? nil, tokens: tokens)
    turn.key = source << 40 | .random(in: 0...6000, using: &random)
    turn.session = maybe(1...40, &random).map { "s\($0)" }
    turn.serviceTier = maybe(1...9, &random) == 1 ? "batch" : nil
    turn.claimedReasoning = maybe(1...99, &random)
    turn.isSuspect = maybe(0...9, &random) == 0
    turn.hasInvalidTime = maybe(0...9, &random) == 0
    turn.toolCalls = Int(maybe(0...3, &random) ?? 0)
    turn.latencyMilliseconds = maybe(0...9999, &random)
    turn.firstTokenMilliseconds = maybe(0...999, &random)
    turn.isStream = maybe(0...1, &random).map { $0 == 1 }
    turn.status = maybe(200...500, &random)
    turn.failure = maybe(0...3, &random).map { "f\($0)" }
    turn.consumer = maybe(0...3, &random).map { "c\($0)" }
    turn.route = maybe(0...3, &random).map { "r\($0)" }
    turn.round = maybe(0...30, &random)
    turn.rank = maybe(0...2, &random) ?? 0
    turn.tie = maybe(0...1, &random) ?? 0
    return turn
  }

  @Test(arguments: [1, 2, Seed.value])
  func `say what rows say, whatever becomes of them`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let (scratch, other) = (Scratch(), Scratch())
    let chunks = try makeStore(scratch)
    let rows = try makeStore(other)
    var (inChunks, inRows) = (TurnTable(), TurnTable())
    var number: Int64 = 0
    for step in 1...18 {
      let count = [1, 40, 700, 2500].randomElement(using: &random) ?? 1
      var turns = (0..<count).map { _ in Self.turn(&random, &number) }
      for index in turns.indices { turns[index].agent = Self.programs[0] }
      try chunks.write { db throws(SQLiteError) in try inChunks.insert(turns, in: db) }
      for index in turns.indices { turns[index].agent = Self.programs[1] }
      try rows.write { db throws(SQLiteError) in try inRows.insert(turns, in: db) }
      let time: Int64 = 1_800_000_000_000_000 + .random(in: 0...number, using: &random) * 1000
      let change = Int.random(in: 0..<12, using: &random)
      var results: [String] = []
      try Self.change(chunks, change, step, time, &results)
      try Self.change(rows, change, step, time, &results)
      #expect(results.count == 0 || results[0] == results[1], "seed \(seed), step \(step)")
      if change < 5 { (inChunks, inRows) = (TurnTable(), TurnTable()) }
      guard step % 6 == 0 || change < 4 else { continue }
      let (found, wanted) = (try Self.rows(chunks.db), try Self.rows(rows.db))
      let place = zip(found, wanted).first { $0 != $1 }
      try #require(
        found == wanted,
        "seed \(seed), step \(step), change \(change): \(found.count), \(wanted.count): \(place ?? ("", ""))"
      )
    }
    #expect(try chunks.db.integer("SELECT count(*) FROM turn_row") == 0)
    #expect(try chunks.db.integer("SELECT max(count) <= 4096 FROM turn_chunk") == 1)
    for chunk in try TurnChunkTable().chunks(in: chunks.db) {
      #expect(try TurnChunkTable().isConsistent(chunk, in: chunks.db), "seed \(seed)")
    }
    // The stock shell shows the same.
    let wanted = try Self.rows(chunks.db)
    try chunks.finish()
    let shell = Command.run(
      "sqlite3", [scratch.file("logbook.db")] + Self.queries.map { $0 + ";" })
    #expect(shell.output.split(separator: "\n").map(String.init) == wanted, "seed \(seed)")
  }

  /// What may become of turns; what it says of itself goes into `results`.
  private static func change(
    _ store: borrowing Store, _ change: Int, _ step: Int, _ time: Int64,
    _ results: inout [String]
  ) throws {
    switch change {
    case 0 where step > 12:
      try store.write { db throws(SQLiteError) in try TurnTable().remove(source: 1, in: db) }
    case 1:
      var gone: Int64 = 0
      while try TurnTable().hasTurns(before: time, in: store.db) {
        let left = try TurnTable().count(before: time, in: store.db)
        let removed = try store.write { db throws(SQLiteError) in
          try TurnTable().remove(before: time, limit: 2000, in: db)
        }
        try #require(removed > 0 && removed <= left)
        gone += removed
      }
      results.append("\(gone)")
      try store.write { db throws(SQLiteError) in try TurnTable().removeUnusedNames(in: db) }
    case 2:
      let price = Price(
        model: "mine", validFrom: time,
        rates: Rates(input: 1_000_000 * Int64(step), output: 2_000_000))
      _ = try store.write { db throws(SQLiteError) in
        try PriceTable().add([price], name: "step \(step)", hash: Int64(step), now: 1, in: db)
      }
      let recosting = try Recosting.recost(since: time, in: store)
      results.append(
        "\(recosting.turns) \(recosting.changed) \(recosting.unpriced) \(recosting.beforeNanoUSD) \(recosting.afterNanoUSD)"
      )
    case 3:
      results.append(
        String(
          try store.write { db throws(SQLiteError) in
            try TurnNames().replace(in: db) { name in
              switch name {
              case "s\(step + 4)", "c1": "s3"
              case "s3": "s4"
              case "f2": "f3"
              default: nil
              }
            }
          }))
    default: break
    }
  }

  @Test(arguments: [
    "first_id = 9223372036854775807", "last_id = 9223372036854775807", "size = size * 2",
    "first_line = 9223372036854775807", "min_us = 9223372036854775807", "count = count + 1",
    "keys = x''", "keys = CAST(substr(keys, 2) AS BLOB)", "data = x''",
    "data = CAST(substr(data, 1, 40) || 'U' || substr(data, 42) AS BLOB)",
  ])
  func `are damaged, and nothing breaks off`(_ damage: String) throws {
    let scratch = Scratch()
    let store = try makeStore(scratch)
    var random = SeededRandom(seed: 1)
    var number: Int64 = 0
    func turns() -> [TurnRow] {
      (0..<50).map { _ in
        var turn = Self.turn(&random, &number)
        turn.agent = Self.programs[0]
        turn.logID = 1 << 36 | number
        return turn
      }
    }
    let (first, second) = (turns(), turns())
    try store.write { db throws(SQLiteError) in
      var table = TurnTable()
      try table.insert(first, in: db)
      try db.execute("UPDATE turn_chunk SET \(damage)")
    }
    // Nothing, or an error that says so.
    _ = try? store.write { db throws(SQLiteError) in
      var table = TurnTable()
      try table.insert(second, in: db)
    }
    _ = try? Recosting.recost(since: 0, in: store)
    _ = try? Self.rows(store.db)
    let table = TurnChunkTable()
    let isSound = try table.chunks(in: store.db).allSatisfy { chunk in
      (try? table.isConsistent(chunk, in: store.db)) ?? false
    }
    #expect(!isSound)
  }

  @Test func `belong to their source, whose keys are its own`() throws {
    let scratch = Scratch()
    let store = try makeStore(scratch)
    var turns: [TurnRow] = []
    for source in Int64(1)...3 {
      for number in Int64(1)...20 {
        var turn = TurnRow(
          logID: source << 36 | number, time: number * 1000, model: nil,
          tokens: TokenUsage(uncachedInput: source))
        turn.agent = Self.programs[0]
        turn.key = number
        turns.append(turn)
      }
    }
    try store.write { db throws(SQLiteError) in
      var table = TurnTable()
      for _ in 1...2 { try table.insert(turns, in: db) }
    }
    var packed = try PackedTurns(reading: store.db)
    for turn in turns {
      let key = try #require(turn.key)
      #expect(try packed.turn(key: key, line: turn.logID, in: store.db)?.row == turn)
      // A copy on another line of the source is the same turn.
      let copy = turn.logID + 1000
      #expect(try packed.turn(key: key, line: copy, in: store.db)?.row == turn)
    }
    #expect(try packed.turn(key: 1, line: 4 << 36, in: store.db) == nil)
    #expect(try store.db.integer("SELECT total(count) FROM turn_chunk") == 60)
    for chunk in try TurnChunkTable().chunks(in: store.db) {
      #expect(try TurnChunkTable().isConsistent(chunk, in: store.db))
    }
  }
}
