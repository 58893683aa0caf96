import LineStore
import LogModel
import SQLite
import Storage

/// What retention would remove: the steps of `Pruning`, in their order, of a store that stays as it is.
///
/// What a step frees of the file is worked out from the sizes of its rows. Texts of templates and patterns are left out:
/// their pages are freed late, when many lines are gone.
struct PruneForecast: ~Copyable {
  struct Chunk {
    var lines: Int64
    /// Before any of them went.
    let allLines: Int64
    /// What is freed with it, less its rows of `chunk_template`.
    var bytes: Int64
    var isThinned: Bool
  }

  private let limits: Pruning.Limits
  private(set) var removed = Pruning.Removed()
  /// Those that may go, of any age.
  private(set) var chunks: [Int64: Chunk] = [:]
  /// How many lines each has that errors are kept for.
  private var errors: [Int64: Int64] = [:]
  private var gone: Set<Int64> = []
  private var thinned: Set<Int64> = []
  private var sizes = RowSizes()
  private(set) var templates: TemplatePages?
  private(set) var groups: [Pruning.HourGroup]?
  private var reader = LineWriter()
  private var stored = StoredHours()

  init(_ limits: Pruning.Limits) { self.limits = limits }

  mutating func run(_ db: borrowing Connection) throws(SQLiteError) {
    if limits.lines != nil || limits.size != nil { try readChunks(db) }
    if limits.keepsErrors { errors = try Self.errorLines(db) }
    let free = try db.integer(
      "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size")
    if let time = limits.lines {
      for id in try candidates(before: time, thinned: !limits.keepsErrors, db) {
        try remove(chunk: id, keepsErrors: limits.keepsErrors, db)
      }
      removed.older = try older(time, db)
    }
    let known = removed.bytes
    try pruneEvents(db)
    var facts = removed.bytes - known
    if let time = limits.counts {
      try removeCounts(before: HourCount.hour(ofMinute: time / 60_000_000), db) { _ in false }
    }
    if let time = limits.turns {
      removed.turns = try TurnTable().count(before: time, in: db)
      let bytes = try sizes.turns(removed.turns, db)
      removed.bytes += bytes
      facts += bytes
    }
    if let time = limits.samples {
      removed.samples = try SamplePruning().count(before: time, in: db)
      let bytes = try sizes.samples(removed.samples, db)
      removed.bytes += bytes
      facts += bytes
    }
    if let size = limits.size {
      let used = try Pruning.used(db)
      if used - removed.bytes > size {
        removed.excess = try Pruning.excess(over: size + facts, limits, db).map {
          Pruning.Excess(size: size, least: $0.least - facts, table: $0.table)
        }
        if removed.excess == nil { try prune(to: size, of: used, db) }
        if removed.excess == nil, used - removed.bytes > size {
          let sizes = try sizesLeft(db)
          let least = sizes.values.reduce(0, +) - facts
          if least > size {
            removed.excess = Pruning.Excess(
              size: size, least: least, table: Pruning.largest(of: sizes))
          }
        }
      }
    }
    removed.bytes += free ?? 0
  }

  /// What tables take at least, by name: without these chunks, and the counts that can go then.
  mutating func leastSizes(
    without old: some Sequence<Int64>, _ db: borrowing Connection
  ) throws(SQLiteError) -> [String: Int64] {
    try readChunks(db)
    for id in old {
      chunks[id] = nil
      gone.insert(id)
      _ = templates?.reduce(chunk: id, to: 0)
    }
    try removeCounts(before: .max, db) { _ in false }
    return try sizesLeft(db)
  }

  // MARK: Lines

  private mutating func remove(
    chunk id: Int64, keepsErrors: Bool, _ db: borrowing Connection
  ) throws(SQLiteError) {
    guard var chunk = chunks[id] else { return }
    do throws(SQLiteError) { _ = try reader.count(chunk: id, before: .max, in: db) } catch {
      guard error.isCorrupt else { throw error }
      removed.damaged[id] = error.message
      return
    }
    let left = keepsErrors ? min(chunk.lines, errors[id] ?? 0) : 0
    let bytes = chunk.bytes * (chunk.lines - left) / max(1, chunk.lines)
    removed.lines += chunk.lines - left
    removed.bytes += bytes
    let share = Double(left) / Double(max(1, chunk.allLines))
    removed.bytes += templates?.reduce(chunk: id, to: share) ?? 0
    if left == 0 {
      removed.chunks += 1
      gone.insert(id)
      chunks[id] = nil
    } else {
      thinned.insert(id)
      (chunk.lines, chunk.bytes, chunk.isThinned) = (left, chunk.bytes - bytes, true)
      chunks[id] = chunk
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

  private mutating func readChunks(_ db: borrowing Connection) throws(SQLiteError) {
    chunks = try Self.allChunks(db)
    templates = try TemplatePages(reading: db)
  }

  static func allChunks(
    _ db: borrowing Connection
  ) throws(SQLiteError) -> [Int64: Chunk] {
    var chunks: [Int64: Chunk] = [:]
    var row = try db.prepare(
      """
      SELECT first_id, count - coalesce(t.lines, 0), length(data), length(w.bits), t.chunk IS NOT NULL
      FROM chunk LEFT JOIN thinned t ON t.chunk = first_id LEFT JOIN chunk_word w ON w.chunk = first_id
      """)
    while try row.step() {
      var bytes = RowSizes.withBlob(row.integer(2))
      if let bits = row.optionalInteger(3) { bytes += RowSizes.withBlob(bits) }
      let lines = row.integer(1)
      chunks[row.integer(0)] = Chunk(
        lines: lines, allLines: lines, bytes: bytes, isThinned: row.integer(4) != 0)
    }
    return chunks
  }

  /// How many lines of level error and up each chunk has.
  private static func errorLines(_ db: borrowing Connection) throws(SQLiteError) -> [Int64: Int64] {
    var lines: [Int64: Int64] = [:]
    var row = try db.prepare(
      """
      SELECT chunk, count FROM chunk_template
      WHERE template IN (SELECT id FROM template WHERE level >= ?)
      """)
    try row.bind(1, Pruning.errorLevel)
    while try row.step() { lines[row.integer(0), default: 0] += row.integer(1) }
    return lines
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
    removed.bytes += try sizes.events(removed.events, db)
  }

  private mutating func removeCounts(
    before end: Int64, _ db: borrowing Connection, until isEnough: (Int64) -> Bool
  ) throws(SQLiteError) {
    let known: [Pruning.HourGroup]
    if let groups { known = groups } else { known = try Pruning.groups(before: .max, db) }
    try stored.update(without: gone, thinned: thinned, db)
    var left: [Pruning.HourGroup] = []
    for group in known {
      guard group.hour < end, !isEnough(removed.bytes), try !stored.have(group, db) else {
        left.append(group)
        continue
      }
      removed.counts += group.count
      removed.bytes += try sizes.counts(group, db)
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
    let average = try Pruning.averageSize(of: candidates[...], db)
    var rest = candidates[...]
    repeat {
      let count = Pruning.part(of: rest.count, average: average, size: size)
      for id in rest.prefix(count) {
        guard used - removed.bytes > size else { return }
        try remove(chunk: id, keepsErrors: keepsErrors, db)
      }
      rest = rest.dropFirst(count)
      if limits.sources.isEmpty {
        try removeCounts(before: .max, db) { used - $0 <= size }
      }
    } while !rest.isEmpty && used - removed.bytes > size
  }
}
