import LineStore
import LogModel
import SQLite
import Storage

/// What retention would remove: the steps of `Pruning`, in their order, of a store that stays as it is.
///
/// What a step frees of the file is worked out from the pages that its rows lie on.
struct PruneForecast: ~Copyable {
  struct Chunk {
    var lines: Int64
    /// Of its data.
    var bytes: Int64
    var isThinned: Bool
  }

  private let limits: Pruning.Limits
  private(set) var removed = Pruning.Removed()
  /// Those that may go, of any age.
  private var chunks: [Int64: Chunk] = [:]
  private var errorTemplates: Set<Int64> = []
  private var gone: Set<Int64> = []
  private var thinned: Set<Int64> = []
  private var sizes = RowSizes()
  private var pages: StoredPages?
  /// Bytes of turns, events and samples that went.
  private var facts: Int64 = 0
  private var groups: [Pruning.HourGroup]?
  private var reader = LineWriter()
  private var stored = StoredHours()

  init(_ limits: Pruning.Limits) { self.limits = limits }

  /// Bytes.
  private var freed: Int64 { facts + (pages?.freed ?? 0) }

  mutating func run(_ db: borrowing Connection) throws(SQLiteError) {
    if limits.lines != nil || limits.size != nil || limits.counts != nil {
      chunks = try Self.allChunks(db)
      pages = try StoredPages(reading: db)
    }
    if limits.keepsErrors { errorTemplates = try Pruning.errorTemplates(db) }
    if let time = limits.lines {
      for id in try candidates(before: time, thinned: !limits.keepsErrors, db) {
        try remove(chunk: id, keepsErrors: limits.keepsErrors, db)
      }
      removed.older = try older(time, db)
    }
    try pruneEvents(db)
    if let time = limits.counts {
      try removeCounts(before: HourCount.hour(ofMinute: time / 60_000_000), db) { _ in false }
    }
    if let time = limits.turns {
      removed.turns = try TurnTable().count(before: time, in: db)
      facts += try sizes.turns(removed.turns, db)
    }
    if let time = limits.samples {
      removed.samples = try SamplePruning().count(before: time, in: db)
      facts += try sizes.samples(removed.samples, db)
    }
    if let size = limits.size {
      let used = try Pruning.used(db)
      if used - freed > size {
        removed.excess = try Pruning.excess(over: size + facts, limits, db).map {
          Pruning.Excess(size: size, least: $0.least - facts, table: $0.table)
        }
        if removed.excess == nil { try prune(to: size, of: used, db) }
      }
    }
    removed.bytes =
      try freed
      + (db.integer(
        "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size")
        ?? 0)
  }

  /// What is left when all goes that may go.
  struct Least {
    /// What tables take, by name.
    var tables: [String: Int64]
    /// Bytes that may be more, or less.
    var doubt: Int64
    /// Bytes that are left once the other chunks may go, too.
    var floor: Int64
  }

  /// Without these chunks, and the counts that can go then.
  mutating func least(
    without old: some Sequence<Int64>, _ db: borrowing Connection
  ) throws(SQLiteError) -> Least {
    var pages = try StoredPages(reading: db)
    for id in old {
      gone.insert(id)
      try pages.remove(chunk: id, db)
    }
    self.pages = pages
    try removeCounts(before: .max, db) { _ in false }
    let tables = try self.pages?.sizes(db) ?? [:]
    let doubt = self.pages?.doubt(of: tables) ?? 0
    let known = freed
    var row = try db.prepare("SELECT first_id FROM chunk")
    while try row.step() {
      let id = row.integer(0)
      if gone.insert(id).inserted { try self.pages?.remove(chunk: id, db) }
    }
    try removeCounts(before: .max, db) { _ in false }
    let floor = tables.values.reduce(0, +) - doubt - (freed - known)
    return Least(tables: tables, doubt: doubt, floor: floor)
  }

  // MARK: Lines

  private mutating func remove(
    chunk id: Int64, keepsErrors: Bool, _ db: borrowing Connection
  ) throws(SQLiteError) {
    guard let chunk = chunks[id],
      let rest = try reader.look(chunk: id, keeping: keepsErrors ? errorTemplates : [], in: db)
    else { return }
    if let damage = rest.damage {
      removed.damaged[id] = damage.message
      return
    }
    // Of one that is thinned already only errors are left.
    let count = thinned.contains(id) ? chunk.lines : rest.count
    removed.lines += count
    if rest.isWhole {
      removed.chunks += 1
      gone.insert(id)
      chunks[id] = nil
      try pages?.remove(chunk: id, db)
    } else {
      thinned.insert(id)
      chunks[id] = Chunk(lines: chunk.lines - count, bytes: Int64(rest.left.data), isThinned: true)
      try pages?.thin(chunk: id, without: rest.templates, to: rest.left)
    }
  }

