import Glibc
import TestSupport
import Testing

/// What surrounds the files: permissions, limits, folders that come and go, clocks, names.
@Suite struct `Environment` {
  @Test func `T61 a file that may not be read for a while`() {
    let logs = LogFolder()
    logs.append("app.log", 10)
    logs.append("other.log", 10)
    logs.ingest()
    logs.append("app.log", 5)
    logs.append("other.log", 5)
    logs.shell("chmod 755 .. . && chmod 644 *.log && chmod 000 app.log")
    guard getuid() == 0 else { return logs.expectPermissions(through: []) }
    // Root may read everything: another user runs it, and owns the database.
    logs.shell("chown -R nobody ..")
    logs.expectPermissions(through: ["setpriv", "--reuid=nobody", "--clear-groups"])
  }

  @Test func `T62 sixteen descriptors are enough for a thousand files`() {
    let logs = LogFolder()
    for number in 0..<1000 { logs.append("file-\(number).txt", 2) }
    func ingest() {
      // What the tests have open, the child must not count.
      let script = """
        for link in /proc/self/fd/*; do
          number=${link##*/}
          [ "$number" -le 2 ] || eval "exec $number>&-"
        done
        ulimit -n 16
        exec "$0" ingest --source all "$1"
        """
      let outcome = Command.run(
        "/bin/bash", ["-c", script, Logbook.binary, logs.path],
        environment: logs.logbook.environment, directory: logs.logbook.scratch.path)
      #expect(outcome.status == 0, "\(outcome.errorOutput)")
    }
    ingest()
    for number in 0..<50 { logs.append("file-\(number).txt", 2) }
    ingest()
    logs.expectExactlyOnce(inOrder: false, reading: ["--source", "all", logs.path])
  }

