import LineStore
package import LogModel
package import SQLite
import Storage

/// Which of equal records in the files of one source count: as many as in the file that has most of them.
///
/// Nothing is kept of what is equal: the lines are looked up.
package enum RecordCopies {
  /// In which order equal records count.
  package enum Order: Sendable {
    /// As they are stored.
    case stored
    /// The other stored ones have been counted before.
    case last
  }

  private struct Key: Hashable {
    var time: Int64
    var hash: Int64
  }

  private struct Line {
    var id: Int64
    /// The generation that it is stored of.
    var file: Int64
    /// The files that hold it: those, too, that begin as this generation does.
    var holders: [Int64]
  }

  /// What those of `records` add that count.
  ///
  /// They are of one source, and stored.
  /// Lines that a rule does not see, since it is newer or for other files, are no originals for it, and neither is what
  /// cannot be read.
  package static func counted(
    _ records: [SharedRecord], of source: Int64, _ order: Order, in db: borrowing Connection
  ) throws(SQLiteError) -> [MetricIncrement] {
    let groups = try equalLines(at: Set(records.map(\.time)), source, db)
    let new = Dictionary(
      records.enumerated().map { ($0.element.line, $0.offset) }, uniquingKeysWith: { $1 })
    var scopes = try RecordScopes(source, reading: db)
    var counted: [RecordScopes.Scope: Set<Int64>] = [:]
    var increments: [MetricIncrement] = []
    for record in records {
      for increment in record.increments {
        let scope = try scopes.scope(ofRule: increment.rule, db)
        if counted[scope] == nil {
          counted[scope] = lines(of: groups, scope, new, order)
        }
        if counted[scope]?.contains(record.line) == true { increments.append(increment) }
      }
    }
    return increments
  }

  /// The lines among `new` that count.
  private static func lines(
    of groups: [Key: [Line]], _ scope: RecordScopes.Scope, _ new: [Int64: Int], _ order: Order
  ) -> Set<Int64> {
    var counted = Set(new.keys)
    for group in groups.values {
      var lines = group.filter { scope.holds($0.id, of: $0.file) }
      guard lines.contains(where: { $0.file != lines[0].file }) else { continue }
      if order == .last {
        lines.sort { (new[$0.id] ?? -1, $0.id) < (new[$1.id] ?? -1, $1.id) }
      }
      var counts: [Int64: Int] = [:]
      var most = 0
      for line in lines {
        var count = 0
        for file in line.holders {
          counts[file, default: 0] += 1
          count = max(count, counts[file] ?? 0)
        }
        if count > most { most = count } else { counted.remove(line.id) }
      }
    }
    return counted
  }

  /// The complete JSON records of these times, those that are equal together, by ascending ids.
  private static func equalLines(
    at times: Set<Int64>, _ source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> [Key: [Line]] {
    let sorted = times.sorted()
    guard let first = sorted.first, let last = sorted.last else { return [:] }
    let open = try FileTable().openLines(source: source, in: db)
    let beginnings = try FileTable().beginnings(ofSource: source, in: db)
    var lines = try StoredLines(reading: db)
    var groups: [Key: [Line]] = [:]
    for chunk in try chunks(of: source, first...last, db) where chunk.holds(one: sorted) {
      let extents = try ExtentTable().extents(ofLines: chunk.lines, in: db)
      let holders = extents.map { beginnings.files(holding: $0) }
      var place = 0
      do throws(SQLiteError) {
        while let id = try lines.next(inChunk: chunk.lines.lowerBound, at: times, db) {
          while place < extents.count, extents[place].firstID + extents[place].count <= id {
            place += 1
          }
          guard place < extents.count, extents[place].firstID <= id, !open.contains(id),
            let hash = hash(of: lines)
          else { continue }
          let key = Key(time: lines.time, hash: hash)
          groups[key, default: []].append(
            Line(id: id, file: extents[place].file, holders: holders[place]))
        }
      } catch {
        guard error.isCorrupt else { throw error }
      }
    }
    return groups
  }

  /// Nil for what is no JSON object.
  private static func hash(of lines: borrowing StoredLines) -> Int64? {
    let text = lines.text
    guard text.count > 0, text[0] == 0x7B else { return nil }
    var hash = StableHash()
    hash.add(text)
    return hash.value
  }

  private struct Chunk {
    var lines: Range<Int64>
    var times: ClosedRange<Int64>

    /// Whether one of these times, which are sorted, is among its own.
    func holds(one sorted: [Int64]) -> Bool {
      var (low, high) = (0, sorted.count)
      while low < high {
        let middle = (low + high) / 2
        if sorted[middle] < times.lowerBound { low = middle + 1 } else { high = middle }
      }
      return low < sorted.count && sorted[low] <= times.upperBound
    }
  }

  private static func chunks(
    of source: Int64, _ times: ClosedRange<Int64>, _ db: borrowing Connection
  ) throws(SQLiteError) -> [Chunk] {
    var chunks: [Chunk] = []
    var row = try db.prepare(
      """
      SELECT first_id, count, min_us, max_us FROM chunk
      WHERE max_us >= ? AND min_us <= ? AND source = ? ORDER BY first_id
      """)
    try row.bind(values: times.lowerBound, times.upperBound, source)
    while try row.step() {
      let first = row.integer(0)
      chunks.append(
        Chunk(
          lines: first..<first + row.integer(1),
          times: row.integer(2)...max(row.integer(2), row.integer(3))))
    }
    return chunks
  }
}
