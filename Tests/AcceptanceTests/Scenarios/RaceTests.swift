import Glibc
import TestSupport
import Testing

/// What happens to files while a run reads them, at every one of its calls to the file system.
@Suite struct `Races` {
  /// Runs `script` before each call of an ingest of `logs`, from the same state each time.
  ///
  /// What a run right after it has stored is the caller's to judge; a shell script `undo` brings the
  /// files back.
  private func sweep(
    _ logs: LogFolder, script: String, undo: String, status: Int32 = 0,
    expect: (_ stored: [String]) -> String?
  ) throws {
    let faults = try #require(FaultInjection.shared)
    let seed = Seed.value
    var random = SeededRandom(seed: seed)
    logs.shell("cp ../logbook.db ../before.db")
    let report = logs.logbook.scratch.file("report")
    var call = 0
    var reached = 0
    while true {
      call += call < 90 ? 1 : 1 + Int(random.next() % 5)
      logs.shell("cd ..; rm -f logbook.db-wal logbook.db-shm report; cp before.db logbook.db")
      let racing = logs.run(
        ["ingest", logs.path],
        environment: faults.environment(
          .script("cd '\(logs.path)'; \(script)"), at: call, report: report))
      let calls = try #require(FaultInjection.report(report))
      guard calls.calls >= call else { break }
      #expect(calls.faults == 1, "the script failed before call \(call)")
      reached += 1
      let again = logs.run(["ingest", logs.path])
      let stored = logs.stored()
      logs.shell("find . -type f -exec touch -d '1 hour ago' {} +")
      _ = logs.run(["ingest", logs.path])
      let before = logs.databaseState()
      _ = logs.run(["ingest", logs.path])
      var problem = expect(stored)
      if ![0, status].contains(again.status) {
        problem = "exit \(racing.status), then \(again.status)"
      }
      if logs.stored() != stored { problem = "a quiet run changed the lines" }
      if logs.databaseState() != before { problem = "a run with nothing new wrote" }
      if let problem {
        Issue.record("call \(call), seed \(seed): \(problem)\n\(again.errorOutput)")
        return
      }
      logs.expectVerified()
      logs.shell(undo)
    }
    #expect(reached > 60)
  }

  private func half(_ logs: LogFolder) {
    logs.append("app.log", 40)
    logs.ingest()
    logs.append("app.log", 25)
  }

  @Test func `T09 a file is renamed at any moment of a run, and another one takes its name`() throws
  {
    let logs = LogFolder()
    half(logs)
    let next = logs.line()
    let expected = (logs.expected + [next]).sorted()
    try sweep(
      logs, script: "mv app.log app.log.1; echo '\(next)' > app.log", undo: "mv app.log.1 app.log"
    ) { stored in
      stored.sorted() == expected ? nil : LogFolder.difference(stored, expected)
    }
  }

  @Test(arguments: [3, 100])
  func `T31 a file is copied, truncated and written to at any moment of a run`(_ count: Int) throws
  {
    let logs = LogFolder()
    half(logs)
    let next = logs.lines(count)
    let expected = (logs.expected + next).sorted()
    let added = next.map { "echo '\($0)' >> app.log;" }.joined()
    try sweep(
      logs, script: "cp app.log app.log.1; : > app.log; \(added)",
      undo: "cat app.log.1 > app.log; rm app.log.1"
    ) { stored in
      stored.sorted() == expected ? nil : LogFolder.difference(stored, expected)
    }
  }

  /// What was not read before is lost with it; half a line is no line.
  @Test(arguments: [3, 100])
  func `T31 a file is truncated at any moment of a run, without a copy`(_ count: Int) throws {
    let logs = LogFolder()
    half(logs)
    let read = logs.expected.prefix(40)
    let next = logs.lines(count)
    let known = Set(logs.expected + next)
    let added = next.map { "echo '\($0)' >> app.log;" }.joined()
    try sweep(
      logs, script: "cp app.log ../away; : > app.log; \(added)", undo: "cat ../away > app.log",
      status: 74
    ) { stored in
      let isOnce = Set(stored).count == stored.count
      let isWhole = known.isSuperset(of: stored) && Set(stored).isSuperset(of: read + next)
      return isOnce && isWhole ? nil : LogFolder.difference(stored, Array(known))
    }
  }

  @Test(arguments: [1, 500, 100_000])
  func `T35 a size that the file system says too small truncates nothing`(_ less: Int) throws {
    let faults = try #require(FaultInjection.shared)
    let logs = LogFolder()
    logs.append("app.log", 40)
    logs.ingest()
    var stale = faults.environment()
    stale["FAULT_SHORTER"] = String(less)
    for _ in 0..<3 {
      logs.append("app.log", 2)
      let outcome = logs.run(["ingest", logs.path], environment: stale)
      #expect(outcome.status == 0, "\(outcome.errorOutput)")
    }
    logs.expectExactlyOnce()
    #expect(logs.value("SELECT count(*) FROM file") == "1")
  }
}
