import SQLite
package import Storage

extension Pruning {
  /// Why a file cannot be as small as it should.
  package struct Excess: Sendable, Equatable {
    package let size: Int64
    /// What is left of the file without all lines and counts that may go.
    package let least: Int64
    /// The table or index that takes most of it.
    package let table: String
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
    let chunks = try oldChunks(all, before: .max, limit: .max, db)
    let average = try averageSize(of: chunks.dropLast(), db)
    let used = try used(db)
    if used - average * Int64(chunks.count - 1) * 3 / 4 <= size { return nil }
    var freed: Int64 = 0
    var largest = (table: "", size: Int64(0))
    var row = try db.prepare("SELECT name, pgsize FROM dbstat WHERE aggregate = 1")
    while try row.step() {
      let (table, bytes) = (row.text(0), row.integer(1))
      if removable.contains(table) {
        freed += bytes
      } else if bytes > largest.size {
        largest = (table, bytes)
      }
    }
    var newest: Int64 = 0
    if let last = chunks.last {
      newest = try db.integer("SELECT length(data) FROM chunk WHERE first_id = ?", last) ?? 0
    }
    let least = used - freed + newest + rest
    return least > size ? Excess(size: size, least: least, table: largest.table) : nil
  }

  /// The tables and indexes that lose what they hold of lines that go, sooner or later.
  private static let removable: Set<String> = [
    "chunk", "chunk_time", "chunk_unsealed", "chunk_word", "chunk_template", "template",
    "template_pattern", "template_skeleton", "skeleton_minute", "skeleton_hour", "line_count",
    "skeleton_source", "skeleton", "skeleton_pattern", "pattern",
  ]
  /// What these take at least, with what the newest lines are counted by.
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
    let left = try used(store)
    if left > size { removed.excess = Excess(size: size, least: left, table: "chunk") }
    if removed.chunks > before { try removeTemplates(store) }
  }

  private mutating func pruneToSize(
    _ size: Int64, _ candidates: [Int64], keeping kept: Set<Int64>, _ store: borrowing Store
  ) throws {
    let isEnough = { (db: borrowing Connection) throws(SQLiteError) in try Self.used(db) <= size }
    let average = try store.wrap { db throws(SQLiteError) in
      max(1, try Self.averageSize(of: candidates[...], db))
    }
    var rest = candidates[...]
    while !rest.isEmpty, try used(store) > size {
      // At least a sixteenth of what is left: what is freed with each part are its counts.
      let fair = rest.count - Int(size / 2 / average)
      let count = max(fair, rest.count / 16, 1)
      var part = rest.prefix(count)
      try remove(&part, keeping: kept, store, until: isEnough)
      rest = rest.dropFirst(count - part.count)
      guard part.isEmpty else { return }
      if limits.sources.isEmpty { try removeCounts(before: .max, store, until: isEnough) }
    }
  }

  private func used(_ store: borrowing Store) throws(StorageError) -> Int64 {
    try store.wrap { db throws(SQLiteError) in try Self.used(db) }
  }

  /// Of chunks evenly spread among them.
  private static func averageSize(
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
