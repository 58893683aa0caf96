import LineStore
import LogModel
import SQLite
import TestSupport
import Testing

@Suite struct RoundTripTests {
  @Test(arguments: [UInt64(1), 20_260_201])
  func `hostile lines come back byte for byte, from the table and from the shell`(seed: UInt64)
    throws
  {
    print("seed \(seed)")
    var generator = LineGenerator(seed: seed)
    var store = try TestStore()
    try store.addSource(1, "a")
    try store.addSource(2, "b")
    var random = SeededRandom(seed: seed)
    for round in 0..<10 {
      let records = (0..<1000).map { _ in
        round == 5 ? generator.conversation() : generator.next()
      }
      try store.write(records, source: Int64(1 + round % 2)) {
        [1, 2, 7, 100, 900, 4096].randomElement(using: &random) ?? 1
      }
      if round == 3 { try store.restart() }
      if round == 5 || round == 8 { try store.merge(source: 1) }
      if round == 9 { try store.merge(source: 2) }
    }
    try store.drop { $0 % 17 == 0 }
    try registerStoreFunctions(on: store.db)
    try LogTable.install(on: store.db) { _, _ in "" }

    let shell = Command.run(
      "sqlite3",
      [
        store.path,
        "SELECT id || ' ' || time_us || ' ' || coalesce(level, '-') || ' ' || hex(message) FROM log ORDER BY id",
      ])
    #expect(shell.errorOutput == "")
    let expected = store.lines.sorted { $0.key < $1.key }.map { id, record in
      "\(id) \(record.time) \(record.severity?.name ?? "-") \(hex(record.bytes))"
    }
    expectSame(shell.output.split(separator: "\n").map(String.init), expected, "shell")
    var table: [String] = []
    do {
      var statement = try store.db.prepare(
        "SELECT id, time_us, coalesce(level, '-'), message FROM log ORDER BY id")
      while try statement.step() {
        var bytes: [UInt8] = []
        for index in statement.bytes(3).indices { bytes.append(statement.bytes(3)[index]) }
        table.append(
          "\(statement.integer(0)) \(statement.integer(1)) \(statement.text(2)) \(hex(bytes))")
      }
    }
    expectSame(table, expected, "table")
  }

  private func expectSame(_ found: [String], _ expected: [String], _ what: String) {
    #expect(found.count == expected.count, "\(what)")
    var shown = 0
    for (one, other) in zip(found, expected) where one != other {
      Issue.record("\(what):\n  found    \(one.prefix(600))\n  expected \(other.prefix(600))")
      shown += 1
      if shown == 5 { break }
    }
  }
}

func hex(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789ABCDEF".utf8)
  var text: [UInt8] = []
  for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
  return String(decoding: text, as: UTF8.self)
}
