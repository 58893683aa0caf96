extension Connection {
  /// Inserts `count` rows, as many as a statement takes without becoming slow to prepare: one row a
  /// statement spends as much time around the row as in it.
  ///
  /// `table` names the table and its columns, of which there are `columns`; `bind` gets the number of
  /// the row's first parameter and the row's index. `conflict` is the clause behind the values.
  package func insertRows(
    _ count: Int, into table: String, columns: Int, conflict: String = "",
    bind: (inout Statement, Int32, Int) throws(SQLiteError) -> Void
  ) throws(SQLiteError) {
    let row = "(" + Array(repeating: "?", count: columns).joined(separator: ", ") + ")"
    var next = 0
    for size in [32, 1] where next + size <= count {
      let rows = Array(repeating: row, count: size).joined(separator: ", ")
      var statement = try prepare("INSERT INTO \(table) VALUES \(rows) \(conflict)")
      while next + size <= count {
        for index in 0..<size {
          try bind(&statement, Int32(index * columns + 1), next + index)
        }
        try statement.run()
        next += size
      }
    }
  }
}
