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
    #expect(logs.value("SELECT count(*) FROM error_event") == "10")
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
      "SELECT (SELECT count(*) FROM error_event) + (SELECT count(*) FROM error_group)"
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
    records.append(at(week - 30, "ERROR late"))
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
    #expect(logs.value("SELECT count(*) FROM error_event") == "0")
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
    ("DELETE FROM error_event WHERE log_id % 2 = 0", "line 68719476738 (source "),
    ("UPDATE error_event SET time_us = time_us + 1", "the error of line 68719476737 (source "),
    ("UPDATE error_variant SET text = 'x'", "the error of line 68719476737 (source "),
    ("UPDATE error_count SET count = count + 1", "the counts by hour are not "),
    ("UPDATE error_group SET last_us = last_us + 1", "a group is not the sum of its events"),
    ("UPDATE error_group SET title = 'x'", "a group's title is not "),
    (
      "INSERT INTO error_event(log_id, variant, time_us) VALUES(68719476739, 1, 0)",
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
