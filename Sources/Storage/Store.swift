import CLinux
import Glibc
import Migrations
package import SQLite

/// The database file: opened with the right pragmas, migrated, and written under its locks.
package struct Store: ~Copyable {
  /// The four letters `LGBK`.
  package static let applicationID: Int32 = 0x4C47_424B
  /// How long a writer waits for another one's transaction.
  static let writePatience = Duration.seconds(30)
  /// How long a run waits for another one, which may only be taking in what was emitted.
  private static let emissionPatience = Duration.seconds(1)
  private static let busyPatience: Int32 = 5000
  private static let checkpointPatience: Int32 = 300

  package let path: String
  package let db: Connection
  private let mode: UInt32
  private let isWriter: Bool
  /// The network file system on which this very opening found the database, and gave up its
  /// write-ahead log; nil from then on, and everywhere else.
  package private(set) var networkFileSystem: String?

  private init(path: String, db: consuming Connection, mode: UInt32, isWriter: Bool) {
    self.path = path
    self.db = db
    self.mode = mode
    self.isWriter = isWriter
  }

  package static let migrator = Migrator(applicationID: applicationID, steps: Migrations.all)

  /// Opens for writing; a missing file is made with `mode`, an older one is migrated.
  ///
  /// SQLite gives `-wal` and `-shm` the mode of the file. The caller ends with `finish`.
  package static func openForWriting(
    path: String, mode: UInt32 = 0o640, now: Int64
  ) throws(StorageError) -> Store {
    try FileHeader.check(path)
    try create(path, mode: mode)
    var store = try open(path, .readWrite, mode: mode)
    // Before anything is set: what is refused stays as it is.
    let status = try store.migrationStatus()
    let network = FileSystem.network(of: path)
    let journal = network == nil ? JournalMode.wal : .delete
    let isKept = try store.wrap { db throws(SQLiteError) in
      try db.setPersistWAL(true)
      return try db.text("PRAGMA journal_mode") == journal.rawValue
    }
    if !isKept || status.applied.isEmpty { store.networkFileSystem = network }
    if !status.pending.isEmpty {
      let lock = try store.writeLock()
      do throws(MigrationError) {
        try migrator.apply(to: store.db, journal: journal, now: now)
      } catch {
        throw StorageError(error, path: path)
      }
      lock.release()
    }
    try store.wrap { db throws(SQLiteError) in
      // Where a reader is in the way, the next run does it.
      do throws(SQLiteError) { try db.setJournalMode(journal) } catch {
        guard error.isBusy else { throw error }
      }
    }
    try store.prepareForWriting(isNetwork: network != nil)
    try store.loadBuiltInPrices(now: now)
    return store
  }

  /// Another connection for writing, for another thread; only this one is finished.
  package func another() throws(StorageError) -> Store {
    let other = try Store.open(path, .readWrite, mode: mode)
    try other.wrap { db throws(SQLiteError) in try db.setPersistWAL(true) }
    try other.prepareForWriting(isNetwork: FileSystem.network(of: path) != nil)
    return other
  }

  private func prepareForWriting(isNetwork: Bool) throws(StorageError) {
    try wrap { db throws(SQLiteError) in
      // A write-ahead log is whole without waiting for the disk at every commit; a journal is not.
      try db.execute("PRAGMA synchronous = \(isNetwork ? "FULL" : "NORMAL")")
      // Several commits change the same pages of an index. What was written while lines are read need not be
      // copied into the file at the end.
      try db.execute(
        """
        PRAGMA cache_size = -8192; PRAGMA mmap_size = 0; PRAGMA wal_autocheckpoint = 2000;
        PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
        """)
    }
  }

  /// Opens for reading: never creates, migrates or checkpoints.
  package static func openForReading(path: String) throws(StorageError) -> Store {
    guard unsafe access(path, F_OK) == 0 else { throw .missing(path: path) }
    let store = try open(path, .readOnly, mode: 0)
    let status = try store.migrationStatus()
    guard status.pending.isEmpty else {
      throw .olderSchema(path: path, found: status.applied.count, known: Migrations.all.count)
    }
    return store
  }

  /// Opens a store of any age for reading, to ask for its migrations.
  package static func openForInspection(path: String) throws(StorageError) -> Store {
    guard unsafe access(path, F_OK) == 0 else { throw .missing(path: path) }
    return try open(path, .readOnly, mode: 0)
  }

  package func migrationStatus() throws(StorageError) -> Migrator.Status {
    do throws(MigrationError) {
      return try Self.migrator.status(of: db)
    } catch {
      throw StorageError(error, path: path)
    }
  }

  /// An empty store that is gone with the process, for a run that only looks.
  package static func inMemory(now: Int64) throws(StorageError) -> Store {
    let store = try open(":memory:", .create, mode: 0)
    do throws(MigrationError) {
      try migrator.apply(to: store.db, now: now)
    } catch {
      throw StorageError(error, path: ":memory:")
    }
    return store
  }

  private static func create(_ path: String, mode: UInt32) throws(StorageError) {
    close(try openFile(path, mode: mode))
  }

  /// A descriptor of the database, which is made where there is none.
  static func openFile(_ path: String, mode: UInt32) throws(StorageError) -> Int32 {
    let descriptor = unsafe logbook_open(path, O_RDWR | O_CREAT | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      let isReadOnly = errno == EACCES || errno == EROFS || errno == EPERM
      throw isReadOnly ? .readOnly(path: path) : .cannotOpen(path: path, errno: errno)
    }
    // The umask does not know who is meant to read the logs; the configuration does.
    if lseek(descriptor, 0, SEEK_END) == 0 { fchmod(descriptor, mode) }
    return descriptor
  }

  private static func open(
    _ path: String, _ access: Connection.Mode, mode: UInt32
  ) throws(StorageError) -> Store {
    do throws(SQLiteError) {
      let db = try Connection(path: path, mode: access)
      // A reader waits, too: where the log of the last writer is being cleaned up, and where a journal is kept.
      db.setBusyTimeout(milliseconds: busyPatience)
      return Store(path: path, db: db, mode: mode, isWriter: access != .readOnly)
    } catch {
      throw StorageError(error, path: path)
    }
  }

  /// Runs `body` in a transaction under the write lock; any error rolls it back.
  package func write<Result: ~Copyable>(
    _ body: (borrowing Connection) throws(SQLiteError) -> Result
  ) throws(StorageError) -> Result {
    let lock = try writeLock()
    do throws(SQLiteError) {
      let result = try db.transaction(body)
      lock.release()
      return result
    } catch {
      throw StorageError(error, path: path)
    }
  }

  /// The same for a body whose errors are of several kinds.
  @_disfavoredOverload
  package func write<Result: ~Copyable>(
    _ body: (borrowing Connection) throws -> Result
  ) throws -> Result {
    let lock = try writeLock()
    do {
      let result = try db.transaction(body)
      lock.release()
      return result
    } catch let error as SQLiteError {
      throw StorageError(error, path: path)
    }
  }

  /// Runs `body` outside any transaction, with its errors sorted.
  package func wrap<Result: ~Copyable>(
    _ body: (borrowing Connection) throws(SQLiteError) -> Result
  ) throws(StorageError) -> Result {
    do throws(SQLiteError) { return try body(db) } catch { throw StorageError(error, path: path) }
  }

  /// Moves the write-ahead log into the file and empties it.
  ///
  /// A reader who may not write here then finds nothing to recover. A reader in the way is no error:
  /// the next run does it.
  package func finish() throws(StorageError) {
    guard isWriter else { return }
    let lock = try writeLock()
    // The lock is held meanwhile, so a reader who takes his time is not waited for.
    db.setBusyTimeout(milliseconds: Self.checkpointPatience)
    defer { db.setBusyTimeout(milliseconds: Self.busyPatience) }
    _ = try wrap { db throws(SQLiteError) in try db.checkpoint(truncate: true) }
    lock.release()
  }

  func writeLock() throws(StorageError) -> FileLock {
    try FileLock.acquire(path + ".write.lock", mode: mode, patience: Self.writePatience)
  }

  package static func runLock(
    path: String, mode: UInt32 = 0o640
  ) throws(StorageError) -> RunLock {
    try RunLock.acquire(path, mode: mode)
  }

  /// Opens for writing, lends the store to `body` and finishes it, all under the run's lock.
  package static func run<Result>(
    path: String, mode: UInt32, now: Int64, _ body: (borrowing Store) throws -> Result
  ) throws -> Result {
    let lock = try RunLock.acquire(path, mode: mode, patience: emissionPatience)
    let result = try finished(path: path, mode: mode, now: now, body)
    // Behind the end of the connection: see `DatabaseLock`.
    lock.release()
    return result
  }

  /// The same under the run's lock if nobody else holds it, which `body` is told, and without it otherwise.
  package static func write<Result>(
    path: String, mode: UInt32, now: Int64,
    _ body: (borrowing Store, _ isAlone: Bool) throws -> Result
  ) throws -> Result {
    var lock: RunLock?
    do throws(StorageError) { lock = try runLock(path: path, mode: mode) } catch {
      guard case .locked = error else { throw error }
      // Only one can make it.
      if try !FileHeader.isMarked(path) {
        lock = try RunLock.acquire(path, mode: mode, patience: writePatience)
      }
    }
    let isAlone = lock != nil
    let result = try finished(path: path, mode: mode, now: now) { try body($0, isAlone) }
    lock.take()?.release()
    return result
  }

  private static func finished<Result>(
    path: String, mode: UInt32, now: Int64, _ body: (borrowing Store) throws -> Result
  ) throws -> Result {
    let store = try openForWriting(path: path, mode: mode, now: now)
    let result: Result
    do {
      result = try body(store)
    } catch {
      // What went wrong first is what is told.
      try? store.finish()
      throw error
    }
    try store.finish()
    return result
  }
}

extension StorageError {
  init(_ error: MigrationError, path: String) {
    switch error {
    case .database(let error): self.init(error, path: path)
    case .step(_, let error): self.init(error, path: path)
    case .foreignFile: self = .foreign(path: path)
    case .newerVersion(let found, let known):
      self = .newerSchema(path: path, found: found, known: known)
    case .differentHistory: self = .foreign(path: path)
    }
  }
}
