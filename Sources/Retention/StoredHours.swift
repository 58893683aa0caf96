import LineStore
import LogModel
import SQLite

/// The hours of which lines are stored, by source: their counts stay.
///
/// All hours from a chunk's first line to its last are taken for such. Of a chunk of more than a day, which may owe that
/// to a line of a clock that was wrong, the lines themselves tell.
struct StoredHours: ~Copyable {
  private struct Chunk {
    var id: Int64
    var hours: ClosedRange<Int64>
    /// Only errors are left of it.
    var isThinned: Bool
  }

  private struct Lines {
    /// They ascend, and none touches the next.
    var errors: [ClosedRange<Int64>] = []
    var others: [ClosedRange<Int64>] = []
    var long: [Chunk] = []
  }

  private static let shortest: Int64 = 24

  private var lines: [Int64: Lines] = [:]
  /// Of long chunks that were asked for; nil for one that cannot be read.
  private var known: [Int64: ChunkHours?] = [:]
  private var errorTemplates: Set<Int64>?
  private var reader = LineWriter()
  private let readsLines: Bool

  /// Where lines are not read, which is cheap, more hours are stored.
  init(readsLines: Bool = true) { self.readsLines = readsLines }

  /// Looks at all chunks but those in `gone`, where `thinned` are taken for chunks of errors.
  mutating func update(
    without gone: Set<Int64> = [], thinned: Set<Int64> = [], _ db: borrowing Connection
  ) throws(SQLiteError) {
    lines = [:]
    var row = try db.prepare(
      """
      SELECT first_id, source, min_us / 60000000, max_us / 60000000, first_id IN (SELECT chunk FROM thinned)
      FROM chunk ORDER BY source, min_us
      """)
    while try row.step() {
      let (id, source) = (row.integer(0), row.integer(1))
      if gone.contains(id) { continue }
      let first = HourCount.hour(ofMinute: row.integer(2))
      let last = max(first, HourCount.hour(ofMinute: row.integer(3)))
      let chunk = Chunk(
        id: id, hours: first...last, isThinned: row.integer(4) != 0 || thinned.contains(id))
      var known = lines.removeValue(forKey: source) ?? Lines()
      if readsLines, last - first > Self.shortest {
        known.long.append(chunk)
      } else {
        Self.add(chunk.hours, to: &known.errors)
        if !chunk.isThinned { Self.add(chunk.hours, to: &known.others) }
      }
      lines[source] = known
    }
  }

  /// Whether lines of the group may be stored.
  mutating func have(
    _ group: Pruning.HourGroup, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    guard let lines = lines[group.source] else { return false }
    let isError = group.level >= Pruning.errorLevel
    if Self.have(group.hour, isError ? lines.errors : lines.others) { return true }
    for chunk in lines.long where chunk.hours.contains(group.hour) && (isError || !chunk.isThinned)
    {
      guard let hours = try hours(of: chunk.id, db) else { return true }
      if (isError ? hours.kept : hours.others).contains(group.hour) { return true }
    }
    return false
  }

  private mutating func hours(
    of chunk: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> ChunkHours? {
    if let hours = known[chunk] { return hours }
    if errorTemplates == nil { errorTemplates = try Pruning.errorTemplates(db) }
    var hours: ChunkHours?
    do throws(SQLiteError) {
      hours = try reader.hours(ofChunk: chunk, keeping: errorTemplates ?? [], in: db)
    } catch {
      guard error.isCorrupt else { throw error }
    }
    known[chunk] = .some(hours)
    return hours
  }

  private static func add(_ hours: ClosedRange<Int64>, to spans: inout [ClosedRange<Int64>]) {
    guard let last = spans.last, hours.lowerBound <= last.upperBound + 1 else {
      return spans.append(hours)
    }
    spans[spans.count - 1] = last.lowerBound...max(last.upperBound, hours.upperBound)
  }

  private static func have(_ hour: Int64, _ spans: [ClosedRange<Int64>]) -> Bool {
    let next = spans.partitioningIndex { $0.upperBound >= hour }
    return next < spans.endIndex && spans[next].contains(hour)
  }
}
