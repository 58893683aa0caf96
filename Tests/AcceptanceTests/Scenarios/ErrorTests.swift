import TestSupport
import Testing

@Suite struct `Errors of a store` {
  static let list =
    "SELECT id || ' ' || coalesce(type, '') || ' ' || title || ' ' || level || ' ' || status || ' ' || count || ' '"
    + " || first_seen || ' ' || last_seen AS error FROM errors ORDER BY id"
  static let hours =
    "SELECT hour || ' ' || error || ' ' || sum(count) AS hours FROM error_count GROUP BY hour, error ORDER BY 1"

  static func state(_ logs: LogFolder) -> [String] { logs.rows(list) + logs.rows(hours) }

  /// Reads when all files have been quiet for so long that no record is open.
  static func ingest(_ logs: LogFolder, _ arguments: [String] = []) {
    logs.shell("touch -d '1 hour ago' *")
    let outcome = logs.run(["ingest", logs.path] + arguments)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errorOutput)")
  }

  static func trace(_ second: Int, _ name: String) -> String {
    """
    \(LogFolder.time(second)) ERROR order \(second) failed
    Traceback (most recent call last):
      File "/srv/shop/orders.py", line \(second % 90), in \(name)
    KeyError: 'k\(second)'
    """
  }

  static func records(_ count: Int, _ random: inout SeededRandom) -> [String] {
    (0..<count).map { index in
      let second = 1000 + index * 97
      let number = Int.random(in: 0..<100_000, using: &random)
      return [
        trace(second, ["price", "place", "ship"][number % 3]),
        "\(LogFolder.time(second)) ERROR timeout after \(number) ms",
        "\(LogFolder.time(second)) FATAL \(["disk", "heap"][number % 2]) full",
        "\(LogFolder.time(second)) INFO order \(number) shipped",
      ].randomElement(using: &random) ?? ""
    }
  }

  @Test(arguments: [1, 2] as [UInt64])
  func `do not depend on the order of files and the split into runs`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let all = Self.records(240, &random)
    func store(_ order: [Int], runs: Int) -> LogFolder {
      let logs = LogFolder()
      for run in 0..<runs {
        for file in order {
          let own = all.indices.filter { $0 % 4 == file && $0 * runs / all.count == run }
          logs.append("f\(file).log", records: own.map { all[$0] })
        }
        logs.shell("touch -d '1 hour ago' *")
        for file in order { logs.ingest(logs.file("f\(file).log"), "--source", "app") }
      }
      return logs
    }
    let whole = LogFolder()
    whole.append("app.log", records: all)
    whole.shell("touch -d '1 hour ago' *")
    whole.ingest()
    let expected = Self.state(whole)
    #expect(whole.value("SELECT count(*) FROM errors") == "6")
    #expect(Self.state(store([0, 1, 2, 3], runs: 10)) == expected)
    let shuffled = store([2, 0, 3, 1], runs: 1)
    #expect(Self.state(shuffled) == expected)
    shuffled.expectVerified()
  }

  @Test func `count each time that an error is written, and a copy in another file not`() {
    let logs = LogFolder()
    func record(_ micros: Int) -> String {
      #"{"timestamp":"2026-03-02T10:00:00.\#(100_000 + micros)","level":"ERROR","message":"boom"}"#
    }
    // Two equal records in one file are two events; another file has one more of one of them.
    logs.append("app.log", records: [record(1), record(1), record(2)])
    logs.append("app-error.log", records: [record(1), record(2), record(2), record(3)])
    logs.append("app-debug.log", records: [record(1)])
    // A time of milliseconds is no evidence.
    let coarse = #"{"timestamp":"2026-03-02T10:00:00.123Z","level":"ERROR","message":"bang"}"#
    logs.append("app.log", records: [coarse])
    logs.append("app-error.log", records: [coarse])
    Self.ingest(logs, ["--source", "app"])
    let counts = "SELECT title || ' ' || count FROM errors ORDER BY 1"
    #expect(logs.rows(counts) == ["bang 2", "boom 5"])
    #expect(logs.value("SELECT count(*) FROM error_events") == "7")
    #expect(logs.value("SELECT coalesce(sum(count), 0) FROM error_chunk") == "10")
    logs.expectVerified()
  }

  @Test func `stay with the sources that still have a copy`() {
    let logs = LogFolder()
    let record = #"{"timestamp":"2026-03-02T10:00:00.100001","level":"ERROR","message":"boom"}"#
    logs.append("a.log", records: [record])
    logs.append("b.log", records: [record, record])
    Self.ingest(logs)
    let counts =
      "SELECT s.name || ' ' || sum(c.count) FROM error_count c JOIN source s ON s.id = c.source GROUP BY s.name ORDER BY s.name"
    #expect(logs.value("SELECT count FROM errors") == "2")
    #expect(logs.rows(counts).map { $0.suffix(7) } == ["a.log 1", "b.log 1"])
    #expect(logs.run(["sources", "forget", logs.file("a.log")]).status == 0)
    #expect(logs.rows(counts).map { $0.suffix(7) } == ["b.log 2"])
    #expect(logs.value("SELECT count FROM errors") == "2")
    #expect(logs.run(["verify"]).status == 0)
    #expect(logs.run(["sources", "forget", logs.file("b.log")]).status == 0)
    let left =
      "SELECT (SELECT count(*) FROM error_chunk) + (SELECT count(*) FROM error_group)"
      + " + (SELECT count(*) FROM error_variant) + (SELECT count(*) FROM error_count)"
      + " + (SELECT count(*) FROM error_transition)"
    #expect(logs.value(left) == "0")
  }

  @Test func `wait for the end of an open record`() {
    let logs = LogFolder()
    logs.appendText("app.log", "2026-03-02T10:00:00Z ERROR half of")
    logs.ingest()
    #expect(logs.value("SELECT coalesce(sum(count), 0) FROM error_chunk") == "0")
    logs.appendText("app.log", " a message\n2026-03-02T10:00:01Z INFO next\n")
    logs.ingest()
    #expect(logs.rows("SELECT title FROM errors") == ["half of a message"])
    logs.appendText("app.log", "2026-03-02T10:00:02Z ERROR last\n")
    logs.ingest()
    #expect(logs.value("SELECT count(*) FROM errors") == "1")
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    #expect(logs.rows("SELECT title FROM errors ORDER BY 1") == ["half of a message", "last"])
    logs.expectVerified()
  }

  @Test(arguments: [
    ("10:00:10Z", "10:40Z", "2"), ("10:00:00Z", "10:00:01Z", "1"), ("10:10Z", "10:20Z", ""),
    ("10:30:00Z", "11:00Z", "1"), ("10:30:00Z", "11:00:01Z", "2"), ("09:59Z", "12:00Z", "5"),
  ])
  func `are counted from any moment to any other`(since: String, until: String, count: String) {
    let logs = LogFolder()
    let times = ["10:00:00", "10:00:10", "10:39:59", "11:00:00", "11:59:59"]
    logs.append("app.log", records: times.map { "2026-03-02T\($0)Z ERROR disk full" })
    Self.ingest(logs)
    let id = logs.value("SELECT id FROM errors")
    let range = ["--since", "2026-03-02T" + since, "--until", "2026-03-02T" + until]
    let list = logs.run(["errors", "list", "--format", "ndjson"] + range)
    #expect(list.status == 0, "\(list.errorOutput)")
    #expect(count.isEmpty ? list.output.isEmpty : list.output.contains(#""count":\#(count),"#))
    let stats = logs.run(["errors", "stats", "--format", "csv"] + range)
    #expect(stats.output.contains("total,,\(count.isEmpty ? "0" : count),"), "\(stats.errorOutput)")
    let show = logs.run(["errors", "show", id, "--format", "csv"] + range)
    #expect(show.status == 0, "\(show.errorOutput)")
    #expect(show.output.contains("level,error,,\(count)\n") == !count.isEmpty, "\(show.output)")
  }

  @Test(.timeLimit(.minutes(1)))
  func `that are equal are counted without looking at each of the others`() {
    let logs = LogFolder()
    let record = "2026-03-02T10:00:00.123456Z ERROR disk full"
    logs.append("a.log", records: Array(repeating: record, count: 15_000))
    Self.ingest(logs, ["--source", "app"])
    logs.append("b.log", records: Array(repeating: record, count: 20_000))
    logs.append("a.log", records: Array(repeating: record, count: 2_000))
    Self.ingest(logs, ["--source", "app"])
    #expect(logs.value("SELECT count FROM errors") == "20000")
    logs.expectVerified()
  }

  @Test(arguments: [
    // A time in the message is none of the line, and zeros are no microseconds.
    ("2026-03-02T10:00:00Z ERROR auth: token expired at 2026-03-01T00:00:00.123456Z", "2"),
    ("2026-03-02T10:00:00.123000Z ERROR out of memory", "2"),
    ("2026-03-02T10:00:00.000000Z ERROR out of memory", "2"),
    ("2026-03-02T10:00:00.123456Z ERROR out of memory", "1"),
    (
      #"{"time":"2026-03-02T10:00:00Z","level":"error","msg":"at 2026-03-01T00:00:00.123456Z"}"#,
      "2"
    ),
    (#"{"time":"2026-03-02T10:00:00.123456Z","level":"error","msg":"bad"}"#, "1"),
    (#"{"ts":1772445600.123456,"level":"error","msg":"bad"}"#, "1"),
  ])
  func `are copies by the time of their lines`(record: String, count: String) {
    let logs = LogFolder()
    logs.append("a.log", records: [record])
    logs.append("b.log", records: [record])
    Self.ingest(logs)
    #expect(logs.value("SELECT sum(count) FROM errors") == count)
  }

  @Test func `stand where their lines do, also of a record that was open while others came`() {
    let logs = LogFolder()
    logs.append(
      "a.log",
      records: ["2026-03-02T10:00:00Z INFO start", "2026-03-02T10:00:01Z ERROR cannot pay"])
    logs.append(
      "b.log", records: ["2026-03-02T10:00:05Z ERROR disk full", "2026-03-02T10:00:06Z INFO ok"])
    #expect(logs.run(["ingest", logs.path, "--source", "S"]).status == 0)
    Self.ingest(logs, ["--source", "S"])
    #expect(logs.rows("SELECT title FROM errors ORDER BY title") == ["cannot pay", "disk full"])
    #expect(logs.run(["verify"]).status == 0)
    #expect(logs.run(["purge", "--pattern", "disk"]).status == 0)
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test(arguments: [([], "1"), (["--source", "nowhere"], "0"), (["--level", "fatal"], "0")])
  func `count sessions of the same events`(filter: [String], count: String) {
    let logs = LogFolder()
    let usage = #""usage":{"prompt_tokens":5,"completion_tokens":9}"#
    logs.append(
      "app.log",
      records: [
        #"2026-03-02T10:00:00Z ERROR {"id":"chatcmpl-1","session_id":"s1","model":"gpt-4o",\#(usage)}"#
      ])
    Self.ingest(logs)
    let stats = logs.run(["errors", "stats", "--format", "csv"] + filter)
    #expect(stats.output.contains("sessions,,\(count),"), "\(stats.output)")
  }
}

/// The origin's own logger wrote each event into up to six files.
@Suite(.enabled(if: Repository.data != nil, "the shared test data is absent"))
struct OriginErrorTests {
  @Test(arguments: [["1688sync.log"], [""], ["", "--source", "one"]])
  func `three times boom, five KeyErrors, and one error that was written once`(
    _ arguments: [String]
  ) throws {
    let data = try #require(Repository.data) + "/1688sync/"
    let logs = LogFolder()
    let outcome = logs.run(["ingest", data + arguments[0]] + arguments.dropFirst())
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    #expect(
      logs.rows("SELECT type || ' ' || count || ' ' || culprit FROM errors ORDER BY count DESC")
        == ["KeyError 5 t:<module>", "ValueError 3 t:<module>", "ValueError 1 t:same"])
    let id = logs.value("SELECT id FROM errors WHERE count = 3")
    let found = logs.run(["search", "error:\(id)", "--format", "ndjson"])
    #expect(found.output.split(separator: "\n").count == 3)
    #expect(found.output.split(separator: "\n").allSatisfy { $0.contains("boom ") })
    #expect(logs.run(["verify"]).status == 0)
  }
}
