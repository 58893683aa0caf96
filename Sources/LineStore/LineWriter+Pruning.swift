import LogModel
package import SQLite

/// What is gone of a chunk.
package struct PrunedChunk: Sendable {
  package let id: Int64
  /// The chunk could not be read, and stays as it is.
  package fileprivate(set) var damage: SQLiteError?
  package let source: Int64
  /// The time of its last line, in microseconds since 1970.
  package let newest: Int64
  /// Nothing is left of it.
  package fileprivate(set) var isWhole = true
  /// Lines that were there until now; of a whole chunk also those that were gone.
  package fileprivate(set) var lines: [Range<Int64>] = []
  /// How many of them were there.
  package fileprivate(set) var count: Int64 = 0
  /// Of a whole chunk: the records that had several lines, and how many but the first.
  package fileprivate(set) var feeds: [(id: Int64, count: Int64)] = []
  /// Those that it has no line of any more.
  package fileprivate(set) var templates: Set<Int64> = []
  /// Of a chunk that is not whole: the bytes of its data, its words and its templates' counts.
  package fileprivate(set) var left: (data: Int, words: Int, counts: Int) = (0, 0, 0)
}

/// The hours since 1970 that a chunk has lines of: of the templates that are kept, and of the others.
package struct ChunkHours: Sendable {
  package fileprivate(set) var kept: Set<Int64> = []
  package fileprivate(set) var others: Set<Int64> = []
}

extension LineWriter {
  /// Where the chunk cannot be read it throws an error that `isCorrupt`.
  package mutating func hours(
    ofChunk id: Int64, keeping templates: Set<Int64>, in db: borrowing Connection
  ) throws(SQLiteError) -> ChunkHours {
    var hours = ChunkHours()
    guard let chunk = try small(chunk: id, db) else { return hours }
    try chunk.forEachLine { time, template in
      guard let time else { return }
      let hour = HourCount.hour(ofMinute: time / 60_000_000)
      if templates.contains(template) { hours.kept.insert(hour) } else { hours.others.insert(hour) }
    }
    return hours
  }

  /// How many lines of a chunk are older than `time`, in microseconds since 1970.
  ///
  /// Where `prune` could not read the chunk it throws an error that `isCorrupt`.
  package mutating func count(
    chunk id: Int64, before time: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    guard let chunk = try small(chunk: id, db) else { return 0 }
    var count: Int64 = 0
    try chunk.forEachLine { own, _ in
      if let own, own < time { count += 1 }
    }
    return count
  }

  /// Removes a chunk, or, where it has lines of the templates `kept`, all others.
  ///
  /// Of a chunk that stays ids and times stay, and no other chunk is joined with it any more. `feeds` are the
  /// line feeds in the templates that have some. Nil where there is no such chunk.
  package mutating func prune(
    chunk id: Int64, keeping kept: Set<Int64>, feeds: [Int64: Int64], in db: borrowing Connection
  ) throws(SQLiteError) -> PrunedChunk? {
    guard let rest = try rest(ofChunk: id, keeping: kept, feeds: feeds, in: db) else { return nil }
    guard let chunk = rest.chunk else { return rest.result }
    if let encoded = rest.encoded {
      try replace(chunk, by: encoded, Self.header(of: chunk), in: db)
    } else {
      try remove(chunk, db)
    }
    return rest.result
  }

  /// What `prune` would remove.
  package mutating func look(
    chunk id: Int64, keeping kept: Set<Int64>, in db: borrowing Connection
  ) throws(SQLiteError) -> PrunedChunk? {
    try rest(ofChunk: id, keeping: kept, feeds: [:], in: db)?.result
  }

  private struct Rest {
    var result: PrunedChunk
    /// Nil where it is damaged.
    var chunk: SmallChunk?
    /// Nil where nothing is left.
    var encoded: EncodedChunk?
  }

  private mutating func rest(
    ofChunk id: Int64, keeping kept: Set<Int64>, feeds: [Int64: Int64], in db: borrowing Connection
  ) throws(SQLiteError) -> Rest? {
    let found: SmallChunk?
    do throws(SQLiteError) { found = try small(chunk: id, db) } catch {
      guard error.isCorrupt else { throw error }
      return Rest(result: PrunedChunk(damaged: id, error))
    }
    guard let chunk = found else { return nil }
    var result = PrunedChunk(id: id, source: chunk.source, newest: chunk.maximum)
    var output = RowBuffer(capacity: 1024)
    var templates: Set<Int64> = []
    var walk = ChunkRows()
    let text = chunk.rows.span
    while walk.next(text) {
      guard !walk.isDropped, kept.contains(walk.template) else {
        var lines = walk.droppedLines
        if !walk.isDropped {
          result.add(id + Int64(walk.index))
          result.templates.insert(walk.template)
          lines =
            1 + (feeds[walk.template] ?? 0) + JSONText.feeds(in: text.extracting(walk.parameters))
        }
        if lines > 1 { result.feeds.append((id + Int64(walk.index), lines - 1)) }
        output.append(droppedLines: lines)
        continue
      }
      templates.insert(walk.template)
      output.append(
        offset: walk.offset, template: walk.template, parameters: text.extracting(walk.parameters))
    }
    guard !walk.isDamaged else {
      let damage = SQLiteError(.malformed(chunk: id, row: max(walk.index, 0)))
      return Rest(result: PrunedChunk(damaged: id, damage))
    }
    output.close()
    result.isWhole = templates.isEmpty
    if result.isWhole {
      result.lines = [id..<id + Int64(chunk.count)]
      return Rest(result: result, chunk: chunk)
    }
    let encoded = try encode(output.text, Self.header(of: chunk), templates, db)
    result.templates.subtract(templates)
    result.left = (
      encoded.data.count, encoded.words?.count ?? 0,
      TemplateCounts.text(encoded.templates).utf8.count
    )
    return Rest(result: result, chunk: chunk, encoded: encoded)
  }

  /// Of a chunk with gaps, that no other is joined with.
  private static func header(of chunk: SmallChunk) -> ChunkHeader {
    ChunkHeader(
      firstID: chunk.firstID, source: chunk.source, layout: .none, count: chunk.count,
      unit: chunk.scale.unit, minimum: chunk.scale.minimum, maximum: chunk.maximum, isSealed: true)
  }
}

extension LineWriter.SmallChunk {
  /// The time and the template of each line; a time that cannot be is nil.
  fileprivate func forEachLine(_ body: (Int64?, Int64) -> Void) throws(SQLiteError) {
    var walk = ChunkRows()
    let text = rows.span
    while walk.next(text) {
      if walk.isDropped { continue }
      body(scale.time(offset: walk.offset), walk.template)
    }
    guard !walk.isDamaged else {
      throw SQLiteError(.malformed(chunk: firstID, row: max(walk.index, 0)))
    }
  }
}

extension PrunedChunk {
  fileprivate init(damaged id: Int64, _ damage: SQLiteError) {
    self.init(id: id, source: 0, newest: 0)
    self.damage = damage
    isWhole = false
  }

  fileprivate init(id: Int64, source: Int64, newest: Int64) {
    self.id = id
    self.source = source
    self.newest = newest
  }

  fileprivate mutating func add(_ id: Int64) {
    count += 1
    if let last = lines.last, last.upperBound == id {
      lines[lines.count - 1] = last.lowerBound..<id + 1
    } else {
      lines.append(id..<id + 1)
    }
  }
}
