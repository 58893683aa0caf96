import TestSupport
import Testing

// What becomes of errors, by the times in the log and by what people say.

extension `Errors of a store` {
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
}
