import Deflate
import Glibc
import LineStore
import SQLite
import TestSupport
import Testing

/// Something wrong with the store of `StoreBuilder.makeStore`, and what must be said of it.
struct Damage: Sendable, CustomTestStringConvertible {
  let name: String
  let apply: @Sendable (_ path: String) throws -> Void
  /// The checks that fail, all of them, and the beginning of what they say.
  let expected: [String: String]

  var testDescription: String { name }

  init(
    _ name: String, _ expected: [String: String],
    _ apply: @escaping @Sendable (_ path: String) throws -> Void
  ) {
    self.name = name
    self.expected = expected
    self.apply = apply
  }

  /// Damage that SQL can do.
  init(_ name: String, sql: String, _ expected: [String: String]) {
    self.init(name, expected) { path in
      let db = try Connection(path: path, mode: .readWrite)
      try db.execute(sql)
      #expect(db.totalChanges > 0, "\(sql) changed nothing")
    }
  }
}

extension Damage {
  /// Replaces a chunk's data by what `change` makes of it.
  static func data(
    _ name: String, chunk: Int64, _ expected: [String: String],
    _ change: @escaping @Sendable (inout [UInt8]) -> Void
  ) -> Damage {
    Damage(name, expected) { path in
      let db = try Connection(path: path, mode: .readWrite)
      var data = try Self.data(of: chunk, db)
      change(&data)
      try db.run("UPDATE chunk SET data = ? WHERE first_id = ?", data, chunk)
    }
  }

  /// Replaces the columns of the small chunk, with a size and a checksum that fit them.
  static func columns(
    _ name: String, _ expected: [String: String],
    _ change: @escaping @Sendable (inout [UInt8]) throws -> Void
  ) -> Damage {
    Damage(name, expected) { path in try columns(in: small, of: path, change) }
  }

  /// The same, with `text` at the beginning of the first string.
  static func string(_ name: String, _ text: String, _ expected: [String: String]) -> Damage {
    columns(name, expected) { columns in
      let index = try #require(columns.firstRange(of: Array("[\"".utf8))).upperBound
      columns.insert(contentsOf: Array(text.utf8), at: index)
    }
  }

  /// The columns with the first row gone.
  static func withoutFirstRow(_ columns: [UInt8]) throws -> [UInt8] {
    let db = try Connection(path: ":memory:", mode: .create)
    var row = try db.prepare(
      """
      WITH j(t) AS (SELECT CAST(? AS TEXT)),
      gone(t) AS (
        SELECT json_replace(t, '$[0][0]', NULL, '$[1][0]', NULL, '$[1][1]', (t->>'$[1][0]') + (t->>'$[1][1]'))
        FROM j),
      first(path) AS (SELECT '$[2].' || (t->>'$[0][0]') FROM j)
      SELECT json_replace(g.t, f.path, json((
        SELECT json_group_array(json(json_remove(c.value, '$[0]'))) FROM json_each(g.t, f.path) c)))
      FROM gone g, first f
      """)
    try row.bind(1, blob: columns.span)
    try #require(try row.step())
    let bytes = row.bytes(0)
    return bytes.indices.map { bytes[$0] }
  }

  static func columns(
    in chunk: Int64, of path: String, _ change: (inout [UInt8]) throws -> Void
  ) throws {
    let db = try Connection(path: path, mode: .readWrite)
    var data = try Self.data(of: chunk, db)
    try change(&data)
    try db.run(
      "UPDATE chunk SET data = ?, size = ?, crc32 = ? WHERE first_id = ?", data, data.count,
      Int(crc32(data.span)), chunk)
  }

  private static func data(of chunk: Int64, _ db: borrowing Connection) throws -> [UInt8] {
    var row = try db.prepare("SELECT data FROM chunk WHERE first_id = ?")
    try row.bind(1, chunk)
    _ = try row.step()
    let bytes = row.bytes(0)
    return bytes.indices.map { bytes[$0] }
  }

  /// Overwrites the page that holds the root of a table or an index with zeros.
  static func rootPage(_ name: String, of table: String, _ expected: [String: String]) -> Damage {
    Damage(name, expected) { path in
      let db = try Connection(path: path, mode: .readOnly)
      let page = try db.integer("SELECT rootpage FROM sqlite_schema WHERE name = ?", table)
      try Self.erase(page: Int(page ?? 0), of: path)
    }
  }

  /// Overwrites the page that holds the end of a chunk's data with zeros.
  static func dataPage(_ name: String, chunk: Int64, _ expected: [String: String]) -> Damage {
    Damage(name, expected) { path in
      let end: [UInt8]
      do {
        let db = try Connection(path: path, mode: .readOnly)
        end = Array(try Self.data(of: chunk, db).suffix(64))
      }
      var bytes: [UInt8] = []
      try unsafe Self.withFile(path) { file in
        var byte = unsafe fgetc(file)
        while byte >= 0 {
          bytes.append(UInt8(truncatingIfNeeded: byte))
          byte = unsafe fgetc(file)
        }
      }
      let place = bytes.indices.first { bytes[$0...].starts(with: end) }
      try Self.erase(page: try #require(place) / pageSize + 1, of: path)
    }
  }

  private static let pageSize = 4096

  private static func erase(page: Int, of path: String) throws {
    try #require(page > 1)
    try unsafe withFile(path) { file in
      unsafe fseek(file, (page - 1) * pageSize, SEEK_SET)
      unsafe fwrite([UInt8](repeating: 0, count: pageSize), 1, pageSize, file)
    }
  }

  private static func withFile(
    _ path: String, _ body: (UnsafeMutablePointer<FILE>) -> Void
  ) throws {
    let opened = unsafe fopen(path, "r+")
    guard let file = unsafe opened else { preconditionFailure("cannot open \(path)") }
    unsafe body(file)
    unsafe fclose(file)
  }
}
