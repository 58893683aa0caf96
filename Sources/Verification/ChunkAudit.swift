import Deflate
import LineStore
import SQLite

/// One pass over all chunks: their own faults, and what the other tables must agree with.
///
/// One inflated chunk at a time is in memory.
struct ChunkAudit: ~Copyable {
  /// The instants that a four-digit year can show.
  private static let times = 0..<Int64(253_402_300_800_000_000)

  private let places: Places
  private let templates: TemplateIndex
  private(set) var faults = Faults()
  private(set) var chunks = 0
  private(set) var rows: Int64 = 0
  private(set) var ranges = LineRanges()
  /// The rows of each chunk by template.
  private(set) var templateDigests: [(chunk: Int64, rows: Digest)] = []
  private(set) var tally: PatternTally
  /// Rows that are `null`, by chunk.
  private(set) var dropped: [Int64: Int64] = [:]
  /// Chunks whose rows could not be read to the end.
  private(set) var unreadable: Set<Int64> = []
  /// Why rows are missing from the tally.
  private(set) var uncounted = Faults()
  private(set) var words = WordCheck()
  private(set) var isComplete = false

  private var columns = ColumnReader()
  private var text: [UInt8] = []

  init(_ places: Places, _ templates: TemplateIndex) {
    self.places = places
    self.templates = templates
    tally = PatternTally(templates: templates.count)
  }

  mutating func run(
    _ db: borrowing Connection, progress: (_ done: Int64, _ total: Int64) -> Void
  ) throws(SQLiteError) {
    // The ids first: then a damaged page ends one chunk and not the pass.
    var ids: [Int64] = []
    do {
      var row = try db.prepare("SELECT first_id FROM chunk NOT INDEXED ORDER BY first_id")
      while try row.step() { ids.append(row.integer(0)) }
    }
    for (index, id) in ids.enumerated() {
      do throws(SQLiteError) {
        try read(id, db)
      } catch {
        guard error.isDamage else { throw error }
        giveUp(id, error.message)
      }
      progress(Int64(index + 1), Int64(ids.count))
    }
    isComplete = true
  }

  var check: Check {
    let lines = rows - dropped.values.reduce(0, +)
    return faults.check("chunks", scope: "\(counted(chunks, "chunk")), \(counted(lines, "line"))")
  }

  private mutating func read(_ id: Int64, _ db: borrowing Connection) throws(SQLiteError) {
    guard let chunk = try StoredChunk(id, in: db) else {
      return giveUp(id, "cannot be found by its id")
    }
    chunks += 1
    guard let lines = chunk.lines else {
      return giveUp(id, "cannot hold \(counted(chunk.count, "row")) under its id")
    }
    checkPlace(chunk, lines)
    checkColumns(chunk)
    var row = try db.prepare("SELECT data FROM chunk WHERE first_id = ?")
    try row.bind(1, id)
    guard try row.step() else { return giveUp(id, "has no data") }
    let data = row.bytes(0)
    if Int64(crc32(data)) != chunk.crc32 { fault(chunk, "crc32 differs") }
    guard columns.inflate(data, size: chunk.size) else {
      return giveUp(id, "data does not inflate to \(chunk.size) bytes")
    }
    guard columns.read(into: &text) else { return giveUp(id, "its columns cannot be read") }
    if let offset = invalidUTF8(text.span) {
      fault(chunk, "byte \(offset) of its rows as text is not UTF-8")
    }
    guard readRows(chunk) else { return }
    let text = self.text
    try words.run(chunk, text.span, templates, places, db)
  }

  private mutating func fault(_ chunk: StoredChunk, _ text: String) {
    faults.add("\(places.chunk(chunk.id)): \(text)")
  }

  private mutating func giveUp(_ id: Int64, _ reason: String) {
    faults.add("\(places.chunk(id)): \(reason)")
    unreadable.insert(id)
    uncounted.add("\(places.chunk(id)) cannot be read")
  }

