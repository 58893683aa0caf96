import TestSupport
import Testing

/// Records that stand in several files of a source, and what metrics make of them.
@Suite struct `Copies of counted records` {
  @Test(.enabled(if: Repository.data != nil, "the shared test data is absent"))
  func `each event of 1688sync counts once, of however many files and in however many runs`() throws
  {
    let data = try #require(Repository.data)
    for isOneRun in [true, false] {
      let logs = LogFolder()
      logs.shell("cp '\(data)'/1688sync/*.log .; touch -d '1 hour ago' *")
      #expect(logs.shell("grep -l api_request *.log | wc -l").output == "4\n")
      if isOneRun {
        logs.ingest("--source", "sync", logs.path)
      } else {
        for name in logs.shell("ls *.log").output.split(separator: "\n") {
          logs.ingest("--source", "sync", logs.file(String(name)))
        }
      }
      for metric in ["api_request", "database_operation", "task_complete", "business_event"] {
        #expect(Self.count(metric, logs) == 1, "\(metric), one run: \(isOneRun)")
      }
      #expect(Self.count("event_duration_ms", logs) == 3)
      let longest = logs.value("SELECT max FROM samples WHERE metric = 'api_request_duration_ms'")
      #expect(longest == "250.3")
      logs.expectVerified()
      let rebuilt = logs.run(["metrics", "rebuild", "api_request"])
      #expect(rebuilt.status == 0, "\(rebuilt.errorOutput)")
      #expect(Self.count("api_request", logs) == 1)
    }
  }

  static func count(_ metric: String, _ logs: LogFolder) -> Int {
    Int(logs.value("SELECT coalesce(sum(count), 0) FROM samples WHERE metric = '\(metric)'")) ?? -1
  }

  // MARK: What has copies, and what has none

  private static let shop = #""details":{"event":"business_event","event_name":"sale"}}"#

  @Test(arguments: [
    ("a time of seconds", #"{"timestamp":"2026-03-02T10:00:00Z",\#(shop)"#, 1),
    ("a time of milliseconds", #"{"time":"2026-03-02T10:00:00.125Z",\#(shop)"#, 1),
    ("no time", #"{"message":"sold",\#(shop)"#, 2),
  ])
  func `an equal record of two files counts once where it has a time`(
    _ about: String, _ record: String, _ count: Int
  ) {
    let logs = LogFolder()
    logs.append("a.log", records: [Self.tick("a", 1), record, Self.tick("a", 9)])
    logs.append("b.log", records: [Self.tick("b", 2), record, Self.tick("b", 8)])
    logs.ingest("--source", "shop", logs.path)
    #expect(Self.count("business_event", logs) == count, "\(about)")
    logs.expectVerified()
  }

  @Test func `equal records of one file all count`() {
    let logs = LogFolder()
    let record = #"{"timestamp":"2026-03-02T10:00:00Z",\#(Self.shop)"#
    logs.append("a.log", records: [record, record, Self.tick("a", 9)])
    logs.append("b.log", records: [Self.tick("b", 2), record, record, record])
    logs.ingest("--source", "shop", logs.path)
    #expect(Self.count("business_event", logs) == 3)
    logs.expectVerified()
  }

  @Test func `files of several sources have no copies of each other`() {
    let logs = LogFolder()
    let record = #"{"timestamp":"2026-03-02T10:00:00Z",\#(Self.shop)"#
    logs.append("a.log", records: [Self.tick("a", 1), record])
    logs.append("b.log", records: [Self.tick("b", 2), record])
    logs.ingest()
    #expect(Self.count("business_event", logs) == 2)
    logs.expectVerified()
  }

  @Test func `a rule for one file counts its copies of what others have`() {
    let logs = LogFolder()
    logs.configuration = """
      metrics:
        - {name: errors_written, path: logs/b.log, pattern: sale, function: count}
        - {name: sales, pattern: sale, function: count}
      """
    let record = #"{"timestamp":"2026-03-02T10:00:00Z",\#(Self.shop)"#
    logs.append("a.log", records: [Self.tick("a", 1), record])
    logs.append("b.log", records: [Self.tick("b", 2), record])
    logs.ingest("--source", "shop", logs.path)
    #expect(Self.count("errors_written", logs) == 1)
    #expect(Self.count("sales", logs) == 1)
    logs.expectVerified()
  }

  @Test func `a rule counts the first record that it sees, whatever was stored before it`() {
    let logs = LogFolder()
    let record = #"{"timestamp":"2026-03-02T10:00:00Z",\#(Self.shop)"#
    logs.append("a.log", records: [Self.tick("a", 1), record])
    logs.ingest("--source", "shop", logs.path)
    logs.configuration = "metrics: [{name: sales, pattern: sale, function: count}]"
    logs.append("b.log", records: [Self.tick("b", 2), record])
    logs.ingest("--source", "shop", logs.path)
    #expect(Self.count("sales", logs) == 1)
    #expect(Self.count("business_event", logs) == 1)
    logs.append("c.log", records: [Self.tick("c", 3), record])
    logs.ingest("--source", "shop", logs.path)
    #expect(Self.count("sales", logs) == 1)
    logs.expectVerified()
  }

  @Test func `a copy counts where the original's lines are gone for their age`() {
    let logs = LogFolder()
    let record = #"{"timestamp":"2026-03-02T10:00:00Z",\#(Self.shop)"#
    logs.append("a.log", records: [Self.tick("a", 1), record])
    logs.ingest("--source", "shop", logs.path)
    let pruned = logs.run(["prune", "--older-than", "1h"])
    #expect(pruned.status == 0, "\(pruned.errorOutput)")
    logs.append("b.log", records: [Self.tick("b", 2), record])
    logs.ingest("--source", "shop", logs.path)
    #expect(Self.count("business_event", logs) == 2)
    logs.expectVerified()
  }

  @Test func `percentiles of values with copies are exact`() {
    let logs = LogFolder()
    let records = [5, 7, 1000].map {
      #"{"timestamp":"2026-03-02T10:00:00.\#($0 + 100)Z","event":"step","duration_ms":\#($0)}"#
    }
    for name in ["a", "b"] {
      logs.append(name + ".log", records: [Self.tick(name, 1)] + records + [Self.tick(name, 9)])
    }
    logs.ingest("--source", "shop", logs.path)
    let median = logs.run(
      ["metrics", "query", "event_duration_ms", "--fn", "p50", "--format", "csv"])
    #expect(median.output.contains(",7\n"), "\(median.output)\(median.errorOutput)")
  }

  /// A record that no other file has.
  private static func tick(_ name: String, _ second: Int) -> String {
    #"{"timestamp":"2026-03-02T09:59:5\#(second)Z","message":"tick of \#(name)"}"#
  }
}
