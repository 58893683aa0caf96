import LogModel
import Pricing
import Querying
import SQLite
import Storage
import TestSupport
import Testing

/// What was used in a group.
private struct Sums: Equatable {
  var turns: Int64 = 0
  var input: Int64 = 0
  var cached: Int64 = 0
  var output: Int64 = 0
  var reasoning: Int64 = 0
  var nanoUSD: Int64 = 0
  var unpriced: Int64 = 0
  var failed: Int64 = 0

  static func += (left: inout Sums, right: Sums) {
    left.turns += right.turns
    left.input += right.input
    left.cached += right.cached
    left.output += right.output
    left.reasoning += right.reasoning
    left.nanoUSD += right.nanoUSD
    left.unpriced += right.unpriced
    left.failed += right.failed
  }
}

private let hour: Int64 = 3_600_000_000

/// Random turns, and what is known of them without SQL.
private struct RandomTurns {
  let seed: UInt64
  var rows: [TurnRow] = []
  private let prices: [Price]
  private let book: PriceBook

  init(seed: UInt64 = Seed.value, count: Int) throws {
    self.seed = seed
    prices = try PriceList.parse(PriceList.builtIn)
    book = PriceBook(prices)
    var random = SeededRandom(seed: seed)
    let models = ["gpt-4o", "claude-sonnet-4-5", "gemini-2.5-pro", "o3", "llama3:8b", nil]
    let keys = (0..<7).map { "s\($0)" as String? } + [nil]
    func number(_ limit: Int64) -> Int64 {
      Bool.random(using: &random) ? 0 : Int64.random(in: 0...limit, using: &random)
    }
    var time: Int64 = 1_709_164_800_000_000
    for index in 0..<count {
      // Many turns follow closely, some after a pause, a few on the hour to the microsecond.
      time += [0, 1, 60_000_000, hour, 5 * hour, 30 * hour].randomElement(using: &random) ?? 0
      if Int.random(in: 0..<4, using: &random) == 0 { time -= time % hour }
      var row = TurnRow(
        logID: Int64.random(in: 1...3, using: &random) << 36 | Int64(index + 1), time: time,
        model: models.randomElement(using: &random) ?? nil,
        tokens: TokenUsage(
          uncachedInput: number(300_000), cacheRead: number(1 << 16), cacheWrite5m: number(5000),
          cacheWrite1h: number(5000), visibleOutput: number(9000), reasoning: number(900)))
      row.session = keys.randomElement(using: &random) ?? nil
      row.project = row.session.map { $0 < "s3" ? "/a" : "/b" }
      row.consumer = ["x", "y", nil].randomElement(using: &random) ?? nil
      row.failure = Int.random(in: 0..<9, using: &random) == 0 ? "UT" : nil
      row.status = [nil, 200, 399, 400, 503].randomElement(using: &random) ?? nil
      rows.append(row)
    }
    rows.shuffle(using: &random)
  }

  func sums(_ row: TurnRow) -> Sums {
    let entry = row.model.flatMap { book.entry(for: $0) }
    let cost = entry.flatMap { Cost(of: row.tokens, at: $0.price(at: row.time)) }
    let nano = cost?.nanoUSD ?? (row.tokens.isEmpty ? 0 : nil)
    let tokens = row.tokens
    return Sums(
      turns: 1, input: tokens.input,
      cached: tokens.cacheRead, output: tokens.output,
      reasoning: tokens.reasoning, nanoUSD: nano ?? 0, unpriced: nano == nil ? 1 : 0,
      failed: row.failure != nil || (row.status ?? 0) >= 400 ? 1 : 0)
  }

  /// Blocks as ccusage draws them, but half open: a turn opens one where it is five hours or more
  /// behind the block's beginning, or behind the turn before it.
  var blockStarts: [Int64: Int64] {
    var starts: [Int64: Int64] = [:]
    var start: Int64?
    var last: Int64 = 0
    for time in rows.map(\.time).sorted() {
      if start.map({ time - $0 >= 5 * hour || time - last >= 5 * hour }) ?? true {
        start = time - time % hour
      }
      last = time
      starts[time] = start
    }
    return starts
  }

