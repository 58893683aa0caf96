import TestSupport
import Testing

/// Events of errors and samples of metrics have ages of their own.
@Suite struct `Pruning of events and samples` {
  private static let day = 86_400

  /// Ten days of an error each hour, of which the first is the only one of its kind, and a line that is none.
  private static func logs() -> LogFolder {
    let logs = LogFolder()
    logs.configuration = """
      metrics: [{name: lines, pattern: ' ', step: 1h}, {name: took, pattern: 'took (\\d+)', function: histogram, step: 1h, labels: {of: 'of (\\w+)'}}]
      sources: [{name: app, path: logs/app.log}]
      """
    logs.append(
      "app.log",
      records: (0..<240).flatMap { hour in
        let time = LogFolder.time(hour * 3600 + 60)
        let text = hour == 0 ? "cannot pay" : "disk full"
        return ["\(time) ERROR \(text)", "\(time) INFO took \(hour) of d\(hour / 24)"]
      })
    return logs
  }

  /// So long after the last line that its record is none that goes on.
  private static func ingest(_ logs: LogFolder, _ arguments: String...) {
    logs.shell("touch -d '1 hour ago' *")
    let outcome = logs.run(["ingest"] + arguments)
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
  }

  private static func prune(_ logs: LogFolder, _ arguments: String...) -> String {
    let outcome = logs.run(["prune", "--format", "csv"] + arguments)
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    return outcome.output.split(separator: "\n").last.map(String.init) ?? ""
  }

  private static let groups =
    "SELECT group_concat(text, ', ') FROM (SELECT title || ' ' || count || ' ' || first_seen AS text FROM errors ORDER BY 1)"

  @Test func `events go by their age, and an error with its last one`() {
    let logs = Self.logs()
    Self.ingest(logs)
    let time = LogFolder.time(5 * Self.day)
    for arguments in [["--dry-run"], []] {
      let outcome = logs.run(["prune", "--format", "csv", "--errors-older-than", time] + arguments)
      #expect(outcome.output.contains("\n0,0,0,0,120,0,"), "\(outcome.output)")
    }
    #expect(logs.value("SELECT count(*) FROM error_events") == "120")
    #expect(logs.value("SELECT min(time) FROM error_events") >= time)
    #expect(logs.value("SELECT group_concat(text) FROM error_variant") == "disk full")
    // It keeps the time of its first one.
    #expect(logs.value(Self.groups) == "disk full 120 2026-01-01T01:01:00.000000Z")
    #expect(logs.value("SELECT count(*) || ' ' || sum(count) FROM error_count") == "120 120")
    logs.expectVerified()
    #expect(Self.prune(logs, "--errors-older-than", time) == "0,0,0,0,0,0,0")

    logs.append("app.log", records: ["\(LogFolder.time(6 * Self.day)) ERROR cannot pay"])
    Self.ingest(logs)
    #expect(logs.value("SELECT count FROM errors WHERE title = 'cannot pay'") == "1")
    logs.expectVerified()
    #expect(logs.run(["sources", "reingest", "app"]).status == 0)
    #expect(logs.value("SELECT sum(count) FROM error_group") == "241")
    logs.expectVerified()
  }

  @Test func `an error was last seen in the latest event that is left`() {
    let logs = Self.logs()
    Self.ingest(logs)
    logs.append("other.log", records: ["\(LogFolder.time(10 * Self.day)) ERROR disk full"])
    Self.ingest(logs, logs.file("other.log"), "--source", "other")
    _ = Self.prune(logs, "--errors-older-than", LogFolder.time(5 * Self.day))
    let last = "SELECT last_seen FROM errors WHERE title = 'disk full'"
    #expect(logs.value(last) == "2026-01-11T00:00:00.000000Z")
    #expect(logs.run(["sources", "forget", "other"]).status == 0)
    #expect(logs.value(last) == "2026-01-10T23:01:00.000000Z")
    logs.expectVerified()
    let pattern = LogFolder.time(239 * 3600 + 60) + " ERROR disk \\Kfull"
    #expect(logs.run(["purge", "--pattern", pattern]).status == 0)
    #expect(logs.value(last) == "2026-01-10T22:01:00.000000Z")
    logs.expectVerified()
  }

  @Test func `what somebody has said of an error outlives its events`() {
    let logs = Self.logs()
    Self.ingest(logs)
    let id = logs.value("SELECT id FROM errors WHERE title = 'cannot pay'")
    #expect(logs.run(["errors", "resolve", id]).status == 0)
    _ = Self.prune(logs, "--errors-older-than", LogFolder.time(9 * Self.day))
    #expect(logs.value("SELECT count(*) FROM errors WHERE id = \(id)") == "0")
    logs.expectVerified()
    logs.append("app.log", records: ["\(LogFolder.time(11 * Self.day)) ERROR cannot pay"])
    Self.ingest(logs)
    #expect(logs.value("SELECT status || count FROM errors WHERE id = \(id)") == "regressed1")
    logs.expectVerified()
  }

