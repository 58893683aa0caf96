import SQLite
import TestSupport
import Testing

@Suite struct StatementTests {
  @Test func `values come back as they were bound`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    var row = try db.prepare("SELECT ?, ?, ?, ?, ?, ?, ?")
    try row.bind(1, Int64.min)
    try row.bind(2, 2.5)
    try row.bind(3, "zwölf\u{0}x")
    try row.bind(4, text: Array("né".utf8).span)
    try row.bind(5, blob: [0, 255, 1].span)
    try row.bind(6, nil as String?)
    try row.bind(7, blob: [UInt8]().span)
    #expect(try row.step())
    #expect(row.integer(0) == Int64.min)
    #expect(row.real(1) == 2.5)
    #expect(row.text(2) == "zwölf\u{0}x")
    #expect(row.text(3) == "né")
    #expect(copy(row.bytes(4)) == [0, 255, 1])
    #expect(row.optionalText(5) == nil)
    #expect(row.columnType(5) == .null)
    #expect(row.columnType(6) == .blob)
    #expect(copy(row.bytes(6)) == [])
    #expect(row.text(0) == "-9223372036854775808")
    #expect(copy(row.bytes(0)) == Array("-9223372036854775808".utf8))
    #expect(row.integer(0) == Int64.min)
    #expect(try row.step() == false)
  }

  @Test func `empty text stays text and bytes that are no UTF-8 are repaired`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    var row = try db.prepare("SELECT typeof(?1), ?2")
    try row.bind(1, text: [UInt8]().span)
    try row.bind(2, text: [0x61, 0xFF].span)
    #expect(try row.step())
    #expect(row.text(0) == "text")
    #expect(row.text(1) == "a\u{FFFD}")
    #expect(copy(row.bytes(1)) == [0x61, 0xFF])
  }

  @Test func `a returned statement is lent again, reset and without its parameters`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    do {
      var first = try db.prepare("SELECT ?1 UNION ALL SELECT 2")
      try first.bind(1, 7)
      #expect(try first.step())
      #expect(first.integer(0) == 7)
    }
    var again = try db.prepare("SELECT ?1 UNION ALL SELECT 2")
    #expect(try again.step())
    #expect(again.isNull(0) == true)
  }

  @Test func `the same text lent twice at once gives two statements`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    var outer = try db.prepare(sql)
    #expect(try outer.step())
    do {
      var inner = try db.prepare(sql)
      #expect(try inner.step())
      #expect(try inner.step())
      #expect(inner.int(0) == 2)
    }
    #expect(outer.int(0) == 1)
    #expect(try outer.step())
    #expect(outer.int(0) == 2)
  }

  @Test func `more texts than the cache holds still work`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    for round in 0..<2 {
      for number in 0..<300 {
        #expect(try db.integer("SELECT \(number) + ?", round) == Int64(number + round))
      }
    }
  }

  @Test func `a statement follows a schema that changes under it`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.execute("CREATE TABLE t(a); INSERT INTO t VALUES (1)")
    #expect(try db.integer("SELECT count(*) FROM t") == 1)
    try db.execute("DROP TABLE t; CREATE TABLE t(b, c)")
    #expect(try db.integer("SELECT count(*) FROM t") == 0)
  }

  @Test func `a blob can be stored without a copy`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, data BLOB)")
    let blob = [UInt8](repeating: 0xA5, count: 100_000)
    var insert = try db.prepare("INSERT INTO t VALUES (?, ?)")
    for id in 1...2 {
      try insert.bind(1, id)
      try insert.run(2, uncopiedBlob: blob.span)
    }
    try insert.bind(1, 2)
    let error = #expect(throws: SQLiteError.self) { try insert.run(2, uncopiedBlob: blob.span) }
    #expect(error?.isConstraint == true)
    var row = try db.prepare("SELECT data FROM t WHERE id = 2")
    #expect(try row.step())
    #expect(copy(row.bytes(0)) == blob)
  }

  @Test func `after its last row a statement can be bound again`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    var row = try db.prepare("SELECT ?1")
    for value in 1...3 {
      try row.bind(1, value)
      #expect(try row.step())
      #expect(row.int(0) == value)
      #expect(try row.step() == false)
    }
    #expect(try row.step())
    let error = #expect(throws: SQLiteError.self) { try row.bind(1, 4) }
    #expect(error?.primaryCode == 21)
    row.reset()
    try row.bind(1, 4)
  }

  @Test func `a writer that keeps its statements is borrowed from the connection`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.execute("CREATE TABLE t(a)")
    try db.transaction { db throws(SQLiteError) in
      var writer = try Writer(db)
      for value in 0..<10 { try writer.add(value) }
    }
    #expect(try db.integer("SELECT sum(a) FROM t") == 45)
  }

  @Test func `a statement tells about itself`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.execute("CREATE TABLE t(a)")
    var select = try db.prepare("SELECT a AS alpha, 1 FROM t WHERE a = :wanted")
    #expect(select.parameterIndex(":wanted") == 1)
    #expect(select.parameterIndex(":other") == nil)
    try select.bind(1, "it's")
    #expect(select.columnCount == 2)
    #expect(select.columnName(0) == "alpha")
    #expect(select.isReadOnly == true)
    #expect(select.expandedSQL == "SELECT a AS alpha, 1 FROM t WHERE a = 'it''s'")
    let insert = try db.prepare("INSERT INTO t VALUES (1)")
    #expect(insert.isReadOnly == false)
    #expect(insert.sql == "INSERT INTO t VALUES (1)")
  }
}

private struct Writer: ~Copyable, ~Escapable {
  private var insert: Statement

  @_lifetime(borrow db)
  init(_ db: borrowing Connection) throws(SQLiteError) {
    insert = try db.prepare("INSERT INTO t VALUES (?)")
  }

  @_lifetime(self: copy self)
  mutating func add(_ value: Int) throws(SQLiteError) {
    try insert.bind(1, value)
    try insert.run()
  }
}
