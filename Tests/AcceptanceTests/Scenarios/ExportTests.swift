import Glibc
import TestSupport
import Testing

/// What is exported or copied says what the store says, and nothing half done has its name.
@Suite struct `Export and backup` {
  private static func store(_ lines: [String]) -> LogFolder {
    let logs = LogFolder()
    logs.append("app.log", records: lines)
    logs.append("other.log", 20)
    logs.shell("touch -d '1 hour ago' app.log other.log")
    logs.ingest()
    return logs
  }

  private static let hostile = [
    "\(LogFolder.time(1)) INFO it's \"quoted\", with ; and \\ and \u{1F} and é 🦉",
    "\(LogFolder.time(2)) ERROR trace\n  at one\n  at two", "", "=cmd|' /C calc'!A0", "NULL", "12",
    "\(LogFolder.time(3)) INFO '); DROP TABLE log; --",
    "\(LogFolder.time(4)) WARN of Windows\r\n  and more",
  ]

  @Test func `lines are the log files again, a file for each source`() {
    let logs = Self.store(Self.hostile + LogFolder().lines(5000))
    let out = logs.logbook.scratch.file("out")
    let outcome = logs.run(["export", "log", "--format", "lines", "--out", out])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    logs.shell(
      """
      for file in app other; do cmp $file.log ../out/*_$file.log; done
      [ $(ls ../out | wc -l) = 2 ]
      """)
    let all = logs.run(["export", "--format", "lines"])
    #expect(all.output == logs.shell("cat app.log other.log").output)
    let again = logs.run(["export", "--format", "lines", "--out", out])
    #expect(again.status == 74 && again.errorOutput.contains("--force"), "\(again.errorOutput)")
    #expect(logs.run(["export", "--format", "lines", "--out", out, "--force"]).status == 0)
    let one = logs.run([
      "export", "--format", "lines", "--sql", "SELECT message FROM log WHERE level = 'error'",
    ])
    // Lines of no format belong to the trace before them.
    #expect(one.output == Self.hostile[1...5].joined(separator: "\n") + "\n")
  }

