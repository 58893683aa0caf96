import Glibc
import TestSupport
import Testing

/// Kills, failing calls, full disks and concurrent runs.
@Suite struct `Crashes` {
  /// A family of which one archive was never seen, one file was half read and renamed, and one is new.
  private func halfReadFamily(lines: Int, archive: Int) -> LogFolder {
    let logs = LogFolder()
    logs.append("app.log.2", archive)
    logs.append("app.log", lines)
    logs.ingest()
    logs.append("app.log", lines)
    logs.shell("gzip app.log.2; mv app.log app.log.1")
    logs.append("app.log", lines)
    logs.append("app.log", records: ["\(logs.line())\n  at one\n  at two"])
    return logs
  }

  @Test func `T43 T50 T55 killed at random moments of a backlog`() throws {
    let seed = Seed.value
    var random = SeededRandom(seed: seed)
    let logs = LogFolder()
    let pad = String(repeating: "x", count: 200)
    for name in ["app.log.3", "app.log.2", "app.log.1", "app.log"] {
      logs.append(name, records: (0..<25_000).map { _ in logs.line(pad) })
    }
    logs.shell("zstd -q --rm app.log.3; gzip -1 app.log.2")
    var kills = 0
    var rounds = 0
    var limit: UInt64 = 120_000
    while kills < 50, rounds < 400 {
      rounds += 1
      let child = logs.logbook.start("ingest", logs.path)
      usleep(UInt32(random.next() % limit))
      Glibc.kill(child, SIGKILL)
      var status: Int32 = 0
      while unsafe waitpid(child, &status, 0) < 0 && errno == EINTR {}
      if status & 0x7F == SIGKILL {
        kills += 1
      } else {
        // The backlog is done: go on with more of it, and sooner.
        limit = max(20_000, limit / 2)
        logs.append("app.log", records: (0..<5_000).map { _ in logs.line(pad) })
      }
    }
    #expect(kills == 50, "seed \(seed)")
    logs.ingest()
    let result = Command.run("sqlite3", [logs.logbook.database, "PRAGMA integrity_check"])
    #expect(result.output == "ok\n", "seed \(seed)")
    logs.expectExactlyOnce()
    logs.expectDerived()
  }

  @Test(arguments: [
    ("an error", FaultInjection.Fault.error(EIO)), ("too many files", .error(EMFILE)),
    ("a full disk", .lasting(ENOSPC)), ("a kill", .kill), ("half a write", .tear),
  ])
  func `T51 T55 every call to the file system fails once`(
    _ name: String, _ fault: FaultInjection.Fault
  ) throws {
    let faults = try #require(FaultInjection.shared)
    let seed = Seed.value
    var random = SeededRandom(seed: seed)
    let logs = halfReadFamily(lines: 40, archive: 300)
    logs.shell("cp ../logbook.db ../before.db")
    let report = logs.logbook.scratch.file("report")
    var call = 0
    var isReached = true
    var failures = 0
    var reached = 0
    while isReached {
      // Every call where the calls differ most, and a random sixth of those behind.
      call += call < 60 ? 1 : 1 + Int(random.next() % 11)
      logs.shell(
        "cd ..; rm -f logbook.db-wal logbook.db-shm report; cp before.db logbook.db")
      let broken = logs.run(
        ["ingest", logs.path],
        environment: faults.environment(fault, at: call, report: report))
      let calls = FaultInjection.report(report)
      isReached = broken.status == 128 + SIGKILL || calls.map { $0.calls >= call } ?? true
      if calls?.faults ?? 1 > 0 { reached += 1 }
      let again = logs.run(["ingest", logs.path])
      let stored = logs.stored()
      let isRight = stored.sorted() == logs.expected.sorted()
      if again.status != 0 || !isRight {
        failures += 1
        Issue.record(
          """
          \(name) at call \(call), seed \(seed): exit \(broken.status), then \(again.status)
          \(broken.errorOutput)\(again.errorOutput)\(LogFolder.difference(stored, logs.expected))
          """)
        if failures == 5 { return }
      }
      logs.expectVerified()
    }
    #expect(reached > 60)
    logs.expectExactlyOnce(inOrder: false)
    logs.expectDerived()
  }

