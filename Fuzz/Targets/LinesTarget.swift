import LineStore
import LogModel
import SQLite

extension FuzzTarget {
  /// Lines of any text → scanner, templates, chunks → the same bytes, from the table and the view, and
  /// the same words.
  static let lines = FuzzTarget("lines") { input in
    let records = Record.all(of: input)
    try FuzzStore.holding().undoing { db in
      // Small chunks, too, and merged ones; sealed ones have filters of their words.
      try FuzzStore.write(
        records, rows: 1 + input.count % 9, sealed: input.count % 2 == 1, to: db)
      for table in ["temp.log", "main.log"] { try expect(records, in: table, db) }
      try expectWords(of: records, db)
    }
  }

  /// Enough of an input's words.
  private static let maxWords = 16

  private static func expectWords(of records: [Record], _ db: borrowing Connection) throws {
    var lines: [String: [Int64]] = [:]
    for (index, record) in records.enumerated() {
      let words = Set(
        record.text.split { !Word.holds($0) }.map { String(decoding: $0, as: UTF8.self) })
      let id = LineIdentifier.make(source: 1, number: Int64(index + 1))
      for word in words where word.utf8.count >= WordKeys.minCount {
        lines[word, default: []].append(id)
      }
    }
    for (word, ids) in lines.sorted(by: { $0.key < $1.key }).prefix(maxWords) {
      let sql = """
        SELECT id FROM temp.log WHERE message GLOB '*\(word)*'
          AND message REGEXP '\(Word.leftEdge)\(word)\(Word.rightEdge)' ORDER BY id
        """
      var statement = try db.prepare(sql)
      var found: [Int64] = []
      while try statement.step() { found.append(statement.integer(0)) }
      try require(found == ids, "\(word) is in \(ids), not \(found)")
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
