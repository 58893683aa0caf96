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
}

extension LineWriter {
  /// How many lines of a chunk are older than `time`, in microseconds since 1970.
  ///
  /// Where `prune` could not read the chunk it throws an error that `isCorrupt`.
  package mutating func count(
    chunk id: Int64, before time: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    guard let chunk = try small(chunk: id, db) else { return 0 }
    var walk = ChunkRows()
    var count: Int64 = 0
    let text = chunk.rows.span
    while walk.next(text) {
      guard !walk.isDropped else { continue }
      if let own = chunk.scale.time(offset: walk.offset, row: walk.index), own < time { count += 1 }
    }
    guard !walk.isDamaged else {
      throw SQLiteError(.malformed(chunk: id, row: max(walk.index, 0)))
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
    let found: SmallChunk?
    do throws(SQLiteError) { found = try small(chunk: id, db) } catch {
      guard error.isCorrupt else { throw error }
      return PrunedChunk(damaged: id, error)
    }
    guard let chunk = found else { return nil }
    var result = PrunedChunk(id: id, source: chunk.source, newest: chunk.maximum)
    var output = ByteBuffer(capacity: 1024)
    var templates: [Int64: Int] = [:]
    var walk = ChunkRows()
    let text = chunk.rows.span
    output.append(UInt8(ascii: "["))
    while walk.next(text) {
      if walk.index > 0 { output.append(UInt8(ascii: ",")) }
      guard !walk.isDropped, kept.contains(walk.template) else {
        var lines = walk.droppedLines
        if !walk.isDropped {
          result.add(id + Int64(walk.index))
          lines =
            1 + (feeds[walk.template] ?? 0) + JSONText.feeds(in: text.extracting(walk.parameters))
        }
        if lines > 1 { result.feeds.append((id + Int64(walk.index), lines - 1)) }
        output.append(droppedLines: lines)
        continue
      }
      templates[walk.template, default: 0] += 1
      output.append(UInt8(ascii: "["))
      output.append(decimal: walk.offset)
      output.append(UInt8(ascii: ","))
      output.append(decimal: walk.template)
      output.append(text.extracting(walk.parameters))
      output.append(UInt8(ascii: "]"))
    }
    guard !walk.isDamaged else {
      return PrunedChunk(damaged: id, SQLiteError(.malformed(chunk: id, row: max(walk.index, 0))))
    }
    output.append(UInt8(ascii: "]"))
    result.isWhole = templates.isEmpty
    if result.isWhole {
      result.lines = [id..<id + Int64(chunk.count)]
      try remove(chunk, db)
    } else {
      let header = ChunkHeader(
        firstID: id, source: chunk.source, layout: .none, count: chunk.count,
        unit: chunk.scale.unit, minimum: chunk.scale.minimum, maximum: chunk.maximum,
        isSealed: true)
      try replace(chunk, by: output, header, templates, in: db)
    }
    return result
  }
}

extension ByteBuffer {
  /// Appends a row in the place of one that is gone, whose record had so many lines.
  mutating func append(droppedLines lines: Int64) {
    if lines > 1 { append(decimal: lines) } else { append("null") }
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
