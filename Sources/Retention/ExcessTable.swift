import SQLite

/// Remembers that a size cannot be reached: to find that out takes a look at every page.
struct ExcessTable {
  /// Nil where it is to be found out.
  ///
  /// What grows by a sixteenth is looked at again: what is left of it may be packed better, and more is to be told.
  func excess(
    over size: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Pruning.Excess? {
    let used = try Pruning.used(db)
    var row = try db.prepare(
      "SELECT least, name FROM excess WHERE size >= ?1 AND used <= ?2 AND used + used / 16 >= ?2")
    try row.bind(values: size, used)
    guard try row.step() else { return nil }
    return Pruning.Excess(size: size, least: row.integer(0), table: row.optionalText(1))
  }

  func note(
    _ excess: Pruning.Excess?, in db: borrowing Connection
  ) throws(SQLiteError) {
    try db.run("DELETE FROM excess")
    guard let excess else { return }
    try db.run(
      "INSERT INTO excess(size, least, name, used) VALUES(?, ?, ?, ?)", excess.size, excess.least,
      excess.table, Pruning.used(db))
  }
}
