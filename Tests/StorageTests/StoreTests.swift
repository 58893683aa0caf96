import Migrations
import SQLite
import Storage
import TestSupport
import Testing

@Suite struct StoreTests {
  private let scratch = Scratch()
  private var path: String { scratch.file("logbook.db") }

  @Test func `a new file has the pragmas that can be set only then`() throws {
    let store = try Store.openForWriting(path: path, now: 1)
    let pragmas: [(name: String, value: Int64)] = [
      ("application_id", 0x4C47_424B), ("user_version", Int64(Migrations.all.count)),
      ("page_size", 4096),
      ("auto_vacuum", 2), ("secure_delete", 1), ("synchronous", 1), ("cache_size", -8192),
      ("mmap_size", 0), ("foreign_keys", 1),
    ]
    for (name, value) in pragmas {
      #expect(try store.db.integer("PRAGMA \(name)") == value, "\(name)")
    }
    #expect(try store.db.text("PRAGMA journal_mode") == "wal")
  }

  @Test(
    arguments: [
      (0x6969, "NFS"), (0xFF53_4D42, "CIFS"), (0xFE53_4D42, "SMB2"), (0x0102_1997, "9p"),
      (0x6573_5546, "FUSE"), (0xEF53, nil), (0x5846_5342, nil), (0x9123_683E, nil),
      (0x0102_1994, nil), (0x794C_7630, nil), (0x2FC1_2FC1, nil), (0xF2F5_2010, nil), (0, nil),
    ] as [(UInt32, String?)])
  func `a network file system is known by its magic number`(_ magic: UInt32, _ name: String?) {
    #expect(FileSystem.network(magic: magic) == name)
  }

