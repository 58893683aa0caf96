import Deflate
import Glibc
@testable import LineStore
import LogModel
import SQLite
import TestSupport

/// A store file with lines written by the encoder.
struct TestStore: ~Copyable {
  let scratch: Scratch
  let db: Connection
  private var encoder = LineEncoder(StoredDictionary())
  private var writer = LineWriter()
  private let deflater = RowDeflater()
  /// The lines by id.
  var lines: [Int64: TestRecord] = [:]

  var path: String { scratch.file("store.db") }

  init() throws {
    let scratch = Scratch()
    let db = try Connection(path: scratch.file("store.db"), mode: .create)
    try db.execute("PRAGMA journal_mode = WAL")
    try db.execute(Self.schema)
    self.scratch = scratch
    self.db = db
  }

  static let schema: String = {
    let outcome = Command.run("/bin/cat", [Repository.root + "/migrations/v0001_lines.sql"])
    return outcome.output
  }()

  func addSource(_ id: Int64, _ name: String, format: String? = nil) throws {
    try db.run("INSERT INTO source(id, name, format) VALUES(?, ?, ?)", id, name, format)
  }

  /// Goes on with what the store has, as the next run does.
  mutating func restart() throws {
    encoder = LineEncoder(try StoredDictionary(reading: db))
    writer = LineWriter()
  }

  /// Writes the records as chunks of at most `rows()` rows in one transaction; the ids continue the source's.
  ///
  /// Full chunks are sealed, and all of them where `sealed`.
  mutating func write(
    _ records: [TestRecord], source: Int64, sealed: Bool = false,
    chunkRows rows: () -> Int = { LineEncoder.maxRows }
  ) throws {
    try db.execute("BEGIN IMMEDIATE")
    var number = try db.integer("SELECT next_line FROM source WHERE id = ?", source) ?? 1
    encoder.begin(source: source)
    var limit = rows()
    for record in records {
      lines[LineIdentifier.make(source: source, number: number + Int64(encoder.rowCount))] = record
      encoder.append(
        record.bytes.span, timeRange: record.timeRange, layout: record.layout, body: record.body,
        time: record.time, severity: record.severity)
      guard encoder.isFull || encoder.rowCount >= limit else { continue }
      number += try finish(source, number, sealed: sealed)
      limit = rows()
    }
    number += try finish(source, number, sealed: sealed)
    try db.run("UPDATE source SET next_line = ? WHERE id = ?", number, source)
    try db.execute("COMMIT")
  }

  private mutating func finish(
    _ source: Int64, _ number: Int64, sealed: Bool
  ) throws -> Int64 {
    let isSealed = sealed || encoder.isFull
    let first = LineIdentifier.make(source: source, number: number)
    guard let chunk = encoder.finishChunk(firstID: first, sealed: isSealed) else { return 0 }
    try writer.write(encoder.takeDictionary(), to: db)
    try writer.write([chunk.header], encoded: { _ in chunk.encode(deflater) }, to: db)
    return Int64(chunk.header.count)
  }

  mutating func merge(source: Int64, open: Set<Int64> = []) throws {
    try db.execute("BEGIN IMMEDIATE")
    try writer.mergeSmallChunks(of: source, open: open, in: db)
    try db.execute("COMMIT")
  }

  /// Replaces rows by `null`, as pruning does.
  mutating func drop(where isDropped: (Int64) -> Bool) throws {
    var chunks: [(id: Int64, size: Int, data: [UInt8])] = []
    do {
      var statement = try db.prepare("SELECT first_id, size, data FROM chunk")
      while try statement.step() {
        var data: [UInt8] = []
        for index in statement.bytes(2).indices { data.append(statement.bytes(2)[index]) }
        chunks.append((statement.integer(0), statement.int(1), data))
      }
    }
    var columns = ColumnReader()
    for chunk in chunks {
      var text: [UInt8] = []
      precondition(columns.inflate(chunk.data.span, size: chunk.size))
      precondition(columns.read(into: &text))
      var left = RowBuffer()
      var counts: [Int64: Int] = [:]
      var walk = ChunkRows()
      while walk.next(text.span) {
        let id = chunk.id + Int64(walk.index)
        if walk.isDropped || isDropped(id) {
          left.append(droppedLines: walk.isDropped ? walk.droppedLines : 1)
          lines[id] = nil
          continue
        }
        left.append(
          offset: walk.offset, template: walk.template,
          parameters: text.span.extracting(walk.parameters))
        counts[walk.template, default: 0] += 1
      }
      left.close()
      try db.run(
        "UPDATE template_use SET counts = ? WHERE chunk = ?",
        TemplateCounts.text(counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }), chunk.id)
      var writer = ColumnWriter(rows: left.text.span, count: left.count)
      let changed = writer.write(left.text.span).copy()
      let data = deflater.compress(changed.span, rows: 1)
      try db.run(
        "UPDATE chunk SET data = ?, size = ?, crc32 = ? WHERE first_id = ?", data, changed.count,
        Int(crc32(data.span)), chunk.id)
    }
  }
}

/// All rows of a query, each as one text that shows types and bytes.
func rows(_ sql: String, _ db: borrowing Connection) throws -> [String] {
  var statement = try db.prepare(sql)
  var found: [String] = []
  while try statement.step() {
    var row: [String] = []
    for column in 0..<statement.columnCount {
      row.append("\(statement.columnType(column)) \(statement.text(column))")
    }
    found.append(row.joined(separator: "|"))
  }
  return found
}

extension String {
  func replacing(_ mark: Character, with text: String) -> String {
    split(separator: mark, omittingEmptySubsequences: false).joined(separator: text)
  }
}
