import TestSupport
import Testing

/// Percentiles of values whose lines are stored, however these were read.
@Suite struct `Exact percentiles` {
  private static let rules = """
    metrics:
      - {name: ms, value: took, function: histogram, labels: {path: path}, where: took>=0, step: 1m}
      - {name: ms, pattern: 'also (\\S+)', function: histogram, step: 1m}

    """

  private static func percentile(_ values: [Double], _ percent: Int) -> Double {
    values.sorted()[(values.count * percent + 99) / 100 - 1]
  }

  private static func query(_ logs: LogFolder, _ arguments: String...) -> [String] {
    let outcome = logs.run(["metrics", "query"] + arguments + ["--format", "csv"])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    return outcome.output.split(separator: "\n").dropFirst().map(String.init)
  }

  /// JSON lines of 40 minutes, some of them late; a few have two values.
  private static func lines(
    _ random: inout SeededRandom
  ) -> [(minute: Int, line: String, path: String, value: Double, second: Double?)] {
    (0..<1500).map { number in
      let minute = max(0, number * 40 / 1500 - (number % 50 == 0 ? 7 : 0))
      let value = Double(Int.random(in: 0...100_000, using: &random)) / 100
      let second = number % 9 == 0 ? Double(Int.random(in: -50...50, using: &random)) / 8 : nil
      let path = ["/a", "/b"].randomElement(using: &random) ?? ""
      let time = "2026-03-02T10:\(minute < 10 ? "0" : "")\(minute):01Z"
      let message = second.map { "also \($0) x" } ?? "none"
      return (
        minute,
        #"{"time":"\#(time)","level":"info","msg":"\#(message)","path":"\#(path)","took":\#(value)}"#,
        path, value, second
      )
    }
  }

  @Test func `are those of the lines by steps and labels, in any split`() {
    var random = SeededRandom(seed: Seed.value)
    let logs = LogFolder()
    logs.configuration = Self.rules
    let lines = Self.lines(&random)
    var rest = lines.map(\.line)[...]
    while !rest.isEmpty {
      let part = rest.prefix(Int.random(in: 1...600, using: &random))
      rest = rest.dropFirst(part.count)
      logs.append("app.log", records: Array(part))
      logs.ingest()
    }
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    var expected: [String] = []
    for start in stride(from: 0, to: 40, by: 10) {
      for path in ["", "/a", "/b"] {
        let some = lines.filter { (start..<start + 10).contains($0.minute) }
        let values =
          path.isEmpty ? some.compactMap(\.second) : some.filter { $0.path == path }.map(\.value)
        let value = Self.percentile(values, 95)
        let text = value == value.rounded() ? "\(Int(value))" : "\(value)"
        let minute = start < 10 ? "00" : "\(start)"
        expected.append(
          #"2026-03-02T10:\#(minute):00.000000Z,"{""path"":""\#(path)""}",\#(text)"#)
      }
    }
    let rows = Self.query(logs, "ms", "--fn", "p95", "--step", "10m", "--by", "path")
    #expect(rows == expected, "SEED=\(Seed.value)")
    let some = Self.query(
      logs, #"ms{path="/a"}"#, "--fn", "p50", "--total", "--since", "2026-03-02T10:05:00Z",
      "--until", "2026-03-02T10:12:00Z")
    let value = Self.percentile(
      lines.filter { (5..<12).contains($0.minute) && $0.path == "/a" }.map(\.value), 50)
    #expect(some.count == 1 && Double(some[0].split(separator: ",").last ?? "") == value)
    logs.expectVerified()
  }

  @Test func `are of the histogram where a line is not what was counted`() {
    let logs = LogFolder()
    logs.configuration = Self.rules
    logs.append("app.log", records: (1...30).map { logs.line("also \($0).0001 x") })
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    func isExact() -> Bool {
      Self.query(logs, "ms", "--fn", "p50").first?.hasSuffix(",15.0001") == true
    }
    #expect(isExact())
    #expect(logs.run(["purge", "--pattern", "also 3.0001"]).status == 0)
    #expect(!isExact())
    let value = Self.query(logs, "ms", "--fn", "p50").first.flatMap {
      Double($0.split(separator: ",").last ?? "")
    }
    #expect(abs((value ?? 0) - 15.0001) < 0.15)
  }

  @Test(arguments: [
    [], ["--step", "7m"], ["--step", "1h", "--total"], ["--by", "path"],
    ["--by", "path", "--by", "source", "--step", "1m", "--since", "2026-03-02T10:05Z"],
  ])
  func `of histograms are those that the SQL has`(_ options: [String]) {
    var random = SeededRandom(seed: Seed.value)
    let logs = LogFolder()
    logs.configuration = Self.rules
    logs.append("app.log", records: Self.lines(&random).map(\.line))
    logs.append("caf\u{e9} \"x\".log", records: Self.lines(&random).map(\.line))
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    // So the values are not those that were counted.
    let changed = Command.run(
      "sqlite3",
      [logs.logbook.database, "UPDATE sample SET max = max + 1 WHERE time_us % 120000000 = 0"])
    #expect(changed.status == 0)
    for function in ["p50", "p99"] {
      let query = ["metrics", "query", "ms", "--fn", function] + options
      let sql = logs.run(query + ["--show-sql"]).output
      let expected = logs.run(["sql", sql, "--format", "csv"]).output
      #expect(expected.split(separator: "\n").count > 1)
      #expect(logs.run(query + ["--format", "csv"]).output == expected, "SEED=\(Seed.value)")
    }
  }

  @Test func `are those of routes and events, too`() {
    let logs = LogFolder()
    logs.append(
      "access.log",
      records: (1...20).map {
        #"10.0.0.1 - - [01/Feb/2026:10:\#(9 + $0):00 +0000] "GET /o/\#($0) HTTP/1.1" 200 5 "-" "curl/8" 0.\#(100 + $0)"#
      })
    logs.append(
      "app.json.log",
      records: (1...20).map {
        #"{"time":"2026-02-01T10:00:00Z","level":"info","msg":"x","event":"e","duration_ms":\#($0).125}"#
      })
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    let routes = Self.query(logs, "route_duration_ms", "--fn", "p95", "--total")
    #expect(routes == ["2026-02-01T10:00:00.000000Z,{},119"])
    let events = Self.query(logs, "event_duration_ms", "--fn", "p90", "--total")
    #expect(events == ["2026-02-01T10:00:00.000000Z,{},18.125"])
  }

  @Test func `are those of routes in wide buckets, too`() {
    let logs = LogFolder()
    var random = SeededRandom(seed: Seed.value)
    var values: [[Double]] = [[], [], []]
    let lines = (0..<9000).map { number in
      let (hour, value) = (number / 125, Int.random(in: 1000...1300, using: &random))
      values[hour / 24].append(Double(value))
      let time = "0\(1 + hour / 24)/Feb/2026:\(hour % 24 < 10 ? "0" : "")\(hour % 24):30:00"
      return
        #"10.0.0.1 - - [\#(time) +0000] "GET /r/x\#(number % 10) HTTP/1.1" 200 5 "-" "curl/8" \#(value)ms"#
    }
    logs.append("access.log", records: lines)
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    #expect(logs.value("SELECT max(step_us) / 3600000000 FROM route_step") == "24")
    let days = Self.query(logs, "route_duration_ms", "--fn", "p95", "--total", "--step", "1d")
    let expected = values.enumerated().map { day, values in
      "2026-02-0\(day + 1)T00:00:00.000000Z,{},\(Int(Self.percentile(values, 95)))"
    }
    #expect(days == expected, "SEED=\(Seed.value)")
    logs.expectVerified()
  }
}
