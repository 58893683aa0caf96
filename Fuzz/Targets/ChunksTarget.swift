import LineStore
import SQLite

extension FuzzTarget {
  /// Any bytes in the place of a chunk's: they are read, or the reader says what is wrong.
  ///
  /// An input that begins with `[` is the rows as text, any other the size and the compressed data.
  static let chunks = FuzzTarget("chunks") { input in
    let (size, data) = chunk(input)
    try FuzzStore.holding(sound, rows: 45).undoing { db in
      let first = LineIdentifier.make(source: 1, number: 1)
      try db.run(
        "UPDATE chunk SET data = ?, size = ?, crc32 = ?, count = ? WHERE first_id = ?", data, size,
        Int(crc32(data.span)), input.count { $0 == UInt8(ascii: "[") } - 1, first)
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

  private static func chunk(_ input: [UInt8]) -> (size: Int, data: [UInt8]) {
    guard input.first != UInt8(ascii: "["), input.count > 3 else { return (input.count, input) }
    let size = Int(input[0]) | Int(input[1]) << 8 | Int(input[2] & 0x0F) << 16
    return (size, Array(input.dropFirst(3)))
  }
}
