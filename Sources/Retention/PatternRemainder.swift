import LineStore
import SQLite

/// What the patterns of a source become when its lines are gone.
///
/// Counts and levels are sums over what the other sources have in `pattern_count`. That tells the
/// minute of the first and of the last line that is left, too; the instant in it is looked up in the
/// lines, where the source itself had lines as early or as late.
struct PatternRemainder {
  private struct Pattern {
    var count: Int64
    /// 0 for none.
    var level: Int64
    var first: Int64?
    var last: Int64?
  }

  /// An instant that only lines can tell.
  private struct Bound {
    var minute: Int64
    var instant: Int64?
  }

  private static let minute: Int64 = 60_000_000

  private var patterns: [Int64: Pattern] = [:]
  private var firsts: [Int64: Bound] = [:]
  private var lasts: [Int64: Bound] = [:]

  init(without source: Int64, reading db: borrowing Connection) throws(SQLiteError) {
    try readCounts(source, db)
    let chunks = try chunks(source, db)
    guard !chunks.isEmpty else { return }
    let patterns = try patternsOfTemplates(db)
    let inflater = Inflater()
    var text: [UInt8] = []
    for chunk in chunks.sorted() { try look(into: chunk, patterns, inflater, &text, db) }
    for (id, bound) in firsts { self.patterns[id]?.first = bound.instant }
    for (id, bound) in lasts { self.patterns[id]?.last = bound.instant }
  }

  private mutating func readCounts(
    _ source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) {
    var row = try db.prepare(
      """
      SELECT p.id, p.first_us, p.last_us, coalesce(sum(c.count) FILTER (WHERE source <> ?1), 0),
        coalesce(max(c.level) FILTER (WHERE source <> ?1), 0),
        min(minute) FILTER (WHERE source <> ?1), max(minute) FILTER (WHERE source <> ?1),
        min(minute) FILTER (WHERE source = ?1), max(minute) FILTER (WHERE source = ?1)
      FROM pattern_count c JOIN pattern p ON p.id = c.pattern
      WHERE c.pattern IN (SELECT pattern FROM pattern_count WHERE source = ?1) GROUP BY p.id
      """)
    try row.bind(1, source)
    while try row.step() {
      let id = row.integer(0)
      var pattern = Pattern(count: row.integer(3), level: row.integer(4))
      if pattern.count > 0 {
        pattern.first = row.integer(1)
        pattern.last = row.integer(2)
        if row.integer(7) <= row.integer(5) { firsts[id] = Bound(minute: row.integer(5)) }
        if row.integer(8) >= row.integer(6) { lasts[id] = Bound(minute: row.integer(6)) }
      }
      patterns[id] = pattern
    }
  }

  /// The chunks of other sources that may hold the lines in question.
  private func chunks(
    _ source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Set<Int64> {
    var chunks: Set<Int64> = []
    for bounds in [firsts, lasts] {
      for (pattern, bound) in bounds {
        // The line of an open record is not counted yet.
        var row = try db.prepare(
          """
          SELECT c.first_id FROM template t JOIN chunk_template u ON u.template = t.id
            JOIN chunk c ON c.first_id = u.chunk
          WHERE t.pattern = ?1 AND c.source <> ?2 AND c.max_us >= ?3 AND c.min_us < ?3 + ?4
            AND NOT EXISTS (SELECT 1 FROM file f WHERE f.source = c.source AND f.open_line = c.first_id)
          """)
        try row.bind(values: pattern, source, bound.minute * Self.minute, Self.minute)
        while try row.step() { chunks.insert(row.integer(0)) }
      }
    }
    return chunks
  }

  private func patternsOfTemplates(
    _ db: borrowing Connection
  ) throws(SQLiteError) -> [Int64: Int64] {
    var patterns: [Int64: Int64] = [:]
    var row = try db.prepare("SELECT id, pattern FROM template")
    while try row.step() { patterns[row.integer(0)] = row.integer(1) }
    return patterns
  }

  private mutating func look(
    into chunk: Int64, _ patterns: [Int64: Int64], _ inflater: borrowing Inflater,
    _ text: inout [UInt8], _ db: borrowing Connection
  ) throws(SQLiteError) {
    var row = try db.prepare(
      "SELECT unit_us, min_us, size, data, pace FROM chunk WHERE first_id = ?")
    try row.bind(1, chunk)
    guard try row.step() else { return }
    guard inflater.inflate(row.bytes(3), size: row.int(2), into: &text) else {
      throw SQLiteError(code: 11, message: "chunk \(chunk) cannot be inflated")
    }
    let scale = TimeScale(minimum: row.integer(1), unit: row.integer(0), pace: row.integer(4))
    var walk = ChunkRows()
    while walk.next(text.span) {
      guard !walk.isDropped, let pattern = patterns[walk.template],
        let time = scale.time(offset: walk.offset, row: walk.index)
      else { continue }
      if let bound = firsts[pattern], bound.minute == time / Self.minute {
        firsts[pattern]?.instant = min(bound.instant ?? time, time)
      }
      if let bound = lasts[pattern], bound.minute == time / Self.minute {
        lasts[pattern]?.instant = max(bound.instant ?? time, time)
      }
    }
    guard !walk.isDamaged else {
      throw SQLiteError(code: 11, message: "the rows of chunk \(chunk) are damaged")
    }
  }

  /// A pattern of which no line is left is one that has not been counted yet.
  func write(to db: borrowing Connection) throws(SQLiteError) {
    for (id, pattern) in patterns {
      try db.run(
        """
        UPDATE pattern SET level = nullif(?2, 0), first_us = ?3, last_us = ?4, count = ?5
        WHERE id = ?1
        """, id, pattern.level, pattern.first ?? 0, pattern.last ?? 0, pattern.count)
    }
  }
}
