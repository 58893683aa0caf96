import TestSupport
import Testing

@Suite struct `Errors of a store` {
  private static let list =
    "SELECT id || ' ' || coalesce(type, '') || ' ' || title || ' ' || level || ' ' || status || ' ' || count || ' '"
    + " || first_seen || ' ' || last_seen AS error FROM errors ORDER BY id"
  private static let hours =
    "SELECT hour || ' ' || error || ' ' || sum(count) AS hours FROM error_count GROUP BY hour, error ORDER BY 1"

  private static func state(_ logs: LogFolder) -> [String] { logs.rows(list) + logs.rows(hours) }

  /// Reads when all files have been quiet for so long that no record is open.
  private static func ingest(_ logs: LogFolder, _ arguments: [String] = []) {
    logs.shell("touch -d '1 hour ago' *")
    let outcome = logs.run(["ingest", logs.path] + arguments)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errorOutput)")
  }

  private static func trace(_ second: Int, _ name: String) -> String {
    """
    \(LogFolder.time(second)) ERROR order \(second) failed
    Traceback (most recent call last):
      File "/srv/shop/orders.py", line \(second % 90), in \(name)
    KeyError: 'k\(second)'
    """
  }

  private static func records(_ count: Int, _ random: inout SeededRandom) -> [String] {
    (0..<count).map { index in
      let second = 1000 + index * 97
      let number = Int.random(in: 0..<100_000, using: &random)
      return [
        trace(second, ["price", "place", "ship"][number % 3]),
        "\(LogFolder.time(second)) ERROR timeout after \(number) ms",
        "\(LogFolder.time(second)) FATAL \(["disk", "heap"][number % 2]) full",
        "\(LogFolder.time(second)) INFO order \(number) shipped",
      ].randomElement(using: &random) ?? ""
    }
  }

  @Test(arguments: [1, 2] as [UInt64])
  func `do not depend on the order of files and the split into runs`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let all = Self.records(240, &random)
    func store(_ order: [Int], runs: Int) -> LogFolder {
      let logs = LogFolder()
      for run in 0..<runs {
        for file in order {
          let own = all.indices.filter { $0 % 4 == file && $0 * runs / all.count == run }
          logs.append("f\(file).log", records: own.map { all[$0] })
        }
        logs.shell("touch -d '1 hour ago' *")
        for file in order { logs.ingest(logs.file("f\(file).log"), "--source", "app") }
      }
      return logs
    }
    let whole = LogFolder()
    whole.append("app.log", records: all)
    whole.shell("touch -d '1 hour ago' *")
    whole.ingest()
    let expected = Self.state(whole)
    #expect(whole.value("SELECT count(*) FROM errors") == "6")
    #expect(Self.state(store([0, 1, 2, 3], runs: 10)) == expected)
    let shuffled = store([2, 0, 3, 1], runs: 1)
    #expect(Self.state(shuffled) == expected)
    shuffled.expectVerified()
  }

  @Test func `count each time that an error is written, and a copy in another file not`() {
    let logs = LogFolder()
    func record(_ micros: Int) -> String {
      #"{"timestamp":"2026-03-02T10:00:00.\#(100_000 + micros)","level":"ERROR","message":"boom"}"#
    }
    // Two equal records in one file are two events; another file has one more of one of them.
    logs.append("app.log", records: [record(1), record(1), record(2)])
    logs.append("app-error.log", records: [record(1), record(2), record(2), record(3)])
    logs.append("app-debug.log", records: [record(1)])
    // A time of milliseconds is no evidence.
    let coarse = #"{"timestamp":"2026-03-02T10:00:00.123Z","level":"ERROR","message":"bang"}"#
    logs.append("app.log", records: [coarse])
    logs.append("app-error.log", records: [coarse])
    Self.ingest(logs, ["--source", "app"])
    let counts = "SELECT title || ' ' || count FROM errors ORDER BY 1"
    #expect(logs.rows(counts) == ["bang 2", "boom 5"])
    #expect(logs.value("SELECT count(*) FROM error_events") == "7")
    #expect(logs.value("SELECT coalesce(sum(count), 0) FROM error_chunk") == "10")
    logs.expectVerified()
  }

  @Test func `stay with the sources that still have a copy`() {
    let logs = LogFolder()
    let record = #"{"timestamp":"2026-03-02T10:00:00.100001","level":"ERROR","message":"boom"}"#
    logs.append("a.log", records: [record])
    logs.append("b.log", records: [record, record])
    Self.ingest(logs)
    let counts =
      "SELECT s.name || ' ' || sum(c.count) FROM error_count c JOIN source s ON s.id = c.source GROUP BY s.name ORDER BY s.name"
    #expect(logs.value("SELECT count FROM errors") == "2")
    #expect(logs.rows(counts).map { $0.suffix(7) } == ["a.log 1", "b.log 1"])
    #expect(logs.run(["sources", "forget", logs.file("a.log")]).status == 0)
    #expect(logs.rows(counts).map { $0.suffix(7) } == ["b.log 2"])
    #expect(logs.value("SELECT count FROM errors") == "2")
    #expect(logs.run(["verify"]).status == 0)
    #expect(logs.run(["sources", "forget", logs.file("b.log")]).status == 0)
    let left =
      "SELECT (SELECT count(*) FROM error_chunk) + (SELECT count(*) FROM error_group)"
      + " + (SELECT count(*) FROM error_variant) + (SELECT count(*) FROM error_count)"
      + " + (SELECT count(*) FROM error_transition)"
    #expect(logs.value(left) == "0")
  }

  @Test func `come back when an event is later than all that was resolved`() {
    let logs = LogFolder()
    func boom(_ minute: Int) -> String { "2026-03-02T10:\(10 + minute):00Z ERROR boom \(minute)" }
    func status() -> String { logs.value("SELECT status || ' ' || count FROM errors") }
    logs.append("app.log", records: [boom(5), "2026-03-02T10:40:00Z INFO done"])
    Self.ingest(logs, ["--source", "app"])
    #expect(status() == "new 1")
    let id = logs.value("SELECT id FROM errors")
    let resolved = logs.run(["errors", "resolve", id, "--format", "csv"])
    #expect(resolved.status == 0, "\(resolved.errorOutput)")
    #expect(resolved.output.contains("resolved"))
    // Before the newest line of then, though after the error's last event.
    logs.append("old.log", records: [boom(25)])
    Self.ingest(logs, ["--source", "app"])
    #expect(status() == "resolved 2")
    logs.append("older.log", records: [boom(31)])
    Self.ingest(logs, ["--source", "app"])
    #expect(status() == "regressed 3")
    #expect(
      logs.rows("SELECT status || ' ' || coalesce(run, '-') FROM error_transitions ORDER BY id")
        == ["new 1", "resolved -", "regressed 3"])
    #expect(logs.run(["errors", "reopen", id]).status == 0)
    #expect(status() == "new 3")
    #expect(logs.run(["errors", "ignore", id, "--events", "2"]).status == 0)
    #expect(status() == "ignored 3")
    logs.append("old.log", records: [boom(26), boom(27)])
    Self.ingest(logs, ["--source", "app"])
    #expect(status() == "new 5")
  }

  @Test func `are new for a week, and escalate against the week before`() {
    let logs = LogFolder()
    func at(_ hour: Int, _ text: String) -> String {
      "\(LogFolder.time(hour * 3600 + 60)) \(text)"
    }
    let week = 24 * 8
    var records = (0..<week).flatMap { hour in [at(hour, "ERROR slow disk"), at(hour, "INFO on")] }
    records.insert(at(week - 30, "ERROR late"), at: 2 * (week - 30))
    logs.append("app.log", records: records)
    Self.ingest(logs)
    let statuses = "SELECT title || ' ' || status FROM errors ORDER BY 1"
    #expect(logs.rows(statuses) == ["late new", "slow disk ongoing"])
    logs.append("app.log", records: (0..<40).map { _ in at(week, "ERROR slow disk") })
    Self.ingest(logs)
    #expect(logs.rows(statuses) == ["late new", "slow disk escalating"])
    logs.append("app.log", records: [at(week + 2, "INFO on")])
    Self.ingest(logs)
    #expect(logs.rows(statuses) == ["late new", "slow disk ongoing"])
  }

  @Test func `that are merged stay one when they are read again`() {
    let logs = LogFolder()
    logs.append(
      "app.log",
      records: ["2026-03-02T10:00:00Z ERROR disk full", "2026-03-02T10:00:01Z ERROR no space"])
    Self.ingest(logs)
    let ids = logs.rows("SELECT id FROM errors ORDER BY title")
    #expect(logs.run(["errors", "merge", ids[0], ids[1]]).status == 0)
    let counts = "SELECT title || ' ' || count FROM errors ORDER BY 1"
    #expect(logs.rows(counts) == ["disk full 2"])
    logs.append("app.log", records: ["2026-03-02T10:00:02Z ERROR no space"])
    Self.ingest(logs)
    #expect(logs.rows(counts) == ["disk full 3"])
    #expect(logs.run(["search", "error:\(ids[1])", "--count"]).output == "3\n")
    let again = logs.run(["sources", "reingest", logs.file("app.log")])
    #expect(again.status == 0, "\(again.errorOutput)")
    #expect(logs.rows(counts) == ["disk full 3"])
    #expect(logs.run(["errors", "split", ids[1]]).status == 0)
    #expect(logs.rows(counts) == ["disk full 1", "no space 2"])
    #expect(logs.run(["errors", "split", ids[1]]).status == 1)
  }

  @Test func `wait for the end of an open record`() {
    let logs = LogFolder()
    logs.appendText("app.log", "2026-03-02T10:00:00Z ERROR half of")
    logs.ingest()
    #expect(logs.value("SELECT coalesce(sum(count), 0) FROM error_chunk") == "0")
    logs.appendText("app.log", " a message\n2026-03-02T10:00:01Z INFO next\n")
    logs.ingest()
    #expect(logs.rows("SELECT title FROM errors") == ["half of a message"])
    logs.appendText("app.log", "2026-03-02T10:00:02Z ERROR last\n")
    logs.ingest()
    #expect(logs.value("SELECT count(*) FROM errors") == "1")
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    #expect(logs.rows("SELECT title FROM errors ORDER BY 1") == ["half of a message", "last"])
    logs.expectVerified()
  }

  @Test func `say nothing any more of what was purged`() {
    let logs = LogFolder()
    logs.append(
      "app.log",
      records: [
        "2026-03-02T10:00:00Z ERROR no login for hunter", "2026-03-02T10:00:01Z ERROR disk full",
        "2026-03-02T10:00:02Z ERROR no login for hunter",
      ])
    Self.ingest(logs)
    let purged = logs.run(["purge", "--pattern", "hunter"])
    #expect(purged.status == 0, "\(purged.errorOutput)")
    #expect(
      logs.rows("SELECT title || ' ' || count FROM errors ORDER BY 1")
        == ["disk full 1", "no login for [redacted] 2"])
    #expect(logs.value("SELECT count(*) FROM error_variant WHERE text LIKE '%hunter%'") == "0")
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test(arguments: [
    ("10:00:10Z", "10:40Z", "2"), ("10:00:00Z", "10:00:01Z", "1"), ("10:10Z", "10:20Z", ""),
    ("10:30:00Z", "11:00Z", "1"), ("10:30:00Z", "11:00:01Z", "2"), ("09:59Z", "12:00Z", "5"),
  ])
  func `are counted from any moment to any other`(since: String, until: String, count: String) {
    let logs = LogFolder()
    let times = ["10:00:00", "10:00:10", "10:39:59", "11:00:00", "11:59:59"]
    logs.append("app.log", records: times.map { "2026-03-02T\($0)Z ERROR disk full" })
    Self.ingest(logs)
    let id = logs.value("SELECT id FROM errors")
    let range = ["--since", "2026-03-02T" + since, "--until", "2026-03-02T" + until]
    let list = logs.run(["errors", "list", "--format", "ndjson"] + range)
    #expect(list.status == 0, "\(list.errorOutput)")
    #expect(count.isEmpty ? list.output.isEmpty : list.output.contains(#""count":\#(count),"#))
    let stats = logs.run(["errors", "stats", "--format", "csv"] + range)
    #expect(stats.output.contains("total,,\(count.isEmpty ? "0" : count),"), "\(stats.errorOutput)")
    let show = logs.run(["errors", "show", id, "--format", "csv"] + range)
    #expect(show.status == 0, "\(show.errorOutput)")
    #expect(show.output.contains("level,error,,\(count)\n") == !count.isEmpty, "\(show.output)")
  }

  @Test(.timeLimit(.minutes(1)))
  func `that are equal are counted without looking at each of the others`() {
    let logs = LogFolder()
    let record = "2026-03-02T10:00:00.123456Z ERROR disk full"
    logs.append("a.log", records: Array(repeating: record, count: 15_000))
    Self.ingest(logs, ["--source", "app"])
    logs.append("b.log", records: Array(repeating: record, count: 20_000))
    logs.append("a.log", records: Array(repeating: record, count: 2_000))
    Self.ingest(logs, ["--source", "app"])
    #expect(logs.value("SELECT count FROM errors") == "20000")
    logs.expectVerified()
  }

  @Test(arguments: [
    // A time in the message is none of the line, and zeros are no microseconds.
    ("2026-03-02T10:00:00Z ERROR auth: token expired at 2026-03-01T00:00:00.123456Z", "2"),
    ("2026-03-02T10:00:00.123000Z ERROR out of memory", "2"),
    ("2026-03-02T10:00:00.000000Z ERROR out of memory", "2"),
    ("2026-03-02T10:00:00.123456Z ERROR out of memory", "1"),
    (
      #"{"time":"2026-03-02T10:00:00Z","level":"error","msg":"at 2026-03-01T00:00:00.123456Z"}"#,
      "2"
    ),
    (#"{"time":"2026-03-02T10:00:00.123456Z","level":"error","msg":"bad"}"#, "1"),
    (#"{"ts":1772445600.123456,"level":"error","msg":"bad"}"#, "1"),
  ])
  func `are copies by the time of their lines`(record: String, count: String) {
    let logs = LogFolder()
    logs.append("a.log", records: [record])
    logs.append("b.log", records: [record])
    Self.ingest(logs)
    #expect(logs.value("SELECT sum(count) FROM errors") == count)
  }

  @Test func `are taken out of the counts of the format in which they were read`() {
    let logs = LogFolder()
    func record(_ second: Int, _ level: String, _ text: String) -> String {
      #"{"log":"\#(text)\n","stream":"stderr","time":"2026-03-02T10:00:0\#(second).123456Z","level":"\#(level)"}"#
    }
    let equal =
      (1...3).map { record($0, "fatal", "ERROR cannot pay") }
      + (4...6).map { record($0, "info", "ok") }
    logs.append("a0.log", records: [record(0, "info", "ok")])
    logs.append("a1.log", records: equal)
    logs.append("b.log", records: equal)
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest("--as", "docker", "-s", "A", logs.file("a0.log"))
    logs.ingest("--as", "json", "-s", "B", logs.file("b.log"))
    logs.ingest("--as", "docker", "-s", "A", logs.file("a0.log"), logs.file("a1.log"))
    #expect(logs.value("SELECT sum(count) || ' ' || min(count) FROM error_count") == "3 3")
    #expect(logs.value("SELECT sum(count) FROM errors") == "3")
    let verified = logs.run(["verify"])
    #expect(verified.status == 0, "\(verified.output)")
  }

  /// A store as it was before there were errors.
  private static func makeOld(_ logs: LogFolder) {
    let objects = logs.rows(
      "SELECT type || ' ' || name FROM sqlite_schema WHERE name LIKE 'error%' AND type IN ('view', 'table') ORDER BY type DESC"
    )
    let script =
      objects.map { "DROP \($0);" }.joined()
      + "DELETE FROM schema_migration WHERE name = 'v0003_errors'; PRAGMA user_version = 2"
    let outcome = Command.run("sqlite3", [logs.logbook.database, script])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
  }

  @Test(arguments: [["migrate"], ["ingest"]])
  func `of lines that an older version stored are found`(command: [String]) {
    var random = SeededRandom(seed: 7)
    let logs = LogFolder()
    for name in ["a.log", "b.log"] { logs.append(name, records: Self.records(100, &random)) }
    Self.ingest(logs)
    let expected = Self.state(logs)
    Self.makeOld(logs)
    let outcome = logs.run(command + (command == ["ingest"] ? [logs.path] : []))
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    #expect(Self.state(logs) == expected)
    #expect(logs.value("SELECT count(*) FROM error_pending") == "0")
    logs.expectVerified()
  }

  @Test func `resolve themselves when they have been quiet for as long as is said`() {
    let logs = LogFolder()
    logs.append(
      "app.log",
      records: [
        "2026-03-01T10:00:00Z ERROR disk full", "2026-03-10T10:00:00Z ERROR no route",
        "2026-03-15T10:00:00Z INFO fine",
      ])
    Self.ingest(logs)
    let statuses = "SELECT title || ' ' || status FROM errors ORDER BY title"
    let quiet = ["errors", "resolve", "--quiet", "14d", "--format", "ndjson"]
    #expect(logs.run(quiet).output.contains(#""title":"disk full""#))
    #expect(logs.rows(statuses) == ["disk full resolved", "no route new"])
    let again = logs.run(quiet)
    #expect(again.status == 0 && again.output.isEmpty)
    logs.append("app.log", records: ["2026-03-16T10:00:00Z ERROR disk full"])
    Self.ingest(logs)
    #expect(logs.rows(statuses) == ["disk full regressed", "no route new"])
    let nothing = logs.run(["errors", "resolve"])
    #expect(nothing.status == 2)
  }

  @Test func `stand where their lines do, also of a record that was open while others came`() {
    let logs = LogFolder()
    logs.append(
      "a.log",
      records: ["2026-03-02T10:00:00Z INFO start", "2026-03-02T10:00:01Z ERROR cannot pay"])
    logs.append(
      "b.log", records: ["2026-03-02T10:00:05Z ERROR disk full", "2026-03-02T10:00:06Z INFO ok"])
    #expect(logs.run(["ingest", logs.path, "--source", "S"]).status == 0)
    Self.ingest(logs, ["--source", "S"])
    #expect(logs.rows("SELECT title FROM errors ORDER BY title") == ["cannot pay", "disk full"])
    #expect(logs.run(["verify"]).status == 0)
    #expect(logs.run(["purge", "--pattern", "disk"]).status == 0)
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test func `are read anew where they are damaged`() {
    let logs = LogFolder()
    let line = "2026-03-02T10:00:00.123456Z ERROR cannot pay"
    logs.append("a.log", records: [line, "2026-03-02T10:00:01Z ERROR disk full"])
    logs.append("b.log", records: [line])
    Self.ingest(logs)
    let script = "UPDATE error_chunk SET data = x'00' WHERE first_id >> 36 = 1"
    #expect(Command.run("sqlite3", [logs.logbook.database, script]).status == 0)
    #expect(logs.run(["verify"]).status == 1)
    let outcome = logs.run(["sources", "reingest", logs.file("a.log")])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    #expect(logs.run(["verify"]).status == 0)
    #expect(
      logs.rows("SELECT title || ' ' || count FROM errors ORDER BY 1") == [
        "cannot pay 1", "disk full 1",
      ])
  }

  @Test func `of a source that was not looked at yet are told from damage`() {
    let logs = LogFolder()
    logs.append("a.log", records: ["2026-03-02T10:00:00Z ERROR disk full"])
    Self.ingest(logs)
    let script = """
      INSERT INTO error_pending SELECT id FROM source; DELETE FROM error_chunk; DELETE FROM error_chunk_variant; DELETE FROM error_variant;
      DELETE FROM error_group; DELETE FROM error_count
      """
    #expect(Command.run("sqlite3", [logs.logbook.database, script]).status == 0)
    let verified = logs.run(["verify"])
    #expect(verified.status == 0)
    #expect(verified.output.contains("1 source of an older version not looked at yet"))
    #expect(logs.run(["errors"]).errorOutput.contains("run 'logbook migrate'"))
    #expect(logs.run(["migrate"]).status == 0)
    #expect(logs.value("SELECT count FROM errors") == "1")
    #expect(logs.run(["errors"]).errorOutput.isEmpty)
    logs.expectVerified()
  }

  @Test(arguments: [([], "1"), (["--source", "nowhere"], "0"), (["--level", "fatal"], "0")])
  func `count sessions of the same events`(filter: [String], count: String) {
    let logs = LogFolder()
    let usage = #""usage":{"prompt_tokens":5,"completion_tokens":9}"#
    logs.append(
      "app.log",
      records: [
        #"2026-03-02T10:00:00Z ERROR {"id":"chatcmpl-1","session_id":"s1","model":"gpt-4o",\#(usage)}"#
      ])
    Self.ingest(logs)
    let stats = logs.run(["errors", "stats", "--format", "csv"] + filter)
    #expect(stats.output.contains("sessions,,\(count),"), "\(stats.output)")
  }

  @Test func `keep no frames of what was purged`() {
    let logs = LogFolder()
    logs.append(
      "app.log",
      records: [
        #"{"time":"2026-03-02T10:00:00Z","level":"error","fingerprint":["shop"],"msg":"no","stack":"ValueError: bad\n    at hunterfn (/app/x.js:1:2)\n    at main (/app/y.js:3:4)"}"#
      ])
    Self.ingest(logs)
    #expect(logs.run(["purge", "--pattern", #"hunter\w*"#]).status == 0)
    #expect(!logs.run(["errors", "--format", "json"]).output.contains("hunter"))
    let dump = Command.run("sqlite3", [logs.logbook.database, ".dump error%"])
    #expect(dump.output.contains("shop") || dump.output.contains("error_group"))
    #expect(!dump.output.contains("hunter"), "\(dump.output)")
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test func `have no status by the time at which a file was written`() {
    let logs = LogFolder()
    func at(_ hour: Int, _ text: String) -> String { "\(LogFolder.time(hour * 3600)) \(text)" }
    let status = "SELECT title || ' ' || status FROM errors ORDER BY title"
    logs.append("app.log", records: [at(1, "ERROR disk full")])
    Self.ingest(logs)
    #expect(logs.rows(status) == ["disk full new"])
    logs.append("raw.txt", records: ["hello there", "no time in here"])
    Self.ingest(logs)
    #expect(logs.rows(status) == ["disk full new"])
    let id = logs.value("SELECT id FROM errors")
    #expect(logs.run(["errors", "resolve", id]).status == 0)
    #expect(logs.rows(status) == ["disk full resolved"])
    logs.append("app.log", records: [at(3, "ERROR disk full")])
    Self.ingest(logs)
    #expect(logs.rows(status) == ["disk full regressed"])
  }

  @Test func `stay decided when another source goes while they are read again`() throws {
    let logs = LogFolder()
    logs.append(
      "a.log",
      records: ["2026-03-02T10:00:00Z ERROR disk full", "2026-03-02T10:00:01Z ERROR no space"])
    logs.append("b.log", records: ["2026-03-02T10:00:00Z ERROR no login for hunter"])
    Self.ingest(logs)
    let ids = logs.rows("SELECT id FROM errors WHERE title NOT LIKE '%login%' ORDER BY title")
    #expect(logs.run(["errors", "merge", ids[0], ids[1]]).status == 0)
    #expect(logs.run(["errors", "resolve", ids[0]]).status == 0)
    // As a run that was killed behind the forgetting: the lines are away, and no file is to be read.
    logs.shell("mv a.log away")
    _ = logs.run(["sources", "reingest", logs.file("a.log"), "--drop-missing"])
    logs.shell("mv away a.log")
    #expect(logs.value("SELECT count(*) FROM error_chunk WHERE first_id >> 36 = 1") == "0")
    #expect(logs.run(["purge", "--pattern", "hunter"]).status == 0)
    #expect(logs.run(["sources", "forget", logs.file("b.log")]).status == 0)
    Self.ingest(logs)
    let list = "SELECT title || ' ' || count || ' ' || status FROM errors WHERE title LIKE 'disk%'"
    #expect(logs.rows(list) == ["disk full 2 resolved"])
  }

  @Test func `are as they were when a merge is taken back`() {
    let logs = LogFolder()
    logs.append(
      "app.log",
      records: ["one", "two", "three"].map { "2026-03-02T10:00:00Z ERROR \($0) failed" })
    Self.ingest(logs)
    let statuses = "SELECT title || ' ' || count || ' ' || status FROM errors ORDER BY title"
    let ids = logs.rows("SELECT id FROM errors ORDER BY title")  // one, three, two
    func run(_ arguments: String..., status: Int32 = 0) {
      let outcome = logs.run(["errors"] + arguments)
      #expect(outcome.status == status, "\(arguments) \(outcome.errorOutput)")
    }
    run("resolve", ids[1])
    run("merge", ids[1], ids[2])
    run("merge", ids[0], ids[1])
    #expect(logs.rows(statuses) == ["one failed 3 new"])
    run("merge", ids[0], ids[2], status: 1)
    run("merge", ids[0], ids[0], status: 1)
    run("split", ids[1])
    #expect(logs.rows(statuses) == ["one failed 1 new", "three failed 2 resolved"])
    run("split", ids[1])
    #expect(
      logs.rows(statuses) == ["one failed 1 new", "three failed 1 resolved", "two failed 1 new"])
  }

  @Test(arguments: [[1, 2, 3], [1, 3]])
  func `are ignored until they have escalated once`(runs: [Int]) {
    let logs = LogFolder()
    func at(_ hour: Int, _ text: String) -> String {
      "\(LogFolder.time(hour * 3600 + 60)) \(text)"
    }
    let parts = [
      (0..<48).map { at($0, "ERROR slow disk") },
      (0..<40).map { _ in at(48, "ERROR slow disk") },
      (49..<60).map { at($0, "INFO on") },
    ]
    var next = 0
    var statuses: [String] = []
    for run in runs {
      logs.append("app.log", records: Array(parts[next..<run].joined()))
      Self.ingest(logs)
      if next == 0 {
        let id = logs.value("SELECT id FROM errors")
        #expect(logs.run(["errors", "ignore", id, "--until-escalating"]).status == 0)
      }
      next = run
      statuses.append(logs.value("SELECT status FROM errors"))
    }
    #expect(statuses == (runs.count == 3 ? ["ignored", "escalating", "new"] : ["ignored", "new"]))
  }

  @Test func `are summed up whenever a purge is killed`() throws {
    let faults = try #require(FaultInjection.shared)
    let logs = LogFolder()
    for file in 10..<30 {
      logs.append(
        "f\(file).log",
        records: (0..<3).map { "2026-03-02T10:0\($0):\(file)Z ERROR no login for hunter" })
    }
    Self.ingest(logs)
    let database = logs.logbook.database
    func copy(_ from: String, _ to: String) {
      #expect(Command.run("/bin/cp", [from, to]).status == 0)
      _ = Command.run("/bin/rm", ["-f", database + "-wal", database + "-shm"])
    }
    copy(database, database + ".before")
    let purge = ["purge", "--pattern", "hunter"]
    let report = logs.logbook.scratch.file("report")
    #expect(logs.run(purge, environment: faults.environment(report: report)).status == 0)
    let calls = try #require(FaultInjection.report(report)).calls
    #expect(logs.rows("SELECT title || ' ' || count FROM errors") == ["no login for [redacted] 60"])
    for call in stride(from: calls / 3, to: calls, by: max(1, calls / 24)) {
      copy(database + ".before", database)
      _ = logs.run(purge, environment: faults.environment(.kill, at: call))
      let verified = logs.run(["verify"])
      #expect(verified.status == 0, "call \(call) of \(calls): \(verified.output)")
    }
  }

  @Test(arguments: [
    (
      "UPDATE error_chunk SET data = CAST('[[0,1,0]]' AS BLOB), size = 9, count = 1, last_id = first_id",
      "line 68719476738 (source "
    ),
    (
      "UPDATE error_chunk SET min_us = min_us + 1, max_us = max_us + 1",
      "the error of line 68719476737 (source "
    ),
    ("UPDATE error_chunk SET max_us = max_us + 1", "a chunk of events is not what it says"),
    (
      "UPDATE error_chunk SET data = CAST('[]' AS BLOB), size = 2",
      "the errors from line 68719476737 on"
    ),
    (
      "DELETE FROM error_chunk_variant WHERE variant = 1", "a chunk has other texts than its events"
    ),
    ("UPDATE error_variant SET text = 'x'", "the error of line 68719476737 (source "),
    ("UPDATE error_count SET count = count + 1", "the counts by hour are not "),
    ("UPDATE error_group SET last_us = last_us + 1", "a group is not the sum of its events"),
    ("UPDATE error_group SET title = 'x'", "a group's title is not "),
    ("UPDATE error_group SET type = 'x'", "a group's title is not "),
    (
      """
      UPDATE error_chunk SET data = CAST('[[0,1,0,1],[1,2,1]]' AS BLOB), size = 19;
      DELETE FROM error_chunk_variant WHERE variant = 1;
      DELETE FROM error_count WHERE error = (SELECT error FROM error_variant WHERE id = 1);
      UPDATE error_group SET count = 0 WHERE id = (SELECT error FROM error_variant WHERE id = 1)
      """, "an event is not a copy as its equals make it"
    ),
    ("UPDATE error_group SET frames = '[\"x\"]'", "the frames of error "),
    (
      """
      UPDATE error_chunk SET data = CAST('[[0,1,0],[1,2,1],[1,1,0]]' AS BLOB), size = 25, count = 3,
        last_id = last_id + 1
      """,
      "line 68719476739 (source "
    ),
  ])
  func `verify finds an error that is not what its line shows`(_ damage: String, _ finding: String)
  {
    let logs = LogFolder()
    logs.append(
      "app.log",
      records: [
        "2026-03-02T10:00:00Z ERROR one", "2026-03-02T10:00:01Z ERROR two",
        "2026-03-02T10:00:01Z INFO three",
      ])
    Self.ingest(logs)
    #expect(logs.run(["verify"]).status == 0)
    let script = Command.run("sqlite3", [logs.logbook.database, damage])
    #expect(script.status == 0, "\(script.errorOutput)")
    let outcome = logs.run(["verify", "--format", "ndjson"])
    #expect(outcome.status == 1)
    #expect(
      outcome.output.contains(#"{"check":"errors","ok":false,"detail":"\#(finding)"#),
      "\(outcome.output)")
  }
}

/// The origin's own logger wrote each event into up to six files.
@Suite(.enabled(if: Repository.data != nil, "the shared test data is absent"))
struct OriginErrorTests {
  @Test(arguments: [["1688sync.log"], [""], ["", "--source", "one"]])
  func `three times boom, five KeyErrors, and one error that was written once`(
    _ arguments: [String]
  ) throws {
    let data = try #require(Repository.data) + "/1688sync/"
    let logs = LogFolder()
    let outcome = logs.run(["ingest", data + arguments[0]] + arguments.dropFirst())
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    #expect(
      logs.rows("SELECT type || ' ' || count || ' ' || culprit FROM errors ORDER BY count DESC")
        == ["KeyError 5 t:<module>", "ValueError 3 t:<module>", "ValueError 1 t:same"])
    let id = logs.value("SELECT id FROM errors WHERE count = 3")
    let found = logs.run(["search", "error:\(id)", "--format", "ndjson"])
    #expect(found.output.split(separator: "\n").count == 3)
    #expect(found.output.split(separator: "\n").allSatisfy { $0.contains("boom ") })
    #expect(logs.run(["verify"]).status == 0)
  }
}
