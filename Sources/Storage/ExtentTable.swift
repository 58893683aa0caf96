package import SQLite

/// A run of lines of one source that came from consecutive bytes of one generation.
package struct Extent: Sendable, Equatable {
  package var firstID: Int64
  package var count: Int64
  package var file: Int64
  package var offset: Int64
  package var bytes: Int64

  package init(firstID: Int64, count: Int64, file: Int64, offset: Int64, bytes: Int64) {
    self.firstID = firstID
    self.count = count
    self.file = file
    self.offset = offset
    self.bytes = bytes
  }
}

package struct ExtentTable {
  package init() {}

  /// Adds an extent, or lengthens the one that it continues in lines and in bytes, unless another
  /// generation goes on from there.
  package func add(_ extent: Extent, in db: borrowing Connection) throws(SQLiteError) {
    try db.run(
      """
      UPDATE extent SET count = count + ?2, bytes = bytes + ?5
      WHERE first_id = (SELECT max(first_id) FROM extent WHERE first_id < ?1)
        AND first_id + count = ?1 AND file = ?3 AND offset + bytes = ?4
        AND NOT EXISTS (SELECT 1 FROM file WHERE origin = ?3 AND start = ?4)
      """, extent.firstID, extent.count, extent.file, extent.offset, extent.bytes)
    guard db.changes == 0 else { return }
    try db.run(
      "INSERT INTO extent(first_id, count, file, offset, bytes) VALUES(?, ?, ?, ?, ?)",
      extent.firstID, extent.count, extent.file, extent.offset, extent.bytes)
  }

  /// Adds the extent of an open record, which stays alone until the record is complete.
  package func addOpen(_ extent: Extent, in db: borrowing Connection) throws(SQLiteError) {
    try db.run(
      "INSERT INTO extent(first_id, count, file, offset, bytes) VALUES(?, ?, ?, ?, ?)",
      extent.firstID, extent.count, extent.file, extent.offset, extent.bytes)
  }

  /// The extents of a generation that begin before `end`, in the order of their bytes.
  package func extents(
    file: Int64, before end: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> [Extent] {
    var statement = try db.prepare(
      """
      SELECT first_id, count, offset, bytes FROM extent WHERE file = ? AND offset < ?
      ORDER BY offset
      """)
    try statement.bind(1, file)
    try statement.bind(2, end)
    var found: [Extent] = []
    while try statement.step() {
      found.append(
        Extent(
          firstID: statement.integer(0), count: statement.integer(1), file: file,
          offset: statement.integer(2), bytes: statement.integer(3)))
    }
    return found
  }

  /// The extents that hold some of these lines, in their order.
  package func extents(
    ofLines ids: Range<Int64>, in db: borrowing Connection
  ) throws(SQLiteError) -> [Extent] {
    var statement = try db.prepare(
      """
      SELECT first_id, count, file, offset, bytes FROM extent
      WHERE first_id >= coalesce((SELECT max(first_id) FROM extent WHERE first_id <= ?1), ?1)
        AND first_id < ?2 AND first_id + count > ?1 ORDER BY first_id
      """)
    try statement.bind(values: ids.lowerBound, ids.upperBound)
    var found: [Extent] = []
    while try statement.step() {
      found.append(
        Extent(
          firstID: statement.integer(0), count: statement.integer(1), file: statement.integer(2),
          offset: statement.integer(3), bytes: statement.integer(4)))
    }
    return found
  }

  /// The generation that a line came from.
  package func file(
    ofLine id: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Int64? {
    try db.integer(
      """
      SELECT file FROM extent WHERE first_id = (SELECT max(first_id) FROM extent WHERE first_id <= ?1)
        AND first_id + count > ?1
      """, id)
  }

  /// Makes two of the extent that holds line `id`, which begins at byte `offset`.
  package func split(
    at id: Int64, offset: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    var statement = try db.prepare(
      """
      SELECT first_id, count, file, offset, bytes FROM extent
      WHERE first_id = (SELECT max(first_id) FROM extent WHERE first_id < ?1) AND first_id + count > ?1
      """)
    try statement.bind(1, id)
    guard try statement.step() else { return }
    let whole = Extent(
      firstID: statement.integer(0), count: statement.integer(1), file: statement.integer(2),
      offset: statement.integer(3), bytes: statement.integer(4))
    try db.run(
      "UPDATE extent SET count = ?, bytes = ? WHERE first_id = ?", id - whole.firstID,
      offset - whole.offset, whole.firstID)
    try addOpen(
      Extent(
        firstID: id, count: whole.firstID + whole.count - id, file: whole.file, offset: offset,
        bytes: whole.offset + whole.bytes - offset), in: db)
  }

  /// The lines of a generation as far as its bytes lie before `end`.
  package struct Part: Sendable {
    package var extents: [Extent]
    package var end: Int64
  }

  /// The lines that stand for the bytes of a file before `end`, from the first byte on: those before
  /// `start` are other generations'.
  ///
  /// The last extent of a part may reach beyond its end. Nil where a generation is not known any more.
  package func parts(
    of row: FileRow, before end: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> [Part]? {
    var parts: [Part] = []
    var generation = row
    var end = end
    // A damaged store may have a circle of them.
    for _ in 0..<1000 {
      if end > generation.start {
        let extents = try extents(file: generation.id, before: end, in: db)
        parts.append(Part(extents: extents, end: end))
      }
      end = min(end, generation.start)
      if end == 0 { return parts.reversed() }
      guard let origin = generation.origin, let before = try FileTable().row(id: origin, in: db)
      else { return nil }
      generation = before
    }
    return nil
  }

  package func removeOpen(_ id: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try db.run("DELETE FROM extent WHERE first_id = ?", id)
  }
}
