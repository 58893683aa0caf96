import Formats
import LineStore
import LogModel
import Migrations
import Querying
import SQLite

/// A store in memory with the source 1, whose `log` is the virtual table and `main.log` the view.
final class FuzzStore {
  let db: Connection

  private nonisolated(unsafe) static var opened: [String: FuzzStore] = [:]

  /// The store that holds these lines, in chunks of `rows`: made once, for that takes longer than most
  /// inputs.
  static func holding(_ text: String = "", rows: Int = 1) throws -> FuzzStore {
    if let store = unsafe opened[text] { return store }
    let store = try FuzzStore()
    if !text.isEmpty { try write(Record.all(of: Array(text.utf8)), rows: rows, to: store.db) }
    unsafe opened[text] = store
    return store
  }

  private init() throws {
    db = try Connection(path: ":memory:", mode: .create)
    for migration in Migrations.all { try db.execute(migration.sql) }
    try db.run("INSERT INTO source(id, name, format) VALUES(1, 'fuzz', 'json')")
    try registerStoreFunctions(on: db)
    try registerFunctions(on: db)
    try LogTable.install(
      on: db, regexp: regexpCondition,
      attributes: { _, message in
        let parser = LineParser(format: "json", zone: .utc, reference: 0, multiline: .auto)
        return parser.attributesJSON(of: message)
      })
  }

  /// Runs `body` and takes back all that it wrote.
  func undoing(_ body: (borrowing Connection) throws -> Void) throws {
    try db.execute("BEGIN")
    defer { try? db.execute("ROLLBACK") }
    try body(db)
  }

  /// Adds the records as chunks of at most `rows` rows, from line 1 on.
  static func write(
    _ records: [Record], rows: Int, sealed: Bool = false, to db: borrowing Connection
  ) throws {
    let deflater = RowDeflater()
    var encoder = LineEncoder(StoredDictionary())
    var writer = LineWriter()
    encoder.begin(source: 1)
    var number: Int64 = 1
    for index in records.indices {
      let record = records[index]
      encoder.append(
        record.text.span, timeRange: record.head.timeRange, layout: record.layout,
        body: record.head.body, time: record.time, severity: record.head.severity)
      let isLast = index == records.count - 1
      guard encoder.isFull || encoder.rowCount >= rows || isLast else { continue }
      let first = LineIdentifier.make(source: 1, number: number)
      guard let chunk = encoder.finishChunk(firstID: first, sealed: sealed || encoder.isFull) else {
        continue
      }
      number += Int64(chunk.header.count)
      try writer.write(encoder.takeDictionary(), to: db)
      try writer.write([chunk.header], encoded: { _ in chunk.encode(deflater) }, to: db)
    }
    try writer.mergeSmallChunks(of: 1, open: [], in: db)
  }

  /// The rows of a query, each column as its type and bytes.
  static func rows(_ sql: String, _ db: borrowing Connection) throws(SQLiteError) -> [String] {
    var statement = try db.prepare(sql)
    var found: [String] = []
    while try statement.step() {
      var row = ""
      for column in 0..<statement.columnCount {
        row += "\(statement.columnType(column)) \(statement.text(column))|"
      }
      found.append(row)
    }
    return found
  }
}