  @Test func `an error that escalated while it was ignored does not fall asleep again`() {
    let logs = LogFolder()
    func burst(_ hours: Range<Int>, _ count: Int) {
      logs.append(
        "app.log",
        records: hours.flatMap { hour in
          (0..<count).map { "\(LogFolder.time(hour * 3600 + $0)) ERROR disk full" }
        })
    }
    logs.configuration = "sources: [{name: app, path: logs/app.log}]\n"
    burst(0..<200, 5)
    Self.ingest(logs)
    let id = logs.value("SELECT id FROM errors")
    #expect(logs.run(["errors", "ignore", id, "--until-escalating"]).status == 0)
    burst(200..<201, 400)
    burst(201..<480, 5)
    Self.ingest(logs)
    #expect(logs.value("SELECT status FROM errors") == "ongoing")
    _ = Self.prune(logs, "--errors-older-than", LogFolder.time(460 * 3600))
    #expect(logs.value("SELECT status FROM errors") == "ongoing")
    logs.expectVerified()
  }

  @Test func `one that is ignored until it escalates goes on being so`() {
    let logs = LogFolder()
    logs.configuration = "sources: [{name: app, path: logs/app.log}]\n"
    func steady(_ hours: Range<Int>) {
      logs.append(
        "app.log",
        records: hours.flatMap { hour in
          (0..<20).map { "\(LogFolder.time(hour * 3600 + $0)) ERROR disk full" }
        })
    }
    steady(0..<240)
    Self.ingest(logs)
    #expect(
      logs.run(["errors", "ignore", logs.value("SELECT id FROM errors"), "--until-escalating"])
        .status == 0)
    steady(240..<480)
    Self.ingest(logs)
    #expect(logs.value("SELECT status FROM errors") == "ignored")
    _ = Self.prune(logs, "--errors-older-than", LogFolder.time(330 * 3600))
    #expect(logs.value("SELECT status FROM errors") == "ignored")
  }

  @Test func `a copy of what is gone is a new event, and one of what stays is none`() {
    let logs = LogFolder()
    let records = (0..<48).map { hour in
      "\(LogFolder.time(hour * 3600, 1).dropLast())234Z ERROR disk full"
    }
    for name in ["a.log", "b.log", "c.log"] {
      logs.append(name, records: ["\(LogFolder.time(0)) INFO \(name) begins"] + records)
    }
    for name in ["a.log", "b.log"] { Self.ingest(logs, "--source", name, logs.file(name)) }
    #expect(logs.value("SELECT sum(count) FROM errors") == "48")
    _ = Self.prune(logs, "--errors-older-than", LogFolder.time(36 * 3600))
    #expect(logs.value("SELECT sum(count) FROM errors") == "12")
    logs.expectVerified()
    Self.ingest(logs, "--source", "c.log", logs.file("c.log"))
    #expect(logs.value("SELECT sum(count) FROM errors") == "48")
    logs.expectVerified()
    #expect(logs.run(["sources", "forget", "a.log"]).status == 0)
    #expect(logs.value("SELECT sum(count) FROM errors") == "48")
    logs.expectVerified()
  }

  @Test func `an event whose line is gone has copies all the same`() {
    let logs = LogFolder()
    let records = (0..<10).map { "\(LogFolder.time($0, 1).dropLast())234Z ERROR disk full" }
    logs.append("a.log", records: Array(records.prefix(5)))
    logs.append("b.log", records: records)
    logs.append("z.log", records: ["\(LogFolder.time(0)) INFO z begins"])
    for name in ["z.log", "a.log", "b.log"] { Self.ingest(logs, "--source", name, logs.file(name)) }
    #expect(logs.value("SELECT sum(count) FROM errors") == "10")
    _ = Self.prune(logs, "--older-than", LogFolder.time(1000), "--source", "a.log")
    #expect(logs.run(["sources", "reingest", "b.log"]).status == 0)
    #expect(logs.value("SELECT sum(count) FROM errors") == "10")
    logs.expectVerified()
    // In a source with a lower id.
    logs.append("z.log", records: records)
    Self.ingest(logs, "--source", "z.log", logs.file("z.log"))
    #expect(logs.value("SELECT sum(count) FROM errors") == "10")
    logs.expectVerified()
  }

  @Test func `purge takes a secret out of what errors are called whose lines or events are gone`() {
    for arguments in [["--older-than"], ["--errors-older-than"]] {
      let logs = LogFolder()
      logs.append(
        "a.log",
        records: (0..<5).map { "\(LogFolder.time($0)) ERROR refused by hunterzwei" })
      logs.append("b.log", records: (0..<5).map { "\(LogFolder.time($0)) INFO done" })
      Self.ingest(logs, logs.path)
      let id = logs.value("SELECT id FROM errors")
      #expect(logs.run(["errors", "resolve", id]).status == 0)
      _ = Self.prune(logs, arguments[0], LogFolder.time(Self.day))
      #expect(logs.run(["purge", "--pattern", "hunterzwei"]).status == 0)
      #expect(
        Int(logs.value("SELECT coalesce(sum(count), 0) FROM error_group")) ?? 9 <= 5, "\(arguments)"
      )
      let bytes = Command.run("grep", ["-c", "-a", "hunterzwei", logs.logbook.database])
      #expect(bytes.output == "0\n", "\(arguments)")
      logs.expectVerified()
    }
  }

  @Test func `what is stored of the time since is still verified`() {
    let logs = Self.logs()
    Self.ingest(logs)
    logs.append(
      "app.log", records: (0..<9000).map { "\(LogFolder.time(20 * Self.day + $0)) ERROR took 5" })
    Self.ingest(logs)
    _ = Self.prune(logs, "--older-than", LogFolder.time(12 * Self.day))
    #expect(logs.value("SELECT lines FROM retention") != "0")
    logs.expectVerified()
    for script in [
      "DELETE FROM sample WHERE time_us > 20 * 86400000000 + 1767225600000000",
      "DELETE FROM error_chunk WHERE first_id = (SELECT max(first_id) FROM error_chunk)",
    ] {
      logs.shell("cp \(logs.logbook.database) ../kept.db")
      #expect(Command.run("sqlite3", [logs.logbook.database, script]).status == 0)
      #expect(logs.run(["verify"]).status == 1, "\(script)")
      logs.shell("rm -f \(logs.logbook.database)-*; cp ../kept.db \(logs.logbook.database)")
    }
  }

  @Test func `samples go by their age, with series that have no others`() {
    let logs = Self.logs()
    Self.ingest(logs)
    let time = LogFolder.time(5 * Self.day)
    for arguments in [["--dry-run"], []] {
      let outcome = logs.run(
        ["prune", "--format", "csv", "--metrics-older-than", time] + arguments)
      #expect(outcome.output.contains("\n0,0,0,0,0,240,"), "\(outcome.output)")
    }
    #expect(logs.value("SELECT count(*) || ' ' || min(time) FROM samples").hasPrefix("240 "))
    #expect(logs.value("SELECT min(time) FROM samples") >= time.dropLast())
    #expect(logs.value("SELECT count(*) FROM series") == "6")
    #expect(logs.value("SELECT count(*) FROM histograms") == "120")
    logs.expectVerified()
    // Late data.
    logs.append("app.log", records: ["\(LogFolder.time(60)) INFO took 5 of d0"])
    Self.ingest(logs)
    logs.expectVerified()
    #expect(Self.prune(logs, "--metrics-older-than", time).hasPrefix("0,0,0,0,0,2,"))
    #expect(logs.run(["metrics", "rebuild", "lines"]).status == 0)
    // Only what is younger.
    #expect(logs.value("SELECT sum(count) FROM samples WHERE metric = 'lines'") == "240")
    logs.expectVerified()
  }

  @Test func `a rule is counted anew without what its lines are gone for`() {
    let logs = Self.logs()
    Self.ingest(logs)
    logs.append(
      "app.log",
      records: (0..<9000).map { "\(LogFolder.time(20 * Self.day + $0)) INFO took 5 of z" })
    Self.ingest(logs)
    let samples = logs.rows("SELECT metric || labels || time || count FROM samples ORDER BY 1")
    _ = Self.prune(logs, "--older-than", LogFolder.time(12 * Self.day))
    for rule in ["lines", "took"] {
      #expect(logs.run(["metrics", "rebuild", rule]).status == 0)
    }
    #expect(
      logs.rows("SELECT metric || labels || time || count FROM samples ORDER BY 1") == samples)
    logs.expectVerified()
  }

  @Test func `the configuration gives them the age of counts, or their own`() {
    let logs = Self.logs()
    Self.ingest(logs)
    let configuration = logs.configuration ?? ""
    logs.configuration = "retention: {rollups: 36500d, errors: 1d, metrics: 1d}\n" + configuration
    let outcome = logs.run(["ingest", "--format", "json"])
    #expect(outcome.output.contains(#""turns":0,"events":240,"samples":480,"#), "\(outcome.output)")
    logs.expectVerified()
    logs.configuration = "retention: {rollups: 1d}\n" + configuration
    #expect(logs.run(["sources", "reingest", "app"]).status == 0)
    #expect(logs.run(["prune"]).output.contains("240"))
    logs.expectVerified()
  }
}
