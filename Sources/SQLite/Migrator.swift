/// Brings a database's schema up to date, forward only.
///
/// Each step commits in one transaction with its row in `schema_migration` and with the file's
/// `user_version`, the number of steps applied: a killed run leaves whole steps behind. A new file gets
/// all of them in one, so that nobody sees it half made.
package struct Migrator: Sendable {
  package struct Status: Equatable, Sendable {
    package struct Applied: Equatable, Sendable {
      package var name: String
      /// Microseconds since 1970, UTC.
      package var time: Int64

      package init(name: String, time: Int64) {
        self.name = name
        self.time = time
      }
    }

    /// In the order in which they were applied.
    package var applied: [Applied]
    package var pending: [String]

    package init(applied: [Applied], pending: [String]) {
      self.applied = applied
      self.pending = pending
    }
  }

  private let applicationID: Int32
  private let steps: [(name: String, sql: String)]

  /// `applicationID` marks a file as ours (`PRAGMA application_id`); it is not 0.
  package init(applicationID: Int32, steps: [(name: String, sql: String)]) {
    self.applicationID = applicationID
    self.steps = steps
  }

  /// Applies what is pending, outside any transaction; `now` is in microseconds since 1970, UTC.
  ///
  /// A new file gets 4 KiB pages, incremental vacuum and its journal first.
  package func apply(
    to db: borrowing Connection, journal: JournalMode = .wal, now: Int64
  ) throws(MigrationError) {
    if try isEmpty(db) {
      try wrap(nil) { () throws(SQLiteError) in try prepareNewFile(db, journal) }
    }
    let first = try status(of: db).applied.count
    let isNew = first == 0
    for start in isNew ? 0..<1 : first..<steps.count {
      var index = start
      do throws(SQLiteError) {
        try db.transaction { db throws(SQLiteError) in
          let end = isNew ? steps.count : start + 1
          while index < end {
            try apply(step: index, to: db, now)
            index += 1
          }
        }
      } catch {
        throw .step(name: steps[min(index, steps.count - 1)].name, error)
      }
    }
  }

  private func apply(
    step index: Int, to db: borrowing Connection, _ now: Int64
  ) throws(SQLiteError) {
    // Another process may have been faster.
    guard try db.integer("PRAGMA user_version") == Int64(index) else { return }
    try db.execute(steps[index].sql)
    try db.execute(
      """
      CREATE TABLE IF NOT EXISTS schema_migration(
        name TEXT PRIMARY KEY, applied_us INTEGER NOT NULL) STRICT
      """)
    try db.run("INSERT INTO schema_migration VALUES (?, ?)", steps[index].name, now)
    try db.execute("PRAGMA user_version = \(index + 1)")
  }

  /// Which steps the file has and which it needs; writes nothing, and refuses what `apply` refuses.
  package func status(of db: borrowing Connection) throws(MigrationError) -> Status {
    let names = steps.map(\.name)
    if try isEmpty(db) { return Status(applied: [], pending: names) }
    let mark = Int32(truncatingIfNeeded: try integer("PRAGMA application_id", of: db))
    guard mark == applicationID else { throw .foreignFile(applicationID: mark) }
    var version = Int(try integer("PRAGMA user_version", of: db))
    guard version <= steps.count else {
      throw .newerVersion(found: version, known: steps.count)
    }
    var applied: [Status.Applied] = []
    if version > 0 {
      let found = try wrap(nil) { () throws(SQLiteError) in try history(of: db) }
      (applied, version) = (found.applied, found.version ?? version)
    }
    guard applied.map(\.name) == Array(names.prefix(version)) else {
      throw .differentHistory(
        found: applied.map(\.name), expected: Array(names.prefix(version)))
    }
    return Status(applied: applied, pending: Array(names.dropFirst(version)))
  }

  /// The page size and the vacuum mode count only before anything is written, and a journal mode
  /// only outside a transaction.
  private func prepareNewFile(
    _ db: borrowing Connection, _ journal: JournalMode
  ) throws(SQLiteError) {
    try db.execute("PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL")
    try db.setJournalMode(journal)
    try db.execute("PRAGMA application_id = \(applicationID)")
  }

  /// What was applied, and the version, of one moment: somebody may be at it.
  private func history(
    of db: borrowing Connection
  ) throws(SQLiteError) -> (applied: [Status.Applied], version: Int?) {
    var rows = try db.prepare(
      """
      SELECT m.name, m.applied_us, v.user_version FROM schema_migration m, pragma_user_version v
      ORDER BY m.rowid
      """)
    var applied: [Status.Applied] = []
    var version: Int?
    while try rows.step() {
      applied.append(Status.Applied(name: rows.text(0), time: rows.integer(1)))
      version = rows.int(2)
    }
    return (applied, version)
  }

  /// Whether nobody has put anything into the file yet.
  private func isEmpty(_ db: borrowing Connection) throws(MigrationError) -> Bool {
    let mark = try integer("PRAGMA application_id", of: db)
    guard mark == 0 else { return false }
    return try integer("SELECT count(*) FROM sqlite_schema", of: db) == 0
  }

  private func integer(
    _ sql: String, of db: borrowing Connection
  ) throws(MigrationError) -> Int64 {
    try wrap(nil) { () throws(SQLiteError) in try db.integer(sql) ?? 0 }
  }

  private func wrap<Result>(
    _ step: String?, _ body: () throws(SQLiteError) -> Result
  ) throws(MigrationError) -> Result {
    do throws(SQLiteError) { return try body() } catch {
      throw step.map { .step(name: $0, error) } ?? .database(error)
    }
  }
}
