import SQLite

/// The database as SQLite sees it: its pages, its indexes, its constraints and its references.
struct IntegrityCheck {
  private static let limit = 100

  static func run(_ db: borrowing Connection) throws(SQLiteError) -> Check {
    var faults = Faults()
    do {
      var row = try db.prepare("PRAGMA integrity_check(\(limit))")
      while try row.step() {
        let message = row.text(0)
        if message != "ok" { faults.add(message.split(separator: "\n").joined(separator: ", ")) }
      }
    }
    var row = try db.prepare("PRAGMA foreign_key_check")
    while try row.step() {
      let number = row.optionalInteger(1).map { " \($0)" } ?? ""
      faults.add("\(row.text(0))\(number) names a row of \(row.text(2)) that does not exist")
    }
    let pages = try db.integer("PRAGMA page_count") ?? 0
    return faults.check("integrity", scope: counted(pages, "page"))
  }
}
