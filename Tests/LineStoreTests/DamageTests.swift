import Deflate
import LineStore
import LogModel
import Querying
import SQLite
import TestSupport
import Testing

@Suite struct DamageTests {
  private static let first = LineIdentifier.make(source: 1, number: 1)

  private func makeStore() throws -> TestStore {
    var store = try TestStore()
    try store.addSource(1, "app")
    let records = (0..<200).map { number in
      TestRecord(
        bytes: Array("line \(number) of \"all \(number)\"".utf8), body: 0..<5, time: 5_000_000)
    }
    try store.write(records, source: 1)
    try LogTable.install(on: store.db) { _, _ in "" }
    return store
  }

  private func replace(_ columns: String, in store: borrowing TestStore) throws {
    let bytes = Array(columns.utf8)
    try store.db.run(
      "UPDATE chunk SET data = ?, size = ?, crc32 = ?", bytes, bytes.count, Int(crc32(bytes.span)))
  }

  private func error(_ store: borrowing TestStore) -> SQLiteError? {
    do {
      _ = try rows("SELECT * FROM log", store.db)
      return nil
    } catch { return error as? SQLiteError }
  }

  @Test func `a changed byte is found by the checksum`() throws {
    let store = try makeStore()
    try store.db.execute("UPDATE chunk SET crc32 = crc32 + 1")
    #expect(error(store)?.message == ChunkDamage.checksum(chunk: Self.first).description)
    #expect(error(store)?.isCorrupt == true)
  }

