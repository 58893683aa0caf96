import SQLite
import TestSupport
import Testing

@Suite struct MigratorTests {
  static let steps: [(name: String, sql: String)] = [
    ("v0001_b", "CREATE TABLE b(x INTEGER) STRICT; INSERT INTO b VALUES (1)"),
    ("v0002_a", "ALTER TABLE b ADD COLUMN y TEXT"),
  ]

  private func migrator(_ count: Int) -> Migrator {
    Migrator(applicationID: 77, steps: Array(Self.steps.prefix(count)))
  }

  @Test func `a fresh file gets every step, its marks and its layout`() throws {
    let scratch = Scratch()
    let db = try Connection(path: scratch.file("db"), mode: .create)
    #expect(
      try migrator(2).status(of: db) == .init(applied: [], pending: ["v0001_b", "v0002_a"]))
    try migrator(2).apply(to: db, now: 5)
    #expect(try db.integer("PRAGMA user_version") == 2)
    #expect(try db.integer("PRAGMA application_id") == 77)
    #expect(try db.integer("PRAGMA auto_vacuum") == 2)
    #expect(try db.text("PRAGMA journal_mode") == "wal")
    #expect(try db.integer("SELECT count(*) FROM b WHERE y IS NULL") == 1)
  }

  @Test func `applying again does nothing, and later only what is new`() throws {
    let scratch = Scratch()
    let db = try Connection(path: scratch.file("db"), mode: .create)
    try migrator(1).apply(to: db, now: 5)
    try migrator(1).apply(to: db, now: 6)
    #expect(
      try migrator(2).status(of: db)
        == .init(applied: [.init(name: "v0001_b", time: 5)], pending: ["v0002_a"]))
    try migrator(2).apply(to: db, now: 7)
    #expect(
      try migrator(2).status(of: db)
        == .init(
          applied: [.init(name: "v0001_b", time: 5), .init(name: "v0002_a", time: 7)], pending: []))
  }

  @Test func `the status is told by a connection that cannot write`() throws {
    let scratch = Scratch()
    scratch.write("db", "")
    let db = try Connection(path: scratch.file("db"), mode: .readOnly)
    #expect(try migrator(1).status(of: db) == .init(applied: [], pending: ["v0001_b"]))
  }

  @Test func `a step that fails leaves nothing and the steps before it stay`() throws {
    let scratch = Scratch()
    let db = try Connection(path: scratch.file("db"), mode: .create)
    try migrator(1).apply(to: db, now: 4)
    let bad = Migrator(
      applicationID: 77,
      steps: [Self.steps[0], ("v0002_bad", "CREATE TABLE c(x); SELECT * FROM absent")])
    let error = #expect(throws: MigrationError.self) { try bad.apply(to: db, now: 5) }
    #expect(error?.description.hasPrefix("migration v0002_bad: no such table: absent") == true)
    #expect(try db.integer("PRAGMA user_version") == 1)
    #expect(try db.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'c'") == 0)
    try migrator(2).apply(to: db, now: 6)
    #expect(try db.integer("PRAGMA user_version") == 2)
  }

  @Test func `a new file has all steps or none`() throws {
    let scratch = Scratch()
    let db = try Connection(path: scratch.file("db"), mode: .create)
    let bad = Migrator(
      applicationID: 77, steps: [Self.steps[0], ("v0002_bad", "SELECT * FROM absent")])
    let error = #expect(throws: MigrationError.self) { try bad.apply(to: db, now: 5) }
    #expect(error?.description.hasPrefix("migration v0002_bad: no such table: absent") == true)
    #expect(try db.integer("PRAGMA user_version") == 0)
    try migrator(2).apply(to: db, now: 6)
    #expect(try migrator(2).status(of: db).pending == [])
  }

  @Test func `a run that ends before a step commits has applied nothing of it`() throws {
    let scratch = Scratch()
    do {
      let db = try Connection(path: scratch.file("db"), mode: .create)
      try migrator(1).apply(to: db, now: 5)
      try db.execute("BEGIN IMMEDIATE; \(Self.steps[1].sql); PRAGMA user_version = 2")
    }
    let db = try Connection(path: scratch.file("db"), mode: .readWrite)
    #expect(try migrator(2).status(of: db).pending == ["v0002_a"])
    try migrator(2).apply(to: db, now: 6)
    #expect(try migrator(2).status(of: db).pending == [])
  }

  @Test func `a run that ends before the first step can be repeated`() throws {
    let scratch = Scratch()
    do {
      let db = try Connection(path: scratch.file("db"), mode: .create)
      try Migrator(applicationID: 77, steps: []).apply(to: db, now: 5)
    }
    let db = try Connection(path: scratch.file("db"), mode: .readWrite)
    try migrator(2).apply(to: db, now: 6)
    #expect(try db.integer("PRAGMA user_version") == 2)
  }

  @Test func `a file from a newer program is refused`() throws {
    let scratch = Scratch()
    let db = try Connection(path: scratch.file("db"), mode: .create)
    try migrator(2).apply(to: db, now: 5)
    #expect(throws: MigrationError.newerVersion(found: 2, known: 1)) {
      try migrator(1).apply(to: db, now: 6)
    }
  }

  @Test(arguments: [0, 78]) func `a file of another program is refused and not touched`(
    _ mark: Int
  ) throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.execute("CREATE TABLE theirs(a); PRAGMA application_id = \(mark)")
    #expect(throws: MigrationError.foreignFile(applicationID: Int32(mark))) {
      try migrator(2).apply(to: db, now: 5)
    }
    #expect(try db.integer("SELECT count(*) FROM sqlite_schema") == 1)
  }

  @Test func `a file with other steps than ours is refused`() throws {
    let scratch = Scratch()
    let db = try Connection(path: scratch.file("db"), mode: .create)
    try migrator(1).apply(to: db, now: 5)
    let other = Migrator(applicationID: 77, steps: [("v0001_c", "CREATE TABLE c(x)")])
    #expect(throws: MigrationError.differentHistory(found: ["v0001_b"], expected: ["v0001_c"])) {
      try other.status(of: db)
    }
  }
}
