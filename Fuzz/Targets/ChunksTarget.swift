import Deflate
import LineStore
import SQLite

extension FuzzTarget {
  /// Any bytes in the place of a chunk's: they are read, or the reader says what is wrong.
  ///
  /// An input is the columns as text, with numbers before them that take the place of the chunk's own
  /// (unit, first time); one that begins otherwise is the size and the compressed data.
  static let chunks = FuzzTarget("chunks") { input in
    let isText = input.first.map { "[-0123456789".utf8.contains($0) } ?? true
    let numbers = isText ? input.prefix { $0 != UInt8(ascii: "[") } : []
    let data = Array(input.dropFirst(isText ? numbers.count : min(3, input.count)))
    let size = isText ? data.count : input.prefix(3).reduce(0) { $0 << 8 & 0xFFFFF | Int($1) }
    try FuzzStore.holding(sound, rows: 45).undoing { db in
      let first = LineIdentifier.make(source: 1, number: 1)
      try db.run(
        "UPDATE chunk SET data = ?, size = ?, crc32 = ?, count = ? WHERE first_id = ?", data, size,
        Int(crc32(data.span)),
        data.prefix { $0 != UInt8(ascii: "]") }.count { $0 == UInt8(ascii: ",") } + 1, first)
      let words = String(decoding: numbers, as: UTF8.self).split(separator: " ").map { Int64($0) }
      for (column, value) in zip(["unit_us", "min_us"], words) {
        guard let value else { continue }
        try db.run("UPDATE chunk SET \(column) = ? WHERE first_id = ?", value, first)
      }
      for query in [
        "SELECT * FROM temp.log", "SELECT * FROM main.log",
        "SELECT count(*) FROM temp.log WHERE instr(message, 'logged') > 0",
        "SELECT id FROM temp.log WHERE message LIKE '%user 18%' ORDER BY time_us DESC LIMIT 3",
      ] {
        var rows: [String] = []
        do throws(SQLiteError) { rows = try FuzzStore.rows(query, db) } catch {
          try require(error.isCorrupt || query.contains("main"), "\(query): \(error)")
        }
        try require(rows.count <= input.count + 60, "\(query): too many rows")
      }
    }
  }

  /// Often enough for templates; a second chunk stays as it is.
  private static let sound = String(
    repeating: """
      2026-01-01T10:00:00.123Z INFO user 17 "logged in" from 10.0.0.1
      2026-01-01T10:00:00.456Z INFO user 18 "logged in" from 10.0.0.2
      a line without a time 5 % "quoted"

      """, count: 20)
}
