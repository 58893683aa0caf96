import SQLite
import TestSupport
import Testing

@Suite struct ConnectionTests {
  static let endless =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

  @Test func `a connection counts what it changed`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, a)")
    try db.run("INSERT INTO t(a) VALUES (?), (?)", 1, nil as Int?)
    #expect(db.changes == 2)
    #expect(db.lastInsertRowID == 2)
    try db.run("DELETE FROM t")
    #expect(db.totalChanges == 4)
  }

  @Test func `a statement stops when its time is over`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    db.setTimeLimit(.milliseconds(5))
    let error = #expect(throws: SQLiteError.self) { try db.integer(Self.endless) }
    #expect(error?.isInterrupt == true)
    db.setTimeLimit(nil)
    #expect(try db.integer("SELECT 1") == 1)
  }

  @Test func `an interrupt lasts until it is cleared`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    let handle = InterruptHandle()
    db.setInterruptHandle(handle)
    handle.interrupt()
    for _ in 0..<2 {
      let error = #expect(throws: SQLiteError.self) { try db.integer(Self.endless) }
      #expect(error?.isInterrupt == true)
    }
    handle.clear()
    #expect(
      try db.integer("SELECT sum(value) FROM json_each('[1,2,3]')") == 6)
  }

  @Test func `a checkpoint that a reader holds back says so`() throws {
    let scratch = Scratch()
    let writer = try Connection(path: scratch.file("db"), mode: .create)
    try writer.execute("PRAGMA journal_mode = WAL; CREATE TABLE t(a)")
    let reader = try Connection(path: scratch.file("db"), mode: .readOnly)
    try reader.execute("BEGIN; SELECT count(*) FROM t")
    try writer.execute("INSERT INTO t VALUES (1)")
    #expect(try writer.checkpoint(truncate: true) == false)
    try reader.execute("COMMIT")
    #expect(try writer.checkpoint(truncate: true))
  }

  @Test(arguments: [true, false]) func `the log file stays when it is told to`(
    _ isPersistent: Bool
  ) throws {
    let scratch = Scratch()
    do {
      let db = try Connection(path: scratch.file("db"), mode: .create)
      try db.setPersistWAL(isPersistent)
      try db.execute("PRAGMA journal_mode = WAL; CREATE TABLE t(a)")
    }
    let files = Command.run("ls", [scratch.path]).output
    #expect(files == (isPersistent ? "db\ndb-shm\ndb-wal\n" : "db\n"))
  }
}
