import SQLite

/// The database as SQLite sees it: its pages, its indexes, its constraints and its references.
struct IntegrityCheck {
  private static let limit = 100

  static func run(_ db: borrowing Connection) throws(SQLiteError) -> Check {
    var faults = Faults()
    // What one of them found is told even when a damaged page ends it or the other.
    try collect(&faults) { faults throws(SQLiteError) in
      var row = try db.prepare("PRAGMA integrity_check(\(limit))")
      while try row.step() {
        guard row.text(0) != "ok" else { continue }
        // One row may have several lines, under a heading that names the database.
        for line in row.text(0).split(separator: "\n") where !line.hasPrefix("***") {
          faults.add(String(line))
        }
      }
    }
    try collect(&faults) { faults throws(SQLiteError) in
      // SQLite's own order depends on what else is in the schema.
      var row = try db.prepare(
        #"SELECT "table", rowid, parent FROM pragma_foreign_key_check ORDER BY 1, 2, 3"#)
      while try row.step() {
        let number = row.optionalInteger(1).map { " \($0)" } ?? ""
        faults.add("\(row.text(0))\(number) names a row of \(row.text(2)) that does not exist")
      }
    }
    let pages = try db.integer("PRAGMA page_count") ?? 0
    return faults.check("integrity", scope: counted(pages, "page"))
  }

  private static func collect(
    _ faults: inout Faults, _ body: (inout Faults) throws(SQLiteError) -> Void
  ) throws(SQLiteError) {
    do throws(SQLiteError) {
      try body(&faults)
    } catch {
      guard error.isDamage else { throw error }
      faults.add(error.message)
    }
  }
}
