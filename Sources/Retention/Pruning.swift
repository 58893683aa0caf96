import LineStore
import LogModel
import SQLite
package import Storage

/// Removes what is old: lines in whole chunks, counts by hours, turns, events, samples.
///
/// Every transaction is short and leaves a store that is whole: what breaks off is done by doing it
/// again. Checkpoints of files stay as they are. The caller holds the run's lock.
package struct Pruning: ~Copyable {
  /// What may stay; nil: all.
  ///
  /// Times are microseconds since 1970.
  package struct Limits: Sendable, Equatable {
    /// A chunk goes when all its lines are older.
    package var lines: Int64?
    /// Bytes of the file, less its free pages: the oldest lines go, and old counts where these take
    /// more than half of it.
    package var size: Int64?
    /// Lines of level error and up go only when the size cannot be reached otherwise.
    package var keepsErrors = false
    /// The sources whose lines may go; empty: all.
    package var sources: Set<Int64> = []
    /// Counts of older lines go, unless the lines are there still; and what is known of older runs,
    /// and of files that are gone so long.
    package var counts: Int64?
    package var turns: Int64?
    /// Events of errors, with what they were counted as.
    package var events: Int64?
    package var samples: Int64?

    package init() {}

    package var isEmpty: Bool {
      lines == nil && size == nil && counts == nil && turns == nil && events == nil
        && samples == nil
    }
  }

  package struct Removed: Sendable, Equatable {
    package var lines: Int64 = 0
    /// Of which nothing is left.
    package var chunks = 0
    /// Lines that are in no count any more.
    package var counts: Int64 = 0
    package var turns: Int64 = 0
    package var events: Int64 = 0
    package var samples: Int64 = 0
    /// By which the file is smaller; of what is only looked for, about so many.
    package var bytes: Int64 = 0
    /// Old lines that stay, since they share a chunk with younger ones; only of what is looked for.
    package var older: Int64 = 0
    /// What is wrong with chunks that stay for it, by their ids.
    package var damaged: [Int64: String] = [:]
    /// Nothing was removed for the size, or not enough.
    package var excess: Excess?

    package init() {}

    package var isEmpty: Bool {
      lines == 0 && counts == 0 && turns == 0 && events == 0 && samples == 0 && bytes == 0
    }
    package var hasProblems: Bool { !damaged.isEmpty || excess != nil }
  }

  /// How long a transaction goes on before it ends with the step at hand.
  static let patience = Duration.milliseconds(100)
  static let errorLevel = Int64(Severity.error.rawValue)

  let limits: Limits
  let isCancelled: () -> Bool
  /// The line feeds in the templates that have some.
  private let feeds: [Int64: Int64]
  var removed = Removed()
  private var writer = LineWriter()
  var stored = StoredHours()
  /// A skeleton that stays uncounted until the others are merged without those that are gone: what breaks off is seen by it.
  var unmerged: Int64?

  private init(
    _ limits: Limits, feeds: [Int64: Int64], _ isCancelled: @escaping () -> Bool
  ) {
    self.limits = limits
    self.feeds = feeds
    self.isCancelled = isCancelled
  }

  /// Whether `prune` may find something to do; cheap where it does not.
  package static func isDue(
    _ limits: Limits, in store: borrowing Store
  ) throws(StorageError) -> Bool {
    try store.wrap { db throws(SQLiteError) in
      if let time = limits.lines, try !oldChunks(limits, before: time, limit: 1, db).isEmpty {
        return true
      }
      if let size = limits.size, try used(db) > size { return true }
      if let time = limits.turns, try hasTurns(before: time, db) { return true }
      if let time = limits.events, try ErrorPruning().isDue(before: time, in: db) {
        return true
      }
      if let time = limits.samples, try SamplePruning().isDue(before: time, in: db) { return true }
      guard let time = limits.counts else { return false }
      if try hasRuns(before: time, db) { return true }
      return try hasRemovableHours(before: time, db)
    }
  }

  /// `isCancelled` is asked before every transaction whether to stop.
  package static func prune(
    _ limits: Limits, in store: borrowing Store, isCancelled: @escaping () -> Bool
  ) throws -> Removed {
    let feeds = try store.wrap { db throws(SQLiteError) in try Self.feeds(db) }
    var pruning = Pruning(limits, feeds: feeds, isCancelled)
    let size = try fileSize(store)
    try pruning.pruneLines(store)
    try pruning.pruneEvents(store)
    try pruning.pruneCounts(store)
    try pruning.pruneTurns(store)
    try pruning.pruneSamples(store)
    try pruning.pruneToSize(store)
    // Also what an earlier one has left that was interrupted.
    try store.releaseFreePages()
    pruning.removed.bytes = max(0, size - (try fileSize(store)))
    return pruning.removed
  }

  private static func feeds(_ db: borrowing Connection) throws(SQLiteError) -> [Int64: Int64] {
    var feeds: [Int64: Int64] = [:]
    var row = try db.prepare(
      """
      SELECT id, length(text) - length(replace(text, char(10), '')) FROM template
      WHERE instr(text, char(10)) > 0
      """)
    while try row.step() { feeds[row.integer(0)] = row.integer(1) }
    return feeds
  }

  private static func fileSize(_ store: borrowing Store) throws(StorageError) -> Int64 {
    try store.wrap { db throws(SQLiteError) in
      try db.integer("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size") ?? 0
    }
  }

  /// Between two transactions.
  func pause(_ store: borrowing Store) throws {
    if isCancelled() { throw PruneCancelled() }
    store.letOthersWrite()
  }
}

/// The user asked to stop; what was done until then stays.
package struct PruneCancelled: Error {}

// MARK: Lines

extension Pruning {
  private mutating func pruneLines(_ store: borrowing Store) throws {
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
              try uses.removeTemplates(chunk.templates, in: db)
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

extension Array {
  /// The first index whose element, and all behind it, meet the condition.
  func partitioningIndex(where isBehind: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
