import TestSupport
import Testing

@Suite struct ExtensionTests {
  /// Programs that load the extension, each with the arguments DATABASE EXTENSION QUERY.
  enum Host: CaseIterable {
    case shell, python, ownSQLite

    func run(_ query: String, _ database: String) -> Command.Outcome {
      let library = LoadableExtension.path
      switch self {
      case .shell:
        return Command.run(
          "sqlite3",
          ["-batch", "-readonly", database, ".load \(library) \(LoadableExtension.entry)", query])
      case .python:
        // Debian's: others are often built without `enable_load_extension`.
        return Command.run("/usr/bin/python3", [hosts + "/host.py", database, library, query])
      case .ownSQLite: return Command.run(Self.staticHost, [database, library, query])
      }
    }

    private static let scratch = Scratch()

    private static let staticHost: String = {
      let program = scratch.file("static-host")
      let outcome = Command.run(
        "cc",
        [
          "-o", program, hosts + "/static-host.c", "-l:libsqlite3.a", "-lm", "-ldl", "-lpthread",
        ])
      precondition(outcome.status == 0, outcome.errorOutput)
      return program
    }()
  }

  private static let hosts = Repository.root + "/Tests/AcceptanceTests/Hosts"

  private static func makeStore() -> Logbook {
    let logbook = Logbook()
    let outcome = logbook.run("ingest", Repository.root + "/fixtures/formats")
    precondition(outcome.status == 0, outcome.errorOutput)
    return logbook
  }

  @Test func `nothing of SQLite is linked, and nothing but the entry point is shown`() {
    let libraries = Command.run("readelf", ["-d", LoadableExtension.path]).output
    #expect(libraries.contains("libc.so"))
    #expect(!libraries.contains("libsqlite3"))
    let symbols = Command.run("readelf", ["--wide", "--dyn-syms", LoadableExtension.path]).output
      .split(separator: "\n").filter { $0.contains(" GLOBAL ") && !$0.contains(" UND ") }
      .compactMap { $0.split(separator: " ").last }
    #expect(symbols == ["sqlite3_logbook_init"])
  }

  @Test(arguments: Host.allCases)
  func `the rows are those of the view, found without it`(host: Host) {
    let logbook = Self.makeStore()
    let queries = [
      "SELECT id, time, time_us, level, source, pattern_id, message, chunk FROM § ORDER BY id",
      "SELECT level, count(*) FROM § GROUP BY level ORDER BY level",
      "SELECT message FROM § WHERE message LIKE '%timeout%' ORDER BY time_us DESC, id DESC LIMIT 3",
      "SELECT count(*) FROM § WHERE message GLOB '*redis:[0-9]*' AND level IN ('error', 'warn')",
      "SELECT s.name, count(*) FROM § AS l JOIN source AS s ON s.name = l.source GROUP BY 1 ORDER BY 1",
    ]
    for query in queries {
      let view = Command.run(
        "sqlite3", ["-batch", "-readonly", logbook.database, query.replacing("§", with: "log")])
      let table = host.run(query.replacing("§", with: "log"), logbook.database)
      #expect(table.errorOutput == "")
      #expect(!view.output.isEmpty && table.output == view.output, "\(query)")
      let plan = host.run(
        "EXPLAIN QUERY PLAN " + query.replacing("§", with: "log"), logbook.database)
      #expect(plan.output.contains("VIRTUAL TABLE"), "\(plan.output)")
    }
  }

  @Test(arguments: Host.allCases)
  func `the functions and the hidden columns are there`(host: Host) {
    let logbook = Self.makeStore()
    let outcome = host.run(
      """
      SELECT json_extract(attributes, '$.stream'), file LIKE '%/docker.log' FROM log
      WHERE message REGEXP 'timeout(?= while)' AND regexpi('REDIS', message)
        AND source LIKE '%docker.log'
      """, logbook.database)
    #expect(outcome.output == "stderr|1\n", "\(outcome.errorOutput)")
  }

  @Test(arguments: Host.allCases)
  func `another program's database gets the functions and no log`(host: Host) {
    let scratch = Scratch()
    let database = scratch.file("other.db")
    _ = Command.run("sqlite3", [database, "CREATE TABLE t(x)"])
    #expect(host.run("SELECT 'abc' REGEXP '^a.c$'", database).output == "1\n")
    let outcome = host.run("SELECT count(*) FROM log", database)
    #expect(outcome.status != 0)
    #expect(outcome.errorOutput.contains("no such table: log"))
  }

  @Test(arguments: Host.allCases)
  func `a newer store, an older one and a file that is none are refused with a reason`(
    host: Host
  ) {
    let cases: [(make: (String) -> Void, reason: String)] = [
      (
        { _ = Command.run("sqlite3", [$0, "PRAGMA user_version = 99"]) },
        "the database has schema version 99"
      ),
      (
        {
          let older = "PRAGMA user_version = 1; DELETE FROM schema_migration WHERE rowid > 1"
          _ = Command.run("sqlite3", [$0, older])
        }, "logbook migrate"
      ),
      ({ _ = Command.run("sh", ["-c", "echo no database > '\($0)'"]) }, "not a database"),
    ]
    for (make, reason) in cases {
      let logbook = Self.makeStore()
      make(logbook.database)
      let outcome = host.run("SELECT 1", logbook.database)
      #expect(outcome.status != 0)
      #expect(outcome.errorOutput.contains(reason), "\(outcome.errorOutput)")
    }
  }

  @Test func `a connection sees what is ingested after it was opened`() {
    let logbook = Self.makeStore()
    let outcome = Command.run(
      "sqlite3",
      [
        "-batch", logbook.database, ".load \(LoadableExtension.path) \(LoadableExtension.entry)",
        "SELECT count(*) FROM log WHERE message LIKE '%brand new%'",
        ".shell echo '2026-03-03T00:00:00Z INFO brand new' > '\(logbook.scratch.file("new.log"))'",
        ".shell \(Logbook.binary) --db '\(logbook.database)' ingest '\(logbook.scratch.file("new.log"))' >/dev/null",
        "SELECT count(*) FROM log WHERE message LIKE '%brand new%'",
      ])
    #expect(outcome.output == "0\n1\n", "\(outcome.errorOutput)")
  }
}