  @Test func `each source has a file, however long its name is or whatever it is like`() {
    let logs = LogFolder()
    let long = String(repeating: "é", count: 170)
    let names = [long + "one", long + "other", "caf\u{e9}", "cafe\u{301}"]
    for (number, name) in names.enumerated() {
      logs.append("\(number).log", records: ["\(LogFolder.time(number)) INFO of \(number)"])
      let outcome = logs.run(["ingest", "--source", name, logs.file("\(number).log")])
      #expect(outcome.status == 0, "\(outcome.errorOutput)")
    }
    let out = logs.logbook.scratch.file("out")
    let outcome = logs.run(["export", "--format", "lines", "--out", out])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    #expect(
      logs.shell("ls ../out | wc -l; cat *.log > ../all; cat ../out/* | sort | cmp - ../all").output
        == "4\n")
  }

  @Test func `numbers come back from SQL to the last bit`() {
    let logs = LogFolder()
    logs.append("app.log", 1)
    logs.ingest()
    let select = """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      SELECT i AS id, i * 5964750 / 1e15 * iif(i % 2, 1, -1e9) AS x FROM n
      UNION ALL SELECT 0, 2.5e-300 UNION ALL SELECT -1, 1.25e300 UNION ALL SELECT -2, 9007199254740994.0
      """
    let outcome = logs.run(["export", "--format", "sql", "--sql", select])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    logs.logbook.scratch.write("rows.sql", outcome.output)
    let wrong = logs.shell(
      """
      cd ..; sqlite3 new.db '.read rows.sql' "SELECT count(*), sum(typeof(e.x) <> 'real' OR e.x <> v.x)
        FROM export e JOIN (\(select)) v USING (id)"
      """)
    #expect(wrong.output == "20003|0\n")
  }

  @Test(arguments: ["json", "ndjson", "csv", "sql"])
  func `rows come back as they are`(_ format: String) {
    let logs = Self.store(Self.hostile)
    let file = logs.logbook.scratch.file("rows." + format)
    let outcome = logs.run(["export", "log", "--format", format, "-o", file])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    let message = "SELECT hex(message) FROM rows ORDER BY CAST(id AS INTEGER)"
    let load =
      switch format {
      case "sql": "sqlite3 new.db \".read rows.sql\" 'ALTER TABLE log RENAME TO rows'"
      case "csv": "sqlite3 new.db '.import --csv rows.csv rows'"
      case "json":
        "sqlite3 new.db \"CREATE TABLE rows AS SELECT value->>'id' AS id, value->>'message' AS message FROM json_each(readfile('rows.json'))\""
      default:
        "jq -s . rows.ndjson > rows.json; sqlite3 new.db \"CREATE TABLE rows AS SELECT value->>'id' AS id, value->>'message' AS message FROM json_each(readfile('rows.json'))\""
      }
    let found = logs.shell("cd ..; \(load); sqlite3 new.db '\(message)'").output
    let stored = logs.shell("sqlite3 ../logbook.db 'SELECT hex(message) FROM log ORDER BY id'")
      .output
    #expect(found == stored)
    #expect(logs.shell("ls .. | grep -c partial || true").output == "0\n")
  }

  @Test func `what cannot be exported leaves nothing behind`() {
    let logs = Self.store(Self.hostile)
    for (arguments, status, text) in [
      (["nothing"], 2, "there is no table or view 'nothing'"), ([], 2, "<view>"),
      (["log", "--sql", "SELECT 1"], 2, "--sql"), (["--sql", "DELETE FROM run"], 2, "only read"),
      (["turns", "--format", "lines"], 2, "turns"),
      (["--sql", "SELECT 1", "--format", "lines"], 2, "message"),
      (["log", "--out", "/nowhere/x"], 74, "/nowhere/x"),
      (["log", "--out", "logs"], 74, "is no file"),
    ] as [([String], Int32, String)] {
      let outcome = logs.run(["export"] + arguments)
      #expect(
        outcome.status == status && outcome.errorOutput.contains(text), "\(outcome.errorOutput)")
    }
    let broken = logs.run([
      "export", "--sql", "SELECT abs(-9223372036854775807 - 1)", "-o", "x.csv",
    ])
    #expect(broken.status != 0)
    #expect(logs.shell("cd ..; ls | grep -c '^x' || true").output == "0\n")
  }

  @Test func `a backup is whole while others write, and replaces nothing unasked`() {
    let logs = LogFolder()
    logs.append("app.log", 3000)
    logs.ingest()
    let writer = logs.logbook.start("ingest", logs.path)
    let copy = logs.logbook.scratch.file("copy.db")
    let outcome = logs.run(["backup", copy])
    var status: Int32 = 0
    while unsafe waitpid(writer, &status, 0) < 0 && errno == EINTR {}
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    #expect(logs.run(["--db", copy, "verify"]).status == 0)
    #expect(logs.shell("stat -c %a ../copy.db; ls .. | grep -c 'copy.db'").output == "640\n1\n")
    let again = logs.run(["backup", copy])
    #expect(again.status == 74 && again.errorOutput.contains("--force"), "\(again.errorOutput)")
    logs.append("app.log", 10)
    logs.ingest()
    #expect(logs.run(["backup", copy, "--force"]).status == 0)
    #expect(
      logs.run(["--db", copy, "sql", "--format", "csv", "SELECT count(*) AS n FROM log"]).output
        == "n\n3010\n")
    #expect(logs.run(["backup", logs.logbook.database, "--force"]).status == 2)
    // Neither damaged lines nor a damaged page are copied on quietly.
    logs.shell("sqlite3 ../logbook.db 'UPDATE chunk SET crc32 = crc32 + 1 WHERE first_id & 1'")
    let wrong = logs.run(["backup", copy, "--force"])
    #expect(wrong.status == 74 && wrong.errorOutput.contains("crc32"), "\(wrong.errorOutput)")
    #expect(logs.run(["--db", copy, "verify"]).status == 0)
    logs.shell(
      "cd ..; printf 'xxxxxxxx' | dd of=logbook.db bs=1 seek=8300 conv=notrunc 2>/dev/null")
    let damaged = logs.run(["backup", logs.logbook.scratch.file("bad.db")])
    #expect(damaged.status != 0 || logs.run(["--db", copy, "verify"]).status == 0)
    logs.shell("cd ..; if ls | grep partial; then exit 1; fi")
  }

  @Test func `a full disk, or a kill, gives the backup no name`() throws {
    let faults = try #require(FaultInjection.shared)
    let logs = LogFolder()
    logs.append("app.log", 3000)
    logs.ingest()
    let copy = logs.logbook.scratch.file("copy.db")
    for (call, fault) in [
      (20, FaultInjection.Fault.lasting(ENOSPC)), (40, .kill), (60, .lasting(EIO)),
    ] {
      let outcome = logs.run(["backup", copy], environment: faults.environment(fault, at: call))
      let isThere = unsafe access(copy, F_OK) == 0
      #expect(isThere == (outcome.status == 0), "call \(call): \(outcome.errorOutput)")
      if isThere { #expect(logs.run(["--db", copy, "verify"]).status == 0) }
      logs.shell("rm -f ../copy.db")
    }
  }
}
