import LineStore
import LogModel
import SQLite
import TestSupport
import Testing

@testable import Querying

@Suite struct LogTableTests {
  /// 40 chunks of 50 application lines each, one rare word in chunk 17.
  private func makeStore(sealed: Bool = false) throws -> TestStore {
    var store = try TestStore()
    try store.addSource(1, "app", format: "plain")
    try store.addSource(2, "web")
    for chunk in 0..<40 {
      let records = (0..<50).map { row in
        let time = Int64(1_767_225_600_000_000 + (chunk * 50 + row) * 1_000_000)
        let rare = chunk == 17 && row == 3
        return Self.record(
          "worker-\(row) handled \(rare ? "kumquat\(chunk)" : "order\(chunk)") in \(row)ms", time,
          row % 10 == 0 ? .error : .info)
      }
      try store.write(records, source: chunk < 30 ? 1 : 2, sealed: sealed)
    }
    return store
  }

  private static func record(_ text: String, _ time: Int64, _ severity: Severity?) -> TestRecord {
    let layout = LineGenerator.allLayouts[0]
    var bytes: [UInt8] = []
    layout.render(time, into: &bytes)
    let end = bytes.count
    bytes += Array((" " + text).utf8)
    return TestRecord(
      bytes: bytes, timeRange: 0..<end, layout: layout, body: end + 1..<bytes.count, time: time,
      severity: severity)
  }

  struct Opening: CustomTestStringConvertible {
    var sql: String
    var inflated: Int
    /// As many as inflated unless said.
    var walked: Int?
    var count: Int64
    var testDescription: String { sql }
  }

  @Test(arguments: [
    Opening(sql: "message GLOB '*kumquat17*'", inflated: 40, walked: 1, count: 1),
    Opening(sql: "message LIKE '%KUMQUAT17 in%'", inflated: 40, walked: 1, count: 1),
    Opening(sql: "message LIKE '%order5 in 7ms'", inflated: 40, walked: 1, count: 1),
    Opening(sql: "message LIKE '%nowhere%'", inflated: 40, walked: 0, count: 0),
    Opening(sql: "message GLOB '*handled order3*'", inflated: 40, walked: 11, count: 550),
    Opening(sql: "message GLOB '* handled *' AND id < (1 << 36) + 60", inflated: 2, count: 59),
    Opening(sql: "id = (1 << 36) + 500", inflated: 1, count: 1),
    Opening(sql: "id IN ((1 << 36) + 500, (1 << 36) + 501, (2 << 36) + 1)", inflated: 3, count: 3),
    Opening(
      sql: "time >= '2026-01-01T00:10' AND time < '2026-01-01T00:10:25'", inflated: 1, count: 25),
    Opening(sql: "time_us = 1767225600000000 + 1999000000", inflated: 1, count: 1),
    Opening(
      sql: "chunk IN (SELECT first_id FROM chunk LIMIT 3) AND id > 0", inflated: 3, count: 150),
    Opening(sql: "source = 'web' AND id > 0", inflated: 10, count: 500),
    Opening(sql: "source = 'web' AND level = 'error'", inflated: 0, count: 50),
    Opening(
      sql: "source = 'WEB' COLLATE NOCASE AND level = 'ERROR' COLLATE NOCASE", inflated: 0,
      count: 50),
    Opening(sql: "source = 'app' OR source = 'WEB' COLLATE NOCASE", inflated: 0, count: 2000),
    Opening(sql: "source = 'WEB' OR level = 'ERROR'", inflated: 0, count: 0),
    Opening(
      sql: "message = 'X' COLLATE NOCASE OR time = 'x' COLLATE NOCASE", inflated: 40, count: 0),
    Opening(sql: "level = 'fatal' AND message <> ''", inflated: 0, count: 0),
    Opening(sql: "id = NULL", inflated: 0, count: 0),
    Opening(sql: "1", inflated: 0, count: 2000),
  ])
  func `only chunks that can match are opened`(opening: Opening) throws {
    let store = try makeStore()
    let table = try LogTable.install(on: store.db) { _, _ in "" }
    let count = try store.db.integer("SELECT count(*) FROM log WHERE \(opening.sql)")
    #expect(count == opening.count)
    #expect(table.inflatedChunks == opening.inflated)
    #expect(table.walkedChunks == opening.walked ?? opening.inflated)
  }

