import SQLite
import TestSupport
import Testing

@Suite struct ErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var sql: String
    var code: Int32
    var message: String
    var offset: Int?
    var testDescription: String { sql }
  }

  static let cases = [
    Case(sql: "SELEC 1", code: 1, message: "near \"SELEC\": syntax error", offset: 0),
    Case(sql: "SELECT * FROM absent", code: 1, message: "no such table: absent", offset: nil),
    Case(sql: "SELECT 1, nope", code: 1, message: "no such column: nope", offset: 10),
    Case(sql: "", code: 21, message: "no statement", offset: nil),
    Case(sql: "-- nothing", code: 21, message: "no statement", offset: nil),
    Case(sql: "SELECT 1; SELECT 2", code: 21, message: "more than one statement", offset: nil),
  ]

  @Test(arguments: cases) func `SQL that cannot be prepared names what SQLite disliked`(
    _ example: Case
  ) throws {
    let db = try Connection(path: ":memory:", mode: .create)
    #expect(
      throws: SQLiteError(
        code: example.code, message: example.message, sql: example.sql, offset: example.offset)
    ) { _ = try db.prepare(example.sql) }
  }

  @Test func `blanks and comments may follow a statement`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    #expect(try db.integer("SELECT 1; -- one\n /* two */ ;\n") == 1)
  }

  @Test func `an absent file, a foreign file and a read-only file are told apart`() throws {
    let scratch = Scratch()
    let absent = #expect(throws: SQLiteError.self) {
      let db = try Connection(path: scratch.file("absent"), mode: .readWrite)
      try db.execute("SELECT 1")
    }
    #expect(absent?.primaryCode == 14)
    scratch.write("foreign", String(repeating: "no database ", count: 100))
    let foreign = #expect(throws: SQLiteError.self) {
      let db = try Connection(path: scratch.file("foreign"), mode: .readWrite)
      _ = try db.integer("SELECT count(*) FROM sqlite_schema")
    }
    #expect(foreign?.isCorrupt == true)
    do {
      let db = try Connection(path: scratch.file("a?b=c%20.db"), mode: .create)
      try db.execute("CREATE TABLE t(a)")
    }
    let readOnly = #expect(throws: SQLiteError.self) {
      let db = try Connection(path: scratch.file("a?b=c%20.db"), mode: .readOnly)
      try db.execute("INSERT INTO t VALUES (1)")
    }
    #expect(readOnly?.isReadOnly == true)
    #expect(readOnly?.sql == "INSERT INTO t VALUES (1)")
  }

  @Test func `a lock that another connection holds is busy`() throws {
    let scratch = Scratch()
    let one = try Connection(path: scratch.file("db"), mode: .create)
    let two = try Connection(path: scratch.file("db"), mode: .readWrite)
    try one.execute("BEGIN IMMEDIATE")
    let error = #expect(throws: SQLiteError.self) { try two.execute("BEGIN IMMEDIATE") }
    #expect(error?.isBusy == true)
  }

  @Test func `the description has message, code and statement`() {
    let error = SQLiteError(code: 2067, message: "UNIQUE constraint failed: t.a", sql: "INSERT")
    #expect(error.description == "UNIQUE constraint failed: t.a (SQLite 2067) in: INSERT")
    #expect(error.primaryCode == 19)
  }
}