  @Test func `damage is found on whatever core the chunk is looked through`() throws {
    var store = try TestStore()
    try store.addSource(1, "app")
    for chunk in 0..<40 {
      let records = (0..<50).map { row in
        TestRecord(
          bytes: Array("line \(row) of chunk \(chunk)".utf8), body: 0..<5, time: Int64(chunk) * 50)
      }
      try store.write(records, source: 1)
    }
    try registerFunctions(on: store.db)
    try LogTable.install(on: store.db, regexp: regexpCondition) { _, _ in "" }
    let damaged = try #require(
      try store.db.integer("SELECT first_id FROM chunk ORDER BY first_id LIMIT 1 OFFSET 30"))
    try store.db.run("UPDATE chunk SET crc32 = crc32 + 1 WHERE first_id = ?", damaged)
    for condition in ["LIKE '%line 7 %'", "REGEXP 'line 7 '"] {
      for order in ["id", "id DESC", "time_us DESC, id DESC"] {
        let sql = "SELECT message FROM log WHERE message \(condition) ORDER BY \(order)"
        let message = ChunkDamage.checksum(chunk: damaged).description
        let error = #expect(throws: SQLiteError.self) { try rows(sql, store.db) }
        #expect(error?.message == message)
        let first = order == "id" ? 0 : 39
        #expect(try rows(sql + " LIMIT 1", store.db) == ["text line 7 of chunk \(first)"])
      }
    }
  }

  @Test func `data that are no zlib stream are named`() throws {
    let store = try makeStore()
    for data in [Array("nonsense".utf8), []] {
      try store.db.run("UPDATE chunk SET data = ?, crc32 = ?", data, Int(crc32(data.span)))
      #expect(error(store)?.message == ChunkDamage.notInflatable(chunk: Self.first).description)
    }
  }

  @Test(arguments: [
    ("", ChunkDamage.columns(chunk: first)),
    ("{}", .columns(chunk: first)),
    ("[[T", .columns(chunk: first)),
    (#"[[T],[0],{"T":[[5],["5]]}]"#, .columns(chunk: first)),
    (#"[[T],[0],{"T":[[5],[6]]}"#, .columns(chunk: first)),
    (#"[[T],[0],{"T":[[5],[6]]}]x"#, .columns(chunk: first)),
    (#"[[T],[0], {"T":[[5],[6]]}]"#, .columns(chunk: first)),
    (#"[[T,T],[0],{"T":[[5,5],[6,6]]}]"#, .columns(chunk: first)),
    (#"[[T],[0,0],{"T":[[5],[6]]}]"#, .columns(chunk: first)),
    (#"[[T],[null],{"T":[[5],[6]]}]"#, .columns(chunk: first)),
    (#"[[null],[0],{}]"#, .columns(chunk: first)),
    (#"[[-1],[null],{}]"#, .columns(chunk: first)),
    (#"[[0],[0],{}]"#, .columns(chunk: first)),
    (#"[[0T],[0],{"T":[[5],[6]]}]"#, .columns(chunk: first)),
    (#"[[T],[-0],{"T":[[5],[6]]}]"#, .columns(chunk: first)),
    (#"[[T,T],[0,0],{"T":[[5,5],[6]]}]"#, .columns(chunk: first)),
    (#"[[T,T],[0,0],{"T":[[5],[6]]}]"#, .columns(chunk: first)),
    (#"[[T],[0],{"T":[[5,5],[6,6]]}]"#, .columns(chunk: first)),
    (#"[[T],[0],{"T":[[5],[6]],"T":[[5],[6]]}]"#, .columns(chunk: first)),
    (#"[[T],[0],{"T":[[5],[6]],"9":[[5]]}]"#, .columns(chunk: first)),
    (#"[[T],[0],{"T":[]}]"#, .columns(chunk: first)),
    (#"[[T],[0],{"T":[[],[6]]}]"#, .malformed(chunk: first, row: 0)),
    (
      #"[[T,T],[0,0],{"T":[[5,5],[6,6]]}]"#, .rowCount(chunk: first, expected: 200, found: 2)
    ),
    ("[[],[],{}]", .rowCount(chunk: first, expected: 200, found: 0)),
    ("[[T],[0],{}]", .parameterCount(chunk: first, row: 0, template: 1)),
    (#"[[T],[0],{"T":[[5]]}]"#, .parameterCount(chunk: first, row: 0, template: 1)),
    (#"[[T],[0],{"T":[[5],[6],[7]]}]"#, .parameterCount(chunk: first, row: 0, template: 1)),
    (#"[[77],[0],{"77":[[5]]}]"#, .unknownTemplate(chunk: first, template: 77)),
    (#"[[T],[999999999999999999],{"T":[[5],[6]]}]"#, .time(chunk: first, row: 0)),
    ("[[T],[0],[[5,6]]", .columns(chunk: first)),
    ("[[T],[0],[[5,6]]]x", .columns(chunk: first)),
    (#"[[T],[0],[[5,"6]]]"#, .columns(chunk: first)),
    ("[[T],[0],[[5,6],[5,6]]]", .columns(chunk: first)),
    ("[[T,T],[0,0],[[5,6]]]", .columns(chunk: first)),
    ("[[T,T],[0,0],[[5,6],[5]]]", .columns(chunk: first)),
    ("[[T,null],[0,null],[[5,6],[5]]]", .columns(chunk: first)),
    ("[[T],[0],[5,6]]", .columns(chunk: first)),
    ("[[T],[0],[[5]]]", .parameterCount(chunk: first, row: 0, template: 1)),
    ("[[T],[0],[[]]]", .parameterCount(chunk: first, row: 0, template: 1)),
    ("[[T],[0],[[5,6]]]", .rowCount(chunk: first, expected: 200, found: 1)),
    ("[[],[],[]]", .rowCount(chunk: first, expected: 200, found: 0)),
  ])
  func `columns of another form are named`(columns: String, damage: ChunkDamage) throws {
    let store = try makeStore()
    try replace(columns.replacing("T", with: "1"), in: store)
    #expect(error(store)?.message == damage.description)
  }

  @Test(arguments: [
    #"[[1,null,1],[0,null,12],{"1":[["a\"b\u0001",345],[7,""]]}]"#,
    #"[[1,null,1],[0,null,12],[["a\"b\u0001",7],[],[345,""]]]"#,
  ])
  func `no bytes make the reader trap`(columns: String) throws {
    let store = try makeStore()
    let seed: UInt64 = 11
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    var original: [UInt8] = []
    try store.db.execute("UPDATE chunk SET count = 3")
    original = Array(columns.utf8)
    var failures = 0
    for _ in 0..<3000 {
      var damaged = original
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<damaged.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: damaged[place] = UInt8.random(in: 1...255, using: &random)
        case 1: damaged.remove(at: place)
        default:
          damaged.insert(
            Array("[]{}:,\"\\u0n9-").randomElement(using: &random)?.asciiValue ?? 0, at: place)
        }
      }
      try store.db.run(
        "UPDATE chunk SET data = ?, size = ?, crc32 = ?", damaged, damaged.count,
        Int(crc32(damaged.span)))
      if error(store) != nil { failures += 1 }
    }
    #expect(failures > 1000)
  }
}
