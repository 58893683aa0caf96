package import SQLite

/// The stored lines by id, as they were read: to be compared with what a file says now.
///
/// Sees the templates that there were when it was made.
package struct StoredLines: ~Copyable {
  private let catalog: StoreCatalog
  private var reader = ChunkReader()
  private var message = ByteBuffer()

  package init(reading db: borrowing Connection) throws(SQLiteError) {
    catalog = try StoreCatalog(reading: db)
  }

  /// The text of the line that `seek` found.
  package var text: Span<UInt8> {
    @_lifetime(borrow self) get { message.span }
  }

  /// Its time, in microseconds since 1970.
  package var time: Int64 { reader.time }

  /// Goes to a line; false where it is not stored.
  ///
  /// Ascending ids inflate each chunk once.
  package mutating func seek(
    _ id: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    if !isInChunk(id) {
      reader.unload()
      let chunk = try db.integer("SELECT max(first_id) FROM chunk WHERE first_id <= ?", id)
      guard let chunk, try reader.load(chunk, catalog, db), isInChunk(id) else { return false }
    }
    if reader.rowID > id { reader.rewind() }
    while reader.rowID < id { guard try reader.next() else { return false } }
    guard reader.rowID == id else { return false }
    guard let template = catalog.index(ofTemplate: reader.rows.template) else {
      throw SQLiteError(
        .unknownTemplate(chunk: reader.header?.id ?? 0, template: reader.rows.template))
    }
    try reader.render(catalog.templates[template], of: catalog, into: &message)
    return true
  }

  private func isInChunk(_ id: Int64) -> Bool {
    guard let header = reader.header else { return false }
    return id >= header.id && id - header.id < Int64(header.count)
  }
}
