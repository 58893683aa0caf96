import LogModel
import SQLite
import Storage
import TestSupport
import Testing

@Suite struct `Gauges` {
  /// What the stock shell finds in the view.
  private static func samples(_ scratch: Scratch) -> [String] {
    Command.run(
      "sqlite3",
      [
        scratch.file("logbook.db"),
        "SELECT labels || ' ' || time_us || ' ' || value FROM samples WHERE metric = 'm' ORDER BY labels, time_us",
      ]
    ).output.split(separator: "\n").map(String.init)
  }

  /// What the samples take in the file.
  private static func bytes(_ scratch: Scratch) -> Int {
    let found = Command.run(
      "sqlite3",
      [
        scratch.file("logbook.db"),
        "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'gauge_sample%' OR name LIKE 'gauge_chunk%'",
      ])
    return Int(found.output.dropLast()) ?? .max
  }

  private static func text(_ value: Double) -> String {
    GaugeSample.whole(value).map { String($0) } ?? "\(value)"
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `keep one sample for each time, whenever it was given`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let scratch = Scratch()
    let store = try makeStore(scratch)
    var expected: [String: [Int64: Double]] = [:]
    var now: Int64 = 1_767_225_600_000_000
    for _ in 0..<60 {
      var batch: [GaugeSample] = []
      for _ in 0..<Int.random(in: 1...1500, using: &random) {
        let label = Int.random(in: 0..<5, using: &random)
        let unit: Int64 = [1, 1000, 1_000_000, 30_000_000].randomElement(using: &random) ?? 1
        now += Int64.random(in: 0...3, using: &random) * unit
        let isLate = Int.random(in: 0..<20, using: &random) == 0
        let time = isLate ? now - Int64.random(in: 0...2_000_000_000, using: &random) : now
        let value: Double =
          switch Int.random(in: 0..<4, using: &random) {
          case 0: Double(Int.random(in: -5...5, using: &random))
          case 1: Double.random(in: -1...1, using: &random) * 1e17
          default: (Double.random(in: 0...100, using: &random) * 100).rounded() / 100
          }
        let labels = #"{"n":"\#(label)"}"#
        batch.append(GaugeSample(metric: "m", labels: labels, time: time, value: value))
        expected[labels, default: [:]][time] = value
      }
      try store.write { db throws(SQLiteError) in try GaugeTable().add(batch, in: db) }
    }
    let chunks = try #require(try store.db.integer("SELECT count(*) FROM gauge_chunk"))
    #expect(chunks > 10)
    let overlaps = try store.db.integer(
      """
      SELECT count(*) FROM gauge_chunk a JOIN gauge_chunk b ON b.gauge = a.gauge AND b.id <> a.id
        AND b.first_us <= a.last_us AND b.last_us >= a.first_us
      """)
    #expect(overlaps == 0, "seed \(seed)")
    try store.finish()
    let found = Self.samples(scratch).map { line in
      // The shell writes 15 digits.
      let words = line.split(separator: " ")
      return "\(words[0]) \(words[1]) \(Float(words[2]) ?? .nan)"
    }
    let wanted = expected.sorted { $0.key < $1.key }.flatMap { labels, values in
      values.sorted { $0.key < $1.key }.map { "\(labels) \($0.key) \(Float($0.value))" }
    }
    #expect(found == wanted, "seed \(seed)")
  }

  @Test(arguments: [1, 100])
  func `take less than 26 bytes each, however they are given`(_ series: Int) throws {
    var random = SeededRandom(seed: Seed.value)
    let scratch = Scratch()
    let store = try makeStore(scratch)
    for look in 0..<5000 / series {
      let samples = (0..<series).map { label in
        GaugeSample(
          metric: "m", labels: #"{"n":"\#(label)"}"#,
          time: 1_767_225_600_000_000 + Int64(look) * 30_000_000,
          value: (Double.random(in: 0...100, using: &random) * 100).rounded() / 100)
      }
      try store.write { db throws(SQLiteError) in try GaugeTable().add(samples, in: db) }
    }
    try store.finish()
    let bytes = Self.bytes(scratch)
    #expect(bytes < 26 * 5000, "\(bytes)")
  }

  @Test(arguments: [(1, 300), (20, 20), (70, 8), (70, 16)])
  func `take less than 26 bytes each, of some hundred samples too`(
    _ gauges: Int, _ looks: Int
  ) throws {
    var random = SeededRandom(seed: Seed.value)
    let scratch = Scratch()
    let store = try makeStore(scratch)
    for look in 0..<looks {
      let batch = (0..<gauges).map { gauge in
        GaugeSample(
          metric: "m\(gauge)", labels: "{}", time: 1_767_225_600_000_000 + Int64(look) * 60_000_000,
          value: (Double.random(in: 0...100, using: &random) * 100).rounded() / 100)
      }
      try store.write { db throws(SQLiteError) in try GaugeTable().add(batch, in: db) }
    }
    try store.finish()
    // But for the page that each table and index has when it is empty.
    let bytes = Self.bytes(scratch) - 3 * 4096
    #expect(bytes < 26 * gauges * looks, "\(bytes)")
  }

  @Test func `of too many series are one`() throws {
    let scratch = Scratch()
    let store = try makeStore(scratch)
    let samples = (0..<1100).map {
      GaugeSample(metric: "m", labels: #"{"a":"\#($0)","b":"x"}"#, time: 1, value: Double($0))
    }
    try store.write { db throws(SQLiteError) in try GaugeTable().add(samples, in: db) }
    try store.finish()
    let found = Self.samples(scratch)
    #expect(found.count == 1001)
    #expect(found.contains(#"{"a":"__other__","b":"__other__"} 1 1099"#))
  }

  @Test func `with labels that become equal are one`() throws {
    let scratch = Scratch()
    let store = try makeStore(scratch)
    let samples = (0..<20_000).flatMap { time in
      ["k1", "k2"].map {
        GaugeSample(
          metric: "m", labels: #"{"key":"\#($0)"}"#, time: Int64(time) * 2 + ($0 == "k1" ? 0 : 1),
          value: 1)
      }
    }
    try store.write { db throws(SQLiteError) in try GaugeTable().add(samples, in: db) }
    let changed = try store.write { db throws(SQLiteError) in
      try GaugeTable().replaceLabels(in: db) { $0.hasPrefix("k") ? "[redacted]" : nil }
    }
    try store.finish()
    #expect(changed == 2)
    let found = Self.samples(scratch)
    #expect(found.count == 40_000)
    #expect(found.allSatisfy { $0.hasPrefix(#"{"key":"[redacted]"} "#) })
  }

  @Test func `of a host go with it, those that were emitted stay`() throws {
    let scratch = Scratch()
    let store = try makeStore(scratch)
    let sample = GaugeSample(metric: "m", time: 5, value: 1)
    try store.write { db throws(SQLiteError) in
      try GaugeTable().add([sample], source: 1, in: db)
      try GaugeTable().add([sample], in: db)
      try HostTable().replace(
        .init(time: 5, uptime: nil, counters: [.init(metric: "m", label: "", value: 1)]), source: 1,
        in: db)
      try GaugeTable().remove(source: 1, in: db)
    }
    let state = try HostTable().state(source: 1, in: store.db)
    try store.finish()
    #expect(Self.samples(scratch) == ["{} 5 1"])
    #expect(state == nil)
  }
}
