import TestSupport
import Testing

/// What becomes of rules and of their figures when something around them changes.
@Suite struct `Rules of metrics` {
  private static func folder(_ configuration: String) -> LogFolder {
    let logs = LogFolder()
    write(configuration, logs)
    return logs
  }

  private static func write(_ configuration: String, _ logs: LogFolder) {
    logs.logbook.scratch.write("logbook.yaml", configuration)
  }

  /// A last record that might go on is counted by the next run.
  @discardableResult
  private static func ingest(_ logs: LogFolder, _ arguments: String...) -> Command.Outcome {
    logs.shell("touch -d '1 hour ago' *")
    return logs.run(["ingest"] + (arguments.isEmpty ? [logs.path] : arguments))
  }

  private static let counts = "SELECT metric || ' ' || count FROM metrics ORDER BY metric, id"

  @Test func `a rule with a path is the same from another folder`() {
    let logs = Self.folder("metrics: [{name: n, pattern: id, path: logs/app.log}]\n")
    logs.append("app.log", 3)
    Self.ingest(logs, "logs/app.log")
    #expect(logs.rows(Self.counts) == ["n 3"])
    logs.append("app.log", 2)
    let outcome = Command.run(
      Logbook.binary, ["--config", "../logbook.yaml", "ingest", "../logs/app.log"],
      environment: logs.logbook.environment, directory: logs.path)
    #expect(!outcome.output.contains("metrics:"), "\(outcome.output)")
    Self.ingest(logs, "logs/app.log")
    #expect(logs.rows(Self.counts) == ["n 5"])
    #expect(logs.value("SELECT version FROM metrics") == "1")
  }

  @Test(arguments: ["mode: 640\n", "metrics:\n", "metrics: ~\nlog_strategy:\n"])
  func `a configuration that says nothing of metrics leaves them alone`(_ other: String) {
    let logs = Self.folder("metrics: [{name: n, pattern: id}]\n")
    logs.append("app.log", 3)
    Self.ingest(logs)
    Self.write(other, logs)
    logs.append("app.log", 2)
    #expect(!Self.ingest(logs).output.contains("metrics:"))
    #expect(logs.rows(Self.counts) == ["n 5"])
    Self.write("metrics: []\n", logs)
    #expect(Self.ingest(logs).output.hasPrefix("metrics: removed n; 0 untouched\n"))
    #expect(logs.rows(Self.counts) == [])
  }

  @Test func `what a source's lines were not counted for goes and comes with them`() {
    let logs = Self.folder(
      "metrics: [{name: slow, pattern: '(a+)+$'}, {name: v, pattern: 'v=(\\w+)', function: sum}]\n")
    let hostile = String(repeating: "a", count: 60) + "b"
    logs.append("app.log", records: (0..<600).map { _ in logs.line("\(hostile) v=x") })
    logs.append("app.log", records: (0..<10).map { _ in logs.line() + " aaa" })
    Self.ingest(logs, logs.path, "--source", "logs")
    let state = "SELECT metric || ' ' || count || ' ' || rejects || ' ' || limit_hits FROM metrics"
    let before = ["slow 10 0 600", "v 0 600 0"]
    #expect(logs.rows(state) == before)
    let again = logs.run(["sources", "reingest", "logs"])
    #expect(again.errorOutput.contains("took too many steps on 600 lines"), "\(again.errorOutput)")
    #expect(logs.rows(state) == before)
    #expect(logs.run(["sources", "forget", "logs"]).status == 0)
    #expect(logs.rows(state) == ["slow 0 0 0", "v 0 0 0"])
  }

  @Test func `a broken rule among others of its name takes no figures`() {
    let logs = Self.folder("metrics: [{name: n, pattern: id}, {name: n, pattern: job}]\n")
    logs.append("app.log", 3)
    Self.ingest(logs)
    Self.write("metrics: [{name: n, pattern: '(i'}, {name: n, pattern: job, exclude: x}]\n", logs)
    #expect(Self.ingest(logs).output.hasPrefix("metrics: added n; 0 untouched\n"))
    #expect(logs.rows(Self.counts) == ["n 3", "n 3", "n 0"])
    Self.write("metrics: [{name: n, pattern: id}, {name: n, pattern: job, exclude: x}]\n", logs)
    #expect(Self.ingest(logs).output.hasPrefix("metrics: removed n; 2 untouched\n"))
    #expect(logs.rows(Self.counts) == ["n 3", "n 0"])
  }

  @Test(arguments: ["{nam: a, pattern: id}", "{name: a b, pattern: id}", "a"])
  func `a rule whose name cannot be told may be any, and none is removed`(_ broken: String) {
    let logs = Self.folder("metrics: [{name: a, pattern: id}, {name: b, pattern: id}]\n")
    logs.append("app.log", 3)
    Self.ingest(logs)
    Self.write("metrics: [\(broken), {name: b, pattern: id}]\n", logs)
    logs.append("app.log", 1)
    #expect(!Self.ingest(logs).output.contains("metrics:"))
    #expect(logs.rows(Self.counts) == ["a 4", "b 4"])
  }

