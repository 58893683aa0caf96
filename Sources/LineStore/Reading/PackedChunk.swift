import SQLite

/// A chunk as the store has it.
struct PackedChunk {
  var header = ChunkReader.Header()
  /// Of the inflated columns.
  var size = 0
  var checksum: Int64 = 0
  var data: [UInt8] = []

  /// Takes a chunk from the store; false when there is no such chunk.
  mutating func fetch(
    _ id: Int64, _ catalog: StoreCatalog, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    var statement = try db.prepare(
      "SELECT layout, count, unit_us, min_us, size, crc32, data FROM chunk WHERE first_id = ?"
    )
    try statement.bind(1, id)
    guard try statement.step() else { return false }
    guard let layout = catalog.layouts[statement.integer(0)] else {
      throw SQLiteError(.unknownLayout(chunk: id, layout: statement.integer(0)))
    }
    header = ChunkReader.Header(
      id: id, layout: layout, count: statement.int(1),
      scale: TimeScale(minimum: statement.integer(3), unit: statement.integer(2)))
    size = statement.int(4)
    checksum = statement.integer(5)
    data.removeAll(keepingCapacity: true)
    data.append(statement.bytes(6))
    return true
  }
}
