import SQLite
import TestSupport
import Testing

@Suite struct TransactionTests {
  struct Refusal: Error {}

  @Test func `a transaction commits what its body did`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.execute("CREATE TABLE t(a)")
    let count = try db.transaction { db throws(SQLiteError) in
      try db.run("INSERT INTO t VALUES (?), (?)", 1, "two")
      return db.changes
    }
    #expect(count == 2)
    #expect(db.isAutocommit == true)
    #expect(try db.integer("SELECT count(*) FROM t") == 2)
  }

  @Test func `an error in the middle undoes the whole transaction`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.execute("CREATE TABLE t(a UNIQUE)")
    let error = #expect(throws: SQLiteError.self) {
      try db.transaction { db throws(SQLiteError) in
        try db.run("INSERT INTO t VALUES (?)", 1)
        try db.run("INSERT INTO t VALUES (?)", 1)
      }
    }
    #expect(error?.isConstraint == true)
    #expect(error?.code == 2067)
    #expect(db.isAutocommit == true)
    #expect(try db.integer("SELECT count(*) FROM t") == 0)
  }

  @Test func `an error of another kind undoes it too`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.execute("CREATE TABLE t(a)")
    #expect(throws: Refusal.self) {
      try db.transaction { db in
        try db.run("INSERT INTO t VALUES (?)", 1)
        throw Refusal()
      }
    }
    #expect(try db.integer("SELECT count(*) FROM t") == 0)
  }

  @Test func `a transaction inside another fails and leaves the outer one open`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.execute("CREATE TABLE t(a)")
    try db.transaction { db throws(SQLiteError) in
      try db.run("INSERT INTO t VALUES (?)", 1)
      #expect(throws: SQLiteError.self) {
        try db.transaction { db throws(SQLiteError) in try db.run("DELETE FROM t") }
      }
      #expect(db.isAutocommit == false)
    }
    #expect(try db.integer("SELECT count(*) FROM t") == 1)
  }

  @Test func `a full database undoes the transaction and can be used again`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.execute("CREATE TABLE t(a); PRAGMA max_page_count = 16")
    let error = #expect(throws: SQLiteError.self) {
      try db.transaction { db throws(SQLiteError) in
        var insert = try db.prepare("INSERT INTO t VALUES (?)")
        for _ in 0..<100 {
          try insert.bind(1, blob: [UInt8](repeating: 1, count: 4_000).span)
          try insert.run()
        }
      }
    }
    #expect(error?.isFull == true)
    #expect(db.isAutocommit == true)
    #expect(try db.integer("SELECT count(*) FROM t") == 0)
    try db.transaction { db throws(SQLiteError) in try db.run("INSERT INTO t VALUES (1)") }
    #expect(try db.integer("SELECT count(*) FROM t") == 1)
  }
}
