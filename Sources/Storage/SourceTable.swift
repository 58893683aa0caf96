package import LogModel
package import SQLite

/// A row of `source`.
package struct SourceRow: Sendable, Equatable {
  package var id: Int64
  package var name: String
  package var kind: String
  package var family: Path?
  package var format: String?
  package var nextLine: Int64
  /// The first line that metrics without a rule count; nil: none is.
  package var countedFrom: Int64? = 0

  package init(
    id: Int64, name: String, kind: String, family: Path?, format: String? = nil,
    nextLine: Int64 = 1
  ) {
    self.id = id
    self.name = name
    self.kind = kind
    self.family = family
    self.format = format
    self.nextLine = nextLine
  }
}

/// Finds and writes rows of `source`.
package struct SourceTable {
  package init() {}

  package func row(
    name: String, in db: borrowing Connection
  ) throws(SQLiteError) -> SourceRow? {
    try first("name = ?", db, name)
  }

  package func row(id: Int64, in db: borrowing Connection) throws(SQLiteError) -> SourceRow? {
    try first("id = ?", db, id)
  }

  package func row(
    family: Path, in db: borrowing Connection
  ) throws(SQLiteError) -> SourceRow? {
    try first("family IS NOT NULL AND CAST(family AS BLOB) = ?", db, family.bytes)
  }

  private func first<Value: Bindable>(
    _ condition: String, _ db: borrowing Connection, _ value: Value
  ) throws(SQLiteError) -> SourceRow? {
    var statement = try db.prepare("\(Self.selection) WHERE \(condition)")
    try statement.bind(values: value)
    return try statement.step() ? Self.row(statement) : nil
  }

  /// Every source, in the order of their ids.
  package func all(in db: borrowing Connection) throws(SQLiteError) -> [SourceRow] {
    var rows: [SourceRow] = []
    var statement = try db.prepare("\(Self.selection) ORDER BY id")
    while try statement.step() { rows.append(Self.row(statement)) }
    return rows
  }

  private static let selection =
    "SELECT id, name, kind, family, format, next_line, counted_from FROM source"

  private static func row(_ statement: borrowing Statement) -> SourceRow {
    var family: Path?
    if !statement.isNull(3) {
      var bytes: [UInt8] = []
      let stored = statement.bytes(3)
      for index in stored.indices { bytes.append(stored[index]) }
      family = Path(bytes: bytes)
    }
    var row = SourceRow(
      id: statement.integer(0), name: statement.text(1), kind: statement.text(2), family: family,
      format: statement.optionalText(4), nextLine: statement.integer(5))
    row.countedFrom = statement.optionalInteger(6)
    return row
  }

  /// The id that the next new source gets: no source has ever had it.
  package func nextID(in db: borrowing Connection) throws(SQLiteError) -> Int64 {
    (try db.integer("SELECT seq FROM sqlite_sequence WHERE name = 'source'") ?? 0) + 1
  }

  package func insert(_ row: SourceRow, in db: borrowing Connection) throws(SQLiteError) {
    let sql = """
      INSERT INTO source(id, name, kind, format, next_line, family) VALUES(?, ?, ?, ?, ?, ?)
      """
    if let family = row.family, family.text == nil {
      try db.run(sql, row.id, row.name, row.kind, row.format, row.nextLine, family.bytes)
    } else {
      try db.run(sql, row.id, row.name, row.kind, row.format, row.nextLine, row.family?.text)
    }
  }

  /// Sets which lines metrics without a rule count; of nil, what they have counted goes.
  package func set(
    countedFrom line: Int64?, of id: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    try db.run("UPDATE source SET counted_from = ? WHERE id = ?", line, id)
    if line == nil { try StandardMetricTable().remove(source: id, in: db) }
  }

  /// Makes the source one without lines: its next line keeps its number, and `format` is its format.
  package func empty(
    id: Int64, format: String?, in db: borrowing Connection
  ) throws(SQLiteError) {
    try db.run(
      """
      UPDATE source SET first_line = next_line, format = ?, marked = 0, reformatted = 0 WHERE id = ?
      """, format, id)
  }

  /// Notes that parts of its lines were replaced by marks.
  package func mark(id: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try db.run("UPDATE source SET marked = 1 WHERE id = ? AND marked = 0", id)
  }

  /// Whether parts of its lines may have been replaced by marks.
  package func isMarked(id: Int64, in db: borrowing Connection) throws(SQLiteError) -> Bool {
    try db.integer("SELECT marked FROM source WHERE id = ?", id) == 1
  }

  package func remove(id: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try db.run("DELETE FROM source WHERE id = ?", id)
  }

  /// Writes the format and the next line's number; false when `expected` is not there any more.
  package func update(
    id: Int64, format: String?, nextLine: Int64, expected: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    try db.run(
      """
      UPDATE source SET reformatted = reformatted OR (next_line > first_line AND format IS NOT ?1),
        format = ?1, next_line = ?2
      WHERE id = ?3 AND next_line = ?4
      """, format, nextLine, id, expected)
    return db.changes == 1
  }
}
