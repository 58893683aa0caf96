import SQLite

/// About how many bytes of the file go with rows.
///
/// Where rows are alike it is what those of the table take on average: `dbstat` reads all pages of the tables that it is
/// asked for, so each is asked for once, and only where rows of it go.
struct RowSizes {
  private var averages: [String: Double] = [:]
  /// Rows of `line_count` by hour, source and level.
  private var minutes: [Place: Int64]?

  private struct Place: Hashable {
    var hour: Int64
    var source: Int64
    var level: Int64
  }

  /// Of a row with a blob: whole pages for what does not fit on that of the row.
  static func withBlob(_ length: Int64) -> Int64 {
    let (page, most, least): (Int64, Int64, Int64) = (4092, 4061, 489)
    let payload = length + 40
    guard payload > most else { return payload }
    let remainder = least + (payload - least) % page
    let kept = remainder <= most ? remainder : least
    return kept + (payload - kept + page - 1) / page * (page + 4)
  }

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

  /// Of the counts by minute and hour.
  mutating func counts(
    _ group: Pruning.HourGroup, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    let place = Place(hour: group.hour, source: group.source, level: group.level)
    let hours = try bytes(
      group.rows, of: ["skeleton_hour", "skeleton_minute"], "SELECT count(*) FROM skeleton_hour", db
    )
    if minutes == nil { minutes = try Self.minutes(db) }
    return try hours
      + bytes(
        minutes?[place] ?? 0, of: ["line_count"], "SELECT count(*) FROM line_count", db)
  }

  private static func minutes(_ db: borrowing Connection) throws(SQLiteError) -> [Place: Int64] {
    var rows: [Place: Int64] = [:]
    var row = try db.prepare(
      "SELECT minute / 60, source, level, count(*) FROM line_count GROUP BY 1, 2, 3")
    while try row.step() {
      let place = Place(hour: row.integer(0), source: row.integer(1), level: row.integer(2))
      rows[place] = row.integer(3)
    }
    return rows
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
