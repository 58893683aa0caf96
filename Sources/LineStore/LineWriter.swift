import Deflate
import LogModel
package import SQLite

/// Writes chunks and dictionary rows, inside the transaction of a batch.
package struct LineWriter: ~Copyable {
  private var layouts: [TimeLayout: Int64] = [:]
  private var columns = ColumnReader()
  private var deflater = RowDeflater()

  package init() {}

  /// Stores chunks; each is asked for when its turn comes, so that others may still be encoded.
  package mutating func write(
    _ chunks: [ChunkHeader], encoded: (Int) -> EncodedChunk, to db: borrowing Connection
  ) throws(SQLiteError) {
    for (index, header) in chunks.enumerated() {
      let layout = try layoutID(header.layout, db)
      try insert(encoded(index), header, layout: layout, to: db)
    }
  }

  func insert(
    _ chunk: EncodedChunk, _ header: ChunkHeader, layout: Int64, to db: borrowing Connection
  ) throws(SQLiteError) {
    try db.run(
      """
      INSERT INTO chunk(first_id, source, layout, count, unit_us, min_us, max_us, sealed, size, crc32, data)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      header.firstID, header.source, layout, header.count, header.unit,
      header.minimum, header.maximum, header.isSealed, chunk.size, Int(chunk.crc32), chunk.data)
    try db.run(
      "INSERT INTO template_use(chunk, counts) VALUES(?, ?)", header.firstID,
      TemplateCounts.text(chunk.templates))
    guard let words = chunk.words else { return }
    try db.run("INSERT INTO chunk_word(chunk, bits) VALUES(?, ?)", header.firstID, words)
  }

  /// Removes the chunk of an open record, whose complete form is about to be written.
  package mutating func removeChunk(_ id: Int64, from db: borrowing Connection) throws(SQLiteError)
  {
    guard let chunk = try small(chunk: id, db) else { return }
    try remove(chunk, db)
  }

  struct SmallChunk {
    var firstID: Int64
    var source: Int64
    var layout: Int64
    var count: Int
    var scale: TimeScale
    var maximum: Int64
    var rows: [UInt8]
  }

  mutating func small(
    chunk id: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> SmallChunk? {
    var statement = try db.prepare(
      "SELECT source, layout, count, unit_us, min_us, max_us, size, data, crc32 FROM chunk WHERE first_id = ?"
    )
    try statement.bind(1, id)
    guard try statement.step() else { return nil }
    var rows: [UInt8] = []
    guard Int64(crc32(statement.bytes(7))) == statement.integer(8) else {
      throw SQLiteError(.checksum(chunk: id))
    }
    guard columns.inflate(statement.bytes(7), size: statement.int(6)) else {
      throw SQLiteError(.notInflatable(chunk: id))
    }
    guard columns.read(into: &rows) else {
      throw SQLiteError(.columns(chunk: id))
    }
    return SmallChunk(
      firstID: id, source: statement.integer(0), layout: statement.integer(1),
      count: statement.int(2),
      scale: TimeScale(minimum: statement.integer(4), unit: statement.integer(3)),
      maximum: statement.integer(5),
      rows: rows)
  }

  func remove(_ chunk: SmallChunk, _ db: borrowing Connection) throws(SQLiteError) {
    try db.run("DELETE FROM template_use WHERE chunk = ?", chunk.firstID)
    try db.run("DELETE FROM chunk_word WHERE chunk = ?", chunk.firstID)
    try db.run("DELETE FROM chunk WHERE first_id = ?", chunk.firstID)
  }

  /// Stores a chunk in the place of one that begins with the same line.
  mutating func replace(
    _ chunk: SmallChunk, by rows: borrowing ByteBuffer, _ header: ChunkHeader,
    _ templates: Set<Int64>, in db: borrowing Connection
  ) throws(SQLiteError) {
    try replace(chunk, by: try encode(rows, header, templates, db), header, in: db)
  }

  func replace(
    _ chunk: SmallChunk, by encoded: EncodedChunk, _ header: ChunkHeader,
    in db: borrowing Connection
  ) throws(SQLiteError) {
    try remove(chunk, db)
    try insert(encoded, header, layout: chunk.layout, to: db)
  }

  /// `rows` is a text that `ChunkRows` walks, `templates` are those that they use.
  func encode(
    _ rows: borrowing ByteBuffer, _ header: ChunkHeader, _ templates: Set<Int64>,
    _ db: borrowing Connection
  ) throws(SQLiteError) -> EncodedChunk {
    let seams = try seams(of: templates, db)
    var columns = ColumnWriter(rows: rows.span, count: header.count)
    return EncodedChunk(
      &columns, of: rows.span, isSealed: header.isSealed, deflater,
      words: { WordKeys(rows: rows.span, seams: seams) })
  }

  /// Of the templates of which they are not plain.
  private func seams(
    of templates: some Sequence<Int64>, _ db: borrowing Connection
  ) throws(SQLiteError) -> [Int64: Seams] {
    var found: [Int64: Seams] = [:]
    var statement = try db.prepare("SELECT timed, text FROM template WHERE id = ?")
    for id in templates {
      statement.reset()
      try statement.bind(1, id)
      guard try statement.step() else { continue }
      let seams = Seams(
        StoredTemplate(
          id: id, pattern: 0, level: 0, timed: statement.int(0) != 0, text: statement.bytes(1)))
      if !seams.isPlain { found[id] = seams }
    }
    return found
  }

  private mutating func layoutID(
    _ layout: TimeLayout, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    if let id = layouts[layout] { return id }
    let separator = Self.text(layout.separator)
    let point = Self.text(layout.point)
    let known = try db.integer(
      """
      SELECT id FROM layout WHERE kind = ? AND sep = ? AND point = ? AND digits = ? AND offset_s = ?
        AND suffix = ?
      """,
      Int(layout.kind.rawValue), separator, point, Int(layout.digits), Int(layout.offsetSeconds),
      layout.suffix.text)
    if let known {
      layouts[layout] = known
      return known
    }
    try db.run(
      "INSERT INTO layout(kind, sep, point, digits, offset_s, suffix) VALUES(?, ?, ?, ?, ?, ?)",
      Int(layout.kind.rawValue), separator, point, Int(layout.digits), Int(layout.offsetSeconds),
      layout.suffix.text)
    layouts[layout] = db.lastInsertRowID
    return db.lastInsertRowID
  }

  private static func text(_ byte: UInt8) -> String {
    byte == 0 ? "" : String(decoding: [byte], as: UTF8.self)
  }
}