  func group(
    _ row: TurnRow, _ grouping: CostQuery.Grouping, _ blocks: [Int64: Int64], offset: Int64
  ) -> String? {
    let local = Instant.text(row.time + offset)
    switch grouping {
    case .model: return row.model
    case .day: return String(local.prefix(10))
    case .month: return String(local.prefix(7))
    case .week:
      // 1970-01-05 was a Monday.
      let day = (row.time + offset) / (24 * hour)
      return String(Instant.text((day - (day + 3) % 7) * 24 * hour).prefix(10))
    case .session: return row.session
    case .project: return row.project
    case .consumer: return row.consumer
    case .source: return "source-\(row.logID >> 36)"
    case .block: return blocks[row.time].map { Instant.text($0) }
    case .failure: return row.failure ?? row.status.flatMap { $0 >= 400 ? String($0) : nil }
    }
  }

  func store() throws -> Store {
    let store = try Store.inMemory(now: 1)
    try PackedTurnTable.install(on: store.db)
    var table = TurnTable()
    try store.db.transaction { db throws(SQLiteError) in
      for id in 1...3 as ClosedRange<Int64> {
        let row = SourceRow(id: id, name: "source-\(id)", kind: "file", family: nil)
        try SourceTable().insert(row, in: db)
      }
      // Prices first: each turn is billed as it comes.
      try PriceTable().add(prices, name: "list", hash: 1, now: 1, in: db)
      try table.insert(rows, in: db)
    }
    return store
  }
}

@Suite struct TurnSumsTests {
  private static let columns = [
    "turns", "input_tokens", "cached_tokens", "output_tokens", "reasoning_tokens", "cost_nano",
    "unpriced_turns", "failed_turns",
  ]

  private func groups(
    _ sql: String, _ db: borrowing Connection
  ) throws -> [String?: Sums] {
    var found: [String?: Sums] = [:]
    var row = try db.prepare(sql)
    while try row.step() {
      let sums = Sums(
        turns: row.integer(1), input: row.integer(2), cached: row.integer(3),
        output: row.integer(4), reasoning: row.integer(5), nanoUSD: row.integer(6),
        unpriced: row.integer(7), failed: row.integer(8))
      #expect(found.updateValue(sums, forKey: row.optionalText(0)) == nil)
    }
    return found
  }

  /// Both from the same random turns: what SQL says of each group, and what was put into it.
  @Test(arguments: CostQuery.Grouping.allCases)
  func `every grouping holds every turn once, to the nano-dollar`(
    _ grouping: CostQuery.Grouping
  ) throws {
    for offset in [0, 8 * 3600, -5 * 3600 - 1800] as [Int64] {
      let turns = try RandomTurns(count: 400)
      let store = try turns.store()
      let query = CostQuery(grouping, zone: ZonePeriods([(.min, offset)]))
      let blocks = turns.blockStarts
      var expected: [String?: Sums] = [:]
      for row in turns.rows {
        let name = turns.group(row, grouping, blocks, offset: offset * 1_000_000)
        expected[name, default: Sums()] += turns.sums(row)
      }
      let actual = try groups(query.sql(Self.columns), store.db)
      #expect(actual == expected, "seed \(turns.seed)")
    }
  }

