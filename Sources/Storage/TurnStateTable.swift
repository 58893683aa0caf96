package import SQLite

/// What the records of a generation say about the turns that follow in it; see `TurnExtractor.State`.
///
/// Most logs have no such row.
package struct TurnStateTable {
  package init() {}

  package func state(
    ofFile file: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> [UInt8] {
    var statement = try db.prepare("SELECT state FROM turn_state WHERE file = ?")
    try statement.bind(1, file)
    guard try statement.step() else { return [] }
    let bytes = statement.bytes(0)
    return bytes.indices.map { bytes[$0] }
  }

  package func write(
    _ state: [UInt8], ofFile file: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    if state.isEmpty {
      try db.run("DELETE FROM turn_state WHERE file = ?", file)
    } else {
      try db.run("INSERT OR REPLACE INTO turn_state(file, state) VALUES(?, ?)", file, state)
    }
  }
}
