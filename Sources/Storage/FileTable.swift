package import LogModel
package import SQLite

/// Finds and writes rows of `file`.
package struct FileTable {
  package init() {}

  /// The generations seen under this inode that still own it, the newest first.
  package func rows(
    device: Int64, inode: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> [FileRow] {
    try rows(
      "inode = ? AND device = ? AND state IN ('active', 'finished', 'copy', 'error', 'missing')",
      db, inode, device)
  }

  /// The generations whose first `length` bytes have this hash, the newest first.
  package func rows(
    headLength: Int, headHash: UInt64, in db: borrowing Connection
  ) throws(SQLiteError) -> [FileRow] {
    try rows(
      "head_length = ? AND head_hash = ? AND state <> 'copy'", db, headLength,
      Int64(bitPattern: headHash))
  }

  /// The generations read up to content that ends in this gzip trailer.
  package func rows(
    crc32: UInt32, size: UInt32, in db: borrowing Connection
  ) throws(SQLiteError) -> [FileRow] {
    try rows(
      """
      (crc32 = ?1 AND offset & 4294967295 = ?2
        OR open_line IS NOT NULL AND open_crc32 = ?1 AND (offset + open_bytes) & 4294967295 = ?2)
      AND state <> 'copy'
      """, db, Int64(crc32), Int64(size))
  }

  /// The generations whose last record is still open.
  package func open(in db: borrowing Connection) throws(SQLiteError) -> [FileRow] {
    try rows("open_line IS NOT NULL", db)
  }

  /// The superseded generations whose last record was never closed: their run was killed.
  package func supersededButOpen(in db: borrowing Connection) throws(SQLiteError) -> [FileRow] {
    try rows("open_line IS NOT NULL AND state = 'superseded'", db)
  }

  /// The files that say, as far as they go, what generation `id` says, the newest first.
  package func copies(of id: Int64, in db: borrowing Connection) throws(SQLiteError) -> [FileRow] {
    try rows("origin = ? AND state = 'copy'", db, id)
  }

  /// The generations that go on from generation `origin`.
  package func rows(origin: Int64, in db: borrowing Connection) throws(SQLiteError) -> [FileRow] {
    try rows("origin = ?", db, origin)
  }

  package func row(id: Int64, in db: borrowing Connection) throws(SQLiteError) -> FileRow? {
    try rows("id = ?", db, id).first
  }

  /// Every generation of a source, the newest first.
  package func rows(source: Int64, in db: borrowing Connection) throws(SQLiteError) -> [FileRow] {
    try rows("source = ?", db, source)
  }

  /// Every generation that was at a path when last seen.
  package func present(in db: borrowing Connection) throws(SQLiteError) -> [FileRow] {
    try rows(Self.isPresent, db)
  }

  /// Those of them that were at this path, in any order.
  package func present(
    at path: Path, in db: borrowing Connection
  ) throws(SQLiteError) -> [FileRow] {
    let condition = "\(Self.isPresent) AND path = ?"
    if let text = path.text { return try unordered(condition, db, text) }
    return try unordered(condition, db, path.bytes)
  }

  /// Those of them that were somewhere in this folder, in any order.
  package func present(
    below folder: Path, in db: borrowing Connection
  ) throws(SQLiteError) -> [FileRow] {
    let condition = "\(Self.isPresent) AND path >= ? AND path < ?"
    let first = folder.appending([])
    // The byte behind the slash.
    let end = Path(bytes: first.bytes.dropLast() + [0x30])
    var found = try unordered(condition, db, first.bytes, end.bytes)
    if let first = first.text, let end = end.text {
      found += try unordered(condition, db, first, end)
    }
    return found
  }

  /// As the index `file_present` says it.
  private static let isPresent = "state IN ('active', 'finished', 'copy', 'error')"

  /// The heads below the full 1,024 bytes, by length.
  package func shortHeads(
    in db: borrowing Connection
  ) throws(SQLiteError) -> [Int: Set<UInt64>] {
    var statement = try db.prepare(
      "SELECT head_length, head_hash FROM file WHERE head_length BETWEEN 1 AND 1023")
    var heads: [Int: Set<UInt64>] = [:]
    while try statement.step() {
      heads[statement.int(0), default: []].insert(UInt64(bitPattern: statement.integer(1)))
    }
    return heads
  }

  private func rows<each Value: Bindable>(
    _ condition: String, _ db: borrowing Connection, _ values: repeat each Value
  ) throws(SQLiteError) -> [FileRow] {
    // With the sign, no condition makes SQLite walk the whole table for the order's sake.
    try unordered(condition + " ORDER BY +id DESC", db, repeat each values)
  }

  private func unordered<each Value: Bindable>(
    _ condition: String, _ db: borrowing Connection, _ values: repeat each Value
  ) throws(SQLiteError) -> [FileRow] {
    var statement = try db.prepare("SELECT \(FileRow.columns) FROM file WHERE \(condition)")
    try statement.bind(values: repeat each values)
    var found: [FileRow] = []
    while try statement.step() { found.append(FileRow(statement)) }
    return found
  }

  /// Writes a new generation under its id.
  package func insert(
    _ row: FileRow, seen: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    var statement = try db.prepare(
      """
      INSERT INTO file(\(FileRow.writtenColumns), seen_us, id)
      VALUES(\(FileRow.parameters(FileRow.writtenCount + 2)))
      """)
    let next = try row.bind(to: &statement)
    try statement.bind(next, seen)
    try statement.bind(next + 1, row.id)
    try statement.run()
  }

  /// Writes a generation back if its offset still is `expected`; false when somebody moved it.
  package func update(
    _ row: FileRow, expectedOffset: Int64, seen: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    var statement = try db.prepare(
      """
      UPDATE file SET (\(FileRow.writtenColumns), seen_us)
        = (\(FileRow.parameters(FileRow.writtenCount + 1)))
      WHERE id = ?\(FileRow.writtenCount + 2) AND offset = ?\(FileRow.writtenCount + 3)
      """)
    let next = try row.bind(to: &statement)
    try statement.bind(next, seen)
    try statement.bind(next + 1, row.id)
    try statement.bind(next + 2, expectedOffset)
    try statement.run()
    return db.changes == 1
  }

  /// The lines of a source that are stored but not complete.
  package func openLines(
    source: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Set<Int64> {
    var statement = try db.prepare(
      "SELECT open_line FROM file WHERE source = ? AND open_line IS NOT NULL")
    try statement.bind(1, source)
    var lines: Set<Int64> = []
    while try statement.step() { lines.insert(statement.integer(0)) }
    return lines
  }

  /// The generations of which nothing is stored and that were found to be gone before `time`.
  package func forgettable(
    before time: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> [FileRow] {
    try rows(
      """
      state = 'missing' AND bytes_stored = 0 AND seen_us < ? AND open_line IS NULL
      AND NOT EXISTS (SELECT 1 FROM extent WHERE extent.file = file.id)
      AND NOT EXISTS (SELECT 1 FROM reject WHERE reject.file = file.id)
      AND NOT EXISTS (SELECT 1 FROM file later WHERE later.origin = file.id)
      """, db, time)
  }

  /// The generations that were found to be gone before `time` and of which no line is left.
  package func withoutLines(
    before time: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> [Int64] {
    var ids: [Int64] = []
    var row = try db.prepare(
      """
      SELECT id FROM file f WHERE state IN ('missing', 'superseded') AND seen_us < ? AND open_line IS NULL
        AND bytes_stored > 0 AND NOT EXISTS (SELECT 1 FROM file later WHERE later.origin = f.id)
        AND NOT EXISTS (SELECT 1 FROM extent e WHERE e.file = f.id AND NOT \(PrunedTable.isPruned))
      """)
    try row.bind(1, time)
    while try row.step() { ids.append(row.integer(0)) }
    return ids
  }

  /// Forgets a generation of which no line is left.
  package func removeWithExtents(_ id: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try db.run("DELETE FROM reject WHERE file = ?", id)
    try db.run("DELETE FROM extent WHERE file = ?", id)
    try remove(id, in: db)
  }

  package func remove(_ id: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try db.run("DELETE FROM turn_state WHERE file = ?", id)
    try db.run("DELETE FROM file WHERE id = ?", id)
  }

  /// The id that the next new generation gets.
  package func nextID(in db: borrowing Connection) throws(SQLiteError) -> Int64 {
    (try db.integer("SELECT max(id) FROM file") ?? 0) + 1
  }
}
