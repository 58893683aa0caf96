import SQLite

/// Removes the templates of which no line is left; their skeletons go on counting.
struct TemplateUses {
  /// The template of which each is a special case.
  private(set) var bases: [Int64: Int64] = [:]
  /// How many special cases of each there are: it stays as long as they do.
  private var cases: [Int64: Int] = [:]

  init(reading db: borrowing Connection) throws(SQLiteError) {
    var row = try db.prepare("SELECT id, base FROM template WHERE base IS NOT NULL")
    while try row.step() {
      bases[row.integer(0)] = row.integer(1)
      cases[row.integer(1), default: 0] += 1
    }
  }

  /// Those of `templates` that have no line any more, and what only they were cases of, go.
  mutating func remove(
    _ templates: some Sequence<Int64>, isUsed: (Int64) throws(SQLiteError) -> Bool,
    _ body: (Int64) throws(SQLiteError) -> Void
  ) throws(SQLiteError) {
    for template in templates.sorted() {
      var next: Int64? = template
      while let id = next, cases[id] ?? 0 == 0, try !isUsed(id) {
        try body(id)
        next = bases.removeValue(forKey: id)
        if let base = next { cases[base, default: 0] -= 1 }
      }
    }
  }

  mutating func removeTemplates(
    _ templates: Set<Int64>, in db: borrowing Connection
  ) throws(SQLiteError) {
    try remove(templates) { id throws(SQLiteError) in
      try db.integer("SELECT 1 FROM chunk_template WHERE template = ? LIMIT 1", id) == 1
    } _: { id throws(SQLiteError) in
      try db.run("DELETE FROM template WHERE id = ?", id)
    }
  }
}
