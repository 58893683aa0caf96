import CLinux
import Configuration
import Formats
import Glibc
import Ingestion
import LineStore
import LogModel
import Recomputation
import RegularExpressions
import SQLite
import Storage

/// Which database and which configuration a command works with.
struct Workspace {
  let databasePath: String
  /// Whether somebody asks for this very database, and not for the one that there is or will be.
  let isDatabaseNamed: Bool
  /// Nil where there is none: that is no error.
  let configuration: Configuration?
  /// Where its files begin that metrics name without a folder; empty where there is none.
  let configurationFolder: String

  init(_ globals: GlobalOptions) throws {
    let path = Self.configurationPath(globals)
    configuration = try path.map { try Configuration.load(path: $0, checks: Self.checks) }
    configurationFolder = path.map { Path($0).absolute.directory.description } ?? ""
    let named = globals.database ?? Self.variable("LOGBOOK_DB")
    isDatabaseNamed = named != nil
    databasePath = Self.target(of: named ?? configuration?.database ?? "./logbook.db")
  }

  /// Two names of one database must mean the same locks: a symbolic link is followed.
  private static func target(of path: String) -> String {
    var byte = CChar(0)
    guard unsafe readlink(path, &byte, 1) >= 0, let target = unsafe realpath(path, nil) else {
      return path
    }
    defer { unsafe free(target) }
    return unsafe String(cString: target)
  }

  static func configurationPath(_ globals: GlobalOptions) -> String? {
    if let named = globals.configuration ?? variable("LOGBOOK_CONFIG") { return named }
    return ["./logbook.yaml", "/etc/logbook/logbook.yaml"].first { unsafe access($0, F_OK) == 0 }
  }

  /// The database and its companions: no log, whatever a glob says.
  var ownPaths: [Path] {
    ["", "-wal", "-shm", "-journal", ".run.lock", ".write.lock", ContentKey.suffix].map {
      Path(databasePath + $0)
    }
  }

  var mode: UInt32 { configuration?.mode.bits ?? 0o640 }

  static func variable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }

  static let checks = Checks(
    formats: Formats.all.flatMap { [$0.name] + $0.aliases },
    isTimezone: { Zone(name: $0) != nil },
    expressionProblem: { pattern in
      do throws(RegularExpressionError) {
        _ = try RegularExpression(pattern)
        return nil
      } catch {
        if case .invalidPattern(let message, let offset) = error { return (message, offset) }
        return (error.description, 0)
      }
    })

  /// As `Store.run`, with a store that exists; only `ingest` makes new ones.
  func runOnExisting<Result>(
    now: Int64, _ body: (borrowing Store) throws -> Result
  ) throws -> Result {
    _ = try Store.openForInspection(path: databasePath).migrationStatus()
    return try run(now: now, body)
  }

  /// Does what waits for somebody who holds the run's lock: what a migration has left to do, and lines
  /// that were emitted.
  func takeWaiting(_ store: borrowing Store, now: Int64) throws {
    try ErrorBackfill.run(store)
    while true {
      let requests = try EmittedLines.requests(store)
      guard !requests.isEmpty else { return }
      let redactors = try redactors()
      let summary = try IngestRun.perform(
        requests, into: store, now: now, redactor: redactors.choice, clock: currentTime)
      for problem in summary.problems { StandardError.write(Failure(problem)) }
    }
  }

  /// The redactors of the sources.
  func redactors() throws -> SourceRedactors {
    try SourceRedactors(configuration) { try ContentKey.bytes(of: databasePath) }
  }

  /// As `Store.run`; what waits for it is done first.
  func run<Result>(now: Int64, _ body: (borrowing Store) throws -> Result) throws -> Result {
    // What one thread of a run makes another one frees: a heap for each would keep its own holes.
    _ = logbook_use_one_heap()
    return try Store.run(path: databasePath, mode: mode, now: now) { store in
      try takeWaiting(store, now: now)
      return try body(store)
    }
  }

  /// Lends a store that exists to `body`, which writes in short transactions, whatever else runs.
  func writeOnExisting<Result>(
    now: Int64, _ body: (borrowing Store) throws -> Result
  ) throws -> Result {
    _ = try Store.openForInspection(path: databasePath).migrationStatus()
    let store = try Store.openForWriting(path: databasePath, mode: mode, now: now)
    let result = try body(store)
    try store.finish()
    return result
  }

  func openForReading() throws -> Store {
    do throws(StorageError) {
      let store = try Store.openForReading(path: databasePath)
      try store.wrap { db throws(SQLiteError) in
        // Views over turns want the one or the other; most stores have no turns of gateways.
        if try db.integer("SELECT 1 FROM turn_chunk LIMIT 1") != nil {
          try PackedTurnTable.install(on: db)
        } else {
          try registerStoreFunctions(on: db)
        }
      }
      return store
    } catch {
      throw Failure(reading: error)
    }
  }
}

/// The present, in microseconds since 1970.
func currentTime() -> Int64 {
  var time = timespec()
  unsafe clock_gettime(CLOCK_REALTIME, &time)
  return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
}
