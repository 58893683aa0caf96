import SQLite
import Storage

extension Pruning {
  /// Removes the oldest lines until the file is small enough, those that are no errors first if
  /// errors are to stay.
  ///
  /// Of a file that is mostly counts no lines would be left. So counts of lines that are gone go,
  /// too, once the lines take no more than half of the size.
  mutating func pruneToSize(_ store: borrowing Store) throws {
    guard let size = limits.size, try used(store) > size else { return }
    removed.excess = try excess(over: size, store)
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

  /// Of all: batches end with short chunks, so that each so many-th one may be one of these.
  static func averageSize(
    of chunks: [Int64], _ size: (Int64) throws(SQLiteError) -> Int64
  ) throws(SQLiteError) -> Int64 {
    var sum: Int64 = 0
    for chunk in chunks { sum += try size(chunk) }
    return sum / Int64(max(1, chunks.count))
  }
}
