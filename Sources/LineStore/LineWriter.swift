import Deflate
import LogModel
package import SQLite

/// Writes chunks and dictionary rows, inside the transaction of a batch.
package struct LineWriter: ~Copyable {
  /// This many small chunks, or this many rows in them, are merged into one.
  static let maxSmallChunks = 64

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

  private func insert(
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

  /// Merges the small chunks of `source` when there are many; `open` are lines that must stay alone.
  package mutating func mergeSmallChunks(
    of source: Int64, open: Set<Int64>, in db: borrowing Connection
  ) throws(SQLiteError) {
    var ids: [Int64] = []
    var rows = 0
    do {
      var statement = try db.prepare(
        "SELECT first_id, count FROM chunk WHERE source = ? AND sealed = 0 ORDER BY first_id")
      try statement.bind(1, source)
      while try statement.step() {
        guard !open.contains(statement.integer(0)) else { continue }
        ids.append(statement.integer(0))
        rows += statement.int(1)
      }
    }
    guard ids.count >= Self.maxSmallChunks || rows >= LineEncoder.maxRows else { return }
    var group: [SmallChunk] = []
    for id in ids {
      guard let chunk = try whole(chunk: id, db) else { continue }
      if let last = group.last {
        let rows = group.reduce(0) { $0 + $1.count }
        let bytes = group.reduce(0) { $0 + $1.rows.count }
        let follows = last.firstID + Int64(last.count) == chunk.firstID
        let fits =
          rows + chunk.count <= LineEncoder.maxRows
          && bytes + chunk.rows.count <= LineEncoder.maxBytes
        if !follows || !fits || chunk.layout != last.layout {
          // The line behind the group is stored elsewhere for good, unless it is still open.
          try merge(group, sealed: !open.contains(last.firstID + Int64(last.count)), db)
          group = []
        }
      }
      group.append(chunk)
    }
    try merge(group, sealed: group.reduce(0) { $0 + $1.count } >= LineEncoder.maxRows, db)
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

  /// Nil also where the chunk is damaged: it is left as it is.
  private mutating func whole(
    chunk id: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> SmallChunk? {
    do throws(SQLiteError) { return try small(chunk: id, db) } catch {
      guard error.isCorrupt else { throw error }
      return nil
    }
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

  /// Writes the rows of `group`, whose ids follow each other, as one chunk.
  private mutating func merge(
    _ group: [SmallChunk], sealed: Bool, _ db: borrowing Connection
  ) throws(SQLiteError) {
    guard let first = group.first, group.count > 1 || sealed else { return }
    let minimum = group.reduce(first.scale.minimum) { min($0, $1.scale.minimum) }
    let maximum = group.reduce(first.maximum) { max($0, $1.maximum) }
    let unit = group.reduce(first.scale.unit) { min($0, $1.scale.unit) }
    let times = try Self.times(of: group)
    let scale = TimeScale(minimum: minimum, unit: unit)
    var output = ByteBuffer(capacity: 1 << 16)
    var templates: Set<Int64> = []
    var count = 0
    output.append(UInt8(ascii: "["))
    for chunk in group {
      var walk = ChunkRows()
      let text = chunk.rows.span
      while walk.next(text) {
        if count > 0 { output.append(UInt8(ascii: ",")) }
        count += 1
        if walk.isDropped {
          output.append(droppedLines: walk.droppedLines)
          continue
        }
        templates.insert(walk.template)
        output.append(offset: scale.offset(of: times[count - 1]), template: walk.template)
        output.append(text.extracting(walk.parameters))
        output.append(UInt8(ascii: "]"))
      }
      try remove(chunk, db)
    }
    output.append(UInt8(ascii: "]"))
    // The layout is known by its id here.
    let header = ChunkHeader(
      firstID: first.firstID, source: first.source, layout: .none, count: count, unit: unit,
      minimum: minimum, maximum: maximum, isSealed: sealed)
    let encoded = try encode(output, header, templates, db)
    try insert(encoded, header, layout: first.layout, to: db)
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

  /// `Int64.min` where a row was dropped.
  private static func times(of group: [SmallChunk]) throws(SQLiteError) -> [Int64] {
    var times: [Int64] = []
    for chunk in group {
      var walk = ChunkRows()
      while walk.next(chunk.rows.span) {
        let time =
          walk.isDropped ? Int64.min : chunk.scale.time(offset: walk.offset)
        guard let time else { throw damaged(chunk) }
        times.append(time)
      }
      guard !walk.isDamaged else { throw damaged(chunk) }
    }
    return times
  }

  private static func damaged(_ chunk: SmallChunk) -> SQLiteError {
    SQLiteError(
      code: SQLiteError.damagedPart, message: "the rows of chunk \(chunk.firstID) are damaged")
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
