import TestSupport
import Testing

/// What is old goes, what is younger stays, and the files are read on as if nothing had happened.
@Suite struct `Pruning of old lines` {
  /// So many lines, one each second, of which every hundredth is an error and every fiftieth a turn.
  private static func append(_ count: Int, to logs: LogFolder, _ name: String = "app.log") {
    logs.append(
      name,
      records: (0..<count).map { number in
        switch number % 100 {
        case 7: logs.line("it broke", level: "ERROR")
        case 20, 70: logs.usageLine()
        default: logs.line()
        }
      })
  }

  private static let left = "SELECT count(*) || ' ' || coalesce(min(time), '-') AS c FROM log"
  private static let counts =
    "SELECT (SELECT sum(count) FROM skeleton_count) || ' ' || (SELECT sum(count) FROM skeleton_hour) || ' '"
    + " || (SELECT sum(count) FROM pattern) || ' ' || (SELECT sum(count) FROM line_count) || ' '"
    + " || (SELECT count(*) FROM turn) AS c"

  @discardableResult
  private static func prune(
    _ logs: LogFolder, _ arguments: String..., status: Int32 = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> String {
    let outcome = logs.run(["prune", "--format", "csv"] + arguments)
    #expect(outcome.status == status, "\(outcome.errorOutput)", sourceLocation: sourceLocation)
    return outcome.output.split(separator: "\n").last.map(String.init) ?? ""
  }

  @Test func `whole chunks go, a younger line never, and nothing is read again`() {
    let logs = LogFolder()
    Self.append(10_000, to: logs)
    logs.ingest()
    let before = logs.value(Self.counts)
    let time = LogFolder.time(1000 + 9000)
    let dry = Self.prune(logs, "--older-than", time, "--dry-run")
    #expect(dry.hasPrefix("8192,2,0,0,"))
    #expect(Self.prune(logs, "--older-than", time).hasPrefix("8192,2,0,0,"))
    #expect(logs.value(Self.left) == "1808 \(LogFolder.time(1000 + 8193).dropLast())000Z")
    #expect(logs.value(Self.counts) == before)
    #expect(Self.prune(logs, "--older-than", time) == "0,0,0,0,0,0,0")
    logs.expectVerified()
    #expect(logs.run(["verify"]).output.contains("and 8192 pruned"))
    let state = logs.databaseState()
    #expect(logs.ingest().output == "nothing new\n")
    #expect(logs.databaseState() == state)
    Self.append(10, to: logs)
    logs.ingest()
    logs.shell("mv app.log app.log.1")
    Self.append(5, to: logs)
    logs.ingest()
    logs.shell("gzip app.log.1; touch -d '1 hour ago' app.log")
    logs.ingest()
    #expect(logs.value("SELECT count(*) FROM log") == "1823")
    logs.expectVerified()
    #expect(logs.derivedDifference(pruned: true) == nil)
  }

  @Test func `errors stay where they were`() {
    let logs = LogFolder()
    Self.append(10_000, to: logs)
    logs.ingest()
    let errors = "SELECT id || message AS m FROM log WHERE level = 'error' ORDER BY id"
    let before = (logs.rows(errors), logs.value(Self.counts))
    let time = LogFolder.time(1000 + 9000)
    let dry = Self.prune(logs, "--older-than", time, "--keep-errors", "--dry-run")
    let pruned = Self.prune(logs, "--older-than", time, "--keep-errors")
    #expect(pruned.hasPrefix("8110,0,0,0,") && dry.hasPrefix("8110,0,0,0,"), "\(dry) \(pruned)")
    #expect(logs.rows(errors) == before.0)
    #expect(logs.value(Self.counts) == before.1)
    #expect(logs.value("SELECT count(*) FROM log") == "1890")
    let shell = Command.run(
      "sqlite3",
      ["-readonly", logs.logbook.database, "SELECT count(*), sum(level = 'error') FROM log"])
    #expect(shell.output == "1890|100\n")
    logs.expectVerified()
    #expect(Self.prune(logs, "--older-than", time, "--keep-errors") == "0,0,0,0,0,0,0")
    #expect(Self.prune(logs, "--older-than", time).hasPrefix("82,2,0,0,"))
    logs.expectVerified()
  }

  @Test func `counts go when their lines are gone, and turns by their own age`() {
    let logs = LogFolder()
    Self.append(20_000, to: logs)
    logs.ingest()
    let (early, late) = (LogFolder.time(3600), LogFolder.time(1000 + 17_000))
    #expect(Self.prune(logs, "--rollups-older-than", late).hasPrefix("0,0,0,0,"))
    Self.prune(logs, "--older-than", late, "--keep-errors")
    #expect(Self.prune(logs, "--rollups-older-than", early).hasPrefix("0,0,2573,0,"))
    logs.expectVerified()
    #expect(Self.prune(logs, "--sessions-older-than", early).hasPrefix("0,0,0,52,"))
    logs.expectVerified()
    #expect(logs.value("SELECT count(*) FROM turn") == "348")
    #expect(logs.value("SELECT sum(lines) FROM volume WHERE level = 'error'") == "200")
    Self.prune(logs, "--older-than", late)
    #expect(Self.prune(logs, "--rollups-older-than", late).split(separator: ",")[2] == "10826")
    logs.expectVerified()
    Self.append(3, to: logs)
    logs.ingest()
    logs.expectVerified()
    #expect(logs.run(["sources", "forget", logs.value("SELECT name FROM source")]).status == 0)
    logs.expectVerified()
    logs.ingest()
    #expect(logs.stored() == logs.expected)
    logs.expectVerified()
  }

  @Test func `a turn of a line that is stored may be gone`() {
    let logs = LogFolder()
    Self.append(300, to: logs)
    logs.ingest()
    #expect(Self.prune(logs, "--sessions-older-than", LogFolder.time(1150)).hasPrefix("0,0,0,3,"))
    logs.expectVerified()
    Self.append(100, to: logs)
    logs.ingest()
    #expect(logs.value("SELECT count(*) FROM turn") == "5")
    logs.expectVerified()
  }

  @Test(arguments: [[], ["--keep-errors"]])
  func `the oldest go until the file is small enough, counts too`(_ options: [String]) {
    let logs = LogFolder()
    logs.append(
      "app.log",
      records: (0..<40_000).map { number in
        "\(LogFolder.time(number * 60)) \(number % 50 == 0 ? "ERROR" : "INFO") job \(number) \(number * 7919 % 10_007)"
      })
    logs.ingest()
    let size = 1 << 20
    let outcome = logs.run(["prune", "--max-size", "1MiB"] + options)
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    let bytes = Int(logs.shell("stat -c %s ../logbook.db").output.dropLast()) ?? 0
    #expect((size / 2...size).contains(bytes))
    #expect((Int(logs.value("SELECT count(*) FROM log")) ?? 0) > 4000)
    #expect(
      logs.value("SELECT max(time) FROM log") == "\(LogFolder.time(39_999 * 60).dropLast())000Z")
    logs.expectVerified()
    #expect(logs.ingest().output == "nothing new\n")
  }

