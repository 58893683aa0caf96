import LineStore
import SQLite

/// What reading rows takes of `template` and `layout`; templates by position, in the order of ids.
struct TemplateIndex {
  struct Entry {
    var skeleton: Int64
    /// 0 for none, as in `skeleton_count`.
    var level: Int64
    var holes: Int
    var isTimed: Bool
  }

  private var entries: [Entry] = []
  private var positions: [Int64: Int] = [:]
  /// Whether the layout holds a time.
  private var layouts: [Int64: Bool] = [:]
  /// Of the templates of which they are not plain, by id.
  private(set) var seams: [Int64: Seams] = [:]

  init(reading db: borrowing Connection) throws(SQLiteError) {
    do {
      var row = try db.prepare("SELECT id, kind FROM layout")
      while try row.step() { layouts[row.integer(0)] = row.integer(1) != 0 }
    }
    var row = try db.prepare(
      "SELECT id, skeleton, coalesce(level, 0), holes, timed, text FROM template ORDER BY id")
    while try row.step() {
      positions[row.integer(0)] = entries.count
      entries.append(
        Entry(
          skeleton: row.integer(1), level: row.integer(2), holes: row.int(3),
          isTimed: row.integer(4) != 0))
      let seams = Seams(
        StoredTemplate(
          id: row.integer(0), pattern: 0, level: 0, timed: row.integer(4) != 0, text: row.bytes(5)))
      if !seams.isPlain { self.seams[row.integer(0)] = seams }
    }
  }

  var count: Int { entries.count }

  subscript(position: Int) -> Entry { entries[position] }

  func position(of template: Int64) -> Int? { positions[template] }

  func hasLayout(_ id: Int64) -> Bool { layouts[id] != nil }

  func hasTimes(layout: Int64) -> Bool { layouts[layout] ?? false }
}
