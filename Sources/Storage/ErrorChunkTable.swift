import Deflate
package import SQLite

/// Reads and writes rows of `error_chunk`, and of `error_chunk_variant` with them.
package struct ErrorChunkTable: ~Copyable {
  /// For full chunks, and for those to which the next batch adds.
  private let deflater = Deflater(level: 4)
  private let quickDeflater = Deflater(level: 1)
  private let inflater = Inflater()

  package init() {}

  /// SQLITE_CORRUPT.
  static let corrupt = SQLiteError.damagedPart

  /// Which events are read: those of lines in the first range whose times are in the second.
  package struct Extent: Sendable {
    package var lines: ClosedRange<Int64>
    package var times: ClosedRange<Int64> = .min ... .max

    package static let all = Extent(lines: 0 ... .max)

    package init(lines: ClosedRange<Int64>, times: ClosedRange<Int64> = .min ... .max) {
      self.lines = lines
      self.times = times
    }

    static func source(_ id: Int64) -> Extent {
      Extent(lines: id << 36...(id + 1) << 36 - 1)
    }
  }

  /// Gives the events of each chunk that reaches into the extent, all of its events, by ascending lines.
  package func read(
    _ extent: Extent, in db: borrowing Connection,
    _ body: (_ chunk: Int64, _ events: [ErrorEvent]) throws(SQLiteError) -> Void
  ) throws(SQLiteError) {
    var row = try db.prepare(
      """
      SELECT first_id, min_us, unit_us, size, data, count FROM error_chunk
      WHERE first_id <= ?2 AND last_id >= ?1 AND min_us <= ?4 AND max_us >= ?3 ORDER BY first_id
      """)
    try row.bind(
      values: extent.lines.lowerBound, extent.lines.upperBound, extent.times.lowerBound,
      extent.times.upperBound)
    var json: [UInt8] = []
    while try row.step() {
      let first = row.integer(0)
      let size = row.int(3)
      let rows = ErrorRows(start: row.integer(1), unit: row.integer(2))
      // DEFLATE makes no more than 1,032 bytes of one.
      guard ErrorRows.units.contains(rows.unit), size >= 0, size / 1032 <= row.bytes(4).count,
        inflater.inflate(row.bytes(4), size: size, into: &json),
        let events = rows.events(json.span, from: first), events.count == row.int(5)
      else {
        throw SQLiteError(
          code: Self.corrupt, message: "the errors from line \(first) on are damaged")
      }
      try body(first, events)
    }
  }

  /// Those of these lines that show an event.
  package func lines(
    _ lines: ClosedRange<Int64>, in db: borrowing Connection
  ) throws(SQLiteError) -> Set<Int64> {
    var found: Set<Int64> = []
    try read(Extent(lines: lines), in: db) { _, events in
      found.formUnion(events.lazy.map(\.logID).filter(lines.contains))
    }
    return found
  }

  /// Adds events of one source.
  ///
  /// Nearly all lie behind those that it has; the line of a record that was open has an older id.
  package func insert(
    _ events: [ErrorEvent], in db: borrowing Connection
  ) throws(SQLiteError) {
    var left = events.sorted { $0.logID < $1.logID }[...]
    while let first = left.first {
      let source = Extent.source(first.logID >> 36).lines
      // The chunk before it, or else the first one.
      let chunk = try db.integer(
        """
        SELECT coalesce(
          (SELECT max(first_id) FROM error_chunk WHERE first_id BETWEEN ?1 AND ?3),
          (SELECT min(first_id) FROM error_chunk WHERE first_id BETWEEN ?1 AND ?2))
        """, source.lowerBound, source.upperBound, first.logID)
      guard let chunk else { return try write(Array(left), in: db) }
      let next = try db.integer(
        "SELECT min(first_id) FROM error_chunk WHERE first_id > ? AND first_id <= ?", chunk,
        source.upperBound)
      let part = left.prefix { next == nil || $0.logID < next ?? 0 }
      left = left.dropFirst(part.count)
      let isFull =
        try db.integer(
          "SELECT 1 FROM error_chunk WHERE first_id = ? AND count >= ? AND last_id < ?", chunk,
          ErrorRows.maxCount, first.logID) != nil
      if isFull {
        try write(Array(part), in: db)
      } else {
        try edit(Extent(lines: chunk...chunk), in: db) { events in
          let isBehind = events.last.map { $0.logID < first.logID } ?? true
          events += part
          if !isBehind { events.sort { $0.logID < $1.logID } }
        }
      }
    }
  }

  /// Changes the events of the chunks that reach into the extent, which stay those of one source.
  package func edit(
    _ extent: Extent, in db: borrowing Connection, _ body: (inout [ErrorEvent]) -> Void
  ) throws(SQLiteError) {
    var events: [ErrorEvent] = []
    var old: [Int64: [Int64: Int64]] = [:]
    try read(extent, in: db) { chunk, part in
      events += part
      old[chunk] = Self.counts(part[...])
    }
    body(&events)
    let parts = Self.parts(of: events)
    for part in parts {
      guard let first = part.first?.logID else { continue }
      try write(chunk: part, instead: old.removeValue(forKey: first) ?? [:], in: db)
    }
    for (chunk, counts) in old {
      try db.run("DELETE FROM error_chunk WHERE first_id = ?", chunk)
      try write([:], instead: counts, of: chunk, in: db)
    }
  }

  private func write(
    _ events: [ErrorEvent], in db: borrowing Connection
  ) throws(SQLiteError) {
    for part in Self.parts(of: events) { try write(chunk: part, instead: [:], in: db) }
  }

  private static func parts(of events: [ErrorEvent]) -> [ArraySlice<ErrorEvent>] {
    stride(from: 0, to: events.count, by: ErrorRows.maxCount).map {
      events[$0...].prefix(ErrorRows.maxCount)
    }
  }

  /// Of each variant the events that are no copies.
  private static func counts(_ events: ArraySlice<ErrorEvent>) -> [Int64: Int64] {
    var counts: [Int64: Int64] = [:]
    for event in events where !event.isCopy { counts[event.variant, default: 0] += 1 }
    return counts
  }

  /// Writes a chunk, in the place of one with the same first event of which `old` are the counts.
  private func write(
    chunk events: ArraySlice<ErrorEvent>, instead old: [Int64: Int64],
    in db: borrowing Connection
  ) throws(SQLiteError) {
    guard let first = events.first, let last = events.last else { return }
    let rows = ErrorRows(of: events)
    let json = rows.json(events)
    let isFull = events.count == ErrorRows.maxCount
    let compressed = isFull ? deflater.compress(json.span) : quickDeflater.compress(json.span)
    let latest = events.reduce(rows.start) { max($0, $1.time) }
    try db.run(
      """
      INSERT OR REPLACE INTO error_chunk(first_id, last_id, count, min_us, max_us, unit_us, size, data)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?)
      """, first.logID, last.logID, events.count, rows.start, latest, rows.unit, json.count,
      compressed)
    try write(Self.counts(events), instead: old, of: first.logID, in: db)
  }

  /// Writes what differs: a chunk grows by a few variants at a time.
  private func write(
    _ counts: [Int64: Int64], instead old: [Int64: Int64], of chunk: Int64,
    in db: borrowing Connection
  ) throws(SQLiteError) {
    for variant in old.keys where counts[variant] == nil {
      try db.run(
        "DELETE FROM error_chunk_variant WHERE variant = ? AND chunk = ?", variant, chunk)
    }
    let changed = counts.filter { old[$0.key] != $0.value }.sorted { $0.key < $1.key }
    try db.insertRows(
      changed.count, into: "error_chunk_variant(variant, chunk, count)", columns: 3,
      conflict: "ON CONFLICT DO UPDATE SET count = excluded.count"
    ) { statement, first, index throws(SQLiteError) in
      try statement.bind(first, changed[index].key)
      try statement.bind(first + 1, chunk)
      try statement.bind(first + 2, changed[index].value)
    }
  }

  /// Takes out all events of a source.
  package func remove(source: Int64, in db: borrowing Connection) throws(SQLiteError) {
    let lines = Extent.source(source).lines
    try db.run(
      "DELETE FROM error_chunk WHERE first_id BETWEEN ? AND ?", lines.lowerBound, lines.upperBound)
    try db.run(
      "DELETE FROM error_chunk_variant WHERE chunk BETWEEN ? AND ?", lines.lowerBound,
      lines.upperBound)
  }
}
