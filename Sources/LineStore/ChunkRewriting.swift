import LogModel
package import SQLite

/// Other texts for some lines of a chunk.
package struct ChunkRewriting: Sendable {
  package struct Row: Sendable {
    /// Of the line as it is stored.
    package var template: Int64
    package var text: [UInt8]
  }

  package let chunk: Int64
  /// By their index in the chunk.
  package fileprivate(set) var rows: [Int: Row] = [:]
}

/// Finds lines of chunks that are to have other texts.
///
/// Sees the templates that there were when it was made.
package struct ChunkEditor: ~Copyable {
  private let catalog: StoreCatalog
  private var reader = ChunkReader()
  private var message = ByteBuffer()

  package init(reading db: borrowing Connection) throws(SQLiteError) {
    catalog = try StoreCatalog(reading: db)
  }

  /// Asks for the text of each line; `replace` returns nil for one that stays.
  package mutating func edit(
    chunk id: Int64, _ db: borrowing Connection,
    _ replace: (_ time: Int64, _ skeleton: Int64, _ text: Span<UInt8>) -> [UInt8]?
  ) throws(SQLiteError) -> ChunkRewriting {
    var result = ChunkRewriting(chunk: id)
    guard try reader.load(id, catalog, db) else { return result }
    while try reader.next() {
      guard let index = catalog.index(ofTemplate: reader.row.template) else {
        throw SQLiteError(.unknownTemplate(chunk: id, template: reader.row.template))
      }
      let template = catalog.templates[index]
      try reader.render(template, of: catalog, into: &message)
      if let text = replace(reader.time, template.skeleton, message.span) {
        result.rows[reader.index] = ChunkRewriting.Row(template: template.id, text: text)
      }
    }
    return result
  }
}

extension LineWriter {
  /// Stores a chunk again with other texts for some of its lines.
  ///
  /// Ids, times, levels and skeletons stay. The new texts are stored whole, under the catch-alls of
  /// their skeletons.
  package mutating func rewrite(
    _ rewriting: ChunkRewriting, in db: borrowing Connection
  ) throws(SQLiteError) {
    guard let chunk = try small(chunk: rewriting.chunk, db) else { return }
    let isSealed = try db.integer("SELECT sealed FROM chunk WHERE first_id = ?", chunk.firstID) == 1
    var output = RowBuffer(capacity: chunk.rows.count)
    var parameter = ByteBuffer()
    var templates: Set<Int64> = []
    var catchAlls: [Int64: Int64] = [:]
    var walk = ChunkRows()
    let text = chunk.rows.span
    while walk.next(text) {
      if walk.isDropped {
        output.append(droppedLines: walk.droppedLines)
        continue
      }
      var template = walk.template
      if let row = rewriting.rows[walk.index] {
        if let known = catchAlls[row.template] {
          template = known
        } else {
          template = try catchAll(of: row.template, db)
          catchAlls[row.template] = template
        }
      }
      templates.insert(template)
      guard let row = rewriting.rows[walk.index] else {
        output.append(
          offset: walk.offset, template: template, parameters: text.extracting(walk.parameters))
        continue
      }
      parameter.removeAll()
      parameter.append(",\"")
      parameter.append(escaping: row.text.span)
      parameter.append(UInt8(ascii: "\""))
      output.append(offset: walk.offset, template: template, parameters: parameter.span)
    }
    guard !walk.isDamaged else {
      throw SQLiteError(
        code: SQLiteError.damagedPart, message: "the rows of chunk \(chunk.firstID) are damaged")
    }
    output.close()
    let header = ChunkHeader(
      firstID: chunk.firstID, source: chunk.source, layout: .none, count: chunk.count,
      unit: chunk.scale.unit, minimum: chunk.scale.minimum, maximum: chunk.maximum,
      isSealed: isSealed)
    try replace(chunk, by: output.text, header, templates, in: db)
  }

  /// The template `%s` of the skeleton and level of another.
  private func catchAll(
    of template: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    let known = try db.integer(
      """
      SELECT c.id FROM template t JOIN template c ON c.skeleton = t.skeleton AND c.level IS t.level
      WHERE t.id = ? AND c.hash IS NULL AND c.text = '%s'
      """, template)
    if let known { return known }
    try db.run(
      """
      INSERT INTO template(id, pattern, skeleton, level, base, holes, timed, hash, text)
      SELECT (SELECT max(id) FROM template) + 1, pattern, skeleton, level, NULL, 1, 0, NULL, '%s'
      FROM template WHERE id = ?
      """, template)
    return db.lastInsertRowID
  }
}
