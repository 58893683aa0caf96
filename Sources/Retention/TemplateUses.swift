import LineStore
import SQLite

/// Removes the templates of which no line is left; their skeletons go on counting.
struct TemplateUses {
  /// The template of which each is a special case.
  private(set) var bases: [Int64: Int64] = [:]
  /// How many special cases of each there are: it stays as long as they do.
  private var cases: [Int64: Int] = [:]
  /// How many chunks have lines of each.
  private var chunks: [Int64: Int] = [:]

  init(reading db: borrowing Connection) throws(SQLiteError) {
    var row = try db.prepare("SELECT id, base FROM template")
    while try row.step() {
      chunks[row.integer(0)] = 0
      guard let base = row.optionalInteger(1) else { continue }
      bases[row.integer(0)] = base
      cases[base, default: 0] += 1
    }
    var use = try db.prepare("SELECT counts FROM template_use")
    while try use.step() {
      var counts = TemplateCounts()
      while counts.next(use.bytes(0)) { chunks[counts.template]? += 1 }
      // What cannot be read may have lines of any.
      if counts.isDamaged { for id in chunks.keys { chunks[id]? += 1 } }
    }
  }

  /// One chunk less has lines of `templates`: those that none has, and what only they were cases of, go.
  mutating func release(
    _ templates: some Sequence<Int64>, _ body: (Int64) throws(SQLiteError) -> Void
  ) throws(SQLiteError) {
    let templates = templates.sorted()
    for template in templates { chunks[template]? -= 1 }
    try remove(templates, body)
  }

  /// Removes all templates of which there is no line.
  mutating func removeUnused(in db: borrowing Connection) throws(SQLiteError) {
    try remove(chunks.keys.sorted()) { id throws(SQLiteError) in try Self.delete(id, in: db) }
  }

  static func delete(_ template: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try db.run("DELETE FROM template WHERE id = ?", template)
  }

  private mutating func remove(
    _ templates: [Int64], _ body: (Int64) throws(SQLiteError) -> Void
  ) throws(SQLiteError) {
    for template in templates {
      var next: Int64? = template
      while let id = next, cases[id] ?? 0 == 0, let uses = chunks[id], uses <= 0 {
        try body(id)
        chunks[id] = nil
        next = bases.removeValue(forKey: id)
        if let base = next { cases[base, default: 0] -= 1 }
      }
    }
  }
}
