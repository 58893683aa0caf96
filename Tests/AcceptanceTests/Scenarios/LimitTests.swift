import TestSupport
import Testing

/// Runs that may not read everything, and what they remember of files that are gone.
@Suite struct `Limits` {
  private struct Summary {
    var lines: Int
    var lag: Int
    var sources: [String: Int]
  }

  private func ingest(
    _ logs: LogFolder, _ arguments: String..., environment: [String: String] = [:]
  ) -> Summary {
    let outcome = logs.run(
      ["ingest", logs.path, "--format", "json"] + arguments, environment: environment)
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    func number(_ key: String, in text: Substring) -> Int {
      let rest = text.split(separator: "\"\(key)\":", maxSplits: 1).dropFirst().first ?? ""
      return Int(rest.prefix(while: \.isNumber)) ?? -1
    }
    var sources: [String: Int] = [:]
    for part in outcome.output.split(separator: "{\"source\":\"").dropFirst() {
      let name = part.prefix { $0 != "\"" }
      sources[name.split(separator: "/").last.map(String.init) ?? ""] = number("lines", in: part)
    }
    let text = outcome.output[...]
    return Summary(
      lines: number("lines", in: text), lag: number("lag_bytes", in: text), sources: sources)
  }

  @Test func `a run stops behind the record that reaches the limit, and says what is left`() {
    let logs = LogFolder()
    logs.append("app.log", 100)
    let line = (logs.expected.first?.utf8.count ?? 0) + 1
    var left = 100
    while left > 0 {
      let summary = ingest(logs, "--max-bytes", String(10 * line - 3))
      #expect(summary.lines == min(10, left))
      left -= 10
      #expect(summary.lag == left * line)
      #expect(logs.stored() == Array(logs.expected.prefix(100 - left)))
      logs.expectVerified()
    }
    logs.expectExactlyOnce()
  }

  @Test func `small families are read whole, and what they leave is the large ones'`() {
    let logs = LogFolder()
    for name in ["a.log", "b.log"] { logs.append(name, 1000) }
    for name in ["c.log", "d.log", "e.log"] { logs.append(name, 10) }
    let line = (logs.expected.first?.utf8.count ?? 0) + 1
    let summary = ingest(logs, "--max-bytes", String(230 * line))
    #expect(
      summary.sources == ["a.log": 100, "b.log": 100, "c.log": 10, "d.log": 10, "e.log": 10])
    var runs = 1
    while ingest(logs, "--max-bytes", String(230 * line)).lag > 0 { runs += 1 }
    #expect(runs < 12)
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test func `the oldest lines of a family come first, archives too`() {
    let logs = LogFolder()
    for name in ["app.log.3", "app.log.2", "app.log.1", "app.log"] { logs.append(name, 50) }
    logs.shell("gzip app.log.3 app.log.2; touch app.log.3.gz")
    var runs = 0
    while ingest(logs, "--max-bytes", "1500").lag > 0, runs < 50 {
      runs += 1
      #expect(logs.stored() == Array(logs.expected.prefix(logs.stored().count)))
      logs.expectVerified()
    }
    #expect(runs > 5)
    logs.expectExactlyOnce()
  }

  @Test(arguments: [1, 100, 333])
  func `records of several lines are stored whole`(_ limit: Int) {
    let logs = LogFolder()
    logs.append(
      "app.log",
      records: (0..<20).map { number in
        logs.line() + (0..<number % 4).map { "\n  at Frame.\($0)" }.joined()
      })
    logs.append("app.log", records: (0..<5).map { "no time \($0) \(logs.line())" })
    var runs = 0
    while ingest(logs, "--max-bytes", String(limit)).lag > 0, runs < 100 {
      runs += 1
      logs.expectVerified()
    }
    logs.shell("touch -d '1 hour ago' app.log")
    logs.ingest()
    let all = LogFolder()
    all.appendText("app.log", logs.shell("cat app.log").output)
    all.shell("touch -d '1 hour ago' app.log")
    all.ingest()
    #expect(logs.stored() == all.stored())
    #expect(
      logs.value("SELECT sum(unparsed) FROM file") == all.value("SELECT sum(unparsed) FROM file"))
    #expect(logs.value("SELECT sum(lines) FROM runs") == all.value("SELECT sum(lines) FROM runs"))
    logs.expectVerified()
  }

  @Test func `a run stops at the first chunk behind its time`() throws {
    let faults = try #require(FaultInjection.shared)
    var clock = faults.environment()
    // Every look at the clock finds it two seconds later.
    clock["FAULT_STEP"] = "2"
    let logs = LogFolder()
    for name in ["a.log", "b.log"] { logs.append(name, 20_000) }
    var runs = 0
    var last = Int.max
    while runs < 40 {
      let summary = ingest(logs, "--max-seconds", "30", environment: clock)
      #expect(summary.lag < last)
      if runs == 0 { #expect(summary.lines < 40_000) }
      last = summary.lag
      runs += 1
      if summary.lag == 0 { break }
    }
    #expect(runs > 1 && last == 0)
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test func `a file that a limit has left is not taken for gone, nor its copy for another`() {
    let logs = LogFolder()
    logs.append("app.log", records: logs.lines(30) + [logs.line() + "\n  at one"])
    logs.ingest()
    logs.appendText("app.log", "  at two\n")
    logs.expected[logs.expected.count - 1] += "\n  at two"
    logs.append("app.log", 40)
    logs.shell("gzip -c app.log > app.log.1.gz; : > app.log")
    logs.append("app.log", 30)
    var runs = 0
    while ingest(logs, "--max-bytes", "700").lag > 0, runs < 50 { runs += 1 }
    logs.expectExactlyOnce()
  }

  @Test func `the configuration sets the limits, and the command line comes before it`() {
    let logs = LogFolder()
    logs.append("app.log", 100)
    logs.logbook.scratch.write(
      "logbook.yaml",
      "ingest: {max_bytes: 1000, max_seconds: 1000}\nsources: [{name: app, path: \(logs.path)}]\n")
    #expect(logs.run(["ingest"]).status == 0)
    let first = logs.stored().count
    #expect((10...40).contains(first))
    let outcome = logs.run(["ingest", "--max-bytes", "1MB"])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    logs.expectRecords()
    for arguments in [["--max-bytes", "0"], ["--max-bytes", "x"], ["--max-seconds", "0"]] {
      #expect(logs.run(["ingest"] + arguments).status == 2)
    }
  }

  @Test func `what is gone for long and stored nothing is forgotten, and nothing else`() {
    let logs = LogFolder()
    logs.append("app.log", 60)
    logs.ingest()
    logs.shell("cp app.log app.log.1; : > empty.log; mkdir sub; : > sub/empty.log")
    logs.ingest()
    let known = logs.value("SELECT count(*) FROM file")
    #expect(known == "4")
    logs.append("other.log", 5)
    logs.shell("rm app.log app.log.1 empty.log; rm -r sub")
    logs.ingest()
    #expect(logs.value("SELECT count(*) FROM file WHERE state = 'missing'") == "3")
    logs.change("UPDATE file SET seen_us = seen_us - 399 * 86400000000 WHERE state = 'missing'")
    logs.append("other.log", 1)
    logs.ingest()
    #expect(logs.value("SELECT count(*) FROM file") == "5")
    logs.change("UPDATE file SET seen_us = seen_us - 2 * 86400000000 WHERE state = 'missing'")
    logs.append("other.log", 1)
    logs.ingest()
    // The generation with lines stays, and what was in a folder that is not there.
    #expect(logs.value("SELECT count(*) FROM file") == "3")
    logs.expectExactlyOnce()
  }
}
