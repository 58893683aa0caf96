import LogModel
package import SQLite

// Many small chunks become one.

extension LineWriter {
  /// This many small chunks, or as many as have the rows of a big one, are merged.
  static let maxSmallChunks = 64

  /// A small chunk whose rows can stand in another one.
  private struct SoundChunk {
    let chunk: SmallChunk
    /// Of its rows, in microseconds since 1970; `Int64.min` where a row was dropped.
    private(set) var times: [Int64] = []
    /// How many parameters the rows of each template have.
    private(set) var parameters: [Int64: Int] = [:]

    var end: Int64 { chunk.firstID + Int64(chunk.count) }

    /// Nil where the chunk is damaged.
    init?(_ chunk: SmallChunk) {
      guard [1, 1000, 1_000_000].contains(chunk.scale.unit),
        ChunkReader.times.contains(chunk.scale.minimum),
        chunk.scale.minimum % chunk.scale.unit == 0
      else { return nil }
      self.chunk = chunk
      var walk = ChunkRows()
      let text = chunk.rows.span
      while walk.next(text) {
        if walk.isDropped {
          times.append(.min)
          continue
        }
        guard let time = chunk.scale.time(offset: walk.offset), ChunkReader.times.contains(time)
        else { return nil }
        times.append(time)
        guard let count = Self.count(text.extracting(walk.parameters)) else { return nil }
        if parameters[walk.template] == nil { parameters[walk.template] = count }
      }
      guard !walk.isDamaged, times.count == chunk.count else { return nil }
    }

    /// Nil where one is no value that the shell could read.
    private static func count(_ parameters: Span<UInt8>) -> Int? {
      var count = 0
      var position = 0
      while position < parameters.count {
        let end = ChunkRows.endOfValue(parameters, position + 1)
        let value = parameters.extracting(position + 1..<end)
        guard !value.isEmpty, value[0] == UInt8(ascii: "\"") || JSONText.isNumber(value) else {
          return nil
        }
        position = end
        count += 1
      }
      return count
    }

    /// Whether the rows of the templates that both have are of one form: otherwise one of them is damaged.
    func agrees(with other: SoundChunk) -> Bool {
      parameters.allSatisfy { other.parameters[$0.key] ?? $0.value == $0.value }
    }
  }

  /// Merges the small chunks of `source` when there are many; `open` are lines that must stay alone.
  ///
  /// A damaged chunk is left as it is.
  package mutating func mergeSmallChunks(
    of source: Int64, open: Set<Int64>, in db: borrowing Connection
  ) throws(SQLiteError) {
    var ids: [Int64] = []
    var rows = 0
    do {
      var statement = try db.prepare(
        "SELECT first_id, count FROM chunk WHERE source = ? AND sealed = 0 ORDER BY first_id")
      try statement.bind(1, source)
      while try statement.step() {
        guard !open.contains(statement.integer(0)) else { continue }
        ids.append(statement.integer(0))
        rows += statement.int(1)
      }
    }
    guard ids.count >= Self.maxSmallChunks || rows >= LineEncoder.maxRows else { return }
    var group: [SoundChunk] = []
    for id in ids {
      guard let next = try sound(chunk: id, db) else { continue }
      if let last = group.last {
        let rows = group.reduce(0) { $0 + $1.chunk.count }
        let bytes = group.reduce(0) { $0 + $1.chunk.rows.count }
        let fits =
          rows + next.chunk.count <= LineEncoder.maxRows
          && bytes + next.chunk.rows.count <= LineEncoder.maxBytes
        let isLike =
          next.chunk.layout == last.chunk.layout && group.allSatisfy { $0.agrees(with: next) }
        if last.end != next.chunk.firstID || !fits || !isLike {
          // The line behind the group is stored elsewhere for good, unless it is still open.
          try merge(group, sealed: !open.contains(last.end), db)
          group = []
        }
      }
      group.append(next)
    }
    try merge(
      group, sealed: group.reduce(0) { $0 + $1.chunk.count } >= LineEncoder.maxRows, db)
  }

  private mutating func sound(
    chunk id: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> SoundChunk? {
    do throws(SQLiteError) { return try small(chunk: id, db).flatMap(SoundChunk.init) } catch {
      guard error.isCorrupt else { throw error }
      return nil
    }
  }

  /// Writes the rows of `group`, whose ids follow each other, as one chunk.
  private mutating func merge(
    _ group: [SoundChunk], sealed: Bool, _ db: borrowing Connection
  ) throws(SQLiteError) {
    guard let first = group.first?.chunk, group.count > 1 || sealed else { return }
    let scale = TimeScale(
      minimum: group.reduce(first.scale.minimum) { min($0, $1.chunk.scale.minimum) },
      unit: group.reduce(first.scale.unit) { min($0, $1.chunk.scale.unit) })
    var output = RowBuffer(capacity: 1 << 16)
    var templates: Set<Int64> = []
    for part in group {
      var walk = ChunkRows()
      let text = part.chunk.rows.span
      while walk.next(text) {
        if walk.isDropped {
          output.append(droppedLines: walk.droppedLines)
          continue
        }
        templates.insert(walk.template)
        output.append(
          offset: scale.offset(of: part.times[walk.index]), template: walk.template,
          parameters: text.extracting(walk.parameters))
      }
      try remove(part.chunk, db)
    }
    output.close()
    // The layout is known by its id here.
    let header = ChunkHeader(
      firstID: first.firstID, source: first.source, layout: .none, count: output.count,
      unit: scale.unit,
      minimum: scale.minimum, maximum: group.reduce(first.maximum) { max($0, $1.chunk.maximum) },
      isSealed: sealed)
    let encoded = try encode(output.text, header, templates, db)
    try insert(encoded, header, layout: first.layout, to: db)
  }
}