  @Test func `T63 the folder is gone for one run`() {
    let logs = LogFolder()
    logs.append("app.log", 10)
    logs.append("app.log.1", 10)
    logs.ingest()
    logs.shell("cd ..; mv logs away")
    let outcome = logs.run(["ingest", logs.path])
    #expect(outcome.status == 74)
    #expect(logs.run(["ingest", logs.path + "/*.log*"]).status == 74)
    #expect(logs.value("SELECT count(*) FROM file WHERE state = 'missing'") == "0")
    #expect(logs.run(["ingest", "away"]).status == 0)
    Command.run("mv", ["away", "logs"], directory: logs.logbook.scratch.path).expectSuccess()
    logs.append("app.log", 3)
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test func `T65 a file that vanishes and one that is a folder leave the others alone`() {
    let logs = LogFolder()
    logs.append("a.log", 3)
    logs.append("b.log", 3)
    logs.shell("mkdir c.log")
    logs.ingest(logs.file("a.log"), logs.file("gone.log"), logs.file("b.log"), status: 74)
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test func `T66 names with spaces, line ends, quotes, invalid bytes, and very long ones`() {
    let logs = LogFolder()
    logs.append("plain", 4)
    logs.shell(
      #"""
      printf '2026-02-01T00:00:00Z INFO one\n2026-02-01T00:00:01Z INFO two\n' > ../content
      cp ../content 'with space.log'; cp ../content "$(printf 'line\nend.log')"
      cp ../content "it's.log"; cp ../content "$(printf 'invalid-\377\376.log')"
      cp ../content "$(printf 'n%.0s' $(seq 250)).log"; cp ../content '*.log'; cp ../content ./-x.log
      """#)
    for _ in 0..<7 {
      logs.expected += ["2026-02-01T00:00:00Z INFO one", "2026-02-01T00:00:01Z INFO two"]
    }
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test(arguments: ["1970-01-01 00:00:00 UTC", "2038-01-01", "2200-01-01"])
  func `T67 a time of change far from now`(_ time: String) {
    let logs = LogFolder()
    logs.append("app.log", 10)
    logs.shell("touch -d '\(time)' app.log")
    logs.ingest()
    logs.append("app.log", 10)
    logs.shell("touch -d '\(time)' app.log")
    logs.ingest()
    logs.shell("mv app.log app.log.1")
    logs.append("app.log", 10)
    logs.shell("touch -d '\(time)' app.log")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T67 content changed, and size and time of change set back`() {
    let logs = LogFolder()
    logs.append("app.log", 10)
    logs.ingest()
    logs.shell("touch -r app.log ../time; : > app.log")
    logs.append("app.log", 10)
    logs.shell("touch -r ../time app.log")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T68 ten thousand unchanged files write nothing`() {
    let logs = LogFolder()
    logs.shell(
      "seq -f '2026-01-01T00:00:00Z INFO line %.0f' 10000 | split -l 1 -a 4 - part-; ls | wc -l")
    logs.expected = (1...10_000).map { "2026-01-01T00:00:00Z INFO line \($0)" }
    logs.ingest("--source", "parts", logs.path)
    logs.expectExactlyOnce(inOrder: false, reading: ["--source", "parts", logs.path])
  }

  @Test(arguments: ["missing", "superseded", "active"])
  func `T69 two hundred thousand generations of other files cost a run nothing`(
    _ state: String
  ) throws {
    let faults = try #require(FaultInjection.shared)
    let logs = LogFolder()
    for number in 0..<10 { logs.append("file-\(number).log", 40) }
    logs.shell("find . -type f -exec touch -d '1 hour ago' {} +")
    logs.ingest()
    let report = logs.logbook.scratch.file("report")
    func calls() throws -> Int {
      let outcome = logs.run(
        ["ingest", logs.path], environment: faults.environment(report: report))
      #expect(outcome.status == 0, "\(outcome.errorOutput)")
      return try #require(FaultInjection.report(report)).calls
    }
    let few = try calls()
    logs.append("file-3.log", 4)
    let fewNew = try calls()
    logs.shell("find . -type f -exec touch -d '1 hour ago' {} +")
    logs.ingest()
    let columns = logs.value(
      """
      SELECT group_concat(name, ' ') FROM pragma_table_info('file')
      WHERE name NOT IN ('id', 'path', 'inode', 'state', 'head_hash', 'crc32', 'lines', 'open_line',
        'offset', 'bytes_stored', 'start', 'open_bytes', 'open_lines', 'open_anchor_length',
        'anchor_length', 'bytes_skipped')
      """
    ).replacing(" ", with: ", ")
    logs.change(
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
      INSERT INTO file(id, path, inode, state, head_hash, crc32, offset, anchor_length, \(columns))
      SELECT 1000 + i, '/elsewhere/app.log.' || i, 1000000000 + i, '\(state)', i * 7919, i * 31, 0, 0,
        \(columns)
      FROM n, (SELECT * FROM file WHERE id = 1)
      """)
    let many = try calls()
    #expect(many <= few + 20, "\(few) calls with 10 rows, \(many) with 200,010")
    logs.append("file-3.log", 4)
    logs.append("file-10.log", 4)
    let manyNew = try calls()
    #expect(manyNew <= fewNew + 100, "\(fewNew) calls with 10 rows, \(manyNew) with 200,010")
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test(arguments: [("0x6969", "NFS"), ("0xFE534D42", "SMB2"), ("0x65735546", "FUSE")])
  func `a database on a network file system has no write-ahead log, and says so once`(
    _ magic: String, _ name: String
  ) throws {
    let faults = try #require(FaultInjection.shared)
    var network = faults.environment()
    network["FAULT_STATFS"] = magic
    for isNew in [true, false] {
      let logs = LogFolder()
      logs.append("app.log", 20)
      if !isNew { logs.ingest() }
      logs.append("app.log", 20)
      let first = logs.run(["ingest", logs.path], environment: network)
      #expect(first.status == 0 && first.errorOutput.contains(name), "\(first.errorOutput)")
      #expect(first.errorOutput.split(separator: "\n").count { $0.contains("warning") } == 1)
      #expect(logs.journalMode() == "delete")
      logs.append("app.log", 3)
      let second = logs.run(["ingest", logs.path], environment: network)
      #expect(second.status == 0 && second.errorOutput.isEmpty, "\(second.errorOutput)")
      logs.shell("find . -type f -exec touch -d '1 hour ago' {} +")
      _ = logs.run(["ingest", logs.path], environment: network)
      let before = logs.databaseState()
      _ = logs.run(["ingest", logs.path], environment: network)
      #expect(logs.databaseState() == before)
      // Moved to a local disk, it gets its log back.
      logs.expectExactlyOnce()
      #expect(logs.journalMode() == "wal")
    }
  }

  @Test func `T82 the database inside the folder that is read`() {
    let logs = LogFolder()
    logs.append("app.log", 10)
    let arguments = ["--db", logs.file("own.log"), "ingest", logs.path]
    for _ in 0..<3 {
      let outcome = logs.run(arguments)
      #expect(outcome.status == 0, "\(outcome.errorOutput)")
      logs.append("app.log", 2)
    }
    #expect(logs.run(arguments).status == 0)
    let count = Command.run("sqlite3", [logs.file("own.log"), "SELECT count(*) FROM file"])
    #expect(count.output == "1\n")
    let names = logs.run(["--db", logs.file("own.log"), "sql", "SELECT count(*) FROM log"])
    #expect(names.output.contains("16"))
  }
}

extension LogFolder {
  fileprivate func journalMode() -> String {
    Command.run("sqlite3", [logbook.database, "PRAGMA journal_mode"]).output.filter(\.isLetter)
  }

  /// One of two files is not readable, then it is.
  fileprivate func expectPermissions(through wrapper: [String]) {
    func ingest() -> Command.Outcome {
      Command.run(
        "/usr/bin/env", wrapper + [Logbook.binary, "ingest", path],
        environment: logbook.environment, directory: logbook.scratch.path)
    }
    let denied = ingest()
    #expect(denied.status == 74, "\(denied.errorOutput)")
    #expect(denied.errorOutput.contains("app.log"))
    #expect(stored().count == 25)
    shell("chmod 644 app.log")
    let allowed = ingest()
    #expect(allowed.status == 0, "\(allowed.errorOutput)")
    expectExactlyOnce(inOrder: false)
  }
}

extension Command.Outcome {
  func expectSuccess(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(status == 0, "\(errorOutput)", sourceLocation: sourceLocation)
  }
}
