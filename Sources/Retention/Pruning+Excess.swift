import SQLite
package import Storage

// What is left where a size cannot be reached.

extension Pruning {
  /// Why a file cannot be as small as it should.
  package struct Excess: Sendable, Equatable {
    package let size: Int64
    /// What is left of the file without all lines and counts that may go.
    package let least: Int64
    /// The table that takes most of it, with its indexes; nil where that is what tables take by themselves.
    package let table: String?
  }

  /// Why the size cannot be reached; nil where it can.
  package static func excess(
    over size: Int64, in store: borrowing Store
  ) throws(StorageError) -> Excess? {
    var limits = Limits()
    limits.size = size
    return try store.wrap { db throws(SQLiteError) in
      guard try used(db) > size else { return nil }
      if let known = try ExcessTable().excess(over: size, in: db) { return known }
      return try excess(over: size, limits, db)
    }
  }

  /// The same, which is found anew only where it may have changed.
  func excess(over size: Int64, _ store: borrowing Store) throws(StorageError) -> Excess? {
    let limits = limits
    let known = try store.wrap { db throws(SQLiteError) in
      try ExcessTable().excess(over: size, in: db)
    }
    if let known { return known }
    let (found, isLasting) = try store.wrap { db throws(SQLiteError) in
      try Self.measuredExcess(over: size, limits, db)
    }
    try store.write { db throws(SQLiteError) in
      try ExcessTable().note(isLasting ? found : nil, in: db)
    }
    return found
  }

  /// The same of a file that is larger.
  static func excess(
    over size: Int64, _ limits: Limits, _ db: borrowing Connection
  ) throws(SQLiteError) -> Excess? { try measuredExcess(over: size, limits, db).excess }

  /// Every page is looked at where those that only chunks are on are not enough.
  ///
  /// It lasts while lines are only added, where it holds without the newest chunk, too.
  private static func measuredExcess(
    over size: Int64, _ limits: Limits, _ db: borrowing Connection
  ) throws(SQLiteError) -> (excess: Excess?, isLasting: Bool) {
    var all = limits
    all.keepsErrors = false
    let chunks = try oldChunks(all, before: .max, limit: .max, db).dropLast()
    if try used(db) - bytes(ofPagesOf: chunks, db) <= size { return (nil, false) }
    var forecast = PruneForecast(all)
    let rest = try forecast.least(without: chunks, db)
    let least = rest.tables.values.reduce(0, +) + rest.doubt
    guard least > size else { return (nil, false) }
    return (Excess(size: size, least: least, table: largest(of: rest.tables)), rest.floor > size)
  }

  /// Of pages that hold nothing but a part of a chunk, at least.
  private static func bytes(
    ofPagesOf chunks: some Sequence<Int64>, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    var bytes: Int64 = 0
    var row = try db.prepare("SELECT length(data) FROM chunk WHERE first_id = ?")
    for id in chunks {
      row.reset()
      try row.bind(1, id)
      if try row.step() { bytes += max(0, row.integer(0) - 4096) }
    }
    return bytes
  }

  /// By name, of tables with their indexes, and of the schema.
  static func tableSizes(_ db: borrowing Connection) throws(SQLiteError) -> [String: Int64] {
    var sizes: [String: Int64] = [:]
    var row = try db.prepare(
      """
      SELECT coalesce(s.tbl_name, d.name), sum(d.pgsize) FROM dbstat d LEFT JOIN sqlite_schema s USING (name)
      WHERE d.aggregate = 1 GROUP BY 1
      """)
    while try row.step() { sizes[row.text(0)] = row.integer(1) }
    return sizes
  }

  static func largest(of sizes: [String: Int64]) -> String? {
    let largest = sizes.max { ($0.value, $1.key) < ($1.value, $0.key) }
    return largest.flatMap { $0.value > smallest ? $0.key : nil }
  }

  /// No table that takes less is named.
  private static let smallest: Int64 = 128 << 10
}
