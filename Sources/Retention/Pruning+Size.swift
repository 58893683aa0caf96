import SQLite
package import Storage

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
      try used(db) > size ? excess(over: size, limits, db) : nil
    }
  }

  /// The same of a file that is larger.
  ///
  /// Every page is looked at where the lines alone are not clearly enough.
  static func excess(
    over size: Int64, _ limits: Limits, _ db: borrowing Connection
  ) throws(SQLiteError) -> Excess? {
    var all = limits
    all.keepsErrors = false
    let chunks = try oldChunks(all, before: .max, limit: .max, db).dropLast()
    let average = try averageSize(of: chunks, db)
    if try used(db) - average * Int64(chunks.count) * 3 / 4 <= size { return nil }
    var forecast = PruneForecast(all)
    let sizes = try forecast.leastSizes(without: chunks, db)
    let least = sizes.values.reduce(0, +)
    return least > size ? Excess(size: size, least: least, table: largest(of: sizes)) : nil
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
    return largest.flatMap { $0.value > rest ? $0.key : nil }
  }

  /// No table that takes less is named.
  private static let rest: Int64 = 128 << 10

  /// Removes the oldest lines until the file is small enough, those that are no errors first if
  /// errors are to stay.
  ///
  /// Of a file that is mostly counts no lines would be left. So counts of lines that are gone go,
  /// too, once the lines take no more than half of the size.
  mutating func pruneToSize(_ store: borrowing Store) throws {
    guard let size = limits.size, try used(store) > size else { return }
    removed.excess = try store.wrap { db throws(SQLiteError) in
      try Self.excess(over: size, limits, db)
    }
    guard removed.excess == nil else { return }
    let before = removed.chunks
    // What was written last is what is looked for first.
    let newest = try candidates(store, thinned: true).last
    if limits.keepsErrors {
      let kept = try errorTemplates(store)
      let others = try candidates(store, thinned: false).filter { $0 != newest }
      try pruneToSize(size, others, keeping: kept, store)
    }
    let all = try candidates(store, thinned: true).filter { $0 != newest }
    try pruneToSize(size, all, keeping: [], store)
    if removed.chunks > before {
      try removeTemplates(store)
      try removeUncounted(store)
    }
    let left = try used(store)
    if left > size {
      let sizes = try store.wrap { db throws(SQLiteError) in try Self.tableSizes(db) }
      removed.excess = Excess(size: size, least: left, table: Self.largest(of: sizes))
    }
  }

  private mutating func pruneToSize(
    _ size: Int64, _ candidates: [Int64], keeping kept: Set<Int64>, _ store: borrowing Store
  ) throws {
    let isEnough = { (db: borrowing Connection) throws(SQLiteError) in try Self.used(db) <= size }
    let average = try store.wrap { db throws(SQLiteError) in
      try Self.averageSize(of: candidates[...], db)
    }
    var rest = candidates[...]
    // Also where no lines may go: old counts may.
    repeat {
      let count = Self.part(of: rest.count, average: average, size: size)
      var part = rest.prefix(count)
      try remove(&part, keeping: kept, store, until: isEnough)
      rest = rest.dropFirst(count - part.count)
      guard part.isEmpty else { return }
      try removeTemplates(store)
      if limits.sources.isEmpty { try removeCounts(before: .max, store, until: isEnough) }
    } while try !rest.isEmpty && used(store) > size
  }

  /// How many chunks go before counts do: down to half of the size, and at least a sixteenth of what is left, with
  /// which its counts can go.
  static func part(of chunks: Int, average: Int64, size: Int64) -> Int {
    max(chunks - Int(size / 2 / max(1, average)), chunks / 16, 1)
  }

  private func used(_ store: borrowing Store) throws(StorageError) -> Int64 {
    try store.wrap { db throws(SQLiteError) in try Self.used(db) }
  }

  /// Of chunks evenly spread among them.
  static func averageSize(
    of chunks: ArraySlice<Int64>, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    let step = max(1, chunks.count / 64)
    var sum: Int64 = 0
    var count: Int64 = 0
    for index in stride(from: 0, to: chunks.count, by: step) {
      sum +=
        try db.integer("SELECT length(data) FROM chunk WHERE first_id = ?", chunks[index]) ?? 0
      count += 1
    }
    return sum / max(1, count)
  }
}
