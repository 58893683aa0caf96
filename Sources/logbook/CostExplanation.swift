import LogModel
import Pricing
import Reporting
import SQLite
import Storage

/// How the cost of a turn comes about: a row for each class of tokens, and one for their total.
enum CostExplanation {
  private static let columns = [
    "time", "model", "class", "tokens", "usd_per_mtok", "cost_usd", "session", "turn", "price",
    "price_match", "price_from", "tier", "service_tier", "log_id",
  ]
  private static let tableColumns = 6

  /// The turns, with what they were billed; `condition` is over `turns t`.
  static func sql(_ condition: String) -> String {
    """
    SELECT t.id, t.time, t.model, t.session, t.log_id, t.price_id, t.price_match, t.cost_nano, u.input, u.cache_read,
      u.cache_write_5m, u.cache_write_1h, u.output, u.reasoning, t.service_tier
    FROM turns t JOIN turn u ON u.id = t.id
    WHERE \(condition) ORDER BY t.time_us, t.id
    """
  }

  /// Whether there was a turn.
  static func write(
    _ condition: String, _ db: borrowing Connection, _ options: ResultOptions
  ) throws -> Bool {
    var writer = ResultWriter(options, hasFineMoney: true)
    let isTable = options.format == .table
    let shown = isTable ? tableColumns : columns.count
    writer.begin(Array(columns[..<shown]))
    var prices: [Int64: Price] = [:]
    var turn = try db.prepare(sql(condition))
    while writer.isOpen, try turn.step() {
      var price: Price?
      if let id = turn.optionalInteger(5) {
        if prices[id] == nil { prices[id] = try PriceTable().price(id: id, in: db) }
        price = prices[id]
      }
      for row in rows(turn, price, namesTiers: isTable) { writer.row(Array(row[..<shown])) }
    }
    try writer.end()
    return writer.rows > 0
  }

  /// - Parameter namesTiers: Whether a class says by which tier of the price and of the service it is billed.
  private static func rows(
    _ turn: borrowing Statement, _ price: Price?, namesTiers: Bool
  ) -> [[Value]] {
    let tokens = TokenUsage(
      uncachedInput: turn.integer(8), cacheRead: turn.integer(9), cacheWrite5m: turn.integer(10),
      cacheWrite1h: turn.integer(11), visibleOutput: turn.integer(12), reasoning: turn.integer(13))
    let cost = price.flatMap { Cost(of: tokens, at: $0, tier: turn.optionalText(14)) }
    let from = price.flatMap { $0.validFrom == 0 ? nil : Instant.text($0.validFrom) }
    let (time, model, session) = (Value(turn, 1), Value(turn, 2), Value(turn, 3))
    let (id, line, match) = (Value(turn, 0), Value(turn, 4), Value(turn, 6))
    func row(_ name: String, _ tokens: Int64, rate: Value, cost: Value) -> [Value] {
      [
        time, model, .text(name), .integer(tokens), rate, cost, session, id,
        price.map { .text($0.model) } ?? .null, match, from.map { .text($0) } ?? .null,
        cost == .null ? .null : .integer(usesTier ? 1 : 0), Value(turn, 14), line,
      ]
    }
    let usesTier = cost?.usesTier ?? false
    var tiers = ""
    if namesTiers, let price, cost != nil {
      if usesTier, let bound = price.tier?.bound { tiers += " >\(bound / 1000)k" }
      if let service = turn.optionalText(14) { tiers += " " + service }
    }
    var rows = (cost?.terms ?? []).map { term in
      row(
        term.tokenClass.rateName + tiers, term.tokens, rate: .real(Double(term.rate) / 1e6),
        cost: .real(Double(term.picoUSD) / 1e12))
    }
    let billed = turn.optionalInteger(7).map { Value.real(Double($0) / 1e9) } ?? .null
    let count = TokenClass.allCases.map { tokens[$0] }.reduce(0, &+)
    rows.append(row("total", count, rate: .null, cost: billed))
    return rows
  }
}

extension TokenClass {
  /// The column of `prices` that holds its price.
  var rateName: String {
    switch self {
    case .input: "input"
    case .cacheRead: "cached"
    case .cacheWrite5m: "write_5m"
    case .cacheWrite1h: "write_1h"
    case .output: "output"
    case .reasoning: "reasoning"
    }
  }
}
