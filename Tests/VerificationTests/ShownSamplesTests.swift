import LogModel
import Testing

@testable import Verification

@Suite struct `Samples that lines show` {
  private static func route(_ path: String) -> [UInt8] {
    Array(#"{"method":"GET","route":"\#(path)"}"#.utf8)
  }

  private static func summary(_ count: Int64, _ value: Double? = nil) -> MetricSummary {
    let sum = value.map { Int128($0 * 1e9) * Int128(count) }
    return MetricSummary(count: count, sum: sum, min: value, max: value)
  }

  private static func differences(_ shown: ShownSamples, from start: Int64 = 0) throws -> [String] {
    var texts: [String] = []
    try shown.differences(from: start) { key, found, stored in
      let (found, stored) = (found?.summary.count ?? 0, stored?.summary.count ?? 0)
      texts.append("\(key.rule) \(key.labels.text) \(key.time): \(found) \(stored)")
    }
    return texts
  }

  @Test func `have labels of their own where these differ by their composition only`() throws {
    let shown = try ShownSamples(isOneRoute: false)
    for (text, isStored) in [("e\u{301}", true), ("\u{e9}", false)] {
      try shown.add(
        Self.summary(1), [:], rule: 7, labels: Array(text.utf8), time: 0, isStored: isStored)
    }
    #expect(try Self.differences(shown).count == 2)
  }

  @Test func `are added up, in whatever order they come, and compared bucket by bucket`() throws {
    let shown = try ShownSamples(isOneRoute: false)
    func add(_ count: Int64, _ classes: [Int: Int64], _ time: Int64, isStored: Bool) throws {
      try shown.add(
        Self.summary(count, 1.5), classes, rule: 7, labels: Array("{}".utf8), time: time,
        isStored: isStored)
    }
    try add(3, [1: 2, 2: 1], 60, isStored: true)
    for time in 0..<3 as Range<Int64> { try add(1, [1: 1], time, isStored: time > 0) }
    try add(1, [2: 1], 60, isStored: false)
    try add(2, [1: 2], 60, isStored: false)
    #expect(
      try Self.differences(shown) == ["7 {} 0: 1 0", "7 {} 1: 0 1", "7 {} 2: 0 1"])
    #expect(try Self.differences(shown, from: 2) == ["7 {} 2: 0 1"])
    // Of another class.
    try add(1, [1: 1], 60, isStored: false)
    try add(1, [2: 1], 60, isStored: true)
    #expect(try Self.differences(shown, from: 3) == ["7 {} 60: 4 4"])
  }

  @Test func `are one for all routes where not all are apart`() throws {
    for isOneRoute in [true, false] {
      let shown = try ShownSamples(isOneRoute: isOneRoute)
      for (path, isStored) in [("/a", false), ("/b", false), ("/a", true), ("__other__", true)] {
        try shown.add(
          Self.summary(1, 5), [:], rule: StandardMetric.routeBytes.rawValue,
          labels: Self.route(path), time: 0, isStored: isStored)
      }
      #expect(try Self.differences(shown).count == (isOneRoute ? 0 : 2))
    }
  }
}
