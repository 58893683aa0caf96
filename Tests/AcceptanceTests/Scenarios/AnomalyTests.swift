import Glibc
import TestSupport
import Testing

/// A week of lines that come by chance, with a season of the day and of the week.
private struct Week {
  struct Kind: Sendable {
    var file: String
    /// In the middle of a working day.
    var perMinute: Double
    var text: @Sendable (Int) -> String
  }

  static let minutes = 7 * 1440
  static let kinds = [
    Kind(file: "shop.log", perMinute: 9) { "INFO http: GET /item/\($0) in \($0 % 90) ms" },
    Kind(file: "shop.log", perMinute: 4) { "INFO mail: order o-\($0) confirmed" },
    Kind(file: "shop.log", perMinute: 2) { "DEBUG cache: evicted \($0) keys" },
    Kind(file: "shop.log", perMinute: 1) { "WARN pool: waited \($0) ms for a connection" },
    Kind(file: "shop.log", perMinute: 0.3) { "ERROR payment: card \($0) refused" },
    Kind(file: "jobs.log", perMinute: 6) { "INFO picked job \($0) from the queue" },
    Kind(file: "jobs.log", perMinute: 5) { "INFO job \($0) done after \($0 % 7000) ms" },
    Kind(file: "jobs.log", perMinute: 0.5) { "WARN job \($0) is tried again" },
  ]

  /// By file and minute.
  private(set) var lines: [String: [[String]]] = [:]

  init(_ random: inout SeededRandom) {
    for file in Set(Self.kinds.map(\.file)) {
      lines[file] = Array(repeating: [], count: Self.minutes)
    }
    for kind in Self.kinds {
      for minute in 0..<Self.minutes {
        add(kind, Self.poisson(kind.perMinute * Self.season(minute), &random), at: minute, &random)
      }
    }
  }

  /// A quarter at night, half at the weekend.
  static func season(_ minute: Int) -> Double {
    let day = 0.625 - 0.375 * cos(Double(minute % 1440 - 180) / 1440 * 2 * Double.pi)
    return minute / 1440 >= 5 ? day / 2 : day
  }

  static func poisson(_ mean: Double, _ random: inout SeededRandom) -> Int {
    let limit = exp(-mean)
    var product = Double.random(in: 0..<1, using: &random)
    var count = 0
    while product > limit {
      product *= Double.random(in: 0..<1, using: &random)
      count += 1
    }
    return count
  }

  mutating func add(_ kind: Kind, _ count: Int, at minute: Int, _ random: inout SeededRandom) {
    for _ in 0..<count {
      let second = Int.random(in: 0..<60, using: &random)
      let text = kind.text(Int.random(in: 1000..<100_000, using: &random))
      lines[kind.file]?[minute].append(LogFolder.time(minute * 60 + second) + " " + text)
    }
  }

  mutating func silence(_ file: String, _ minutes: Range<Int>) {
    for minute in minutes { lines[file]?[minute] = [] }
  }

  /// Writes minutes to the files of a folder, and reads them.
  func ingest(_ minutes: Range<Int>, _ logs: LogFolder) {
    for (file, lines) in lines {
      logs.appendText(file, minutes.flatMap { lines[$0].sorted() }.map { $0 + "\n" }.joined())
    }
    logs.shell("touch -d '-1 hour' *")
    logs.ingest()
  }
}

@Suite struct `Anomalies of a week` {
  private static let found = ["anomalies", "--format", "csv"]

  private static func rows(_ logs: LogFolder, _ arguments: String...) -> [[String]] {
    let outcome = logs.run(found + arguments)
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    return outcome.output.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func `are none in a quiet one`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let logs = LogFolder()
    Week(&random).ingest(0..<Week.minutes, logs)
    #expect(logs.run(Self.found).output.split(separator: "\n").count == 1)
    #expect(logs.run(["anomalies", "--format", "json"]).output == "[]\n")
    #expect(logs.run(["anomalies", "--since", "2026-01-06"]).status == 0)
  }

  @Test func `are a new message though a clock that was not set showed it in 1970`() {
    var random = SeededRandom(seed: 9)
    var week = Week(&random)
    let kind = Week.Kind(file: "jobs.log", perMinute: 0) { "FATAL disk \($0) is gone" }
    week.add(kind, 1, at: 4 * 1440 + 700, &random)
    let logs = LogFolder()
    logs.appendText("jobs.log", "1970-01-01T00:00:03Z FATAL disk 7 is gone\n")
    week.ingest(0..<Week.minutes, logs)
    #expect(Self.rows(logs).map(\.first) == ["new-pattern"])
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func `are a burst, a silence and a new message, each once, however they were read`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    var week = Week(&random)
    func minute(_ day: Int) -> Int { day * 1440 + Int.random(in: 540..<960, using: &random) }
    let (burst, silence, novelty) = (minute(2), minute(3), minute(4))
    let kind = Week.kinds[Int(seed) % 4]
    for minute in burst..<burst + 10 {
      let mean = 9 * kind.perMinute * Week.season(minute)
      week.add(kind, Week.poisson(mean, &random), at: minute, &random)
    }
    week.silence("jobs.log", silence..<silence + 15)
    week.add(
      Week.Kind(file: "jobs.log", perMinute: 0) { "FATAL disk \($0) is gone" }, 1, at: novelty,
      &random)

    let whole = LogFolder()
    week.ingest(0..<Week.minutes, whole)
    let rows = Self.rows(whole)
    #expect(rows.map(\.first) == ["new-pattern"] + rows.dropFirst().map(\.first))
    #expect(Set(rows.map(\.first)) == ["new-pattern", "spike", "drop"])
    #expect(rows.count == 3)
    for (kind, start) in [("new-pattern", novelty), ("spike", burst), ("drop", silence)] {
      guard let row = rows.first(where: { $0[0] == kind }) else { continue }
      let from = (start / 5 - 1...start / 5 + 2).map { LogFolder.time($0 * 300).prefix(16) }
      #expect(from.contains(row[4].prefix(16)), "\(row)")
      // Its evidence are the lines that it counts.
      let words = (row.last ?? "").split(separator: " ").dropFirst().map {
        $0.split(separator: "'").joined()
      }
      #expect(whole.run(words + ["--count"]).output == row[6] + "\n", "\(row)")
    }
    let day = Self.rows(whole, "--since", "2026-01-04", "--until", "2026-01-05")
    #expect(day == rows.filter { $0[0] == "drop" })
    #expect(Self.rows(whole, "--kind", "new-pattern", "--level", "error").count == 1)
    #expect(Self.rows(whole, "--source", "*jobs.log").count == 2)

    if seed == 1 {
      let split = LogFolder(in: Scratch())
      for hour in 0..<7 * 24 { week.ingest(hour * 60..<hour * 60 + 60, split) }
      let renamed = Self.rows(split).map { row in
        row.map {
          $0.split(separator: split.path, omittingEmptySubsequences: false).joined(
            separator: whole.path)
        }
      }
      #expect(renamed == rows)
      split.expectVerified()
      #expect(split.run(["sources", "forget", split.file("jobs.log")]).status == 0)
      #expect(Self.rows(split).map(\.first) == ["spike"])
      split.expectVerified()
    }
  }
}
