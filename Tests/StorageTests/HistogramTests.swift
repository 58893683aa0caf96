import LogModel
import SQLite
import TestSupport
import Testing

@testable import Storage

@Suite struct `Classes of a histogram` {
  private static func add(
    _ classes: [Int: Int64], at time: Int64 = 0, in store: borrowing Store
  ) throws {
    let count = classes.values.reduce(0, +)
    let summary = MetricSummary(count: count, sum: 0, min: 0, max: 0)
    let entry = MetricIncrement(
      .routeDuration, source: 1, labels: Array("{}".utf8), time: time, summary: summary,
      classes: classes)
    try store.write { db throws(SQLiteError) in
      var table = SampleTable()
      try table.add(MetricIncrements(increments: [entry]), in: db)
    }
  }

  @Test(arguments: [
    ([1300: 1], "1300a"), ([1300: 9, 1301: 10, 1303: 2], "1300i,10jb"),
    ([-7: 1, 0: 3, 39: 1, 72: 1], "-7alkc;39a;72a"), ([0: 1, 32: 1], "0ammmlkja"),
    ([0: 1_000_000_000_000], "0,1000000000000"),
  ])
  func `are written as short as can be`(_ classes: [Int: Int64], _ text: String) {
    #expect(ClassText.text(of: classes) == text)
  }

  @Test func `add up to what the stock shell shows`() throws {
    for seed in UInt64(1)...20 {
      var random = SeededRandom(seed: seed)
      let scratch = Scratch()
      let store = try makeStore(scratch)
      var sums: [Int: Int64] = [:]
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        var classes: [Int: Int64] = [:]
        var place = Int.random(in: -3200...1200, using: &random)
        for _ in 0..<Int.random(in: 1...60, using: &random) {
          place += [1, 1, 2, 5, 31, 32, 33, 34, 400].randomElement(using: &random) ?? 1
          guard place <= 3200 else { break }
          classes[place] = [1, 1, 2, 9, 10, 11, 4096, 1 << 40].randomElement(using: &random) ?? 1
        }
        classes[0, default: 0] += 1
        try Self.add(classes, in: store)
        sums.merge(classes, uniquingKeysWith: +)
      }
      try store.finish()
      let query = "SELECT class || ' ' || count FROM histograms ORDER BY class"
      let rows = Command.run("sqlite3", [scratch.file("logbook.db"), query]).output
      let expected = sums.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }
      #expect(rows == expected.joined(), "seed \(seed)")
    }
  }

  @Test func `leave the room that routes took when they go for their age`() throws {
    let scratch = Scratch()
    let store = try makeStore(scratch)
    for hour in 0..<50 {
      try Self.add([1300: 5, 1400: 20], at: Int64(hour) * StandardMetric.hour, in: store)
    }
    func taken() throws -> Int64? {
      try store.db.integer("SELECT route_bytes FROM source WHERE id = 1")
    }
    let all = try #require(try taken())
    func prune(before hour: Int64) throws {
      try store.write { db throws(SQLiteError) in
        _ = try SamplePruning().remove(before: hour * StandardMetric.hour, limit: 1000, in: db)
      }
    }
    #expect(all > 50 * 36)
    try prune(before: 25)
    #expect(abs(Double(try taken() ?? 0) / Double(all) - 0.5) < 0.1)
    try prune(before: 60)
    #expect(try taken() == 0)
    try store.finish()
  }
}
