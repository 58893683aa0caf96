import LineStore
import LogModel
import SQLite

extension FuzzTarget {
  /// Lines of any text → scanner, templates, chunks → the same bytes, from the table and the view.
  static let lines = FuzzTarget("lines") { input in
    let records = Record.all(of: input)
    try FuzzStore.holding().undoing { db in
      // Small chunks, too, and merged ones.
      try FuzzStore.write(records, rows: 1 + input.count % 9, to: db)
      for table in ["temp.log", "main.log"] { try expect(records, in: table, db) }
    }
  }

  private static func expect(
    _ records: [Record], in table: String, _ db: borrowing Connection
  ) throws {
    var statement = try db.prepare(
      "SELECT id, time_us, level, message FROM \(table) ORDER BY id")
    var index = 0
    while try statement.step() {
      try require(index < records.count, "\(table) has more lines than were written")
      let record = records[index]
      index += 1
      try require(
        statement.integer(0) == LineIdentifier.make(source: 1, number: Int64(index)),
        "\(table): line \(index) has another id")
      try require(statement.integer(1) == record.time, "\(table): line \(index) has another time")
      try require(
        statement.optionalText(2) == record.head.severity?.name,
        "\(table): line \(index) has another level")
      let message = statement.bytes(3)
      let isSame =
        message.count == record.text.count
        && message.indices.allSatisfy { message[$0] == record.text[$0] }
      try require(isSame, "\(table): line \(index) has other bytes: \(statement.text(3))")
    }
    try require(index == records.count, "\(table) has \(index) of \(records.count) lines")
  }
}
