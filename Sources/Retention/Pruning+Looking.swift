import LineStore
import SQLite
package import Storage

extension Pruning {
  /// What `prune` would remove, with what the chunks take for its bytes.
  package static func look(
    _ limits: Limits, in store: borrowing Store
  ) throws(StorageError) -> Removed {
    try store.wrap { db throws(SQLiteError) in
      var removed = Removed()
      if let size = limits.size, try used(db) > size {
        removed.excess = try excess(over: size, limits, db)
      }
      var gone: Set<Int64> = []
      var thinned: Set<Int64> = []
      var reader = LineWriter()
      try look(at: limits, &removed, gone: &gone, thinned: &thinned, &reader, db)
      if let time = limits.lines { removed.older = try older(time, limits, &reader, db) }
      if let time = limits.counts {
        let oldest = try OldestLines(without: gone, thinned: thinned, db)
        removed.counts = try groups(before: HourCount.hour(ofMinute: time / 60_000_000), db)
          .filter(oldest.isBehind).reduce(0) { $0 + $1.count }
      }
      if let time = limits.turns {
        removed.turns = try db.integer("SELECT count(*) FROM turn WHERE time_us < ?", time) ?? 0
      }
      if let time = limits.events {
        for chunk in try ErrorPruning().chunks(before: time, in: db) {
          do throws(SQLiteError) {
            removed.events += try ErrorPruning().count(chunk: chunk, before: time, in: db)
          } catch {
            guard error.isCorrupt else { throw error }
            removed.damaged[chunk] = error.message
          }
        }
      }
      if let time = limits.samples {
        removed.samples = try SamplePruning().count(before: time, in: db)
      }
      return removed
    }
  }

  /// Lines that are older than `time` in chunks with younger ones.
  private static func older(
    _ time: Int64, _ limits: Limits, _ reader: inout LineWriter, _ db: borrowing Connection
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

  private static func look(
    at limits: Limits, _ removed: inout Removed, gone: inout Set<Int64>,
    thinned: inout Set<Int64>, _ reader: inout LineWriter, _ db: borrowing Connection
  ) throws(SQLiteError) {
    var excess: Int64 = 0
    if let size = limits.size, removed.excess == nil {
      excess = try used(db) - size
    }
    guard limits.lines != nil || excess > 0 else { return }
    let kept = limits.keepsErrors ? try errorLines(db) : [:]
    var row = try db.prepare(
      """
      SELECT first_id, max_us, count - coalesce(t.lines, 0), length(data), t.chunk IS NOT NULL
      FROM chunk LEFT JOIN thinned t ON t.chunk = first_id
      WHERE first_id NOT IN (SELECT open_line FROM file WHERE open_line IS NOT NULL)
      ORDER BY max_us, first_id
      """)
    while try row.step() {
      let id = row.integer(0)
      guard row.integer(1) < limits.lines ?? .min || removed.bytes < excess else { return }
      guard limits.sources.isEmpty || limits.sources.contains(LineIdentifier.source(of: id)),
        !limits.keepsErrors || row.integer(4) == 0
      else { continue }
      do throws(SQLiteError) { _ = try reader.count(chunk: id, before: .max, in: db) } catch {
        guard error.isCorrupt else { throw error }
        removed.damaged[id] = error.message
        continue
      }
      let lines = row.integer(2)
      let left = min(lines, kept[id] ?? 0)
      removed.lines += lines - left
      if left == 0 {
        removed.chunks += 1
        gone.insert(id)
      } else {
        thinned.insert(id)
      }
      removed.bytes += row.integer(3) * (lines - left) / max(1, lines)
    }
  }

  /// How many lines of level error and up each chunk has.
  private static func errorLines(_ db: borrowing Connection) throws(SQLiteError) -> [Int64: Int64] {
    var lines: [Int64: Int64] = [:]
    var row = try db.prepare(
      """
      SELECT chunk, count FROM chunk_template
      WHERE template IN (SELECT id FROM template WHERE level >= ?)
      """)
    try row.bind(1, errorLevel)
    while try row.step() { lines[row.integer(0), default: 0] += row.integer(1) }
    return lines
  }
}
