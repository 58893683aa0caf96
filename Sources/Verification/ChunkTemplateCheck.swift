import Deflate
import LineStore
import SQLite

/// `template_use` says of each chunk how many of its rows use which template.
struct ChunkTemplateCheck {
  static func run(
    _ db: borrowing Connection, _ places: Places, _ audit: borrowing ChunkAudit
  ) throws(SQLiteError) -> Check {
    var faults = Faults()
    var stored: [Int64: Digest] = [:]
    var unread: Set<Int64> = []
    var entries = 0
    do {
      var row = try db.prepare("SELECT chunk, counts FROM template_use")
      while try row.step() {
        let chunk = row.integer(0)
        var digest = Digest()
        var counts = TemplateCounts()
        while counts.next(row.bytes(1)) {
          entries += 1
          digest.add(counts.template, count: counts.count)
          if counts.count <= 0 {
            faults.add("\(places.chunk(chunk)): template \(counts.template) counts \(counts.count)")
          }
        }
        if counts.isDamaged {
          faults.add("\(places.chunk(chunk)): its templates' counts cannot be read")
          unread.insert(chunk)
        }
        stored[chunk] = digest
      }
    }
    for (chunk, rows) in audit.templateDigests {
      guard let counts = stored.removeValue(forKey: chunk) else {
        if rows.count > 0 { faults.add("\(places.chunk(chunk)): no template is counted") }
        continue
      }
      guard counts != rows, !unread.contains(chunk) else { continue }
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
      var columns = ColumnReader()
      var text: [UInt8] = []
      guard columns.inflate(row.bytes(1), size: row.int(0)), columns.read(into: &text) else {
        return "its counts differ"
      }
      var walk = ChunkRows()
      while walk.next(text.span) { if !walk.isDropped { rows[walk.template, default: 0] += 1 } }
    }
    var wrong: [(template: Int64, text: String)] = []
    var row = try db.prepare("SELECT counts FROM template_use WHERE chunk = ?")
    try row.bind(1, chunk)
    guard try row.step() else { return "its counts differ" }
    var counts = TemplateCounts()
    while counts.next(row.bytes(0)) {
      let template = counts.template
      let used = rows.removeValue(forKey: template) ?? 0
      guard used != counts.count else { continue }
      wrong.append(
        (
          template,
          "template \(template) counts \(counts.count), but is used by \(counted(used, "row"))"
        ))
    }
    for (template, used) in rows {
      wrong.append(
        (template, "template \(template) is not counted, but is used by \(counted(used, "row"))"))
    }
    return wrong.min { $0.template < $1.template }?.text ?? "its counts differ"
  }
}
