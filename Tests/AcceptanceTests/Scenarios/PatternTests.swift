import TestSupport
import Testing

@Suite struct `Patterns of a store` {
  private static let users = ["anna", "ben", "carla", "dora", "emil", "fred", "gina", "hugo"]

  /// Lines of which patterns come only when enough of them have been seen.
  private static func lines(_ count: Int, _ random: inout SeededRandom) -> [String] {
    (0..<count).map { index in
      let time = LogFolder.time(1000 + index * 37)
      let user = users.randomElement(using: &random) ?? ""
      let number = Int.random(in: 0..<100_000, using: &random)
      let events = [
        "INFO Invalid user \(user) from 10.0.0.\(number % 256)", "WARN disk \(number) is slow",
        "INFO session opened for \(user) by root", "ERROR user \(user) failed after \(number) ms",
        "INFO VM \(["started", "stopped"][number % 2]) in \(number) s", "DEBUG \(user)",
      ]
      return time + " " + (events.randomElement(using: &random) ?? "")
    }
  }

  private static let state = [
    "SELECT id, text, level, first_us, last_us, count FROM pattern WHERE count > 0 ORDER BY id",
    "SELECT minute, substr(name, -5), level, pattern, count FROM pattern_count JOIN source s ON s.id = source"
      + " ORDER BY 1, 2, 3, 4",
    "SELECT message, pattern_id FROM log ORDER BY 1, 2",
  ]

  private static func state(_ logs: LogFolder) -> [String] {
    state.map { logs.run(["sql", "--format", "csv", $0]).output }
  }

  private static func store(
    _ files: [(name: String, lines: [String])], parts: Int
  ) -> LogFolder {
    let logs = LogFolder()
    for part in 0..<parts {
      for (name, lines) in files {
        let own = lines[lines.count * part / parts..<lines.count * (part + 1) / parts]
        logs.append(name, records: Array(own))
      }
      logs.shell("touch -d '-1 hour' *")
      logs.ingest()
    }
    return logs
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `do not depend on the order of lines and the split into runs`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    var files = ["a.log", "b.log"].map { ($0, Self.lines(120, &random)) }
    let whole = Self.store(files, parts: 1)
    let expected = Self.state(whole)
    #expect(
      whole.value("SELECT count(*) FROM pattern WHERE text LIKE 'Invalid user <*> from%'") == "1")
    #expect(whole.value("SELECT sum(count) FROM pattern_count") == "240")
    let split = Self.store(files, parts: 10)
    #expect(Self.state(split) == expected)
    for index in files.indices { files[index].1.shuffle(using: &random) }
    let shuffled = Self.store(files.reversed(), parts: 3)
    #expect(Self.state(shuffled) == expected)
    for logs in [whole, split, shuffled] { logs.expectVerified() }
  }

  @Test func `keep the ids that a merge has replaced`() {
    let logs = LogFolder()
    var ids: [String] = []
    for (second, user) in Self.users.enumerated() {
      let time = LogFolder.time(2000 + second)
      logs.append("app.log", records: ["\(time) WARN Invalid user \(user) from 10.0.0.1"])
      logs.shell("touch -d '-1 hour' *")
      logs.ingest()
      ids.append(logs.value("SELECT pattern_id FROM log ORDER BY id DESC LIMIT 1"))
    }
    #expect(Set(ids).count == 4)
    #expect(Set(ids.suffix(5)).count == 1)
    for id in ids {
      #expect(logs.run(["search", "pattern:\(id)", "--count"]).output == "8\n")
      for (interval, seconds) in [("5m", 300), ("1h", 3600)] {
        // From the sums; these from the lines.
        let start =
          "strftime('%Y-%m-%dT%H:%M:00.000000Z', time_us / 1000000 / \(seconds) * \(seconds), 'unixepoch')"
        let lines = "SELECT \(start) AS time, count(*) AS count FROM log GROUP BY 1 ORDER BY 1"
        #expect(
          logs.run(["search", "pattern:\(id)", "--count", "--by", interval, "--format", "csv"])
            .output
            == logs.run(["sql", "--format", "csv", lines]).output)
      }
      #expect(
        logs.run(["patterns", "show", id, "-n", "0"]).output.contains("Invalid user <*> from"))
    }
    logs.expectVerified()
  }

  @Test func `become what they were before a source was read`() {
    let logs = LogFolder()
    let first = Self.users.prefix(3).enumerated().map { second, user in
      "\(LogFolder.time(2000 + second)) WARN Invalid user \(user) from 10.0.0.1"
    }
    let second = Self.users.dropFirst(3).enumerated().map { second, user in
      "\(LogFolder.time(3000 + second)) WARN Invalid user \(user) from 10.0.0.2"
    }
    logs.append("a.log", records: first)
    logs.shell("touch -d '-1 hour' *")
    logs.ingest()
    let before = Self.state(logs)
    logs.append("b.log", records: second)
    logs.shell("touch -d '-1 hour' *")
    logs.ingest()
    #expect(logs.value("SELECT count(*) FROM patterns") == "1")
    #expect(logs.run(["sources", "forget", logs.file("b.log")]).status == 0)
    #expect(Self.state(logs) == before)
    logs.expectVerified()
  }

  @Test(.enabled(if: Repository.data != nil, "the shared test data is absent"))
  func `group the labelled lines of the loghub sets as well as they should`() {
    let outcome = Command.run(
      "Benchmarks/accuracy", ["--binary", Logbook.binary], directory: Repository.root)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errorOutput)")
  }
}