  @Test func `the configuration is followed by each run`() throws {
    let faults = try #require(FaultInjection.shared)
    let logs = LogFolder()
    logs.logbook.scratch.append(
      "logbook.yaml",
      "retention: {lines: 2h, rollups: 3d, keep_errors: true}\nsources: [{name: app, path: logs}]\n"
    )
    Self.append(10_000, to: logs)
    // 2026-01-01T03:50: the first chunk ends at 01:24, the second at 02:33.
    let clock = faults.environment(clock: 1_767_225_600 + 3 * 3600 + 50 * 60)
    let first = logs.run(["ingest", "--format", "json"], environment: clock)
    #expect(
      first.output.contains(#""pruned":{"lines":4055,"chunks":0,"counts":0,"turns":0,"events":0,"#),
      "\(first.output)")
    logs.expectVerified()
    let later = faults.environment(clock: 1_767_225_600 + 30 * 86_400)
    Self.append(1, to: logs)
    let text = logs.run(["ingest"], environment: later).output
    #expect(text.contains("pruned 5845 lines, counts of "), "\(text)")
    let state = logs.databaseState()
    #expect(logs.run(["ingest"], environment: later).output == "nothing new\n")
    #expect(logs.databaseState() == state)
    #expect(logs.value("SELECT count(*) FROM log WHERE level = 'error'") == "100")
    logs.expectVerified()
    #expect(logs.run(["prune"], environment: later).status == 0)
  }