  @Test(arguments: [
    Opening(sql: "message GLOB '* kumquat17 *'", inflated: 1, count: 1),
    Opening(sql: "message GLOB '*kumquat17*'", inflated: 40, walked: 1, count: 1),
    Opening(sql: "message GLOB '* kumquat17'", inflated: 1, walked: 1, count: 0),
    Opening(sql: "message GLOB '* kumquat18 *'", inflated: 0, count: 0),
    Opening(sql: "message GLOB '* kumquat17 *' OR id = (1 << 36) + 1", inflated: 2, count: 2),
    Opening(sql: "message LIKE '% kumquat17 %'", inflated: 40, walked: 1, count: 1),
    Opening(sql: "message LIKE '% 12345678 %'", inflated: 0, count: 0),
    Opening(sql: "message = 'kumquat99'", inflated: 0, count: 0),
    Opening(sql: "message REGEXP 'kumquat99'", inflated: 40, count: 0),
    Opening(sql: word("kumquat17"), inflated: 1, count: 1),
    Opening(sql: word("kumquat17 in"), inflated: 1, count: 1),
    Opening(sql: word("umquat17"), inflated: 0, count: 0),
    Opening(sql: word("order5"), inflated: 40, walked: 1, count: 50),
  ])
  func `a chunk whose filter denies a word is not opened`(opening: Opening) throws {
    let store = try makeStore(sealed: true)
    try registerFunctions(on: store.db)
    let table = try LogTable.install(on: store.db) { _, _ in "" }
    let count = try store.db.integer("SELECT count(*) FROM log WHERE \(opening.sql)")
    #expect(count == opening.count)
    #expect(table.inflatedChunks == opening.inflated)
    #expect(table.walkedChunks == opening.walked ?? opening.inflated)
  }

  /// The condition of a search for a word.
  private static func word(_ text: String) -> String {
    Condition(ignoresCase: false).text(TextTerm(text))
  }

  @Test(arguments: [
    ("ORDER BY id DESC LIMIT 10", 1), ("ORDER BY id DESC LIMIT 60", 2),
    ("ORDER BY chunk DESC, id DESC LIMIT 10 OFFSET 95", 3), ("ORDER BY time_us DESC LIMIT 10", 1),
    ("ORDER BY time DESC, id DESC LIMIT 120", 3), ("ORDER BY time_us DESC, id LIMIT 10", 1),
    ("AND source = 'app' ORDER BY time_us DESC, id DESC LIMIT 10", 1),
    ("AND level = 'error' ORDER BY time_us DESC, id DESC LIMIT 5", 1),
    ("AND message GLOB '*order3*' ORDER BY time_us DESC, id DESC LIMIT 1", 1),
    ("AND time < '2026-01-01T00:10' ORDER BY id DESC LIMIT 1", 1),
    ("ORDER BY time_us DESC, level LIMIT 10", 40), ("ORDER BY time_us, id LIMIT 10", 40),
  ])
  func `the last rows are found without the others`(sql: String, inflated: Int) throws {
    let store = try makeStore()
    try registerStoreFunctions(on: store.db)
    let expected = try rows("SELECT id, time FROM log WHERE time_us > 0 \(sql)", store.db)
    let table = try LogTable.install(on: store.db) { _, _ in "" }
    #expect(try rows("SELECT id, time FROM log WHERE time_us > 0 \(sql)", store.db) == expected)
    #expect(table.inflatedChunks <= inflated + 1)
    let isSorted =
      try rows("EXPLAIN QUERY PLAN SELECT id FROM log WHERE time_us > 0 \(sql)", store.db).count > 1
    #expect(isSorted == (inflated == 40))
  }

