import Deflate
import LogModel
import SQLite
import TestSupport
import Testing

@testable import LineStore

@Suite("Chunks as columns") struct ColumnTests {
  private static func lines(_ count: Int, _ text: (Int) -> String) -> [TestRecord] {
    (0..<count).map { TestRecord(bytes: Array(text($0).utf8), body: 0..<1, time: Int64($0) * 1000) }
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `rows are the same again behind columns`(seed: UInt64) throws {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let values = [
      "0", "17", "999999999999999999", #""""#, #""a\"b""#, #""\\""#, #""],[""#, #""{\"1\":[[""#,
      #""\u0001\n""#, #""naïve 🍊""#, "\"\(String(repeating: "long ", count: 40))\"",
    ]
    var columns = ColumnReader()
    var byRow = 0
    for _ in 0..<300 {
      // Rows whose long values stand now here, now there.
      let repeats = Int.random(in: 0..<3, using: &random) == 0
      let values =
        repeats ? ["\"\(String(repeating: "a line of a tool ", count: 20))\"", #""b""#] : values
      let holes = (0..<Int.random(in: 1...40, using: &random)).map { _ in
        [0, 1, 2, 3, 64].randomElement(using: &random) ?? 0
      }
      var last: Int64 = 0
      let rows = (0..<Int.random(in: 0...60, using: &random)).map { _ -> String in
        switch Int.random(in: 0..<20, using: &random) {
        case 0: return "null"
        case 1: return "\(Int.random(in: 2...999, using: &random))"
        default:
          let template = Int.random(in: 0..<holes.count, using: &random)
          let parameters = (0..<holes[template]).map { _ in
            values.randomElement(using: &random) ?? "0"
          }
          let offset = Int64.random(in: 0...10_000_000_000, using: &random)
          let fields = ["\(offset - last)", "\(template * template * 37 + 1)"] + parameters
          last = offset
          return "[\(fields.joined(separator: ","))]"
        }
      }
      let text = Array("[\(rows.joined(separator: ","))]".utf8)
      var writer = ColumnWriter(rows: text.span, count: rows.count)
      let stored = writer.write(text.span).copy()
      if stored.suffix(2).elementsEqual("]]".utf8) { byRow += 1 }
      var found: [UInt8] = []
      let isRead = columns.inflate(stored.span, size: stored.count) && columns.read(into: &found)
      #expect(isRead, "\(String(decoding: stored, as: UTF8.self))")
      #expect(String(decoding: found, as: UTF8.self) == String(decoding: text, as: UTF8.self))
    }
    #expect((20..<280).contains(byRow))
  }

  @Test func `a chunk of a conversation stays row by row, and one of answers with ids is columns`()
    throws
  {
    var store = try TestStore()
    try store.addSource(1, "agent")
    try store.addSource(2, "gateway")
    var generator = LineGenerator(seed: 4)
    try store.write((0..<900).map { _ in generator.conversation() }, source: 1, sealed: true)
    try store.write(
      Self.lines(900) { line in
        let said = (0..<60).map { "word\((line &* 7919 &+ $0 &* $0) % 997)" }
        return #"{"id":"\#(line * 7_368_787_123)","content":"\#(said.joined(separator: " "))"}"#
      }, source: 2, sealed: true)
    try registerStoreFunctions(on: store.db)
    let forms = try rows(
      "SELECT source, json_type(CAST(sqlar_uncompress(data, size) AS TEXT), '$[2]') FROM chunk GROUP BY 1, 2",
      store.db)
    #expect(forms == ["integer 1|text array", "integer 2|text object"])
    let shell = Command.run("sqlite3", [store.path, "SELECT message FROM log ORDER BY id"])
    let expected = store.lines.sorted { $0.key < $1.key }
      .map { String(decoding: $0.value.bytes, as: UTF8.self) }
    #expect(shell.output.split(separator: "\n").map(String.init) == expected)
  }

  @Test func `the view puts parameters in their places, however the shell sorts`() throws {
    var store = try TestStore()
    try store.addSource(1, "app")
    try store.write(
      Self.lines(5000) { line in
        (0..<60).map { "\((line * 7 + $0 * $0) % 10)" }.joined(separator: " a ")
      }, source: 1)
    let expected = store.lines.sorted { $0.key < $1.key }
      .map { String(decoding: $0.value.bytes, as: UTF8.self) }
    for threads in [0, 4] {
      let shell = Command.run(
        "sqlite3",
        [store.path, "-cmd", "PRAGMA threads=\(threads)", "SELECT message FROM log ORDER BY id"])
      let found = shell.output.split(separator: "\n").map(String.init)
      #expect(found.dropFirst(found.count - expected.count) == expected[...], "\(threads) threads")
    }
  }

  @Test func `a chunk that another core has inflated is searched again`() throws {
    var store = try TestStore()
    try store.addSource(1, "app")
    for chunk in 0..<40 {
      try store.write(
        Self.lines(50) {
          "worker \($0) has \(chunk == 17 && $0 == 3 ? "kumquat" : "order")\(chunk)"
        },
        source: 1, sealed: true)
    }
    try LogTable.install(on: store.db) { _, _ in "" }
    let first = LineIdentifier.make(source: 1, number: 1 + 17 * 50)
    for order in ["ASC", "DESC"] {
      let sql = """
        WITH w(x) AS (VALUES(0), (\(first)), (\(first + 1)), (\(first)))
        SELECT (SELECT count(*) FROM (
          SELECT 1 FROM log WHERE id >= w.x AND message LIKE '%kumquat%' ORDER BY id \(order)))
        FROM w
        """
      #expect(try rows(sql, store.db) == ["integer 1", "integer 1", "integer 1", "integer 1"])
    }
    let joined = """
      WITH w(x) AS (VALUES(0), (\(first)))
      SELECT count(log.id) FROM w LEFT JOIN log ON log.id >= w.x AND log.message LIKE '%kumquat%' GROUP BY w.x
      """
    #expect(try rows(joined, store.db) == ["integer 1", "integer 1"])
  }

  @Test(arguments: [
    Damage.text(behindGroup: "7],["), .text(behindGroup: "1-"),
    .update("min_us = min_us - 60000001"),
    .update("size = -1"), .update("size = 2147483647"),
  ])
  func `small chunks that are damaged stay apart, and every sound line as it was`(
    _ damage: Damage
  ) throws {
    var store = try TestStore()
    try store.addSource(1, "app")
    try store.write(Self.lines(300) { "user \($0) from \($0 % 7)" }, source: 1, sealed: true)
    try store.restart()
    for line in 0..<70 {
      try store.write(Self.lines(1) { _ in "user \(line) from \(line % 7)" }, source: 1)
    }
    let damaged = try #require(
      try store.db.integer("SELECT first_id FROM chunk WHERE sealed = 0 LIMIT 1 OFFSET 20"))
    switch damage {
    case .update(let change):
      try store.db.execute("UPDATE chunk SET \(change) WHERE first_id = \(damaged)")
    case .text(let inserted):
      let data = try #require(
        try rows("SELECT CAST(data AS TEXT) FROM chunk WHERE first_id = \(damaged)", store.db).first
      )
      let text = Array(data.utf8.dropFirst("text ".utf8.count))
      let groups = try #require(text.firstRange(of: Array(":[[".utf8)))
      let changed =
        text[..<groups.upperBound] + Array(inserted.utf8) + text[groups.upperBound...]
      try store.db.run(
        "UPDATE chunk SET data = ?, size = ?, crc32 = ? WHERE first_id = ?", Array(changed),
        changed.count, Int(crc32(changed.span)), damaged)
    }
    try store.merge(source: 1)
    #expect(try store.db.integer("SELECT count(*) FROM chunk") == 1 + 3)
    let shell = Command.run(
      "sqlite3", [store.path, "SELECT message FROM log WHERE chunk <> \(damaged) ORDER BY id"])
    let expected = store.lines.filter { $0.key != damaged }.sorted { $0.key < $1.key }
      .map { String(decoding: $0.value.bytes, as: UTF8.self) }
    #expect(shell.output.split(separator: "\n").map(String.init) == expected)
  }

  enum Damage: Sendable {
    /// Of the columns, with the checksum that they have then.
    case text(behindGroup: String)
    /// Of the row.
    case update(String)
  }
}
