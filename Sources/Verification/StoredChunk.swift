import LineStore
import SQLite

/// The columns of a row of `chunk`, but for its data.
struct StoredChunk {
  let id: Int64
  let source: Int64
  let layout: Int64
  let count: Int64
  let scale: TimeScale
  let maximum: Int64
  let sealed: Int64
  let size: Int
  let crc32: Int64

  /// Nil where there is none.
  ///
  /// A chunk whose data is on a damaged page still has its columns.
  init?(_ id: Int64, in db: borrowing Connection) throws(SQLiteError) {
    var row = try db.prepare(
      """
      SELECT first_id, source, layout, count, unit_us, min_us, max_us, sealed, size, crc32
      FROM chunk WHERE first_id = ?
      """)
    try row.bind(1, id)
    guard try row.step() else { return nil }
    self.id = row.integer(0)
    source = row.integer(1)
    layout = row.integer(2)
    count = row.integer(3)
    scale = TimeScale(minimum: row.integer(5), unit: row.integer(4))
    maximum = row.integer(6)
    sealed = row.integer(7)
    size = row.int(8)
    crc32 = row.integer(9)
  }

  /// Whether it is stored otherwise than as it is, and so has a filter of its words.
  var isCompressed: Bool { sealed != 0 || size >= EncodedChunk.plainBytes }

  var unit: Int64 { scale.unit }
  var minimum: Int64 { scale.minimum }

  /// The ids of its rows; nil where the columns cannot be those of a chunk.
  var lines: Range<Int64>? {
    guard LineIdentifier.isRun(id, count: count) else { return nil }
    return id..<(id + count)
  }
}