  @Test func `the newest rows of sources that overlap are each source's newest`() throws {
    var store = try TestStore()
    try registerStoreFunctions(on: store.db)
    for source in 1...40 as ClosedRange<Int64> {
      try store.addSource(source, "s\(source)")
      for chunk in 0..<5 {
        let records = (0..<20).map { row in
          let time = 1_767_225_600_000_000 + Int64((chunk * 20 + row) / 2) * 1_000_000
          return Self.record("\(source) \(chunk) \(row)", time, .info)
        }
        try store.write(records, source: source)
      }
    }
    // All of them are sorted: too many chunks would have to be kept.
    try LogTable.install(on: store.db) { _, _ in "" }
    let plan = try rows("EXPLAIN QUERY PLAN SELECT id FROM log ORDER BY time_us DESC", store.db)
    #expect(plan.count == 2)
    try store.db.execute("DROP TABLE temp.log")
    for order in ["time_us DESC, id DESC", "time DESC, id"] {
      let sql = "SELECT id, message FROM log ORDER BY \(order) LIMIT 300"
      let expected = try rows(sql.replacing("FROM log", with: "FROM main.log"), store.db)
      let table = try LogTable.install(on: store.db) { _, _ in "" }
      let isSame = try rows(sql, store.db) == expected
      #expect(isSame, "\(order)")
      #expect(table.walkedChunks < 90)
      try store.db.execute("DROP TABLE temp.log")
    }
  }

  @Test func `the plan says that the table is asked`() throws {
    let store = try makeStore()
    try LogTable.install(on: store.db) { _, _ in "" }
    let plan = try rows(
      "EXPLAIN QUERY PLAN SELECT id FROM log WHERE message LIKE '%x%' ORDER BY id", store.db)
    #expect(plan.count == 1, "nothing is sorted: \(plan)")
    #expect(plan[0].contains("SCAN log VIRTUAL TABLE INDEX 0:m%"))
    let grouped = try rows(
      "EXPLAIN QUERY PLAN SELECT level, count(*) FROM log GROUP BY level", store.db)
    #expect(grouped.count == 1, "nothing is sorted: \(grouped)")
  }

  @Test func `a reader that may only read has the table, and sees what others append`() throws {
    var store = try makeStore()
    let reader = try Connection(path: store.path, mode: .readOnly)
    try LogTable.install(on: reader) { _, _ in "" }
    try reader.execute("PRAGMA query_only = 1")
    for isGuarded in [false, true] {
      if isGuarded { reader.permitReadingOnly() }
      let before = try reader.integer("SELECT count(*) FROM log WHERE message LIKE '%quince%'")
      let records = (0..<9).map {
        Self.record("a quince appears \($0) \(isGuarded)", 1_767_300_000_000_000, .fatal)
      }
      try store.write(records, source: 2)
      #expect(
        try reader.integer("SELECT count(*) FROM log WHERE message LIKE '%quince%'")
          == (before ?? 0) + 9)
      #expect(
        try reader.integer("SELECT count(*) FROM log WHERE level = 'fatal'") == (before ?? 0) + 9)
    }
  }

  @Test func `a statement sees one state of the store while small chunks are merged`() throws {
    var store = try makeStore()
    let small = (0..<70).map {
      Self.record("small \($0)", 1_767_300_000_000_000 + Int64($0), .warn)
    }
    try store.write(small, source: 2) { 1 }
    let reader = try Connection(path: store.path, mode: .readOnly)
    try LogTable.install(on: reader) { _, _ in "" }
    var seen = 0
    var statement = try reader.prepare(
      "SELECT id, message FROM log WHERE source = 'web' ORDER BY id")
    while try statement.step() {
      seen += 1
      if seen == 510 { try store.merge(source: 2) }
    }
    #expect(seen == 570)
    #expect(try store.db.integer("SELECT count(*) FROM chunk WHERE source = 2") == 1)
  }

  @Test func `hidden columns tell fields and origin`() throws {
    let store = try makeStore()
    try store.db.execute(
      """
      INSERT INTO file(id, source, path, device, inode, size, mtime_us, ctime_us, head_length, head_hash, offset,
        anchor_length, anchor_hash, crc32, state, seen_us)
        VALUES(7, 1, '/var/log/app.log', 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 'active', 1);
      INSERT INTO extent VALUES((1 << 36) + 1, 100, 7, 4711, 9999);
      """)
    try LogTable.install(on: store.db) { format, message in
      "\(format ?? "none") \(message.count)"
    }
    let found = try rows(
      "SELECT attributes, file, offset FROM log WHERE id IN ((1<<36)+1, (1<<36)+2, (1<<36)+101, (2<<36)+1) ORDER BY id",
      store.db)
    #expect(
      found == [
        "text plain 55|text /var/log/app.log|integer 4711",
        "text plain 55|text /var/log/app.log|null ",
        "text plain 55|null |null ", "text none 56|null |null ",
      ])
    #expect(try rows("SELECT * FROM log LIMIT 1", store.db)[0].split(separator: "|").count == 8)
  }
}
