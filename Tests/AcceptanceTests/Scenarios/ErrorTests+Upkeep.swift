import TestSupport
import Testing

// Errors of lines that are changed, taken out, damaged, or were stored before there were errors.

extension `Errors of a store` {
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
      """
      SELECT type || ' ' || name FROM sqlite_schema WHERE type IN ('view', 'table')
        AND rowid >= (SELECT min(rowid) FROM sqlite_schema WHERE name LIKE 'error%') ORDER BY type DESC
      """)
    let script =
      objects.map { "DROP \($0);" }.joined()
      + "DELETE FROM schema_migration WHERE name >= 'v0003'; PRAGMA user_version = 2"
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
