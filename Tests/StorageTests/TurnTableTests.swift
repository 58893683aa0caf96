import LogModel
import Pricing
import SQLite
import Storage
import TestSupport
import Testing

@Suite struct TurnTableTests {
  private let scratch = Scratch()

  /// The number of a line of source 1.
  private func line(_ number: Int64, source: Int64 = 1) -> Int64 { source << 36 | number }

  private func insert(_ turns: [TurnRow], in store: borrowing Store) throws {
    var table = TurnTable()
    try store.db.transaction { db throws(SQLiteError) in try table.insert(turns, in: db) }
  }

  private func turn(
    _ number: Int64, session: String? = nil, model: String? = "gpt-4o",
    tokens: TokenUsage = TokenUsage(uncachedInput: 250, cacheRead: 400, visibleOutput: 450),
    key: Int64? = nil, rank: Int64 = 0, agent: String? = nil
  ) -> TurnRow {
    var turn = TurnRow(
      logID: line(number), time: 1_800_000_000_000_000 + number, model: model, tokens: tokens)
    turn.session = session
    turn.key = key
    turn.rank = rank
    turn.agent = agent
    return turn
  }

  @Test func `a turn is stored with its names, its price and its cost`() throws {
    let store = try makeStore(scratch)
    var full = turn(7, session: "s/1", key: .min, rank: 3)
    full.agent = "higress"
    full.project = "/home/ada/shop"
    full.isSuspect = true
    full.toolCalls = 2
    full.latencyMilliseconds = 990
    full.firstTokenMilliseconds = 425
    full.isStream = true
    full.status = 200
    full.failure = "UT"
    full.consumer = "clawdbot"
    full.route = "ai@chat"
    full.round = 3
    full.requestID = "r-1"
    try insert([full, turn(8, model: nil, tokens: TokenUsage())], in: store)
    let rows = try store.db.text(
      """
      SELECT group_concat(r, char(10)) FROM (SELECT concat AS r FROM (SELECT json_array(session, time, model,
        input_tokens, cached_tokens, output_tokens, reasoning_tokens, total_tokens, cost_usd, latency_ms,
        first_token_ms, tool_calls, status, failure, log_id, source, agent, project, consumer, route, round,
        request_id, stream, saved_usd, cost_nano, failed, suspect, price_match) AS concat FROM turns ORDER BY id))
      """)
    #expect(
      rows == """
        ["s/1","2027-01-15T08:00:00.000007Z","gpt-4o",650,400,450,0,1100,0.005625,990,425,2,200,"UT",68719476743,\
        "source-1","higress","/home/ada/shop","clawdbot","ai@chat",3,"r-1",1,0.0005,5625000,1,1,"exact"]
        [null,"2027-01-15T08:00:00.000008Z",null,0,0,0,0,0,0.0,null,null,0,null,null,68719476744,\
        "source-1",null,null,null,null,null,null,null,0.0,0,0,0,null]
        """)
    #expect(try store.db.integer("SELECT key FROM turn WHERE id = 1") == .min)
  }

  @Test func `a turn of another service costs its multiple, also when it is billed anew`() throws {
    let store = try makeStore(scratch)
    var half = turn(1)
    half.serviceTier = "batch"
    var same = turn(2)
    same.serviceTier = "unheard-of"
    try insert([half, same], in: store)
    let rows =
      "SELECT group_concat(service_tier || ' ' || cost_nano || ' ' || saved_nano, ';') FROM turns"
    let expected = "batch 2812500 250000;unheard-of 5625000 500000"
    #expect(try store.db.text(rows) == expected)
    let recosting = try Recosting.recost(since: 0, in: store)
    #expect(recosting.changed == 0 && recosting.turns == 2)
    #expect(try store.db.text(rows) == expected)
  }

  @Test func `names that become one are one, and turns and sessions follow`() throws {
    let store = try makeStore(scratch)
    var turns = [
      turn(1, session: "s-secret-1"), turn(2, session: "s-secret-2"), turn(3, session: "x"),
    ]
    turns[0].consumer = "secret-1"
    turns[1].consumer = "secret-2"
    turns[2].consumer = "x"
    turns[2].requestID = "r-secret-3"
    try insert(turns, in: store)
    let replace = { (name: String) -> String? in
      name.contains("secret") ? String(name.prefix(1)) : nil
    }
    #expect(
      try store.wrap { db throws(SQLiteError) in try TurnNames().count(in: db, replace) } == 5)
    try store.db.transaction { db throws(SQLiteError) in
      _ = try TurnNames().replace(in: db, replace)
    }
    #expect(
      try store.db.text(
        "SELECT group_concat(session || ' ' || consumer || ' ' || coalesce(request_id, '-'), ';') FROM turns"
      )
        == "s s -;s s -;x x r")
    #expect(try store.db.integer("SELECT count(*) FROM session") == 2)
    #expect(try store.db.integer("SELECT turns FROM sessions WHERE session = 's'") == 2)
  }

  @Test func `a model without a price has no cost and is counted`() throws {
    let store = try makeStore(scratch)
    try insert([turn(1, model: "llama3:8b"), turn(2)], in: store)
    #expect(try store.db.integer("SELECT count(*) FROM turns WHERE cost_usd IS NULL") == 1)
    #expect(try store.db.integer("SELECT unpriced_turns FROM sessions") == 1)
    #expect(try store.db.integer("SELECT cost_nano FROM sessions") == 5_625_000)
  }

  /// Ranks of turns with one key, in the order in which they come, and the index of the one that stays.
  @Test(
    arguments: [
      ([1], 0), ([1, 2], 1), ([2, 1], 0), ([1, 1], 0), ([1, 3, 2, 3], 1), ([-1, 0], 1),
    ] as [([Int64], Int)])
  func `of turns with one key the highest rank stays, whole`(_ ranks: [Int64], _ winner: Int) throws
  {
    // Turns of gateways are in chunks, those of others in rows.
    for (runs, agent) in [
      ([ranks.count], nil), (ranks.map { _ in 1 }, nil), ([ranks.count], "higress"),
      (ranks.map { _ in 1 }, "higress"),
    ] {
      let store = try Store.inMemory(now: 1)
      try PackedTurnTable.install(on: store.db)
      let turns = ranks.enumerated().map { index, rank in
        turn(
          Int64(index + 1), session: "s\(index)", tokens: TokenUsage(uncachedInput: Int64(index)),
          key: 42, rank: rank, agent: agent)
      }
      var rest = turns[...]
      for size in runs {
        try insert(Array(rest.prefix(size)), in: store)
        rest = rest.dropFirst(size)
      }
      #expect(try store.db.integer("SELECT count(*) FROM turn") == 1)
      #expect(try store.db.integer("SELECT log_id FROM turn") == turns[winner].logID)
      #expect(try store.db.text("SELECT session FROM sessions") == "s\(winner)")
      #expect(try store.db.integer("SELECT input_tokens FROM turns") == Int64(winner))
    }
  }

  @Test func `turns without a key are never one`() throws {
    let store = try makeStore(scratch)
    try insert((1...70).map { turn($0) }, in: store)
    #expect(try store.db.integer("SELECT count(*) FROM turn") == 70)
  }

  @Test(arguments: [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]])
  func `a session's project is that of its earliest turn, in whatever order they come`(
    _ order: [Int]
  ) throws {
    let store = try makeStore(scratch)
    var rows: [TurnRow] = []
    for (number, project) in [nil, "/first", "/then", nil].enumerated() {
      var row = turn(Int64(number), session: "s")
      row.time += Int64(number) * 1_000_000
      row.agent = number == 2 ? nil : "codex"
      row.project = project
      rows.append(row)
    }
    for index in order {
      var table = TurnTable()
      try store.write { db throws(SQLiteError) in try table.insert([rows[index]], in: db) }
    }
    for view in ["sessions", "turns", "costs"] {
      let query = "SELECT group_concat(DISTINCT project) FROM \(view)"
      #expect(try store.db.text(query) == "/first")
    }
    #expect(try store.db.text("SELECT agent FROM sessions") == "codex")
    // The earliest one turns out to be a copy of another session's.
    var other = rows[1]
    other.key = 7
    other.session = "t"
    other.rank = 1
    try store.db.execute(
      "UPDATE turn_row SET key = 7 WHERE project = (SELECT id FROM turn_label WHERE text = '/first')"
    )
    var table = TurnTable()
    try store.write { db throws(SQLiteError) in try table.insert([other], in: db) }
    #expect(
      try store.db.text("SELECT group_concat(session || project, ' ') FROM sessions")
        == "s/then t/first")
  }

  @Test func `a forgotten source takes its turns and their names along`() throws {
    let store = try makeStore(scratch)
    var other = turn(1, session: "b", model: "gpt-4")
    other.logID = line(1, source: 2)
    var mine = turn(1, session: "a")
    mine.consumer = "someone"
    try insert([mine, other], in: store)
    try store.write { db throws(SQLiteError) in try TurnTable().remove(source: 1, in: db) }
    #expect(try store.db.text("SELECT group_concat(key) FROM session") == "b")
    #expect(try store.db.text("SELECT group_concat(text) FROM turn_label") == "gpt-4")
    #expect(try store.db.integer("SELECT count(*) FROM turn") == 1)
  }

  @Test func `more sessions and names than are remembered change nothing`() throws {
    let store = try Store.inMemory(now: 1)
    try PackedTurnTable.install(on: store.db)
    var table = TurnTable()
    try store.db.transaction { db throws(SQLiteError) in
      for round in 0..<2 {
        try table.insert(
          (0..<40_000).map { index in
            var row = turn(Int64(index + 1), session: "s\(index)", model: "m\(index)")
            row.round = Int64(round)
            return row
          }, in: db)
      }
    }
    #expect(try store.db.integer("SELECT count(*) FROM session") == 40_000)
    #expect(try store.db.integer("SELECT count(*) FROM turn_label") == 40_000)
    let query = "SELECT count(*) FROM turns WHERE substr(session, 2) = substr(model, 2)"
    #expect(try store.db.integer(query) == 80_000)
  }
}