  @Test func `the mode holds for a new file and its companions, whatever the umask`() throws {
    let store = try Store.openForWriting(path: path, mode: 0o666, now: 1)
    try store.write { db throws(SQLiteError) in
      try db.execute("INSERT INTO source(name) VALUES ('a')")
    }
    for suffix in ["", "-wal", "-shm"] { #expect(mode(of: path + suffix) == "666", "\(suffix)") }
  }

  @Test func `a file that exists keeps its mode`() throws {
    try Store.openForWriting(path: path, mode: 0o600, now: 1).finish()
    try Store.openForWriting(path: path, mode: 0o644, now: 2).finish()
    #expect(mode(of: path) == "600")
  }

  @Test func `opening again migrates nothing and keeps what is there`() throws {
    try makeStore(scratch).finish()
    let store = try Store.openForWriting(path: path, now: 2_000_000)
    let status = try store.migrationStatus()
    #expect(status.applied.map(\.time) == Migrations.all.map { _ in 1_000_000 })
    #expect(status.pending == [])
    #expect(try store.db.integer("SELECT count(*) FROM source") == 2)
  }

  @Test func `after the end of a writer the write-ahead log is empty`() throws {
    let store = try makeStore(scratch)
    #expect(Command.run("stat", ["-c", "%s", path + "-wal"]).output != "0\n")
    try store.finish()
    #expect(Command.run("stat", ["-c", "%s", path + "-wal"]).output == "0\n")
  }

  @Test func `reading creates nothing`() {
    let error = failure { () throws(StorageError) in
      _ = try Store.openForReading(path: path)
    }
    guard case .missing(path: path)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(Command.run("ls", [scratch.path]).output == "")
  }

  @Test func `a store that is read cannot be written`() throws {
    try makeStore(scratch).finish()
    let store = try Store.openForReading(path: path)
    // It may come upon the log while the last writer cleans it up.
    #expect(try store.db.integer("PRAGMA busy_timeout") == 5000)
    #expect(try store.db.integer("SELECT count(*) FROM source") == 2)
    let error = failure { () throws(StorageError) in
      try store.wrap { db throws(SQLiteError) in try db.execute("DELETE FROM source") }
    }
    guard case .readOnly? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  /// How a file can be no store of ours; `sql` makes it, or `text` is what it holds.
  enum Stranger: String, CaseIterable {
    case text, foreign, newer, older, truncated
  }

  private func make(_ stranger: Stranger) throws {
    switch stranger {
    case .text: scratch.write("logbook.db", String(repeating: "This is no database.\n", count: 99))
    case .foreign:
      try makeDatabase(
        path, "CREATE TABLE t(x); PRAGMA application_id = 1; PRAGMA user_version = 1")
    case .newer:
      try makeStore(scratch).finish()
      try makeDatabase(path, "PRAGMA user_version = 9999")
    case .older:
      try makeDatabase(path, "PRAGMA application_id = \(Store.applicationID)")
    case .truncated:
      try makeStore(scratch).finish()
      #expect(Command.run("truncate", ["-s", "5000", path]).status == 0)
    }
  }

  private func matches(_ error: StorageError?, _ stranger: Stranger) -> Bool {
    switch (error, stranger) {
    case (.notADatabase(path: path), .text), (.notADatabase(path: path), .truncated),
      (.foreign(path: path), .foreign),
      (.newerSchema(path: path, found: 9999, known: Migrations.all.count), .newer),
      (.olderSchema(path: path, found: 0, known: Migrations.all.count), .older):
      true
    default: false
    }
  }

  @Test(arguments: Stranger.allCases)
  func `a file that is no store of this version says which`(_ stranger: Stranger) throws {
    try make(stranger)
    let error = failure { () throws(StorageError) in _ = try Store.openForReading(path: path) }
    #expect(matches(error, stranger), "\(String(describing: error))")
  }

  @Test(arguments: [Stranger.text, .foreign, .newer])
  func `what is no store of ours is not touched, and gets no file beside it`(
    _ stranger: Stranger
  ) throws {
    try make(stranger)
    let state = "stat -c '%n %y %z' \(path)*; sha256sum \(path)*"
    let before = Command.run("sh", ["-c", state]).output
    let opening = failure { () throws(StorageError) in
      _ = try Store.openForWriting(path: path, now: 1)
    }
    #expect(matches(opening, stranger), "\(String(describing: opening))")
    let locking = failure { () throws(StorageError) in try Store.runLock(path: path).release() }
    #expect(matches(locking, stranger), "\(String(describing: locking))")
    #expect(Command.run("sh", ["-c", state]).output == before)
  }

  @Test func `a damaged store is not written to`() throws {
    try make(.truncated)
    let before = Command.run("sha256sum", [path]).output
    let error = failure { () throws(StorageError) in
      _ = try Store.openForWriting(path: path, now: 1)
    }
    #expect(matches(error, .truncated), "\(String(describing: error))")
    #expect(Command.run("sha256sum", [path]).output == before)
  }

  @Test func `a database of another program that marks nothing is not touched`() throws {
    try makeDatabase(path, "CREATE TABLE t(x); PRAGMA journal_mode = WAL; INSERT INTO t VALUES (1)")
    let before = Command.run("sha256sum", [path]).output
    let error = failure { () throws(StorageError) in try Store.runLock(path: path).release() }
    guard case .foreign(path: path)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(Command.run("sha256sum", [path]).output == before)
    #expect(Command.run("ls", [scratch.path]).output == "logbook.db\n")
  }

  @Test func `a store killed before its first migration is one`() throws {
    try makeDatabase(path, "PRAGMA journal_mode = WAL")
    try Store.runLock(path: path).release()
    try Store.openForWriting(path: path, now: 1).finish()
  }

  @Test func `another name of the database is the same lock`() throws {
    try makeStore(scratch).finish()
    #expect(Command.run("ln", [path, scratch.file("link.db")]).status == 0)
    let first = try Store.runLock(path: path)
    let error = failure { () throws(StorageError) in
      try Store.runLock(path: scratch.file("link.db")).release()
    }
    guard case .locked(path: scratch.file("link.db"))? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    first.release()
    try Store.runLock(path: scratch.file("link.db")).release()
  }

  @Test func `a folder that is not there cannot hold a store`() {
    let path = scratch.file("none/logbook.db")
    let error = failure { () throws(StorageError) in
      _ = try Store.openForWriting(path: path, now: 1)
    }
    guard case .cannotOpen(path: path, errno: 2)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `an error rolls the transaction back and frees the lock`() throws {
    let store = try makeStore(scratch)
    let error = failure { () throws(StorageError) in
      try store.write { db throws(SQLiteError) in
        try db.execute("INSERT INTO source(name) VALUES ('lost')")
        try db.execute("INSERT INTO source(name) VALUES ('source-1')")
      }
    }
    guard case .database? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    try store.write { db throws(SQLiteError) in
      try db.execute("INSERT INTO source(name) VALUES ('kept')")
    }
    #expect(try store.db.integer("SELECT count(*) FROM source WHERE name = 'lost'") == 0)
    #expect(try store.db.integer("SELECT count(*) FROM source WHERE name = 'kept'") == 1)
  }

  @Test func `a second run is locked out until the first one ends`() throws {
    let first = try Store.runLock(path: path)
    let error = failure { () throws(StorageError) in
      try Store.runLock(path: path).release()
    }
    guard case .locked(path: path + ".run.lock")? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    first.release()
    try Store.runLock(path: path).release()
  }

  @Test func `a lock is not taken through a symbolic link`() {
    scratch.write("target", "")
    _ = Command.run("ln", ["-s", scratch.file("target"), path + ".run.lock"])
    let error = failure { () throws(StorageError) in
      try Store.runLock(path: path).release()
    }
    guard case .cannotLock? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `a store in memory has the schema and no file`() throws {
    let store = try Store.inMemory(now: 1)
    #expect(try store.db.integer("SELECT count(*) FROM chunk") == 0)
    #expect(Command.run("ls", [scratch.path]).output == "")
  }
}