  @Test func `a file that loses lines at its end after pruning is not read again`() {
    let logs = LogFolder()
    logs.append("app.log", 6000)
    logs.ingest()
    Self.prune(logs, "--older-than", LogFolder.time(1000 + 5000))
    #expect(logs.value("SELECT count(*) FROM log") == "1904")
    for lines in [5990, 5000, 3000, 2990] {
      logs.shell("head -\(lines) app.log > ../left; mv ../left app.log")
      logs.ingest()
      #expect(logs.value("SELECT count(*) FROM log") == "1904", "\(lines) lines left")
      logs.expectVerified()
    }
    logs.append("app.log", 5)
    logs.ingest()
    #expect(logs.value("SELECT count(*) FROM log") == "1909")
    logs.expectVerified()
  }

  @Test(arguments: [FaultInjection.Fault.kill, .lasting(28)])
  func `whatever call it dies at, the store is whole and the same command goes on`(
    _ fault: FaultInjection.Fault
  ) throws {
    let faults = try #require(FaultInjection.shared)
    var random = SeededRandom(seed: Seed.value)
    let logs = LogFolder()
    Self.append(9000, to: logs)
    logs.ingest()
    logs.shell("cp ../logbook.db ../before.db")
    let time = LogFolder.time(1000 + 8900)
    let arguments = [
      "prune", "--older-than", time, "--rollups-older-than", time, "--sessions-older-than", time,
    ]
    let report = logs.logbook.scratch.file("report")
    var call = 0
    var isReached = true
    var failures = 0
    while isReached {
      call += 1 + Int(random.next() % 9)
      logs.shell("cd ..; rm -f logbook.db-wal logbook.db-shm report; cp before.db logbook.db")
      let broken = logs.run(
        arguments, environment: faults.environment(fault, at: call, report: report))
      isReached = FaultInjection.report(report).map { $0.faults > 0 } ?? true
      guard broken.status != 0 else { continue }
      failures += 1
      let verified = logs.run(["verify"])
      #expect(verified.status == 0, "call \(call), seed \(Seed.value): \(verified.output)")
      #expect(logs.run(arguments).status == 0)
      #expect(logs.value("SELECT count(*) FROM log") == "808")
      #expect(logs.value("SELECT count(*) FROM turn") == "2")
      #expect(logs.run(["verify"]).status == 0, "call \(call), seed \(Seed.value)")
    }
    #expect(failures > 10)
  }

  @Test func `what cannot be pruned is said in one line`() {
    let logs = LogFolder()
    let none = logs.run(["prune", "--older-than", "1d"])
    #expect(none.status == 74 && none.errorOutput.hasPrefix("logbook: "), "\(none.errorOutput)")
    logs.append("app.log", 3)
    logs.ingest()
    for (arguments, text) in [
      ([], "nothing says what is to go"), (["--older-than", "soon"], "soon"),
      (["--max-size", "0"], "0"),
    ] {
      let outcome = logs.run(["prune"] + arguments)
      #expect(outcome.status == 2 && outcome.errorOutput.contains(text), "\(outcome.errorOutput)")
    }
    let unknown = logs.run(["prune", "--older-than", "1d", "--source", "elsewhere"])
    #expect(unknown.status != 0 && unknown.errorOutput.contains("elsewhere"))
  }

  @Test func `a kind of line that one source counts no more is still one of those of the others`() {
    let logs = LogFolder()
    let words = ["alpha", "beta", "gamma", "delta"]
    let texts = words.map { "\(LogFolder.time(2 * 86_400)) INFO job \($0) is done" }
    logs.append("a.log", records: texts)
    let old = "\(LogFolder.time(0)) INFO job alpha is done"
    logs.append("b.log", records: [old, "\(LogFolder.time(1)) ERROR job beta is done"])
    logs.shell("touch -d '1 hour ago' *")
    #expect(logs.run(["ingest", logs.path]).status == 0)
    let patterns = "SELECT group_concat(text || ' ' || count) FROM pattern"
    #expect(logs.value(patterns) == "job <*> is done 6")
    let time = LogFolder.time(86_400)
    let arguments = ["prune", "--older-than", time, "--rollups-older-than", time, "--keep-errors"]
    #expect(logs.run(arguments).status == 0)
    #expect(logs.value(patterns) == "job <*> is done 5")
    logs.expectVerified()
  }
}
