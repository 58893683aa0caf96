package import SQLite

/// The stored lines by id, as they were read: to be compared with what a file says now.
///
/// Sees the templates that there were when it was made.
package struct StoredLines: ~Copyable {
  private let catalog: StoreCatalog
  private var reader = ChunkReader()
  private var message = ByteBuffer()
  /// Lines that are not stored, found last.
  private var gone: Range<Int64> = 0..<0

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
    guard !gone.contains(id) else { return false }
    if !isInChunk(id) {
      reader.unload()
      let chunk = try db.integer("SELECT max(first_id) FROM chunk WHERE first_id <= ?", id)
      guard let chunk, try reader.load(chunk, catalog, db), isInChunk(id) else {
        let next = try db.integer("SELECT min(first_id) FROM chunk WHERE first_id > ?", id)
        gone = id..<(next ?? id + 1)
        return false
      }
    }
    if reader.rowID > id || reader.row.isDropped { reader.rewind() }
    var isAtRow = reader.rowID == id
    while reader.rowID < id {
      isAtRow = try reader.next()
      guard isAtRow else { break }
    }
    guard isAtRow, reader.rowID == id else {
      gone = id..<(isAtRow ? reader.rowID : endOfChunk)
      return false
    }
    try render()
    return true
  }

  /// Goes to the next line of a chunk whose time is one of `times`, and returns its id; nil behind the last one.
  ///
  /// The first call for a chunk begins at its first line.
  package mutating func next(
    inChunk chunk: Int64, at times: Set<Int64>, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64? {
    if reader.header?.id != chunk {
      guard try reader.load(chunk, catalog, db) else { return nil }
    }
    while try reader.next() {
      guard times.contains(reader.time) else { continue }
      try render()
      return reader.rowID
    }
    reader.unload()
    return nil
  }

  private mutating func render() throws(SQLiteError) {
    guard let template = catalog.index(ofTemplate: reader.row.template) else {
      throw SQLiteError(
        .unknownTemplate(chunk: reader.header?.id ?? 0, template: reader.row.template))
    }
    try reader.render(catalog.templates[template], of: catalog, into: &message)
  }

  /// Behind the lines that `seek` found last not to be stored.
  package var endOfGone: Int64 { gone.upperBound }

  /// How many lines of a file the records had that are gone of a chunk; `ids` end where `endOfGone` is, or
  /// before.
  package func fileLines(ofGone ids: Range<Int64>) -> Int64 {
    let first = reader.header?.id ?? 0
    return reader.dropped.reduce(into: Int64(ids.count)) { lines, row in
      if ids.contains(first + Int64(row.index)) { lines += row.feeds }
    }
  }

  private var endOfChunk: Int64 {
    guard let header = reader.header else { return 0 }
    return header.id + Int64(header.count)
  }

  private func isInChunk(_ id: Int64) -> Bool {
    guard let header = reader.header else { return false }
    return id >= header.id && id - header.id < Int64(header.count)
  }
}