@Suite struct PriceTableTests {
  private let scratch = Scratch()
  private var path: String { scratch.file("logbook.db") }

  @Test func `a new store knows the built-in prices, and loads them once`() throws {
    let list = try PriceList.parse(PriceList.builtIn)
    for now in 1...2 as ClosedRange<Int64> {
      let store = try Store.openForWriting(path: path, now: now)
      try PackedTurnTable.install(on: store.db)
      var stored = try PriceTable().prices(in: store.db)
      for index in stored.indices { stored[index].id = 0 }
      #expect(stored == list)
      #expect(try store.db.integer("SELECT count(*) FROM price_list") == 1)
      try store.finish()
    }
  }

  @Test func `a list that changes nothing adds nothing, one that does replaces from its day on`()
    throws
  {
    let store = try Store.openForWriting(path: path, now: 1)
    try PackedTurnTable.install(on: store.db)
    let (first, dearer) = try store.write { db throws(SQLiteError) in
      let known = try PriceTable().prices(in: db)
      let same = try PriceTable().add(known, name: "same", hash: 1, now: 1, in: db)
      let price = Price(
        model: "gpt-4o", validFrom: 1_900_000_000_000_000, rates: Rates(input: 7, output: 8))
      return (same, try PriceTable().add([price], name: "new", hash: 2, now: 1, in: db))
    }
    #expect(first == [])
    #expect(dearer.count == 1)
    #expect(
      try store.db.integer("SELECT count(*) FROM prices WHERE model = 'gpt-4o'") == 3)
    #expect(try store.db.text("SELECT list FROM prices WHERE input = 7e-6") == "new")
  }

  @Test func `turns keep their cost until they are billed anew`() throws {
    let store = try Store.openForWriting(path: path, now: 1)
    try PackedTurnTable.install(on: store.db)
    var table = TurnTable()
    try store.write { db throws(SQLiteError) in
      let turns = (1...3).map {
        TurnRow(
          logID: 1 << 36 | $0, time: $0 * 1_000_000, model: $0 == 2 ? "mine" : "gpt-4",
          tokens: TokenUsage(uncachedInput: 1000))
      }
      try table.insert(turns, in: db)
      let prices = ["gpt-4", "mine"].map {
        Price(model: $0, rates: Rates(input: 2_000_000, output: 1))
      }
      try PriceTable().add(prices, name: "new", hash: 3, now: 1, in: db)
    }
    let costs = "SELECT group_concat(coalesce(cost_nano, '-')) FROM turn"
    #expect(try store.db.text(costs) == "30000000,-,30000000")
    let late = try Recosting.recost(since: 2_000_000, in: store)
    #expect(try store.db.text(costs) == "30000000,2000000,2000000")
    #expect([late.turns, late.changed, late.unpriced] == [2, 2, 0])
    #expect([late.beforeNanoUSD, late.afterNanoUSD] == [30_000_000, 4_000_000])
    let all = try Recosting.recost(since: 0, until: 2_000_000, in: store)
    #expect(all.changed == 1 && all.turns == 1)
    #expect(try Recosting.recost(since: 0, in: store).changed == 0)
  }
}