  @Test func `a block ends where the agent was told that its limit is lifted`() throws {
    // 2026-03-02T10:00Z.
    let ten: Int64 = 1_772_445_600_000_000
    let store = try Store.inMemory(now: 1)
    try PackedTurnTable.install(on: store.db)
    let minutes: [Int64] = [20, 230, 235, 240, 250, 540, 600]
    let rows = minutes.enumerated().map { index, minute in
      var row = TurnRow(
        logID: 1 << 36 | Int64(index + 1), time: ten + minute * 60_000_000, model: "m",
        tokens: TokenUsage(uncachedInput: 1))
      // At 14:00.
      if minute == 235 { row.failure = "Claude AI usage limit reached|1772460000" }
      return row
    }
    var table = TurnTable()
    try store.db.transaction { db throws(SQLiteError) in
      let source = SourceRow(id: 1, name: "s", kind: "file", family: nil)
      try SourceTable().insert(source, in: db)
      try table.insert(rows, in: db)
    }
    var blocks: [String?] = []
    var row = try store.db.prepare(CostQuery(.block).sql(["turns", "gap_hours"]))
    while try row.step() {
      blocks.append(
        "\(row.text(0).dropFirst(11).prefix(5)) \(row.text(1)) \(row.optionalText(2) ?? "-")")
    }
    #expect(blocks == ["09:00 3 -", "14:00 2 -", "19:00 2 -"])
  }

  @Test func `the views add up to the turns`() throws {
    let turns = try RandomTurns(count: 500)
    let store = try turns.store()
    var total = Sums()
    for row in turns.rows { total += turns.sums(row) }
    let list = Self.columns.map { "sum(\($0))" }.joined(separator: ", ")
    for view in ["sessions", "costs"] {
      let sums = try groups("SELECT NULL, \(list) FROM \(view)", store.db)
      #expect(sums == [nil: total], "\(view), seed \(turns.seed)")
    }
    let each = """
      SELECT NULL, count(*), sum(input_tokens), sum(cached_tokens), sum(output_tokens), sum(reasoning_tokens),
        sum(cost_nano), sum(cost_usd IS NULL), sum(failed) FROM turns
      """
    #expect(try groups(each, store.db) == [nil: total], "seed \(turns.seed)")
  }

  @Test func `the view sessions has the rows of the command`() throws {
    let turns = try RandomTurns(count: 300)
    let store = try turns.store()
    func rows(_ sql: String) throws -> [[String]] {
      var found: [[String]] = []
      var row = try store.db.prepare(sql)
      while try row.step() {
        found.append(
          (0..<row.columnCount).map { "\(row.columnName($0))=\(row.optionalText($0) ?? "-")" })
      }
      return found.sorted { $0[0] < $1[0] }
    }
    let command = try rows(SessionQuery().sql())
    #expect(command.count == 8)
    #expect(command == (try rows("SELECT * FROM sessions")), "seed \(turns.seed)")
  }

  @Test(arguments: SessionQuery.Order.allCases)
  func `the first sessions are the first of all, and no others`(_ order: SessionQuery.Order) throws
  {
    let turns = try RandomTurns(count: 300)
    let store = try turns.store()
    func rows(_ query: SessionQuery, _ columns: [String]) throws -> [[String?]] {
      var found: [[String?]] = []
      var row = try store.db.prepare(query.sql(columns))
      while try row.step() { found.append((0..<row.columnCount).map { row.optionalText($0) }) }
      return found
    }
    let some = ["session", "last", "models", "cost_usd"]
    for filter in [TurnFilter(), TurnFilter(since: turns.rows[0].time, sources: ["*-2"])] {
      for columns in [SessionQuery.columns, some] {
        let all = try rows(SessionQuery(filter: filter, order: order), columns)
        for limit in [0, 1, 3, 100] {
          let first = try rows(SessionQuery(filter: filter, order: order, limit: limit), columns)
          #expect(first == Array(all.prefix(limit)), "seed \(turns.seed)")
        }
      }
    }
  }

