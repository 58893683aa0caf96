package import Pricing
package import SQLite

/// Reads and adds rows of `price`; none is ever changed, as turns point at them.
package struct PriceTable {
  package init() {}

  /// All prices, those that were added later behind those that they replace.
  package func prices(in db: borrowing Connection) throws(SQLiteError) -> [Price] {
    var statement = try db.prepare(Self.selection + " ORDER BY id")
    var prices: [Price] = []
    while try statement.step() { prices.append(Self.price(statement)) }
    return prices
  }

  package func price(
    id: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Price? {
    var statement = try db.prepare(Self.selection + " WHERE id = ?")
    try statement.bind(1, id)
    return try statement.step() ? Self.price(statement) : nil
  }

  /// Adds what of `list` changes the cost of a turn, and returns that.
  @discardableResult
  package func add(
    _ list: [Price], name: String, hash: Int64, now: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> [Price] {
    try db.run("INSERT INTO price_list(name, hash, loaded_us) VALUES(?, ?, ?)", name, hash, now)
    let id = db.lastInsertRowID
    let changes = PriceBook(try prices(in: db)).changes(in: list)
    try db.insertRows(
      changes.count,
      into: """
        price(list, model, provider, valid_from_us, input, cached, write_5m, write_1h, output, reasoning,
          tier_bound, tier_input, tier_cached, tier_write_5m, tier_write_1h, tier_output, tier_reasoning)
        """, columns: 17
    ) { statement, first, index throws(SQLiteError) in
      let price = changes[index]
      let above = price.tier?.rates
      try statement.bind(first, id)
      try statement.bind(first + 1, price.model)
      try statement.bind(first + 2, price.provider)
      try statement.bind(first + 3, price.validFrom)
      let numbers: [Int64?] = [
        price.rates.input, price.rates.cached, price.rates.write5m, price.rates.write1h,
        price.rates.output, price.rates.reasoning, price.tier?.bound, above?.input, above?.cached,
        above?.write5m, above?.write1h, above?.output, above?.reasoning,
      ]
      for (offset, number) in numbers.enumerated() {
        try statement.bind(first + 4 + Int32(offset), number)
      }
    }
    return changes
  }

  /// What the list of the binary calls a model; nil where it has none.
  package static func listedName(of model: String) -> String? {
    builtInBook.entry(for: model)?.prices.first?.model
  }

  private static let builtInBook = PriceBook((try? PriceList.parse(PriceList.builtIn)) ?? [])

  private static let builtIn = "built-in"

  fileprivate func hasBuiltIn(_ db: borrowing Connection) throws(SQLiteError) -> Bool {
    try isKnown(Self.builtIn, hash: PriceList.hash(of: PriceList.builtIn), in: db)
  }

  fileprivate func addBuiltIn(now: Int64, in db: borrowing Connection) throws(SQLiteError) {
    // Tests read every line of the list.
    guard let list = try? PriceList.parse(PriceList.builtIn) else { return }
    let hash = PriceList.hash(of: PriceList.builtIn)
    try add(list, name: Self.builtIn, hash: hash, now: now, in: db)
  }

  /// Whether a list of this name and text has been added.
  func isKnown(
    _ name: String, hash: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    try db.integer("SELECT 1 FROM price_list WHERE name = ? AND hash = ?", name, hash) != nil
  }

  private static let selection = """
    SELECT id, model, provider, valid_from_us, input, cached, write_5m, write_1h, output, reasoning,
      tier_bound, tier_input, tier_cached, tier_write_5m, tier_write_1h, tier_output, tier_reasoning
    FROM price
    """

  private static func price(_ row: borrowing Statement) -> Price {
    func rates(_ first: Int32) -> Rates {
      Rates(
        input: row.integer(first), cached: row.optionalInteger(first + 1),
        write5m: row.optionalInteger(first + 2), write1h: row.optionalInteger(first + 3),
        output: row.integer(first + 4), reasoning: row.optionalInteger(first + 5))
    }
    return Price(
      id: row.integer(0), model: row.text(1), provider: row.optionalText(2),
      validFrom: row.integer(3), rates: rates(4),
      tier: row.optionalInteger(10).map { Price.Tier(bound: $0, rates: rates(11)) })
  }
}

extension Store {
  /// Adds the prices that this binary carries, unless an earlier run did so.
  func loadBuiltInPrices(now: Int64) throws(StorageError) {
    let isKnown = try wrap { db throws(SQLiteError) in try PriceTable().hasBuiltIn(db) }
    guard !isKnown else { return }
    try write { db throws(SQLiteError) in
      // Another process may have been faster.
      guard try !PriceTable().hasBuiltIn(db) else { return }
      try PriceTable().addBuiltIn(now: now, in: db)
    }
  }

  /// A store that has nothing but these prices, and is gone with the process.
  package static func ofBuiltInPrices(now: Int64) throws(StorageError) -> Store {
    let store = try inMemory(now: now)
    try store.wrap { db throws(SQLiteError) in try PriceTable().addBuiltIn(now: now, in: db) }
    return store
  }
}
