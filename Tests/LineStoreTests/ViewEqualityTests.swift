import LineStore
import LogModel
import SQLite
import TestSupport
import Testing

@Suite struct ViewEqualityTests {
  @Test(arguments: [UInt64(3), 20_260_202])
  func `the table gives the rows of the view, whatever is asked`(seed: UInt64) throws {
    print("seed \(seed)")
    let store = try Self.makeStore(seed: seed)
    var generator = QueryGenerator(
      random: SeededRandom(seed: seed ^ 0xFF),
      lines: store.lines.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
      chunks: try integers("SELECT first_id FROM chunk", store.db),
      patterns: try integers("SELECT id FROM pattern", store.db))
    var nonempty = 0
    var failures = 0
    for _ in 0..<400 where failures < 5 {
      let query = generator.next()
      var expected = try rows(query.text.replacing("§", with: "main.log"), store.db)
      var found = try rows(query.text.replacing("§", with: "log"), store.db)
      if !query.isOrdered {
        expected.sort()
        found.sort()
      }
      if !expected.isEmpty { nonempty += 1 }
      if found != expected {
        failures += 1
        let missing = Set(expected).subtracting(found).sorted()
        let extra = Set(found).subtracting(expected).sorted()
        Issue.record(
          """
          \(query.text)
          view \(expected.count) rows, table \(found.count); missing \(missing.prefix(3)); extra \(extra.prefix(3))
          \(try rows("EXPLAIN QUERY PLAN " + query.text.replacing("§", with: "log"), store.db))
          """)
      }
    }
    #expect(nonempty > 150)
  }

  private static func makeStore(seed: UInt64) throws -> TestStore {
    var generator = LineGenerator(seed: seed)
    generator.layouts = Array(LineGenerator.allLayouts.shuffled(using: &generator.random).prefix(4))
    var random = SeededRandom(seed: seed)
    var store = try TestStore()
    for (id, name) in [(Int64(1), "a"), (2, "b"), (9, "7")] { try store.addSource(id, name) }
    for round in 0..<9 {
      let records = (0..<120).map { _ in generator.next() }
      try store.write(records, source: [1, 2, 9][round % 3], sealed: round % 4 == 1) {
        [3, 20, 120].randomElement(using: &random) ?? 1
      }
      if round == 6 { try store.restart() }
      if round == 7 { try store.merge(source: 1) }
    }
    try store.drop { $0 % 13 == 0 }
    try registerStoreFunctions(on: store.db)
    try LogTable.install(on: store.db) { _, _ in "" }
    return store
  }

  private func integers(_ sql: String, _ db: borrowing Connection) throws -> [Int64] {
    var found: [Int64] = []
    var statement = try db.prepare(sql)
    while try statement.step() { found.append(statement.integer(0)) }
    return found
  }
}
