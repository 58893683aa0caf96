import LineStore
import LogModel
import SQLite
import TestSupport
import Testing

@testable import Querying

@Suite struct WordFilterTests {
  @Test(arguments: [UInt64(5), 20_260_203])
  func `every word of every line is found`(seed: UInt64) throws {
    print("seed \(seed)")
    let store = try Self.makeStore(seed: seed)
    let filters = try store.db.integer("SELECT count(*) FROM chunk_word") ?? 0
    let chunks = try store.db.integer("SELECT count(*) FROM chunk WHERE sealed") ?? 0
    #expect(filters > chunks / 3)
    var lines: [[UInt8]: [Int64]] = [:]
    for (id, record) in store.lines.sorted(by: { $0.key < $1.key }) {
      for word in Set(Self.words(of: record.bytes)) { lines[word, default: []].append(id) }
    }
    try LogTable.install(on: store.db) { _, _ in "" }
    var failures = 0
    for (word, ids) in lines where failures < 5 {
      let text = String(decoding: word, as: UTF8.self)
      let condition = Condition(ignoresCase: false).text(TextTerm(text))
      let found = try Self.ids("SELECT id FROM log WHERE \(condition) ORDER BY id", store.db)
      if found != ids {
        failures += 1
        Issue.record("\(text): \(found.count) lines, not \(ids.count): \(ids.prefix(5))")
      }
    }
    #expect(lines.count > 500)
  }

  @Test func `one word in a hundred that is not there passes`() throws {
    var store = try TestStore()
    try store.addSource(1, "a")
    for chunk in 0..<20 {
      let records = (0..<200).map { row in
        Self.record("order \(10_000_000 + chunk * 1000 + row) shipped")
      }
      try store.write(records, source: 1, sealed: true)
    }
    let table = try LogTable.install(on: store.db) { _, _ in "" }
    for word in 20_000_000..<20_000_500 {
      #expect(try Self.ids("SELECT id FROM log WHERE message GLOB '* \(word) *'", store.db) == [])
    }
    #expect((1...250).contains(table.inflatedChunks), "\(table.inflatedChunks) of 10,000")
  }

  private static func record(_ text: String) -> TestRecord {
    TestRecord(
      bytes: Array(text.utf8), body: 0..<text.utf8.count, time: 1_767_225_600_000_000,
      severity: .info)
  }

  /// Sealed chunks of all sizes, merged ones, and rows that were dropped.
  private static func makeStore(seed: UInt64) throws -> TestStore {
    var generator = LineGenerator(seed: seed)
    var random = SeededRandom(seed: seed)
    var store = try TestStore()
    for (id, name) in [(Int64(1), "a"), (2, "b"), (3, "c")] { try store.addSource(id, name) }
    for round in 0..<24 {
      // One layout at a time, as in a log: else most times are parameters.
      generator.layouts = [LineGenerator.allLayouts[round % LineGenerator.allLayouts.count]]
      let source = Int64(1 + round % 3)
      let records = (0..<150).map { _ in generator.next() }
      try store.write(records, source: source, sealed: source < 3) {
        [5, 40, 150].randomElement(using: &random) ?? 1
      }
      if source == 3 { for _ in 0..<70 { try store.write([generator.next()], source: 3) } }
      if source == 3 { try store.merge(source: 3) }
      if round == 12 { try store.restart() }
    }
    try store.drop { $0 % 13 == 0 }
    try registerFunctions(on: store.db)
    return store
  }

  private static func words(of line: [UInt8]) -> [[UInt8]] {
    line.split { byte in
      !(byte >= 0x80 || byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte)
        || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte))
    }.map(Array.init).filter { $0.count >= 8 }
  }

  private static func ids(_ sql: String, _ db: borrowing Connection) throws -> [Int64] {
    var found: [Int64] = []
    var statement = try db.prepare(sql)
    while try statement.step() { found.append(statement.integer(0)) }
    return found
  }
}