  @Test func `a rule that is not of the shape of one is told, and the others work`() {
    let logs = Self.folder(
      """
      metrics:
        - {name: a, pattern: id}
        - {name: b, patern: id}
        - {name: c, pattern: {x: y}}
        - d

      """)
    logs.append("app.log", 3)
    #expect(
      Self.ingest(logs).errorOutput == """
        logbook: ./logbook.yaml:3:15: metric 'b': unknown key 'patern'; did you mean 'pattern'?
        logbook: ./logbook.yaml:4:24: metric 'c': expected a text, found a mapping
        logbook: ./logbook.yaml:5:5: expected a mapping, found the text 'd'

        """)
    #expect(logs.rows(Self.counts) == ["a 3"])
    #expect(logs.run(["config", "check"]).status == 78)
  }

  @Test(arguments: [
    ("", "run.exit_status", true), ("", "run.duration_seconds", true),
    ("sources: [{name: box, host: {root: ..}}]\n", "system.load_average", true),
    ("", "system.load_average", false), ("", "run.exit_statuses", false),
  ])
  func `a rule is not called as what is measured, and the others work`(
    _ sources: String, _ name: String, _ isRefused: Bool
  ) {
    let logs = Self.folder(
      "metrics: [{name: n, pattern: id}, {name: \(name), pattern: id}]\n\(sources)")
    logs.append("app.log", 3)
    let problem =
      "logbook: ./logbook.yaml:1:35: metric '\(name)': a host, 'run' or 'emit metric' gives values of that name: give it another name\n"
    let check = logs.run(["config", "check"])
    #expect(check.status == (isRefused ? 78 : 0))
    #expect(check.errorOutput == (isRefused ? problem : ""))
    #expect(Self.ingest(logs).errorOutput == (isRefused ? problem : ""))
    #expect(logs.rows(Self.counts) == ["n 3"] + (isRefused ? [] : ["\(name) 3"]))
  }

  @Test func `a rule is not called as what was emitted`() {
    let logs = Self.folder("metrics: [{name: n, pattern: id}, {name: depth, pattern: id}]\n")
    logs.append("app.log", 3)
    #expect(logs.run(["emit", "metric", "depth", "12"]).status == 0)
    let outcome = Self.ingest(logs)
    #expect(
      outcome.errorOutput.hasPrefix("logbook: ./logbook.yaml:1:35: metric 'depth': a host, "))
    #expect(outcome.output.hasPrefix("metrics: added n; 0 untouched\n"))
    #expect(
      logs.rows("SELECT metric || ' ' || function FROM metrics") == ["n count", "depth gauge"])
    #expect(logs.run(["config", "check"]).status == 0)
  }

  @Test func `sums of decimals are what they are, whatever their signs and buckets`() {
    let logs = Self.folder("metrics: [{name: v, pattern: 'v=(\\S+)', function: sum}]\n")
    for (file, values) in [("a", ["-0.1", "-0.2"]), ("b", ["1"]), ("c", ["-1.7", "1.3"])] {
      logs.append("\(file).log", records: values.map { logs.line("v=\($0)") })
      Self.ingest(logs, logs.file("\(file).log"), "--source", file)
    }
    func shown(_ arguments: String...) -> String {
      let output = logs.run(["metrics", "query", "v", "--format", "csv"] + arguments).output
      return String(output.split(separator: "\n").last?.split(separator: ",").last ?? "")
    }
    #expect(shown() == "0.3")
    #expect(shown("--fn", "avg") == "0.06")
    #expect(logs.value("SELECT sum FROM samples") == "0.3")
    #expect(logs.run(["sources", "forget", "b"]).status == 0)
    #expect(shown() == "-0.7")
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test func `rates are of whole buckets`() {
    let logs = Self.folder("metrics: [{name: n, pattern: id}]\n")
    let times = (0..<4).map { "2026-03-02T10:0\($0):00Z INFO id" }
    logs.append("app.log", records: times)
    Self.ingest(logs)
    let outcome = logs.run(
      ["metrics", "query", "n", "--fn", "rate", "--step", "90s", "--format", "csv"])
    #expect(
      outcome.errorOutput == "logbook: --step is taken as 120s: 'n' has buckets of 60s\n")
    let rate = "0.016666666666666666"
    #expect(
      outcome.output == """
        time,labels,value
        2026-03-02T10:00:00.000000Z,{},\(rate)
        2026-03-02T10:02:00.000000Z,{},\(rate)

        """)
  }

  @Test func `percentiles are no more than the most and no less than the least`() {
    let logs = Self.folder("metrics: [{name: v, pattern: 'v=(\\S+)', function: histogram}]\n")
    logs.append("app.log", records: (0..<3).map { _ in logs.line("v=20.1") })
    Self.ingest(logs)
    for function in ["p50", "p99"] {
      let output = logs.run(["metrics", "query", "v", "--fn", function, "--format", "csv"]).output
      #expect(output.hasSuffix(",{},20.1\n"), "\(output)")
    }
  }

  @Test func `verify looks at rules with paths as far as it can, and says how far`() {
    let logs = Self.folder(
      "metrics: [{name: v, pattern: 'v=(\\S+)', function: max, path: '**/a*'}]\n")
    logs.append("app.log", records: (0..<3).map { logs.line("v=\($0)") })
    Self.ingest(logs)
    #expect(
      logs.run(["verify", "--format", "csv"]).output.contains(
        "metrics,true,1 sample; 1 rule not compared with lines"))
    _ = Command.run("sqlite3", [logs.logbook.database, "UPDATE sample SET min = 9"])
    let outcome = logs.run(["verify", "--format", "csv"])
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("contradicts itself"), "\(outcome.output)")
  }

  @Test func `purge leaves no value behind, and tells which labels may hold a part of it`() {
    let logs = Self.folder(
      """
      metrics:
        - {name: by, pattern: 'ssn=', labels: {ssn: 'ssn=(\\w+)', tab: "<(.*)>"}}
        - {name: v, pattern: 'ssn=(\\w+)', function: sum}

      """)
    logs.append("app.log", records: [logs.line("ssn=x123 <a\tb>"), logs.line("ssn=7 <ssn=1\t>")])
    Self.ingest(logs)
    #expect(logs.rows("SELECT reason FROM rejects") == ["metric v: its value is no number"])
    let purge = logs.run(["purge", "--pattern", #"ssn=\w+"#])
    #expect(
      purge.errorOutput == """
        logbook: labels of metric 'by' are of lines that match, and may hold a part of it
        hint: 'logbook metrics rebuild by' counts the lines as they are now

        """)
    // As short as ever: what is read from now on is the same series.
    #expect(
      logs.rows("SELECT labels FROM samples WHERE labels LIKE '%redacted%'")
        == [#""{""ssn"":""7"",""tab"":""[redacted]\u0009""}""#])
    #expect(logs.run(["metrics", "rebuild", "by"]).status == 0)
    #expect(logs.rows("SELECT labels FROM samples WHERE metric = 'by'") == [])
  }

  @Test func `only files that a rule of log2metrics names are read, and what they were rotated to`()
  {
    let logs = Self.folder(
      "log_strategy: [{metric_name: n, file_path: logs/access, pattern: id}]\n")
    for name in ["access", "access.1", "access.key", "access-2.conf"] { logs.append(name, 1) }
    logs.shell("touch -d '1 hour ago' *")
    #expect(logs.run(["ingest"]).status == 0)
    #expect(
      logs.rows(
        "SELECT replace(path, rtrim(path, replace(path, '/', '')), '') FROM files ORDER BY 1")
        == ["access", "access.1"])
    #expect(logs.rows(Self.counts) == ["n 2"])
  }

  @Test func `what was told of a rule's values goes and comes with its figures`() {
    let logs = Self.folder("metrics: [{name: v, pattern: 'v=(\\S+)', function: sum}]\n")
    let reasons =
      "SELECT reason || ' ' || (log_id IS NOT NULL) || ' ' || offset FROM rejects ORDER BY id"
    logs.append("app.log", records: ["v=1 x", "v=a x", "v=1e30 x"])
    _ = Self.ingest(logs)
    let told = [
      "metric v: its value is no number 1 6", "metric v: its value is beyond 10^18 1 12",
    ]
    #expect(logs.rows(reasons) == told)
    #expect(logs.run(["metrics", "rebuild", "v"]).status == 0)
    #expect(logs.rows(reasons) == told)
    #expect(logs.rows("SELECT sum(rejects) FROM files") == ["2"])
    logs.append("app.log", records: ["", "v=b x"])
    _ = Self.ingest(logs)
    let offsets = logs.rows("SELECT offset FROM rejects ORDER BY id")
    #expect(logs.run(["metrics", "rebuild", "v"]).status == 0)
    #expect(logs.rows("SELECT offset FROM rejects ORDER BY id") == offsets)
    Self.write("metrics: [{name: v, pattern: 'v=(\\d+) x', function: sum}]\n", logs)
    _ = Self.ingest(logs)
    #expect(logs.rows(reasons).isEmpty)
    #expect(logs.run(["metrics", "rebuild", "v"]).status == 0)
    #expect(logs.rows(reasons).isEmpty)
    #expect(logs.rows("SELECT sum(rejects) FROM files") == ["0"])
    logs.expectVerified()
  }

  @Test
  func `lines that are not stored byte for byte have exact values, and no offset counted anew`() {
    let logs = Self.folder("metrics: [{name: v, pattern: 'v=(\\S+)', function: histogram}]\n")
    logs.appendBytes("app.log", Array("v=1 x\nv=3.3 \0 x\nv=7 x\nv=a x\n".utf8))
    _ = Self.ingest(logs)
    let offsets = "SELECT coalesce(offset, 'none') FROM rejects"
    #expect(logs.rows(offsets) == ["22"])
    let median = logs.run(["metrics", "query", "v", "--fn", "p50", "--format", "csv"]).output
    #expect(median.hasSuffix(",3.3\n"), "\(median)")
    #expect(logs.run(["metrics", "rebuild", "v"]).status == 0)
    #expect(logs.rows(offsets) == ["none"])
    logs.expectVerified()
  }
}
