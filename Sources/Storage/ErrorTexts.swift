package import SQLite

/// What errors are called: texts that may outlive the lines they are of.
package struct ErrorTexts {
  package init() {}

  private static let columns = [
    "error_variant": ["type", "culprit", "text"],
    "error_group": ["type", "title", "culprit", "frames"],
  ]

  /// How many texts there are for which `replace` returns others.
  package func count(
    in db: borrowing Connection, _ replace: (String) -> String?
  ) throws(SQLiteError) -> Int {
    try changed(in: db, replace).count
  }

  /// Gives them these texts, inside the caller's transaction, and returns how many it were.
  ///
  /// Fingerprints stay as they are.
  package func replace(
    in db: borrowing Connection, _ replace: (String) -> String?
  ) throws(SQLiteError) -> Int {
    let changes = try changed(in: db, replace)
    for change in changes {
      try db.run(
        "UPDATE \(change.table) SET \(change.column) = ? WHERE id = ?", change.text, change.id)
    }
    return changes.count
  }

  private struct Change {
    var table: String
    var column: String
    var id: Int64
    var text: String
  }

  private func changed(
    in db: borrowing Connection, _ replace: (String) -> String?
  ) throws(SQLiteError) -> [Change] {
    var changes: [Change] = []
    for (table, columns) in Self.columns.sorted(by: { $0.key < $1.key }) {
      for column in columns {
        var row = try db.prepare("SELECT id, \(column) FROM \(table) WHERE \(column) IS NOT NULL")
        while try row.step() {
          guard let text = replace(row.text(1)) else { continue }
          changes.append(Change(table: table, column: column, id: row.integer(0), text: text))
        }
      }
    }
    return changes
  }
}