  @Test func `T50 a killed run says what it has committed`() throws {
    let faults = try #require(FaultInjection.shared)
    let logs = LogFolder()
    let pad = String(repeating: "x", count: 200)
    // More than a batch.
    logs.append("app.log", records: (0..<90_000).map { _ in logs.line(pad) })
    let report = logs.logbook.scratch.file("report")
    _ = logs.run(["ingest", logs.path], environment: faults.environment(report: report))
    let calls = try #require(FaultInjection.report(report)).calls
    var committed = 0
    for part in 1..<20 where committed == 0 {
      logs.shell("cd ..; rm -f logbook.db*")
      let killed = logs.run(
        ["ingest", logs.path], environment: faults.environment(.kill, at: calls * part / 20))
      #expect(killed.status == 128 + SIGKILL)
      let count = Command.run("sqlite3", [logs.logbook.database, "SELECT lines FROM run"])
      committed = Int(count.output.filter(\.isNumber)) ?? 0
    }
    #expect(committed > 0 && committed < 90_000)
    #expect(logs.value("SELECT sum(lines) FROM file") == String(committed))
    #expect(logs.value("SELECT records FROM runs") == logs.value("SELECT count(*) FROM log"))
    logs.ingest()
    #expect(logs.value("SELECT sum(lines) FROM runs") == "90000")
    logs.expectExactlyOnce()
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `T52 a signal ends the run between two batches`(_ signal: Int32) {
    let logs = LogFolder()
    let pad = String(repeating: "x", count: 200)
    logs.append("app.log", records: (0..<100_000).map { _ in logs.line(pad) })
    let child = logs.logbook.start("ingest", logs.path)
    // The lock is taken after the handlers are there, and before anything is read.
    while unsafe access(logs.logbook.database + ".run.lock", F_OK) != 0 { usleep(1000) }
    Glibc.kill(child, signal)
    var status: Int32 = 0
    while unsafe waitpid(child, &status, 0) < 0 && errno == EINTR {}
    #expect(status == (128 + signal) << 8)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T48 T49 a second run says so at once, and a killed one locks nobody out`() {
    let logs = LogFolder()
    let pad = String(repeating: "x", count: 200)
    logs.append("app.log", records: (0..<100_000).map { _ in logs.line(pad) })
    let child = logs.logbook.start("ingest", logs.path)
    // Stopped, it holds the lock for as long as it takes.
    while unsafe access(logs.logbook.database + ".run.lock", F_OK) != 0 { usleep(1000) }
    usleep(20_000)
    Glibc.kill(child, SIGSTOP)
    let second = logs.ingest(status: 75)
    #expect(second.errorOutput.contains("another run"))
    Glibc.kill(child, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(child, &status, 0) < 0 && errno == EINTR {}
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T48 a second run under another name of the database says so at once`() {
    let logs = LogFolder()
    let pad = String(repeating: "x", count: 200)
    logs.append("app.log", records: (0..<100_000).map { _ in logs.line(pad) })
    let child = logs.logbook.start("ingest", logs.path)
    // The database is opened under the lock.
    while unsafe access(logs.logbook.database + "-wal", F_OK) != 0 { usleep(1000) }
    Glibc.kill(child, SIGSTOP)
    logs.shell("ln ../logbook.db ../hard.db; ln -s logbook.db ../soft.db")
    for name in ["hard.db", "soft.db"] {
      let second = logs.run(["--db", logs.logbook.scratch.file(name), "ingest", logs.path])
      #expect(second.status == 75, "\(name): \(second.errorOutput)")
      #expect(second.errorOutput.contains("another run"))
    }
    #expect(unsafe access(logs.logbook.scratch.file("hard.db-wal"), F_OK) != 0)
    Glibc.kill(child, SIGCONT)
    var status: Int32 = 0
    while unsafe waitpid(child, &status, 0) < 0 && errno == EINTR {}
    #expect(status == 0)
    logs.expectExactlyOnce()
  }

  @Test func `T53 the disk is full in the middle of a backlog`() {
    let scratch = Scratch()
    guard let disk = MemoryDisk(at: scratch.file("disk"), size: "1300k") else { return }
    let logs = LogFolder()
    logs.append("app.log", 30)
    let arguments = ["--db", disk.path + "/logbook.db", "ingest", logs.path]
    #expect(logs.run(arguments).status == 0)
    // Digits that no codec makes small.
    var random = SeededRandom(seed: Seed.value)
    logs.append(
      "app.log",
      records: (0..<60_000).map { _ in
        logs.line("\(random.next()) \(random.next()) \(random.next())")
      })
    for _ in 0..<2 {
      let full = logs.run(arguments)
      #expect(full.status == 74)
      #expect(full.errorOutput.contains("disk is full"), "\(full.errorOutput)")
    }
    let check = Command.run("sqlite3", [disk.path + "/logbook.db", "PRAGMA integrity_check"])
    #expect(check.output == "ok\n", "\(check.errorOutput)")
    let resized = Command.run("mount", ["-o", "remount,size=64m", disk.path])
    #expect(resized.status == 0)
    let outcome = logs.run(arguments)
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    logs.shell("cp '\(disk.path)/logbook.db' ../logbook.db")
    logs.expectExactlyOnce()
  }

  @Test(arguments: [40, 60, 100, 200, 400])
  func `T53 files may not grow any further`(_ blocks: Int) {
    let logs = halfReadFamily(lines: 3000, archive: 3000)
    let script = "ulimit -f \(blocks); trap '' XFSZ; exec \"$0\" ingest \"$1\""
    let full = Command.run(
      "/bin/sh", ["-c", script, Logbook.binary, logs.path],
      environment: logs.logbook.environment, directory: logs.logbook.scratch.path)
    #expect(full.status == 74 || full.status == 0)
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test func `T54 the power fails, and the last frames of the log are gone`() {
    let seed = Seed.value
    var random = SeededRandom(seed: seed)
    let logs = halfReadFamily(lines: 200, archive: 3000)
    // A reader keeps the run's checkpoints from emptying the log.
    let hold = Command.run(
      "sqlite3",
      [
        logs.logbook.database, "BEGIN; SELECT count(*) FROM file;",
        ".shell \(Logbook.binary) --db logbook.db ingest logs",
        ".shell cp logbook.db power.db; cp logbook.db-wal power.wal",
      ], directory: logs.logbook.scratch.path)
    #expect(hold.status == 0)
    logs.expectRecords(inOrder: false)
    let size =
      Int(
        logs.shell("stat -c %s ../power.wal").output.split(separator: "\n").first ?? "") ?? 0
    #expect(size > 0)
    for _ in 0..<20 {
      let kept = Int(random.next() % UInt64(max(1, size)))
      logs.shell(
        """
        cd ..; rm -f logbook.db-shm; cp power.db logbook.db; head -c \(kept) power.wal > logbook.db-wal
        """)
      let outcome = logs.run(["ingest", logs.path])
      #expect(outcome.status == 0, "seed \(seed), \(kept) bytes kept: \(outcome.errorOutput)")
      logs.expectRecords(inOrder: false)
      logs.expectVerified()
    }
  }

  @Test func `T58 a long reader sees one state, and the run goes through`() {
    let logs = LogFolder()
    logs.append("app.log", 500)
    logs.ingest()
    logs.append("app.log", 500)
    let reader = Command.run(
      "sqlite3",
      [
        logs.logbook.database, "BEGIN; SELECT sum(count) FROM extent;",
        ".shell \(Logbook.binary) --db \(logs.logbook.database) ingest \(logs.path)",
        "SELECT sum(count) FROM extent;",
      ])
    let counts = reader.output.split(separator: "\n").filter { $0.allSatisfy(\.isNumber) }
    #expect(counts.count == 2 && counts.first == counts.last)
    logs.expectExactlyOnce()
    #expect(Command.run("stat", ["-c", "%s", logs.logbook.database + "-wal"]).output == "0\n")
  }

  @Test func `T59 another program holds the database: an error, and nothing lost`() {
    let logs = LogFolder()
    logs.append("app.log", 50)
    logs.ingest()
    logs.append("app.log", 50)
    let holder = Command.run(
      "sqlite3",
      [
        logs.logbook.database, "BEGIN IMMEDIATE;",
        ".shell \(Logbook.binary) --db \(logs.logbook.database) ingest \(logs.path); echo exit $?",
        "ROLLBACK;",
      ])
    #expect(holder.output.contains("exit 75"), "\(holder.output)\(holder.errorOutput)")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  /// An empty file gets all steps or none.
  @Test func `T57 a migration that is killed at any call is made whole by the next run`() throws {
    let faults = try #require(FaultInjection.shared)
    let logs = LogFolder()
    logs.append("app.log", 3)
    let report = logs.logbook.scratch.file("report")
    var kills = 0
    for call in 1...400 {
      logs.shell("cd ..; rm -f logbook.db* report; : > logbook.db")
      let broken = logs.run(
        ["ingest", logs.path], environment: faults.environment(.kill, at: call, report: report))
      guard broken.status == 128 + SIGKILL else { break }
      kills += 1
      let steps = Command.run(
        "sqlite3",
        [logs.logbook.database, "SELECT count(*) FROM sqlite_schema; PRAGMA user_version"])
      let counts = steps.output.split(separator: "\n").map(String.init)
      let objects = counts.first.flatMap { Int($0) } ?? 0
      let isWhole =
        switch counts.last {
        case "0": objects == 0
        case "5": objects > 60
        default: false
        }
      #expect(isWhole, "call \(call): \(steps.output)")
      logs.ingest()
      logs.expectRecords()
    }
    #expect(kills > 20)
    #expect(logs.run(["migrate", "--list"]).output.contains("v0001_lines"))
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T56 a database that cannot be written, is none, or is newer`() {
    let logs = LogFolder()
    logs.append("app.log", 5)
    logs.shell("echo 'this is no database, and long enough to be looked at' > ../other")
    func ingest(into path: String) -> Command.Outcome {
      logs.run(["--db", path, "ingest", logs.path])
    }
    let other = ingest(into: logs.logbook.scratch.file("other"))
    #expect(other.status == 74 && other.errorOutput.contains("is not a database"))
    #expect(ingest(into: logs.logbook.scratch.file("none/logbook.db")).status == 74)
    #expect(ingest(into: logs.path).status == 74)
    logs.ingest()
    let before = logs.stored()
    let version = Command.run("sqlite3", [logs.logbook.database, "PRAGMA user_version"]).output
    logs.change("PRAGMA user_version = 999")
    let newer = logs.ingest(status: 74)
    #expect(newer.errorOutput.contains("newer"))
    logs.change("PRAGMA user_version = \(version)")
    #expect(logs.stored() == before)
    logs.expectExactlyOnce()
  }

  @Test(arguments: [
    "offset = size + 1000", "offset = -5", "anchor_hash = anchor_hash + 1", "crc32 = 0",
    "head_hash = 1", "head_length = 5000", "anchor_length = -1", "state = 'nonsense'",
    "anchor_length = 100000",
  ])
  func `T60 a row that cannot be true does not stop a run`(_ change: String) {
    let logs = LogFolder()
    logs.append("app.log", 50)
    logs.append("other.log", 50)
    logs.ingest()
    logs.change("UPDATE file SET \(change) WHERE path LIKE '%/app.log'")
    let added = logs.append("other.log", 5) + logs.append("app.log", 5)
    let outcome = logs.run(["ingest", logs.path])
    #expect([0, 74].contains(outcome.status), "\(outcome.errorOutput)")
    let stored = Set(logs.stored())
    #expect(added.prefix(5).allSatisfy { stored.contains($0) })
  }
}
