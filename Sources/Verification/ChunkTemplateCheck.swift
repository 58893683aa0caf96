import Deflate
import LineStore
import SQLite

/// `chunk_template` says of each chunk how many of its rows use which template.
struct ChunkTemplateCheck {
  static func run(
    _ db: borrowing Connection, _ places: Places, _ audit: borrowing ChunkAudit
  ) throws(SQLiteError) -> Check {
    var faults = Faults()
    var stored: [Int64: Digest] = [:]
    var entries = 0
    do {
      var row = try db.prepare("SELECT template, chunk, count FROM chunk_template")
      while try row.step() {
        entries += 1
        stored[row.integer(1), default: Digest()].add(row.integer(0), count: row.integer(2))
        if row.integer(2) <= 0 {
          faults.add(
            "\(places.chunk(row.integer(1))): template \(row.integer(0)) counts \(row.integer(2))")
        }
      }
    }
    for (chunk, rows) in audit.templateDigests {
      guard let counts = stored.removeValue(forKey: chunk) else {
        if rows.count > 0 { faults.add("\(places.chunk(chunk)): no template is counted") }
        continue
      }
      guard counts != rows else { continue }
      let difference = faults.isFull ? "" : try difference(chunk, db)
      faults.add("\(places.chunk(chunk)): \(difference)")
    }
    for chunk in stored.keys.sorted() {
      faults.add(
        audit.unreadable.contains(chunk)
          ? "\(places.chunk(chunk)): its rows cannot be read"
          : "\(places.chunk(chunk)): templates are counted, but there is no such chunk")
    }
    return faults.check("chunk_template", scope: counted(entries, "count"))
  }

  /// The first template that is counted wrongly.
  private static func difference(
    _ chunk: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> String {
    var rows: [Int64: Int64] = [:]
    do {
      var row = try db.prepare("SELECT size, data FROM chunk WHERE first_id = ?")
      try row.bind(1, chunk)
      guard try row.step() else { return "its counts differ" }
      let inflater = Inflater()
      var text: [UInt8] = []
      guard inflater.inflate(row.bytes(1), size: row.int(0), into: &text) else {
        return "its counts differ"
      }
      var walk = ChunkRows()
      while walk.next(text.span) { if !walk.isDropped { rows[walk.template, default: 0] += 1 } }
    }
    var wrong: [(template: Int64, text: String)] = []
    var row = try db.prepare("SELECT template, count FROM chunk_template WHERE chunk = ?")
    try row.bind(1, chunk)
    while try row.step() {
      let template = row.integer(0)
      let used = rows.removeValue(forKey: template) ?? 0
      guard used != row.integer(1) else { continue }
      wrong.append(
        (
          template,
          "template \(template) counts \(row.integer(1)), but is used by \(counted(used, "row"))"
        ))
    }
    for (template, used) in rows {
      wrong.append(
        (template, "template \(template) is not counted, but is used by \(counted(used, "row"))"))
    }
    return wrong.min { $0.template < $1.template }?.text ?? "its counts differ"
  }
}
