import LineStore
import LogModel
import SQLite
import Storage

// Lines: whole chunks of them, or all that are no errors.

extension Pruning {
  mutating func pruneLines(_ store: borrowing Store) throws {
    guard let time = limits.lines else { return }
    let kept = limits.keepsErrors ? try errorTemplates(store) : []
    var candidates = try candidates(store, olderThan: time, thinned: !limits.keepsErrors)[...]
    try remove(&candidates, keeping: kept, store) { _ in false }
  }

  /// What the file takes without its free pages.
  static func used(_ db: borrowing Connection) throws(SQLiteError) -> Int64 {
    try db.integer(
      """
      SELECT (page_count - freelist_count) * page_size
      FROM pragma_page_count, pragma_freelist_count, pragma_page_size
      """) ?? 0
  }

  func errorTemplates(_ store: borrowing Store) throws(StorageError) -> Set<Int64> {
    try store.wrap { db throws(SQLiteError) in try Self.errorTemplates(db) }
  }

  /// Those that lines of level error and up are stored under.
  static func errorTemplates(_ db: borrowing Connection) throws(SQLiteError) -> Set<Int64> {
    var ids: Set<Int64> = []
    var row = try db.prepare("SELECT id FROM template WHERE level >= ?")
    try row.bind(1, errorLevel)
    while try row.step() { ids.insert(row.integer(0)) }
    return ids
  }

  /// The chunks that may go, the oldest first: none with an open record, which is to be replaced.
  func candidates(
    _ store: borrowing Store, olderThan time: Int64 = .max, thinned: Bool
  ) throws(StorageError) -> [Int64] {
    var limits = limits
    limits.keepsErrors = !thinned
    return try store.wrap { db throws(SQLiteError) in
      try Self.oldChunks(limits, before: time, limit: .max, db)
    }
  }

  /// At most `limit` of them; those of which only errors are left are none where errors are kept.
  static func oldChunks(
    _ limits: Limits, before time: Int64, limit: Int, _ db: borrowing Connection
  ) throws(SQLiteError) -> [Int64] {
    var ids: [Int64] = []
    var row = try db.prepare(
      """
      SELECT first_id FROM chunk WHERE max_us < ?
        AND first_id NOT IN (SELECT open_line FROM file WHERE open_line IS NOT NULL)
        \(limits.keepsErrors ? "AND first_id NOT IN (SELECT chunk FROM thinned)" : "")
      ORDER BY max_us, first_id
      """)
    try row.bind(1, time)
    while ids.count < limit, try row.step() {
      let id = row.integer(0)
      guard limits.sources.isEmpty || limits.sources.contains(LineIdentifier.source(of: id))
      else { continue }
      ids.append(id)
    }
    return ids
  }

  /// Removes chunks one by one, those that are left over stay in `chunks`.
  mutating func remove(
    _ chunks: inout ArraySlice<Int64>, keeping kept: Set<Int64>, _ store: borrowing Store,
    until isEnough: (borrowing Connection) throws(SQLiteError) -> Bool
  ) throws {
    guard !chunks.isEmpty else { return }
    let rejects = try rejects(store)
    var uses = try store.wrap { db throws(SQLiteError) in try TemplateUses(reading: db) }
    var isDone = false
    while !chunks.isEmpty, !isDone {
      try pause(store)
      let clock = ContinuousClock()
      var writer = exchange(&self.writer, with: LineWriter())
      var rest = chunks
      let pruned = try store.write { db throws(SQLiteError) in
        let start = clock.now
        var pruned: [PrunedChunk] = []
        while let next = rest.first, clock.now - start < Self.patience {
          isDone = try isEnough(db)
          guard !isDone else { break }
          let chunk = try writer.prune(chunk: next, keeping: kept, feeds: feeds, in: db)
          if let chunk {
            if chunk.damage == nil {
              try Self.note(chunk, rejects, db)
              try uses.release(chunk.templates) { id throws(SQLiteError) in
                try TemplateUses.delete(id, in: db)
              }
            }
            pruned.append(chunk)
          }
          rest = rest.dropFirst()
        }
        return pruned
      }
      self.writer = writer
      chunks = rest
      for chunk in pruned {
        removed.lines += chunk.count
        if chunk.isWhole { removed.chunks += 1 }
        removed.damaged[chunk.id] = chunk.damage?.message
      }
    }
  }

  private static func note(
    _ chunk: PrunedChunk, _ rejects: [(line: Int64, id: Int64)], _ db: borrowing Connection
  ) throws(SQLiteError) {
    let table = PrunedTable()
    if chunk.isWhole {
      try table.removeThinned(chunk: chunk.id, in: db)
      for run in chunk.lines { try table.add(run, feeds: chunk.feeds, in: db) }
    } else {
      try table.thin(chunk: chunk.id, lines: chunk.count, in: db)
    }
    if chunk.count > 0 {
      try table.note(source: chunk.source, lines: chunk.count, until: chunk.newest + 1, in: db)
    }
    for run in chunk.lines {
      var low = rejects.partitioningIndex { $0.line >= run.lowerBound }
      while low < rejects.endIndex, rejects[low].line < run.upperBound {
        try db.run("DELETE FROM reject WHERE id = ?", rejects[low].id)
        low += 1
      }
    }
  }

  /// By their lines: they hold parts of them.
  private func rejects(
    _ store: borrowing Store
  ) throws(StorageError) -> [(line: Int64, id: Int64)] {
    try store.wrap { db throws(SQLiteError) in
      var rejects: [(line: Int64, id: Int64)] = []
      var row = try db.prepare(
        "SELECT log_id, id FROM reject WHERE log_id IS NOT NULL ORDER BY log_id")
      while try row.step() { rejects.append((row.integer(0), row.integer(1))) }
      return rejects
    }
  }
}