  private func candidates(
    before time: Int64 = .max, thinned: Bool, _ db: borrowing Connection
  ) throws(SQLiteError) -> [Int64] {
    var limits = limits
    limits.keepsErrors = false
    return try Pruning.oldChunks(limits, before: time, limit: .max, db)
      .filter { chunks[$0].map { thinned || !$0.isThinned } ?? false }
  }

  /// Lines that are older than `time` in chunks with younger ones.
  private mutating func older(
    _ time: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    var count: Int64 = 0
    var row = try db.prepare("SELECT first_id FROM chunk WHERE min_us < ?1 AND max_us >= ?1")
    try row.bind(1, time)
    while try row.step() {
      let id = row.integer(0)
      guard limits.sources.isEmpty || limits.sources.contains(LineIdentifier.source(of: id))
      else { continue }
      do throws(SQLiteError) { count += try reader.count(chunk: id, before: time, in: db) } catch {
        guard error.isCorrupt else { throw error }
      }
    }
    return count
  }

  private static func allChunks(
    _ db: borrowing Connection
  ) throws(SQLiteError) -> [Int64: Chunk] {
    var chunks: [Int64: Chunk] = [:]
    var row = try db.prepare(
      """
      SELECT first_id, count - coalesce(t.lines, 0), length(data), t.chunk IS NOT NULL
      FROM chunk LEFT JOIN thinned t ON t.chunk = first_id
      """)
    while try row.step() {
      chunks[row.integer(0)] = Chunk(
        lines: row.integer(1), bytes: row.integer(2), isThinned: row.integer(3) != 0)
    }
    return chunks
  }

  // MARK: Events and counts

  private mutating func pruneEvents(_ db: borrowing Connection) throws(SQLiteError) {
    guard let time = limits.events else { return }
    for chunk in try ErrorPruning().chunks(before: time, in: db) {
      do throws(SQLiteError) {
        removed.events += try ErrorPruning().count(chunk: chunk, before: time, in: db)
      } catch {
        guard error.isCorrupt else { throw error }
        removed.damaged[chunk] = error.message
      }
    }
    facts += try sizes.events(removed.events, db)
  }

  private mutating func removeCounts(
    before end: Int64, _ db: borrowing Connection, until isEnough: (Int64) -> Bool
  ) throws(SQLiteError) {
    let known: [Pruning.HourGroup]
    if let groups { known = groups } else { known = try Pruning.groups(before: .max, db) }
    try stored.update(without: gone, thinned: thinned, db)
    var left: [Pruning.HourGroup] = []
    for group in known {
      guard group.hour < end, !isEnough(freed), try !stored.have(group, db) else {
        left.append(group)
        continue
      }
      removed.counts += group.count
      try pages?.remove(group, db)
    }
    groups = left
  }

  // MARK: Size

  /// As `Pruning.pruneToSize`.
  private mutating func prune(
    to size: Int64, of used: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) {
    let newest = try candidates(thinned: true, db).last
    if limits.keepsErrors {
      let others = try candidates(thinned: false, db).filter { $0 != newest }
      try prune(to: size, of: used, others, keepsErrors: true, db)
    }
    let all = try candidates(thinned: true, db).filter { $0 != newest }
    try prune(to: size, of: used, all, keepsErrors: false, db)
  }

  private mutating func prune(
    to size: Int64, of used: Int64, _ candidates: [Int64], keepsErrors: Bool,
    _ db: borrowing Connection
  ) throws(SQLiteError) {
    let known = chunks
    let average = try Pruning.averageSize(of: candidates) { id throws(SQLiteError) in
      known[id]?.bytes ?? 0
    }
    var rest = candidates[...]
    repeat {
      let count = Pruning.part(of: rest.count, average: average, size: size)
      for id in rest.prefix(count) {
        guard used - freed > size else { return }
        try remove(chunk: id, keepsErrors: keepsErrors, db)
      }
      rest = rest.dropFirst(count)
      try removeCounts(before: .max, db) { used - $0 <= size }
    } while !rest.isEmpty && used - freed > size
  }
}