@Suite struct LiteLLMPricesTests {
  private func read(_ json: String) throws -> [Price]? {
    let store = try Store.inMemory(now: 1)
    return try LiteLLMPrices.read(json, validFrom: 5, using: store.db)?.prices
  }

  @Test func `a model's prices are read to the pico-dollar`() throws {
    let prices = try read(
      """
      {"sample_spec":{"mode":"one of chat, embedding","input_cost_per_token":0.0,"output_cost_per_token":0.0},
       "Mistral/Big":{"litellm_provider":"mistral","mode":"chat","input_cost_per_token":1.5e-06,
         "output_cost_per_token":7.5e-06,"output_cost_per_reasoning_token":7.5e-06},
       "text-embedding":{"mode":"embedding","input_cost_per_token":1e-07,"output_cost_per_token":0},
       "no-price":{"mode":"chat"},"free":{"mode":"chat","input_cost_per_token":0,"output_cost_per_token":0},
       "gemini-x":{"mode":"chat","input_cost_per_token":1.25e-06,"cache_read_input_token_cost":1.25e-07,
         "output_cost_per_token":1e-05,"input_cost_per_token_above_200k_tokens":2.5e-06,
         "output_cost_per_token_above_200k_tokens":1.5e-05},
       "claude-y":{"mode":"chat","input_cost_per_token":3e-06,"output_cost_per_token":1.5e-05}}
      """)
    #expect(
      prices == [
        Price(
          model: "mistral/big", provider: "mistral", validFrom: 5,
          rates: Rates(input: 1_500_000, output: 7_500_000)),
        Price(
          model: "claude-y", validFrom: 5,
          rates: Rates(
            input: 3_000_000, cached: 300_000, write5m: 3_750_000, write1h: 6_000_000,
            output: 15_000_000)),
        Price(model: "free", validFrom: 5, rates: Rates(input: 0, output: 0)),
        Price(
          model: "gemini-x", validFrom: 5,
          rates: Rates(input: 1_250_000, cached: 125_000, output: 10_000_000),
          tier: Price.Tier(
            bound: 200_000,
            rates: Rates(input: 2_500_000, cached: 250_000, output: 15_000_000))),
      ])
  }

  @Test(arguments: ["", "[]", "{", "null", "\"text\"", "{\"a\":1}{"])
  func `anything but an object is no list`(_ json: String) throws {
    #expect(try read(json) == nil)
  }

  @Test func `prices that are none are counted`() throws {
    let store = try Store.inMemory(now: 1)
    try PackedTurnTable.install(on: store.db)
    let read = try LiteLLMPrices.read(
      """
      {"a":{"input_cost_per_token":-1,"output_cost_per_token":1},"b":{"input_cost_per_token":"1",
       "output_cost_per_token":1},"c":{"input_cost_per_token":1e-6,"output_cost_per_token":0},"d":{},
       "e":{"input_cost_per_token":1e-6,"output_cost_per_token":1e-6,"cache_read_input_token_cost":-1},
       "f":{"input_cost_per_token":true,"output_cost_per_token":1}}
      """, validFrom: 5, using: store.db)
    #expect(read?.prices.map(\.model) == ["c"])
    #expect(read?.skipped == 4)
  }

  @Test(arguments: ["{}", "{\"m\":3}", "{\"m\":{\"input_cost_per_token\":\"x\"}}"])
  func `an object without a model is an empty one`(_ json: String) throws {
    #expect(try read(json) == [])
  }
}
