package import SQLite

/// What was removed for its age: the rows of `pruned`, `thinned` and `retention`.
package struct PrunedTable {
  package init() {}

  /// Adds a run of lines; `feeds` are the line feeds in those that have some.
  package func add(
    _ ids: Range<Int64>, feeds: [(id: Int64, count: Int64)], in db: borrowing Connection
  ) throws(SQLiteError) {
    var start = ids.lowerBound
    while start < ids.upperBound {
      let end =
        try db.integer(
          "SELECT min(first_id) FROM extent WHERE first_id > ? AND first_id < ?", start,
          ids.upperBound) ?? ids.upperBound
      let lines = feeds.reduce(end - start) { sum, record in
        (start..<end).contains(record.id) ? sum + record.count : sum
      }
      try add(start..<end, lines: lines, in: db)
      start = end
    }
  }

  /// Adds a run of lines of one extent, and joins it with those of the extent that it touches.
  private func add(
    _ ids: Range<Int64>, lines: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    try db.run(
      "INSERT INTO pruned(first_id, count, lines) VALUES(?, ?, ?)", ids.lowerBound,
      Int64(ids.count), lines)
    try join(at: ids.upperBound, in: db)
    try join(at: ids.lowerBound, in: db)
  }

  /// Makes one of the run that ends before `id` and the one that begins there.
  private func join(at id: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try db.run(
      """
      UPDATE pruned SET count = pruned.count + p.count, lines = pruned.lines + p.lines FROM pruned p
      WHERE pruned.first_id = (SELECT max(first_id) FROM pruned WHERE first_id < ?1)
        AND pruned.first_id + pruned.count = ?1 AND p.first_id = ?1
        AND NOT EXISTS (SELECT 1 FROM extent WHERE first_id = ?1)
      """, id)
    if db.changes > 0 { try db.run("DELETE FROM pruned WHERE first_id = ?", id) }
  }

  /// Notes that a chunk holds errors only, and that so many of its lines are gone.
  package func thin(chunk: Int64, lines: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try db.run("INSERT INTO thinned(chunk, lines) VALUES(?, ?)", chunk, lines)
  }

  /// Takes out a chunk that is to go whole.
  package func removeThinned(chunk: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try db.run("DELETE FROM thinned WHERE chunk = ?", chunk)
  }

  /// Notes that lines of a source are gone, all of them older than `until`.
  package func note(
    source: Int64, lines: Int64, until: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    try db.run(
      """
      INSERT INTO retention(source, lines, until_us) VALUES(?1, ?2, ?3)
      ON CONFLICT DO UPDATE SET lines = lines + excluded.lines,
        until_us = max(coalesce(until_us, excluded.until_us), excluded.until_us)
      """, source, lines, until)
  }

  /// Notes that lines of a source that are gone are not counted any more either.
  package func note(
    source: Int64, uncounted: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    try db.run(
      """
      INSERT INTO retention(source, uncounted) VALUES(?1, ?2)
      ON CONFLICT DO UPDATE SET uncounted = uncounted + excluded.uncounted
      """, source, uncounted)
  }

  /// Of which those before a time may be gone: a column of `retention`.
  package enum Facts: String {
    case turns = "turns_us"
    case events = "errors_us"
    case samples = "samples_us"
  }

  /// Notes that facts before `time` are gone, of all sources.
  package func note(
    _ facts: Facts, before time: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    let column = facts.rawValue
    try db.run(
      """
      INSERT INTO retention(source, \(column)) SELECT id, ?1 FROM source WHERE true
      ON CONFLICT DO UPDATE SET \(column) = max(coalesce(\(column), excluded.\(column)), excluded.\(column))
      """, time)
  }

  /// Whether some line from `first` until before `end` is gone.
  package func touches(
    _ first: Int64, _ end: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    let found = try db.integer(
      """
      SELECT EXISTS (
          SELECT 1 FROM (SELECT * FROM pruned WHERE first_id < ?2 ORDER BY first_id DESC LIMIT 1)
          WHERE first_id + count > ?1)
        OR EXISTS (
          SELECT 1 FROM thinned t JOIN chunk c ON c.first_id = t.chunk
          WHERE t.chunk >= coalesce((SELECT max(first_id) FROM chunk WHERE first_id <= ?1), ?1)
            AND t.chunk < ?2 AND t.lines > 0 AND c.first_id + c.count > ?1)
      """, first, end)
    return found == 1
  }

  /// The run of lines that begins with `id`: where it ends, and how many lines of the file it was.
  package func run(
    from id: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> (end: Int64, lines: Int64)? {
    var row = try db.prepare("SELECT count, lines FROM pruned WHERE first_id = ?")
    try row.bind(1, id)
    return try row.step() ? (id + row.integer(0), row.integer(1)) : nil
  }

  /// Whether a line that is not stored may be one that is gone of a chunk.
  package func isThinned(
    line id: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    try db.integer(
      """
      SELECT 1 FROM thinned WHERE chunk = (SELECT max(first_id) FROM chunk WHERE first_id <= ?)
        AND lines > 0
      """, id) == 1
  }

  /// The lines of a source that are gone are older; nil where none is gone.
  package func linesBefore(
    source: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Int64? {
    try db.integer("SELECT until_us FROM retention WHERE source = ?", source)
  }

  /// By source: from these times on the lines are stored that samples are of; before, some are gone, or the samples.
  package func samplesFrom(in db: borrowing Connection) throws(SQLiteError) -> [Int64: Int64] {
    var times: [Int64: Int64] = [:]
    var row = try db.prepare(
      """
      SELECT source, max(coalesce(until_us, samples_us), coalesce(samples_us, until_us)) FROM retention
      WHERE coalesce(until_us, samples_us) IS NOT NULL
      """)
    while try row.step() { times[row.integer(0)] = row.integer(1) }
    return times
  }

  /// Events of a source before this time may be gone; nil where none is.
  package func eventsBefore(
    source: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Int64? {
    try db.integer("SELECT errors_us FROM retention WHERE source = ?", source)
  }

  /// Whether no line of a generation is left.
  package func holdsAll(
    ofFile file: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    try db.integer("SELECT 1 FROM extent e WHERE file = ? AND NOT \(Self.isPruned) LIMIT 1", file)
      == nil
  }

  /// Of an extent `e`.
  static let isPruned = """
    EXISTS (SELECT 1 FROM pruned p WHERE p.first_id = (SELECT max(first_id) FROM pruned WHERE first_id <= e.first_id)
      AND p.first_id + p.count >= e.first_id + e.count)
    """

  /// Forgets what is gone of a source, which is to go itself.
  package func remove(source: Int64, in db: borrowing Connection) throws(SQLiteError) {
    let (first, end) = (source << 36, (source + 1) << 36)
    try db.run("DELETE FROM pruned WHERE first_id >= ? AND first_id < ?", first, end)
    try db.run("DELETE FROM thinned WHERE chunk >= ? AND chunk < ?", first, end)
    try db.run("DELETE FROM retention WHERE source = ?", source)
  }
}
