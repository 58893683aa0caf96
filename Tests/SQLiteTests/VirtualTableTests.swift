import SQLite
import Testing

@Suite struct VirtualTableTests {
  @Test func `a module is a table by itself, in call form, and when it is created`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.registerModule("series", IntegerSeries())
    #expect(try db.integer("SELECT sum(value) FROM series WHERE bound = 5") == 10)
    #expect(try db.integer("SELECT sum(value) FROM series(5)") == 10)
    try db.execute("CREATE VIRTUAL TABLE temp.log USING series")
    #expect(try db.integer("SELECT sum(value) FROM log(5)") == 10)
    #expect(try db.text("SELECT group_concat(name) FROM log(3) WHERE rowid > 0") == "n1,n2")
  }

  @Test func `constraints and order reach the table`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    let series = IntegerSeries()
    try db.registerModule("series", series)
    #expect(try db.integer("SELECT count(value) FROM series(100) WHERE value >= 98") == 2)
    #expect(series.rowsGiven == 2)
    #expect(Set(series.plans[0]) == ["b", "g"])
    #expect(try db.integer("SELECT value FROM series(100) WHERE value = ?", 7) == 7)
    #expect(Set(series.plans[1]) == ["b", "e"])
    let sorted = try db.text("EXPLAIN QUERY PLAN SELECT value FROM series(9) ORDER BY value")
    #expect(sorted != nil)
    var plan = try db.prepare("EXPLAIN QUERY PLAN SELECT value FROM series(9) ORDER BY value DESC")
    var details: [String] = []
    while try plan.step() { details.append(plan.text(3)) }
    #expect(details.contains { $0.contains("TEMP B-TREE FOR ORDER BY") })
  }

  @Test func `an IN list can be taken as a whole`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    let series = IntegerSeries()
    try db.registerModule("series", series)
    let sql = "SELECT sum(value) FROM series(100) WHERE value IN (3, 50, 7, 'x', 1000)"
    #expect(try db.integer(sql) == 60)
    #expect(series.plans.map { Set($0) } == [["b", "l"]])
  }

  @Test func `a join filters the inner table anew for each outer row`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.registerModule("series", IntegerSeries())
    #expect(
      try db.integer(
        "SELECT count(*) FROM series(4) AS a, series AS b WHERE b.bound = a.value") == 6)
  }

  struct Failure: Sendable, CustomTestStringConvertible {
    var sql: String
    var message: String
    var testDescription: String { sql }
  }

  static let failures = [
    Failure(sql: "SELECT value FROM series", message: "no query solution"),
    Failure(sql: "SELECT value FROM series(-1)", message: "a bound below zero"),
    Failure(sql: "SELECT sum(value) FROM series(2000)", message: "Refusal()"),
    Failure(sql: "SELECT max(name) FROM series(20)", message: "Refusal()"),
    Failure(sql: "SELECT value FROM series(2) WHERE name LIKE 'n%'", message: "Refusal()"),
    Failure(sql: "CREATE VIRTUAL TABLE temp.x USING broken", message: "syntax error"),
  ]

  @Test(arguments: failures) func `an error in the table becomes the statement's`(
    _ failure: Failure
  ) throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.registerModule("series", IntegerSeries())
    try db.registerModule("broken", BrokenTable())
    let error = #expect(throws: SQLiteError.self) {
      var statement = try db.prepare(failure.sql)
      try statement.run()
    }
    #expect(error?.message.contains(failure.message) == true, "\(String(describing: error))")
    #expect(try db.integer("SELECT count(*) FROM series(3)") == 3)
  }

  @Test func `a table asks its own connection while a statement reads it`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.execute("CREATE TABLE t(a); INSERT INTO t VALUES (40), (2)")
    let reference = ConnectionReference(db)
    try db.createFunction("total", argumentCount: 0) { _, result in
      let total = try reference.withConnection { db throws(SQLiteError) in
        try db.integer("SELECT sum(a) FROM t")
      }
      result.set(total ?? 0)
    }
    #expect(try db.text("SELECT group_concat(total()) FROM t") == "42,42")
  }

  @Test func `a connection releases its modules when it closes`() throws {
    var isReleased = false
    do {
      let db = try Connection(path: ":memory:", mode: .create)
      try db.registerModule("series", IntegerSeries { isReleased = true })
      #expect(try db.integer("SELECT count(*) FROM series(3)") == 3)
      #expect(!isReleased)
    }
    #expect(isReleased)
  }
}

/// Its declaration is no SQL.
private final class BrokenTable: VirtualTableModule {
  let declaration = "CREATE TABEL x(a)"
  func bestIndex(_ plan: inout IndexPlan) throws -> Bool { true }
  func makeCursor() throws -> any VirtualTableCursor { IntegerSeries.Cursor(of: IntegerSeries()) }
}
