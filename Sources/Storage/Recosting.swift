import LogModel
import Pricing
import SQLite

/// Bills turns anew by the prices that are stored now.
package struct Recosting: Sendable, Equatable {
  /// Turns looked at, and those of them that cost something else now.
  package private(set) var turns: Int64 = 0
  package private(set) var changed: Int64 = 0
  package private(set) var unpriced: Int64 = 0
  /// Of the turns that have a cost.
  package private(set) var beforeNanoUSD: Int64 = 0
  package private(set) var afterNanoUSD: Int64 = 0

  private var entries: [String: PriceBook.Entry?] = [:]

  private static let turnsAtATime: Int64 = 5000

  /// Bills turns from `since` on, before `until` (microseconds since 1970).
  ///
  /// Some thousand share a transaction: another writer never waits long. The caller holds the run's
  /// lock.
  package static func recost(
    since: Int64, until: Int64? = nil, in store: borrowing Store
  ) throws(StorageError) -> Recosting {
    var recosting = Recosting()
    let book = PriceBook(
      try store.wrap { db throws(SQLiteError) in try PriceTable().prices(in: db) })
    let last = try store.wrap { db throws(SQLiteError) in
      try db.integer("SELECT max(id) FROM turn_row") ?? 0
    }
    var first: Int64 = 1
    while first <= last {
      let range = first..<first + turnsAtATime
      recosting = try store.write { db throws(SQLiteError) in
        var next = recosting
        try next.recost(range, since, until ?? .max, book, db)
        return next
      }
      first = range.upperBound
    }
    let names = try store.wrap { db throws(SQLiteError) in try Self.names(in: db) }
    let times = since...max(since, (until ?? .max) - 1)
    let chunks = try store.wrap { db throws(SQLiteError) in
      try TurnChunkTable().chunks(.init(times: times), in: db)
    }
    for chunk in chunks where since < until ?? .max {
      recosting = try store.write { db throws(SQLiteError) in
        var next = recosting
        try TurnChunkTable().edit(chunk, in: db) { turns in
          next.recost(&turns, times, book, names)
        }
        return next
      }
    }
    return recosting
  }

  private static func names(in db: borrowing Connection) throws(SQLiteError) -> [Int64: String] {
    var row = try db.prepare("SELECT id, text FROM turn_label")
    var names: [Int64: String] = [:]
    while try row.step() { names[row.integer(0)] = row.text(1) }
    return names
  }

  /// Whether a bill is another one.
  private mutating func recost(
    _ packed: inout [PackedTurn], _ times: ClosedRange<Int64>, _ book: PriceBook,
    _ names: [Int64: String]
  ) -> Bool {
    var isChanged = false
    for index in packed.indices where times.contains(packed[index].time) {
      let price = packed[index][.model].flatMap { names[$0] }.flatMap {
        entry($0, packed[index].bill, book)
      }
      let bill = Bill(
        packed[index].tokens, price, at: packed[index].time,
        tier: packed[index][.tier].flatMap { names[$0] })
      count(bill, instead: packed[index][.cost_nano])
      guard bill != packed[index].bill else { continue }
      packed[index].take(bill)
      isChanged = true
    }
    return isChanged
  }

  private mutating func count(_ bill: Bill, instead before: Int64?) {
    turns += 1
    beforeNanoUSD += before ?? 0
    afterNanoUSD += bill.nanoUSD ?? 0
    if bill.nanoUSD == nil { unpriced += 1 }
    if bill.nanoUSD != before { changed += 1 }
  }

  private mutating func recost(
    _ ids: Range<Int64>, _ since: Int64, _ until: Int64, _ book: PriceBook,
    _ db: borrowing Connection
  ) throws(SQLiteError) {
    var changes: [(id: Int64, bill: Bill)] = []
    var row = try db.prepare(
      """
      SELECT t.id, t.time_us, m.text, t.input, t.cache_read, t.cache_write_5m, t.cache_write_1h, t.output,
        t.reasoning, t.price, t.match, t.cost_nano, t.saved_nano, s.text
      FROM turn_row t LEFT JOIN turn_label m ON m.id = t.model LEFT JOIN turn_label s ON s.id = t.tier
      WHERE t.id >= ? AND t.id < ? AND t.time_us >= ? AND t.time_us < ?
      """)
    try row.bind(values: ids.lowerBound, ids.upperBound, since, until)
    while try row.step() {
      let tokens = TokenUsage(
        uncachedInput: row.integer(3), cacheRead: row.integer(4), cacheWrite5m: row.integer(5),
        cacheWrite1h: row.integer(6), visibleOutput: row.integer(7), reasoning: row.integer(8))
      var price: PriceBook.Entry?
      let before = Bill(
        price: row.optionalInteger(9), match: row.optionalInteger(10).flatMap(Match.init),
        nanoUSD: row.optionalInteger(11), savedNanoUSD: row.optionalInteger(12))
      if let model = row.optionalText(2) { price = entry(model, before, book) }
      let bill = Bill(tokens, price, at: row.integer(1), tier: row.optionalText(13))
      count(bill, instead: before.nanoUSD)
      if bill != before { changes.append((row.integer(0), bill)) }
    }
    for (id, bill) in changes {
      try db.run(
        "UPDATE turn_row SET price = ?, match = ?, cost_nano = ?, saved_nano = ? WHERE id = ?",
        bill.price, bill.match?.rawValue, bill.nanoUSD, bill.savedNanoUSD, id)
    }
  }

  /// The prices of a model; of one whose name was redacted, those of the model by which it was billed.
  private mutating func entry(
    _ model: String, _ before: Bill, _ book: PriceBook
  ) -> PriceBook.Entry? {
    if ReplacementMark.isIn(model), let price = before.price, let match = before.match,
      let known = book.entry(ofPrice: price, match)
    {
      return known
    }
    return entry(model, book)
  }

  private mutating func entry(_ model: String, _ book: PriceBook) -> PriceBook.Entry? {
    if let known = entries[model] { return known }
    let entry = book.entry(for: model)
    entries.updateValue(entry, forKey: model)
    return entry
  }
}
