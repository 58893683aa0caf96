import TestSupport
import Testing

/// A dry run tells what is then removed: which lines and counts for a size, and how many bytes.
@Suite struct `Dry runs of pruning` {
  enum Store: CaseIterable {
    /// Counts are most of it; lines are; half of each.
    case sparse, dense, mixed

    func records(_ count: Int, _ random: inout SeededRandom) -> [String] {
      let step = self == .sparse ? 60 : self == .dense ? 1 : 7
      return (0..<count).map { number in
        let level = number % 50 == 7 ? "ERROR" : "INFO"
        let kind = self == .mixed ? " of kind-\(number % 61) \(number % 3 == 0 ? "x y" : "z")" : ""
        return
          "\(LogFolder.time(number * step)) \(level) job \(number)\(kind) done in \(Int.random(in: 1...99_999, using: &random)) ms"
      }
    }
  }

  /// What was removed, by columns.
  private static func prune(_ logs: LogFolder, _ arguments: [String]) -> [String: Int] {
    let outcome = logs.run(["prune", "--format", "csv"] + arguments)
    #expect(outcome.status == 0, "\(arguments): \(outcome.errorOutput)")
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: ",") }
    guard lines.count == 2 else { return [:] }
    return Dictionary(
      uniqueKeysWithValues: zip(lines[0], lines[1]).map { (String($0), Int($1) ?? -1) })
  }

  private static func bytes(_ logs: LogFolder) -> Int {
    Int(logs.shell("stat -c %s ../logbook.db").output.dropLast()) ?? 0
  }

  /// A quarter off at most, or some pages.
  private static func isNear(_ said: [String: Int], _ done: [String: Int]) -> Bool {
    let actual = done["bytes"] ?? 0
    return abs((said["bytes"] ?? 0) - actual) <= max(1 << 16, actual / 4)
  }

  @Test(arguments: Store.allCases)
  func `for a size it takes lines and counts in the order in which they go`(_ store: Store) {
    var random = SeededRandom(seed: 7)
    let logs = LogFolder()
    logs.append("app.log", records: store.records(25_000, &random))
    logs.shell("touch -d '1 hour ago' app.log")
    logs.ingest()
    logs.shell("cp ../logbook.db ../whole.db")
    let whole = Self.bytes(logs)
    let all = ["--older-than", "2027-01-01", "--rollups-older-than", "2027-01-01", "--dry-run"]
    let removable = Self.prune(logs, all)["bytes"] ?? 0
    for options in [[], ["--keep-errors"]] {
      for percent in [10, 25, 45] {
        logs.shell("rm -f ../logbook.db-*; cp ../whole.db ../logbook.db")
        let arguments = ["--max-size", "\(whole - removable * percent / 100)"] + options
        let said = Self.prune(logs, arguments + ["--dry-run"])
        let done = Self.prune(logs, arguments)
        let about = "\(store) \(options) \(percent) %: \(said), then \(done)"
        #expect((done["lines"] ?? 0) > 0, "\(about)")
        // A page more or less may need a chunk more or less, and its counts.
        for column in ["lines", "counts"] {
          #expect(abs((said[column] ?? 0) - (done[column] ?? 0)) <= 4096, "\(about)")
        }
        #expect(Self.isNear(said, done), "\(about)")
      }
    }
  }

  @Test func `bytes are those of all tables`() {
    let logs = LogFolder()
    logs.configuration = """
      metrics: [{name: took, pattern: 'in (\\d+) ms', function: histogram, step: 1m}]
      sources: [{name: app, path: logs/app.log}, {name: usage, path: logs/usage.log}]
      """
    var random = SeededRandom(seed: 8)
    logs.append(
      "app.log",
      records: Store.sparse.records(9000, &random).map { $0.replacing("INFO", with: "ERROR") })
    logs.append("usage.log", records: (0..<9000).map { _ in logs.usageLine() })
    logs.shell("touch -d '1 hour ago' *.log")
    #expect(logs.run(["ingest"]).status == 0)
    let time = "2027-01-01"
    for option in [
      "--sessions-older-than", "--metrics-older-than", "--errors-older-than", "--older-than",
      "--rollups-older-than",
    ] {
      let said = Self.prune(logs, [option, time, "--dry-run"])
      let done = Self.prune(logs, [option, time])
      for column in ["lines", "chunks", "counts", "turns", "events", "samples"] {
        #expect(said[column] == done[column], "\(option): \(said), then \(done)")
      }
      #expect(Self.isNear(said, done), "\(option): \(said), then \(done)")
    }
  }

  @Test func `what a size is too small for is no table that nothing can be taken from`() {
    let logs = LogFolder()
    logs.append("app.log", 9000)
    logs.ingest()
    let outcome = logs.run(["prune", "--max-size", "50kB"])
    #expect(
      outcome.status == 74 && outcome.errorOutput.contains("as its tables do without any lines"),
      "\(outcome.errorOutput)")
  }

  @Test
  func `where kinds of lines take most of it, it cannot when pruning cannot, for the same table`() {
    var random = SeededRandom(seed: 9)
    let words = ["alpha", "bravo", "delta", "fancy", "grape", "hotel", "lemon", "mango", "noble"]
    let kinds = (0..<3000).map { number in
      (0..<5).map { words[number / [1, 9, 81, 729, 6][$0] % 9] }.joined(separator: " ")
    }
    let logs = LogFolder()
    logs.append(
      "app.log",
      records: (0..<60_000).map { number in
        let kind = kinds[Int.random(in: 0..<kinds.count, using: &random)]
        return "\(LogFolder.time(number * 3 / 5)) INFO \(kind) \(number % 10)"
      })
    logs.shell("touch -d '1 hour ago' app.log")
    logs.ingest()
    logs.shell("cp ../logbook.db ../whole.db")
    for (size, status) in [("900kB", 74), ("1500kB", 0), ("2MB", 0)] as [(String, Int32)] {
      logs.shell("rm -f ../logbook.db-*; cp ../whole.db ../logbook.db")
      let outcomes = [["--dry-run"], []].map { logs.run(["prune", "--max-size", size] + $0) }
      let tables = outcomes.map { $0.errorOutput.split(separator: "'").dropFirst().first ?? "" }
      #expect(outcomes.allSatisfy { $0.status == status }, "\(size): \(outcomes)")
      #expect(tables[0] == tables[1], "\(size): \(outcomes)")
    }
  }

  @Test func `a size that is reached without turns that go by their age is reached`() {
    let logs = LogFolder()
    logs.append("usage.log", records: (0..<9000).map { _ in logs.usageLine() })
    var random = SeededRandom(seed: 10)
    logs.append("app.log", records: Store.dense.records(40_000, &random))
    logs.shell("touch -d '1 hour ago' *.log")
    logs.ingest()
    let arguments = ["--max-size", "700kB", "--sessions-older-than", "2027-01-01"]
    let said = Self.prune(logs, arguments + ["--dry-run"])
    let done = Self.prune(logs, arguments)
    #expect(said["turns"] == 9000 && said["lines"] ?? 0 > 0, "\(said), then \(done)")
    #expect(Self.isNear(said, done), "\(said), then \(done)")
  }
}
