import Deflate
package import SQLite

/// Reads and writes rows of `turn_chunk`.
package struct TurnChunkTable: ~Copyable {
  static let maxCount = 4096
  /// To one that has so many nothing is added.
  private static let fullCount = maxCount / 2

  private let inflater = Inflater()

  package init() {}

  /// Which chunks are read: those that reach into all of these.
  package struct Extent: Sendable {
    package var lines: ClosedRange<Int64>
    package var times: ClosedRange<Int64>
    package var keys: ClosedRange<Int64>

    package init(
      lines: ClosedRange<Int64> = .min ... .max, times: ClosedRange<Int64> = .min ... .max,
      keys: ClosedRange<Int64> = .min ... .max
    ) {
      (self.lines, self.times, self.keys) = (lines, times, keys)
    }

    package static func source(_ id: Int64) -> Extent {
      Extent(lines: id << 36...(id << 36 | (1 << 36 - 1)))
    }
  }

  private static let condition = """
    first_line <= ?2 AND last_line >= ?1 AND min_us <= ?4 AND max_us >= ?3
      AND min_key <= ?6 AND max_key >= ?5
    """

  private func bind(_ extent: Extent, to row: inout Statement) throws(SQLiteError) {
    try row.bind(
      values: extent.lines.lowerBound, extent.lines.upperBound, extent.times.lowerBound,
      extent.times.upperBound, extent.keys.lowerBound, extent.keys.upperBound)
  }

  /// The chunks that reach into the extent, ascending.
  package func chunks(
    _ extent: Extent = Extent(), in db: borrowing Connection
  ) throws(SQLiteError) -> [Int64] {
    var row = try db.prepare(
      "SELECT first_id FROM turn_chunk WHERE \(Self.condition) ORDER BY first_id")
    try bind(extent, to: &row)
    var chunks: [Int64] = []
    while try row.step() { chunks.append(row.integer(0)) }
    return chunks
  }

  /// The keys in a chunk, in the order of its turns.
  func keys(of chunk: Int64, in db: borrowing Connection) throws(SQLiteError) -> [Int64] {
    var row = try db.prepare("SELECT keys FROM turn_chunk WHERE first_id = ?")
    try row.bind(1, chunk)
    return try row.step() ? Self.keys(row.bytes(0)) : []
  }

  private static func keys(_ bytes: Span<UInt8>) -> [Int64] {
    stride(from: 0, to: bytes.count - 7, by: 8).map { start in
      unsafe Int64(
        littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: Int64.self))
    }
  }

  /// The turns in a chunk, in the order of reading; damage is an error.
  package func turns(
    of chunk: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> [PackedTurn] {
    let numbers = try numbers(of: chunk, in: db)
    let keys = try keys(of: chunk, in: db)
    let width = PackedRows.width
    guard numbers.count == keys.count * width else { throw Self.damage(chunk) }
    return keys.indices.map { index in
      PackedTurn(numbers[index * width..<(index + 1) * width], key: keys[index])
    }
  }

  /// The same as `PackedRows.numbers`, without keys.
  func numbers(of chunk: Int64, in db: borrowing Connection) throws(SQLiteError) -> [Int64] {
    var row = try db.prepare(
      "SELECT first_line, min_us, unit_us, size, data, count FROM turn_chunk WHERE first_id = ?")
    try row.bind(1, chunk)
    guard try row.step() else { return [] }
    let rows = PackedRows(
      firstID: chunk, firstLine: row.integer(0), start: row.integer(1), unit: row.integer(2))
    let size = row.int(3)
    var json: [UInt8] = []
    // DEFLATE makes no more than 1,032 bytes of one, and a turn takes eight at least.
    guard PackedRows.units.contains(rows.unit), size >= 0, size / 1032 <= row.bytes(4).count,
      row.int(5) >= 0, row.int(5) <= size / 8,
      inflater.inflate(row.bytes(4), size: size, into: &json),
      let numbers = rows.numbers(json.span, count: row.int(5))
    else { throw Self.damage(chunk) }
    return numbers
  }

  private static func damage(_ chunk: Int64) -> SQLiteError {
    SQLiteError(
      code: ErrorChunkTable.corrupt, message: "the turns from \(chunk) on are damaged")
  }

  /// Whether what a chunk says of its turns is what they are.
  package func isConsistent(_ chunk: Int64, in db: borrowing Connection) throws(SQLiteError) -> Bool
  {
    let turns = try turns(of: chunk, in: db)
    guard let last = turns.last else { return false }
    let bounds = Bounds(of: turns)
    let stored = try db.integer(
      """
      SELECT first_id = ?2 AND last_id = ?3 AND first_line = ?4 AND last_line = ?5 AND min_us = ?6
        AND max_us = ?7 AND min_key = ?8 AND max_key = ?9
      FROM turn_chunk WHERE first_id = ?1
      """, chunk, turns[0].id, last.id, bounds.lines.lowerBound, bounds.lines.upperBound,
      bounds.times.lowerBound, bounds.times.upperBound, bounds.keys.lowerBound,
      bounds.keys.upperBound)
    return stored == 1 && bounds.lines.lowerBound >> 36 == bounds.lines.upperBound >> 36
  }

  /// Adds turns of one source, with ascending ids, behind those that it has.
  func append(_ turns: [PackedTurn], in db: borrowing Connection) throws(SQLiteError) {
    guard let first = turns.first else { return }
    let source = Extent.source(first.logID >> 36).lines
    let last = try db.integer(
      """
      SELECT first_id FROM turn_chunk WHERE first_line BETWEEN ? AND ? AND count < ?
      ORDER BY first_id DESC LIMIT 1
      """, source.lowerBound, source.upperBound, Self.fullCount)
    var all = turns
    if let last { all = try self.turns(of: last, in: db) + turns }
    // Equal parts, to which nothing needs to be added.
    let parts = (all.count + Self.maxCount - 1) / Self.maxCount
    for part in 0..<parts {
      let range = all.count * part / parts..<all.count * (part + 1) / parts
      try write(Array(all[range]), in: db)
    }
  }

  /// Changes the turns of a chunk, which keep their order, and of which some may go; whether `body` says
  /// that they are others now.
  @discardableResult
  func edit(
    _ chunk: Int64, in db: borrowing Connection,
    _ body: (inout [PackedTurn]) throws(SQLiteError) -> Bool
  ) throws(SQLiteError) -> Bool {
    var turns = try self.turns(of: chunk, in: db)
    guard try body(&turns) else { return false }
    if turns.first?.id != chunk {
      try db.run("DELETE FROM turn_chunk WHERE first_id = ?", chunk)
    }
    try write(turns, in: db)
    return true
  }

  private func write(_ turns: [PackedTurn], in db: borrowing Connection) throws(SQLiteError) {
    guard let last = turns.last else { return }
    let bounds = Bounds(of: turns)
    let rows = PackedRows(of: turns)
    let json = rows.json(turns)
    // To others the next batch adds.
    let deflater = Deflater(level: turns.count < Self.fullCount ? 2 : 4)
    var keys: [UInt8] = []
    keys.reserveCapacity(8 * turns.count)
    for turn in turns {
      for shift in stride(from: 0, to: 64, by: 8) {
        keys.append(UInt8(truncatingIfNeeded: turn.key >> Int64(shift)))
      }
    }
    try db.run(
      """
      INSERT OR REPLACE INTO turn_chunk(first_id, last_id, first_line, last_line, count, min_us, max_us,
        unit_us, min_key, max_key, size, keys, data)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, rows.firstID, last.id, bounds.lines.lowerBound, bounds.lines.upperBound, turns.count,
      bounds.times.lowerBound, bounds.times.upperBound, rows.unit, bounds.keys.lowerBound,
      bounds.keys.upperBound, json.count, keys,
      deflater.compress(json.span))
  }

  /// What a chunk says of its turns.
  private struct Bounds {
    var lines: ClosedRange<Int64>
    var times: ClosedRange<Int64>
    var keys: ClosedRange<Int64>

    /// Of one turn at least.
    init(of turns: [PackedTurn]) {
      lines = Self.bounds(turns.lazy.map(\.logID))
      times = Self.bounds(turns.lazy.map(\.time))
      keys = Self.bounds(turns.lazy.map(\.key))
    }

    private static func bounds(_ numbers: some Sequence<Int64>) -> ClosedRange<Int64> {
      var (least, most) = (Int64.max, Int64.min)
      for number in numbers {
        least = min(least, number)
        most = max(most, number)
      }
      return least...most
    }
  }

  /// Takes out all turns of a source; how many chunks that were.
  func remove(source: Int64, in db: borrowing Connection) throws(SQLiteError) -> Int {
    let lines = Extent.source(source).lines
    try db.run(
      "DELETE FROM turn_chunk WHERE first_line BETWEEN ? AND ?", lines.lowerBound,
      lines.upperBound)
    return db.changes
  }
}