  // MARK: Columns

  private mutating func checkPlace(_ chunk: StoredChunk, _ lines: Range<Int64>) {
    if let shared = ranges.add(lines) {
      fault(chunk, "shares \(places.lines(shared)) with the chunk before it")
    }
    let owner = LineIdentifier.source(of: chunk.id)
    if chunk.source != owner { fault(chunk, "is filed under \(places.source(chunk.source))") }
    guard let source = places.sources[owner] else {
      return fault(chunk, "its source does not exist")
    }
    let end = LineIdentifier.number(of: chunk.id) + chunk.count
    if end > source.nextLine {
      fault(chunk, "ends at line \(end - 1), but the source's next line is \(source.nextLine)")
    }
  }

  private mutating func checkColumns(_ chunk: StoredChunk) {
    if !templates.hasLayout(chunk.layout) {
      fault(chunk, "its layout \(chunk.layout) does not exist")
    }
    if chunk.count > Int64(LineEncoder.maxRows) {
      fault(chunk, "has \(chunk.count) rows, more than a chunk takes")
    }
    if chunk.sealed != 0 && chunk.sealed != 1 {
      fault(chunk, "sealed is \(chunk.sealed)")
    } else if chunk.sealed == 1 && places.openLines.contains(chunk.id) {
      fault(chunk, "is sealed, but its line is open")
    }
    if ![1, 1000, 1_000_000].contains(chunk.unit) {
      fault(chunk, "its unit of time is \(chunk.unit) µs")
    } else if chunk.minimum % chunk.unit != 0 || chunk.maximum % chunk.unit != 0 {
      fault(chunk, "min_us and max_us are no multiples of unit_us")
    }
    if !Self.times.contains(chunk.minimum) || !Self.times.contains(chunk.maximum)
      || chunk.minimum > chunk.maximum
    {
      fault(chunk, "its times cannot run from \(chunk.minimum) to \(chunk.maximum) µs")
    }
  }

  // MARK: Rows

  /// False where they cannot be read to the end.
  private mutating func readRows(_ chunk: StoredChunk) -> Bool {
    var pass = RowPass(
      chunk: chunk, isOpen: places.openLines.contains(chunk.id) && chunk.count == 1)
    let text = exchange(&self.text, with: [])
    pass.run(text.span, templates, &tally)
    self.text = text
    rows += pass.count
    if let first = pass.firstFault {
      fault(
        chunk,
        pass.faults > 1
          ? "\(first), and so on for \(counted(pass.faults - 1, "more fault")) in its rows" : first)
    }
    if pass.isDamaged {
      giveUp(chunk.id, "its rows are malformed after the first \(pass.count)")
      return false
    }
    templateDigests.append((chunk.id, pass.templates))
    if pass.isUncounted {
      uncounted.add("\(places.chunk(chunk.id)) holds rows that cannot be counted")
    }
    if pass.dropped > 0 { dropped[chunk.id] = pass.dropped }
    if pass.count != chunk.count {
      fault(chunk, "holds \(counted(pass.count, "row")), not \(chunk.count)")
    }
    let live = pass.count - pass.dropped
    guard live > 0 else { return true }
    let isReached = pass.earliest == chunk.minimum && pass.latest == chunk.maximum
    let isWithin = pass.earliest >= chunk.minimum && pass.latest <= chunk.maximum
    // A dropped row may have been the first or the last.
    if !(pass.dropped > 0 ? isWithin : isReached) {
      fault(
        chunk,
        "its rows run from \(pass.earliest) to \(pass.latest) µs, not from \(chunk.minimum) to \(chunk.maximum)"
      )
    }
    return true
  }

  private func invalidUTF8(_ text: Span<UInt8>) -> Int? {
    do {
      _ = try UTF8Span(validating: text)
      return nil
    } catch { return error.byteOffsets.lowerBound }
  }
}
