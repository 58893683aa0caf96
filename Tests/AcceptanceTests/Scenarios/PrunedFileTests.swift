import TestSupport
import Testing

/// What files are of which lines were pruned, when they are cut or replaced: a new line is never lost.
@Suite struct `Files with pruned lines` {
  private static func prune(_ logs: LogFolder, _ arguments: String...) {
    let outcome = logs.run(["prune"] + arguments)
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
  }

  /// Lines that no other has, with times of long ago.
  private static func oldLines(_ count: Int, _ name: String) -> [String] {
    (0..<count).map { "\(LogFolder.time(10 + $0)) INFO \(name) number \($0)" }
  }

  private static func stored(_ logs: LogFolder, _ text: String) -> String {
    logs.value("SELECT count(DISTINCT message) FROM log WHERE message LIKE '%\(text)%'")
  }

  @Test(arguments: ["head -n 6000 app.log", "head -n 6000 app.log | head -c -9"])
  func `lines behind a cut among the pruned ones are read`(_ cut: String) {
    let logs = LogFolder()
    logs.append("app.log", 9000)
    logs.ingest()
    Self.prune(logs, "--older-than", LogFolder.time(1000 + 8300))
    #expect(logs.value("SELECT count(*) FROM log") == "808")
    logs.shell("\(cut) > ../left; cat ../left > app.log")
    logs.appendText("app.log", "\n")
    for number in 0..<100 { logs.append("app.log", records: [logs.line("fresh \(number)")]) }
    logs.ingest()
    #expect(Self.stored(logs, "fresh") == "100")
    // What was cut is not read again, but for the line that it went through.
    #expect((Int(logs.value("SELECT count(*) FROM log")) ?? 0) <= 909)
    logs.expectVerified()
    logs.append("app.log", 5)
    logs.ingest()
    logs.expectVerified()
  }

  @Test(arguments: [
    "cat ../new > app.log", "mv ../new app.log", "cp app.log app.log.1; cat ../new > app.log",
  ])
  func `a file with old times that takes the place of a pruned one is read`(_ replace: String) {
    for count in [3, 500, 4500] {
      let logs = LogFolder()
      logs.append("app.log", 6000)
      logs.ingest()
      Self.prune(logs, "--older-than", LogFolder.time(1000 + 5000))
      logs.logbook.scratch.append(
        "new", Self.oldLines(count, "other").map { $0 + "\n" }.joined())
      logs.shell(replace)
      logs.ingest()
      #expect(Self.stored(logs, "other") == "\(count)", "\(count) lines")
      logs.expectVerified()
      logs.append("app.log", 3)
      logs.ingest()
      logs.expectVerified()
    }
  }

  @Test func `a file of the same second that takes the place of one pruned for its size is read`() {
    let logs = LogFolder()
    let time = LogFolder.time(1000)
    logs.append("app.log", records: (0..<9000).map { "\(time) INFO number \($0 * 7919 % 9001)" })
    logs.ingest()
    Self.prune(logs, "--older-than", LogFolder.time(1001))
    logs.shell("yes '\(time) INFO another one' | head -n 10 > app.log")
    logs.ingest()
    #expect(logs.value("SELECT count(*) FROM log WHERE message LIKE '%another one'") == "10")
    logs.expectVerified()
  }

  @Test(arguments: [[], ["--keep-errors"]], ["\n", "\r\n"])
  func `records of several lines that are all alike are passed over one by one`(
    _ options: [String], _ end: String
  ) {
    let logs = LogFolder()
    let records = (0..<6000).map { number in
      "\(LogFolder.time(1000 + number / 60)) \(number % 7 == 3 ? "ERROR" : "INFO") it failed"
        + "\(end)  at Frame.one\(end)  at Frame.two"
    }
    logs.append("app.log", records: records, end: end)
    logs.ingest()
    logs.shell("touch -d '1 hour ago' app.log")
    logs.ingest()
    let outcome = logs.run(["prune", "--older-than", LogFolder.time(1090)] + options)
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    logs.expectVerified()
    let count = logs.value("SELECT count(*) FROM log")
    #expect(count == (options.isEmpty ? "1904" : "2489"))
    // Six of the records that are stored.
    logs.shell("head -n -18 app.log > ../left; cat ../left > app.log")
    logs.ingest()
    #expect(logs.value("SELECT count(*) FROM log") == count)
    logs.append("app.log", 3)
    logs.ingest()
    #expect(logs.value("SELECT count(*) FROM log") == "\((Int(count) ?? 0) + 3)")
    logs.expectVerified()
  }

  @Test func `lines of two files in one chunk are passed over in each`() {
    let logs = LogFolder()
    for round in 0..<4 {
      for name in ["a.log", "b.log"] {
        logs.append(
          name,
          records: (0..<40).map { number in
            logs.line(
              number % 3 == round % 3 ? "failed\n  at one\n  at two" : "done",
              level: number % 5 == 0 ? "ERROR" : "INFO")
          })
      }
      logs.ingest("--source", "app", logs.path)
    }
    logs.append("a.log", 4200)
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest("--source", "app", logs.path)
    Self.prune(logs, "--older-than", LogFolder.time(1300), "--keep-errors")
    logs.expectVerified()
    Self.prune(logs, "--older-than", LogFolder.time(1200))
    logs.expectVerified()
    Self.prune(logs, "--older-than", LogFolder.time(9000))
    logs.expectVerified()
    let count = logs.value("SELECT count(*) FROM log")
    logs.append("b.log", 3)
    logs.ingest("--source", "app", logs.path)
    #expect(logs.value("SELECT count(*) FROM log") == "\((Int(count) ?? 0) + 3)")
    logs.expectVerified()
  }

  /// What was written behind lines that are gone is none of them.
  @Test(arguments: [[], ["2099-01-01T00:00:00.000Z INFO of times to come"]])
  func `lines without a time behind a cut are read`(first: [String]) {
    let logs = LogFolder()
    logs.append("app.log", records: first)
    logs.append("app.log", 9000)
    logs.ingest()
    Self.prune(logs, "--older-than", first.isEmpty ? LogFolder.time(1000 + 8500) : "2100-01-01")
    logs.shell("head -n 6000 app.log > ../left; cat ../left > app.log")
    logs.append(
      "app.log",
      records: ["Traceback (most recent call last):", "  File \"x\", line 1", "ValueError: fresh"])
    logs.shell("date -u '+%FT%TZ INFO later' >> app.log")
    logs.ingest()
    #expect(logs.run(["search", "fresh", "--count"]).output == "1\n")
    #expect(logs.run(["search", "later", "--count"]).output == "1\n")
    logs.expectVerified()
  }
}
