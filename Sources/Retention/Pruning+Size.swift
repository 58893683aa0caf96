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
  /// Every page is looked at where those that only chunks are on are not enough.
  static func excess(
    over size: Int64, _ limits: Limits, _ db: borrowing Connection
  ) throws(SQLiteError) -> Excess? {
    var all = limits
    all.keepsErrors = false
    let chunks = try oldChunks(all, before: .max, limit: .max, db).dropLast()
    if try used(db) - bytes(ofPagesOf: chunks, db) <= size { return nil }
    var forecast = PruneForecast(all)
    let (sizes, doubt) = try forecast.leastSizes(without: chunks, db)
    let least = sizes.values.reduce(0, +) + doubt
    return least > size ? Excess(size: size, least: least, table: largest(of: sizes)) : nil
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
    // What was written last is what is looked for first.
    let newest = try candidates(store, thinned: true).last
    if limits.keepsErrors {
      let kept = try errorTemplates(store)
      let others = try candidates(store, thinned: false).filter { $0 != newest }
      try pruneToSize(size, others, keeping: kept, store)
    }
    let all = try candidates(store, thinned: true).filter { $0 != newest }
    try pruneToSize(size, all, keeping: [], store)
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
      try Self.averageSize(of: candidates) { id throws(SQLiteError) in
        try db.integer("SELECT length(data) FROM chunk WHERE first_id = ?", id) ?? 0
      }
    }
    var rest = candidates[...]
    // Also where no lines may go: old counts may.
    repeat {
      let count = Self.part(of: rest.count, average: average, size: size)
      var part = rest.prefix(count)
      try remove(&part, keeping: kept, store, until: isEnough)
      rest = rest.dropFirst(count - part.count)
      guard part.isEmpty else { return }
      try removeCounts(before: .max, store, until: isEnough)
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
    of chunks: [Int64], _ size: (Int64) throws(SQLiteError) -> Int64
  ) throws(SQLiteError) -> Int64 {
    let places = stride(from: 0, to: chunks.count, by: max(1, chunks.count / 64))
    var sum: Int64 = 0
    var count: Int64 = 0
    for place in places {
      sum += try size(chunks[place])
      count += 1
    }
    return sum / max(1, count)
  }
}
