package import SQLite

/// Lines that programs gave and that wait for a run: rows of `emitted`.
package struct EmittedTable {
  package struct Line: Sendable, Equatable {
    package var id: Int64
    /// The source's name.
    package var source: String
    package var text: String
    /// Something in it was replaced.
    package var isMarked: Bool
  }

  package init() {}

  package func insert(
    _ text: String, source: String, isMarked: Bool, in db: borrowing Connection
  ) throws(SQLiteError) {
    try db.run(
      "INSERT INTO emitted(source, text, marked) VALUES(?, ?, ?)", source, text, isMarked ? 1 : 0)
  }

  /// The first lines, at least one if there is any, until they have `bytes` bytes.
  package func first(
    bytes: Int, in db: borrowing Connection
  ) throws(SQLiteError) -> [Line] {
    var lines: [Line] = []
    var left = bytes
    var row = try db.prepare("SELECT id, source, text, marked FROM emitted ORDER BY id")
    while left > 0, try row.step() {
      lines.append(
        Line(
          id: row.integer(0), source: row.text(1), text: row.text(2), isMarked: row.integer(3) != 0)
      )
      left -= row.text(2).utf8.count
    }
    return lines
  }

  package func remove(_ ids: [Int64], in db: borrowing Connection) throws(SQLiteError) {
    for id in ids { try db.run("DELETE FROM emitted WHERE id = ?", id) }
  }
}
