import SQLite

/// Which chunks can hold rows that satisfy a statement's conditions, told by the chunk tables alone.
enum ChunkSelection {
  /// The candidates in the order of their ids, which is that of the rows' ids.
  static func chunks(
    _ conditions: LogConditions, _ catalog: StoreCatalog, _ db: borrowing Connection
  ) throws(SQLiteError) -> [Int64] {
    var chunks: [Int64] = []
    for range in conditions.idRanges {
      let found = try ids(in: range, times: conditions.times, db)
      chunks.append(contentsOf: found)
    }
    if let wanted = conditions.chunks { chunks.removeAll { !wanted.contains($0) } }
    if let ids = conditions.idSet { chunks = chunksHolding(ids, chunks) }
    if conditions.restrictsTemplates {
      let templates = catalog.templates.filter(conditions.allows).map(\.id)
      let holding = try Self.holding(templates, among: chunks, db)
      chunks.removeAll { !holding.contains($0) }
    }
    return chunks
  }

  private static func ids(
    in range: ClosedRange<Int64>, times: ClosedRange<Int64>?, _ db: borrowing Connection
  ) throws(SQLiteError) -> [Int64] {
    // The chunk that begins last at or before the lowest id may hold it, if it is of the same source.
    let source = LineIdentifier.source(of: range.lowerBound)
    let first = try db.integer(
      "SELECT max(first_id) FROM chunk WHERE first_id BETWEEN ? AND ?",
      LineIdentifier.make(source: source, number: 0), range.lowerBound)
    let low = first ?? range.lowerBound
    var found: [Int64] = []
    if let times {
      var statement = try db.prepare(
        """
        SELECT first_id FROM chunk WHERE max_us >= ? AND min_us <= ? AND first_id BETWEEN ? AND ?
        """)
      try statement.bind(values: times.lowerBound, times.upperBound, low, range.upperBound)
      while try statement.step() { found.append(statement.integer(0)) }
    } else {
      var statement = try db.prepare("SELECT first_id FROM chunk WHERE first_id BETWEEN ? AND ?")
      try statement.bind(values: low, range.upperBound)
      while try statement.step() { found.append(statement.integer(0)) }
    }
    found.sort()
    return found
  }

  /// Of `chunks`, in order, those that hold one of the sorted `ids`, as far as their beginnings tell.
  private static func chunksHolding(_ ids: [Int64], _ chunks: [Int64]) -> [Int64] {
    var kept: [Int64] = []
    var next = 0
    for (index, chunk) in chunks.enumerated() {
      while next < ids.count, ids[next] < chunk { next += 1 }
      guard next < ids.count else { break }
      if index + 1 == chunks.count || ids[next] < chunks[index + 1] { kept.append(chunk) }
    }
    return kept
  }

  /// The chunks with rows of the catalog's `templates`, at least those that are among the sorted `chunks`.
  static func holding(
    _ templates: [Int64], among chunks: [Int64], _ db: borrowing Connection
  ) throws(SQLiteError) -> Set<Int64> {
    guard let last = templates.max(), let first = chunks.first else { return [] }
    var isWanted = [Bool](repeating: false, count: Int(last) + 1)
    for template in templates { isWanted[Int(template)] = true }
    var holding: Set<Int64> = []
    var row = try db.prepare("SELECT chunk, counts FROM template_use WHERE chunk BETWEEN ? AND ?")
    try row.bind(values: first, chunks[chunks.count - 1])
    while try row.step() {
      let text = row.bytes(1)
      var counts = TemplateCounts()
      while counts.next(text), counts.template <= last {
        guard isWanted[Int(counts.template)] else { continue }
        holding.insert(row.integer(0))
        break
      }
      // What cannot be read rules nothing out.
      if counts.isDamaged { holding.insert(row.integer(0)) }
    }
    return holding
  }
}
