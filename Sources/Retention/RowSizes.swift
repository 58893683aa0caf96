import SQLite

/// About how many bytes of the file go with rows.
///
/// Where rows are alike it is what those of the table take on average: `dbstat` reads all pages of the tables that it is
/// asked for, so each is asked for once, and only where rows of it go.
struct RowSizes {
  private var averages: [String: Double] = [:]

  mutating func turns(_ count: Int64, _ db: borrowing Connection) throws(SQLiteError) -> Int64 {
    try bytes(
      count, of: ["turn_row", "turn_key", "turn_chunk"],
      "SELECT (SELECT count(*) FROM turn_row) + (SELECT total(count) FROM turn_chunk)", db)
  }

  mutating func events(_ count: Int64, _ db: borrowing Connection) throws(SQLiteError) -> Int64 {
    try bytes(
      count, of: ["error_chunk", "error_chunk_variant", "error_count"],
      "SELECT sum(count) FROM error_chunk", db)
  }

  mutating func samples(_ count: Int64, _ db: borrowing Connection) throws(SQLiteError) -> Int64 {
    try bytes(
      count, of: ["sample", "gauge_sample", "gauge_chunk"],
      """
      SELECT (SELECT count(*) FROM sample) + (SELECT count(*) FROM gauge_sample)
        + (SELECT total(count) FROM gauge_chunk)
      """, db)
  }

  private mutating func bytes(
    _ count: Int64, of tables: [String], _ total: String, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    if count == 0 { return 0 }
    if averages[total] == nil {
      var size: Int64 = 0
      for table in tables {
        size +=
          try db.integer("SELECT pgsize FROM dbstat WHERE name = ? AND aggregate = 1", table) ?? 0
      }
      averages[total] = Double(size) / Double(max(1, try db.integer(total) ?? 1))
    }
    return Int64(Double(count) * (averages[total] ?? 0))
  }
}
