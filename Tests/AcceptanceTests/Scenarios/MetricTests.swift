import TestSupport
import Testing

/// What rules count in lines, however these came to be read.
@Suite struct `Metrics` {
  private static func folder(_ configuration: String) -> LogFolder {
    let logs = LogFolder()
    logs.logbook.scratch.write("logbook.yaml", configuration)
    return logs
  }

  private static let golden = #"""
    metrics:
      - {name: codes, pattern: '.*\[code=(.*?)\].*', function: avg}
      - {name: by_code, pattern: '.*\[code=(.*?)\].*', labels: {code: '.*\[code=(.*?)\].*'}}

    """#

  /// A last record that might go on is counted by the next run.
  private static func ingest(_ logs: LogFolder, _ arguments: String...) -> Command.Outcome {
    logs.shell("touch -d '1 hour ago' *")
    return logs.run(["ingest"] + (arguments.isEmpty ? [logs.path] : arguments))
  }

  private static func values(_ logs: LogFolder, _ arguments: String...) -> [String] {
    let outcome = logs.run(["metrics", "query"] + arguments + ["--format", "csv"])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    return outcome.output.split(separator: "\n").dropFirst().map {
      String($0.drop { $0 != "," }.dropFirst())
    }
  }

  @Test(
    .enabled(if: Repository.data != nil, "the shared test data is absent"),
    arguments: [2350, 1000, 97])
  func `log2metrics's figures, from any split into runs`(_ size: Int) throws {
    let data = try #require(Repository.data)
    let logs = Self.folder(Self.golden)
    let cut = Command.run("/bin/cat", [data + "/log2metrics/access.log"]).output
    let lines = cut.split(separator: "\n").map { $0 + "\n" }
    for start in stride(from: 0, to: lines.count, by: size) {
      logs.appendText("access.log", lines[start..<min(start + size, lines.count)].joined())
      logs.ingest()
    }
    for (function, value) in [
      ("count", "2350"), ("sum", "540244"), ("max", "500"), ("min", "200"),
      ("avg", "229.89106382978724"),
    ] {
      #expect(Self.values(logs, "codes", "--fn", function) == ["{},\(value)"])
    }
    #expect(
      logs.rows(
        "SELECT json_extract(labels, '$.code') || ' ' || sum(value) FROM samples WHERE metric = 'by_code' GROUP BY labels"
      )
        == ["200 1960", "301 82", "302 83", "400 69", "404 74", "500 82"])
    #expect(Self.values(logs, #"by_code{code=~"4.."}"#, "--total") == ["{},143"])
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test(.enabled(if: Repository.data != nil, "the shared test data is absent"))
  func `the configuration of log2metrics is read as it is`() throws {
    let data = try #require(Repository.data)
    let logs = LogFolder()
    logs.shell(
      "cp '\(data)/log2metrics/access.log' ../access.log; cp '\(data)/log2metrics/log2metrics-agent.yaml' ../logbook.yaml"
    )
    #expect(logs.run(["ingest"]).status == 0)
    #expect(
      logs.rows(
        "SELECT labels || sum(value) FROM samples WHERE metric = 'ngx_acc_code' GROUP BY labels ORDER BY labels"
      )
      .first == #""{""level"":""200""}1960""#)
  }

  @Test func `of log2metrics' tags only those that cannot be used are left out`() {
    let logs = Self.folder(
      "log_strategy: [{metric_name: n, pattern: id, tags: {bad: '([x', level: '(INFO)', none: '[x]'}}]\n"
    )
    logs.append("app.log", 3)
    let rule = "logbook: ./logbook.yaml:1:16: metric 'n' is without its tag"
    let problems = """
      \(rule) 'bad': bad regular expression for 'bad': missing terminating ] for character class (at byte 3 of the pattern)
      \(rule) 'none': the expression for 'none' has no group, such as (.*?)

      """
    #expect(Self.ingest(logs).errorOutput == problems)
    let check = logs.run(["config", "check"])
    #expect(check.status == 78)
    #expect(check.errorOutput == problems)
    logs.append("app.log", 2)
    let again = Self.ingest(logs)
    #expect(again.errorOutput == problems)
    #expect(!again.output.contains("metrics:"), "\(again.output)")
    #expect(Self.values(logs, "n") == [#""{""level"":""INFO""}",5"#])
  }

  @Test func `a value that is no number changes nothing and is one reject`() {
    let logs = Self.folder("metrics: [{name: v, pattern: 'v=(\\w+)', function: avg}]\n")
    logs.append("app.log", records: [1, 2, 4, 2, 1].map { logs.line("v=\($0)") })
    logs.append("app.log", records: [logs.line("v=abc")])
    let summary = Self.ingest(logs, logs.path, "--format", "json").output
    #expect(summary.contains(#""rejects":1,"#))
    for (function, value) in [
      ("avg", "2"), ("count", "5"), ("sum", "10"), ("max", "4"), ("min", "1"),
    ] {
      #expect(Self.values(logs, "v", "--fn", function) == ["{},\(value)"])
    }
    #expect(logs.rows("SELECT reason FROM rejects") == ["metric v: its value is no number"])
    #expect(logs.value("SELECT rejects FROM metrics") == "1")
  }

  @Test func `what is edited, added and removed is told, and the rest keeps its samples`() {
    func write(_ rules: [String], _ logs: LogFolder) {
      logs.logbook.scratch.write(
        "logbook.yaml", "metrics:\n" + rules.map { "  - {\($0)}\n" }.joined())
    }
    let logs = LogFolder()
    write(
      ["name: kept, pattern: id", "name: edited, pattern: id", "name: gone, pattern: id"], logs)
    logs.append("app.log", 10)
    #expect(
      Self.ingest(logs).output.hasPrefix("metrics: added kept, edited, gone; 0 untouched\n"))
    let kept = "SELECT group_concat(time_us || ' ' || count) FROM samples WHERE metric = 'kept'"
    let before = logs.value(kept)
    write(
      ["name: kept, pattern: id", "name: edited, pattern: 'id='", "name: new, pattern: job"], logs)
    let dry = Self.ingest(logs, logs.path, "--dry-run").output
    let line = "metrics: added new; changed edited; removed gone; 1 untouched\n"
    #expect(dry.hasPrefix(line))
    #expect(Self.ingest(logs).output == line + "nothing new\n")
    #expect(logs.value(kept) == before)
    #expect(
      logs.rows("SELECT metric || ' ' || samples || ' ' || version FROM metrics ORDER BY metric")
        == ["edited 0 2", "kept 1 1", "new 0 1"])
    let state = logs.databaseState()
    #expect(logs.ingest().output == "nothing new\n")
    #expect(logs.databaseState() == state)
    logs.append("app.log", 5)
    let json = Self.ingest(logs, logs.path, "--format", "json").output
    #expect(!json.contains("metrics"))
    let counts = "SELECT metric || ' ' || count FROM metrics ORDER BY metric"
    #expect(logs.rows(counts) == ["edited 5", "kept 15", "new 5"])
    for rule in ["edited", "new"] { #expect(logs.run(["metrics", "rebuild", rule]).status == 0) }
    #expect(logs.rows(counts) == ["edited 15", "kept 15", "new 15"])
    logs.expectExactlyOnce()
    #expect(logs.rows(counts) == ["edited 15", "kept 15", "new 15"])
    // A file without a configuration says nothing of rules: those that are stored count on.
    logs.append("app.log", 1)
    logs.shell("rm ../logbook.yaml")
    _ = Self.ingest(logs)
    #expect(logs.rows(counts) == ["edited 16", "kept 16", "new 16"])
  }

  @Test func `a rule that is wrong is told in one line, stays as it was, and the others work`() {
    let logs = Self.folder(
      "metrics:\n  - {name: a, pattern: id}\n  - {name: b, pattern: '([x', function: sum}\n  - {name: c, function: median, pattern: x}\n"
    )
    logs.append("app.log", 3)
    let first = Self.ingest(logs)
    #expect(
      first.errorOutput == """
        logbook: ./logbook.yaml:4:5: metric 'c' has the function 'median': expected one of count, sum, avg, min, max, histogram
        logbook: ./logbook.yaml:3:5: metric 'b': bad regular expression for 'pattern': missing terminating ] for character class (at byte 3 of the pattern)

        """)
    #expect(logs.rows("SELECT metric || count FROM metrics") == ["a3"])
    #expect(logs.run(["config", "check"]).status == 78)
    logs.logbook.scratch.write("logbook.yaml", "metrics: [{name: a, pattern: '([x'}]\n")
    logs.append("app.log", 3)
    _ = Self.ingest(logs)
    #expect(logs.rows("SELECT metric || count FROM metrics") == ["a6"])
  }

  @Test func `p95 of a histogram is within 1 percent of what it is`() {
    var random = SeededRandom(seed: Seed.value)
    let logs = Self.folder(
      "metrics: [{name: ms, pattern: 'took (\\S+)', function: histogram, step: 10m}]\n")
    let values = (0..<3000).map { _ in
      (10_000 * Double.random(in: 0.001...1, using: &random)
        * Double.random(in: 0.01...1, using: &random)).rounded() / 1000
    }
    logs.append("app.log", records: values.map { logs.line("took \($0)") })
    _ = Self.ingest(logs)
    for (function, percent) in [("p50", 50), ("p90", 90), ("p95", 95), ("p99", 99)] {
      let exact = values.sorted()[(values.count * percent + 99) / 100 - 1]
      // What is printed is of the histogram, whatever else the lines show.
      let sql = logs.run(["metrics", "query", "ms", "--fn", function, "--show-sql"]).output
      let shown = logs.rows(sql).first.flatMap { Double($0.split(separator: ",").last ?? "") } ?? 0
      #expect(
        abs(shown - exact) <= 0.01 * exact, "SEED=\(Seed.value) \(function): \(shown), not \(exact)"
      )
      let read = Self.values(logs, "ms", "--fn", function).first.flatMap { Double($0.dropFirst(3)) }
      #expect(read == exact, "SEED=\(Seed.value) \(function)")
    }
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test func `an expression that hostile lines make slow is told, and the run ends`() {
    let logs = Self.folder(
      "metrics: [{name: slow, pattern: '(a+)+$'}, {name: ok, pattern: 'aab'}]\n")
    logs.append(
      "app.log",
      records: (0..<3000).map { logs.line(String(repeating: "a", count: 30 + $0 % 500) + "b") })
    let run = Self.ingest(logs)
    #expect(
      run.errorOutput.hasPrefix(
        "logbook: metric 'slow' took too many steps on 1000 lines, which it does not count; it sees no more lines until it is changed\n"
      ))
    #expect(logs.rows("SELECT metric || count FROM metrics WHERE count > 0") == ["ok3000"])
    logs.expectExactlyOnce()
  }

  @Test func `an open record is counted once, when it is complete`() {
    let logs = Self.folder("metrics: [{name: v, pattern: 'v=(\\d+)', function: sum}]\n")
    let line = logs.line("v=12")
    logs.appendText("app.log", String(line.dropLast(9)))
    logs.ingest()
    #expect(logs.value("SELECT coalesce(sum(value), 0) FROM samples") == "0")
    logs.appendText("app.log", String(line.suffix(9)) + "\n")
    logs.expected.append(line)
    _ = Self.ingest(logs)
    #expect(Self.values(logs, "v") == ["{},12"])
    logs.expectExactlyOnce()
    #expect(Self.values(logs, "v") == ["{},12"])
  }

  @Test func `forgetting a source takes its counts, reading it again brings them back`() {
    let logs = Self.folder("metrics: [{name: n, pattern: 'id=', labels: {w: '(worker-\\d)'}}]\n")
    logs.append("a.log", 20)
    logs.append("b.log", 10)
    for name in ["a", "b"] { _ = Self.ingest(logs, logs.file("\(name).log"), "--source", name) }
    #expect(Self.values(logs, "n", "--total") == ["{},30"])
    #expect(logs.run(["sources", "reingest", "a"]).status == 0)
    #expect(Self.values(logs, "n", "--total") == ["{},30"])
    #expect(logs.run(["sources", "forget", "a"]).status == 0)
    #expect(Self.values(logs, "n", "--total") == ["{},10"])
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test func `a rebuild tells the series and samples that the list has`() {
    let logs = Self.folder("metrics: [{name: n, pattern: id, labels: {w: '(worker)'}}]\n")
    for name in ["a", "b"] {
      logs.append("\(name).log", 3)
      _ = Self.ingest(logs, logs.file("\(name).log"), "--source", name)
    }
    let rebuilt = logs.run(["metrics", "rebuild", "n", "--format", "csv"]).output
    #expect(rebuilt == "metric,series,samples,rejects,limit_hits\nn,1,2,0,0\n")
    #expect(
      logs.rows("SELECT metric, series, samples, rejects, limit_hits FROM metrics") == ["n,1,2,0,0"]
    )
  }

  @Test func `what is purged is in no label either, and its counts are added up`() {
    let logs = Self.folder("metrics: [{name: n, pattern: 'user=', labels: {u: 'user=(\\S+)'}}]\n")
    logs.append(
      "app.log", records: ["ada-secret1", "ada-secret2", "bob"].map { logs.line("user=\($0)") })
    _ = Self.ingest(logs)
    #expect(logs.run(["purge", "--pattern", #"ada-secret\d"#]).status == 0)
    #expect(
      Self.values(logs, "n").sorted() == [#""{""u"":""[redacted]""}",2"#, #""{""u"":""bob""}",1"#])
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test(arguments: [([], ["redacted", "bob"]), (["--until", "2100-01-01"], ["bob", "bob"])])
  func `purging a source leaves what others have counted`(_ range: [String], _ users: [String]) {
    let logs = Self.folder("metrics: [{name: n, pattern: 'user=', labels: {u: 'user=(\\w+)'}}]\n")
    for name in ["a", "b"] {
      logs.append("\(name).log", records: [logs.line("user=bob")])
      _ = Self.ingest(logs, logs.file("\(name).log"), "--source", name)
    }
    #expect(logs.run(["purge", "--pattern", "bob", "--source", "a"] + range).status == 0)
    #expect(
      logs.rows("SELECT trim(labels ->> '$.u', '[]') FROM series ORDER BY source") == users)
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test(arguments: [
    "UPDATE sample SET count = count + 1", "UPDATE sample SET nano = 1", "DELETE FROM sample",
    "UPDATE sample SET classes = '[8192]'", "UPDATE series SET labels = '{\"a\":\"b\"}'",
    "DELETE FROM series", "INSERT INTO metric_failure VALUES(1, 1, 1, 0)",
    "INSERT INTO series(rule, source, labels, hash) VALUES(1, 1, '{\"a\":\"\"}', 1)",
    "UPDATE sample SET sum = sum * 1000",
  ])
  func `verify finds what the lines do not show`(_ damage: String) {
    let logs = Self.folder("metrics: [{name: v, pattern: 'id=(\\d+)', function: histogram}]\n")
    logs.append("app.log", 10)
    _ = Self.ingest(logs)
    #expect(logs.run(["verify"]).status == 0)
    _ = Command.run("sqlite3", [logs.logbook.database, damage])
    let outcome = logs.run(["verify", "--format", "json"])
    #expect(outcome.status == 1)
    #expect(outcome.output.contains(#"{"check":"metrics","ok":false"#), "\(outcome.output)")
  }
}
