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
  let feeds: [Int64: Int64]
  var removed = Removed()
  var writer = LineWriter()
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
    if !pruning.removed.isEmpty {
      try store.write { db throws(SQLiteError) in try ExcessTable().note(nil, in: db) }
    }
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