  @Test func `a filter takes turns, not groups`() throws {
    let turns = try RandomTurns(count: 300)
    let store = try turns.store()
    let times = turns.rows.map(\.time).sorted()
    let (since, until) = (times[50], times[200])
    let filter = TurnFilter(since: since, until: until, sources: ["*-2", "source-3"])
    let kept = turns.rows.filter {
      $0.time >= since && $0.time < until && $0.logID >> 36 != 1
    }
    var total = Sums()
    for row in kept { total += turns.sums(row) }
    let list = Self.columns.map { "sum(\($0))" }.joined(separator: ", ")
    for grouping in [CostQuery.Grouping.session, .block, .day] {
      let sql = "SELECT NULL, \(list) FROM (\(CostQuery(grouping, filter: filter).sql()))"
      #expect(try groups(sql, store.db) == [nil: total], "seed \(turns.seed)")
    }
    let sessions = SessionQuery(filter: filter, order: .cost).sql()
    let sum = try groups("SELECT NULL, \(list) FROM (\(sessions))", store.db)
    #expect(sum == [nil: total], "seed \(turns.seed)")
    let timeline = TimelineQuery(session: "s1", filter: filter).sql(["log_id"])
    let count = try store.db.integer("SELECT count(*) FROM (\(timeline))")
    #expect(count == Int64(kept.count { $0.session == "s1" }), "seed \(turns.seed)")
  }

  @Test func `days follow the clock of the zone over a change of its offset`() throws {
    // At 2026-03-29T01:00Z Berlin goes from one hour to two.
    let change: Int64 = 1_774_746_000
    let zone = ZonePeriods([(.min, 3600), (change, 7200)])
    let store = try Store.inMemory(now: 1)
    try PackedTurnTable.install(on: store.db)
    var table = TurnTable()
    let seconds: [Int64] = [
      1_774_738_800 - 1, 1_774_738_800, change - 1, change, 1_774_821_600 - 1, 1_774_821_600,
    ]
    try store.db.transaction { db throws(SQLiteError) in
      let rows = seconds.map {
        TurnRow(logID: 1 << 36 | $0, time: $0 * 1_000_000, tokens: TokenUsage(uncachedInput: 1))
      }
      try table.insert(rows, in: db)
    }
    var found: [String] = []
    var row = try store.db.prepare(CostQuery(.day, zone: zone).sql(["turns"]))
    while try row.step() { found.append("\(row.text(0)) \(row.integer(1))") }
    #expect(found == ["2026-03-28 1", "2026-03-29 4", "2026-03-30 1"])
  }

  @Test(
    arguments: [
      (.last, ["c", "b", "a"]), (.cost, ["a", "c", "b"]), (.tokens, ["b", "a", "c"]),
      (.turns, ["c", "b", "a"]), (.errors, ["b", "c", "a"]),
    ] as [(SessionQuery.Order, [String])])
  func `sessions come in the order that was asked for`(
    _ order: SessionQuery.Order, _ expected: [String]
  ) throws {
    let store = try Store.openForWriting(path: scratch.file("logbook.db"), now: 1)
    try PackedTurnTable.install(on: store.db)
    var table = TurnTable()
    // Session, time, model, tokens, status.
    let turns: [(String, Int64, String, Int64, Int64)] = [
      ("a", 1, "gpt-4", 1000, 200), ("b", 2, "gpt-4o-mini", 5000, 500),
      ("c", 3, "gpt-4o", 400, 200), ("c", 4, "gpt-4o", 400, 200),
    ]
    try store.write { db throws(SQLiteError) in
      try table.insert(
        turns.map { session, time, model, tokens, status in
          var row = TurnRow(
            logID: time, time: 1_800_000_000_000_000 + time, model: model,
            tokens: TokenUsage(uncachedInput: tokens))
          row.session = session
          row.status = status
          return row
        }, in: db)
    }
    var found: [String] = []
    var row = try store.db.prepare(SessionQuery(order: order).sql())
    while try row.step() { found.append(row.text(0)) }
    #expect(found == expected)
    let first = SessionQuery(order: order, limit: 1).sql()
    #expect(try store.db.text("SELECT group_concat(session) FROM (\(first))") == expected[0])
  }

  private let scratch = Scratch()
}
