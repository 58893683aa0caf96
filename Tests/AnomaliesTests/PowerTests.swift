import TestSupport
import Testing

@testable import Anomalies

@Suite struct `Anomalies that were put into noise` {
  private static let flat = `Anomalies in noise`.flat
  private static let pattern = Series(source: 1, pattern: 1000)

  /// A week of which one pattern has `lines` in a bucket.
  private static func week(_ lines: Double, days: Int = 7, _ random: inout SeededRandom) -> Noise {
    var kinds = Noise.kinds(30, &random)
    kinds[0].rate = lines / Double(Bucket.minutes)
    return Noise(days: days, kinds: kinds, random: &random, season: flat)
  }

  private static func start(_ random: inout SeededRandom) -> Int {
    Noise.monday + Int.random(in: 1440..<6 * 1440, using: &random)
  }

  private static func anomalies(
    _ noise: Noise, near minutes: Range<Int>
  ) -> (there: [Anomaly], elsewhere: [Anomaly]) {
    let place =
      minutes.lowerBound / Bucket.minutes - 1..<minutes.upperBound / Bucket.minutes + 2
    let all = noise.counts.anomalies(in: noise.buckets)
    return (
      all.filter { place.contains($0.buckets.lowerBound) },
      all.filter { !place.contains($0.buckets.lowerBound) }
    )
  }

  @Test(arguments: [5.0, 10, 20, 100, 500], 1...4 as ClosedRange<UInt64>)
  func `a burst of ten times the lines is found once`(lines: Double, seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    var noise = Self.week(lines, &random)
    let start = Self.start(&random)
    noise.burst(
      10, minutes: start..<start + 10, &random, where: { $0.series == Self.pattern },
      season: Self.flat)
    let found = Self.anomalies(noise, near: start..<start + 10)
    #expect(found.there.map(\.kind) == [.spike])
    #expect(found.there.first?.series.source == 1)
    #expect(found.elsewhere == [])
  }

  @Test(arguments: [15.0, 50, 200], 1...4 as ClosedRange<UInt64>)
  func `a pattern's silence of a quarter of an hour is found once`(lines: Double, seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    var noise = Self.week(lines, &random)
    let start = Self.start(&random)
    noise.silence(start..<start + 15) { $0.series == Self.pattern }
    let found = Self.anomalies(noise, near: start..<start + 15)
    #expect(found.there.map(\.kind) == [.drop])
    #expect(found.there.first?.series == Self.pattern)
    #expect(found.elsewhere == [])
  }

  @Test(arguments: [(0, 10), (0, 15), (0, 20), (1, 3), (5, 18), (6, 9), (6, 15), (6, 20), (7, 3)])
  func `a silence is found at every time of a history`(day: Int, hour: Int) {
    var random = SeededRandom(seed: 60)
    var noise = Self.week(100, days: 8, &random)
    let start = Noise.monday + day * 1440 + hour * 60 + 4
    noise.silence(start..<start + 15) { $0.series.source == 1 }
    let found = Self.anomalies(noise, near: start..<start + 15)
    #expect(found.there.map(\.kind) == [.drop])
    #expect(found.elsewhere == [])
  }

  @Test(arguments: [30, 60, 120, 240, 1200, 4320])
  func `a silence of any length is a drop from its first bucket on, up to a day`(minutes: Int) {
    print("minutes \(minutes)")
    var random = SeededRandom(seed: 70)
    var noise = Self.week(100, days: 13, &random)
    let start = Noise.monday + 8 * 1440 + 600
    noise.silence(start..<start + minutes) { $0.series.source == 1 }
    let found = Self.anomalies(noise, near: start..<start + minutes)
    let first = start / Bucket.minutes
    let end = first + min(minutes / Bucket.minutes, Bucket.day)
    #expect(found.there.map(\.kind) == [.drop])
    #expect(found.there.map(\.buckets) == [first..<end])
    #expect(found.elsewhere == [])
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `a burst of errors hours after a rise has begun is told by itself`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    var kinds = Noise.kinds(12, &random)
    for index in kinds.indices where kinds[index].series.source == 1 { kinds[index].rate = 20 }
    (kinds[3].rate, kinds[3].level) = (0.4, 5)
    var noise = Noise(days: 9, kinds: kinds, random: &random, season: Self.flat)
    let rise = Noise.monday + 8 * 1440 + 540
    noise.burst(
      6, minutes: rise..<rise + 480, &random, where: { $0.series.pattern == 1000 },
      season: Self.flat)
    noise.burst(
      40, minutes: rise + 240..<rise + 270, &random, where: { $0.series.pattern == 1003 },
      season: Self.flat)
    let found = noise.counts.anomalies(in: noise.buckets)
    #expect(Set(found.map(\.series.pattern)) == [1000, 1003])
    #expect(found.count == 2)
  }

  @Test(arguments: [0.4, 2, 3], 1...2 as ClosedRange<UInt64>)
  func `a step that stays is told once`(factor: Double, seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let kinds = (0..<4).map {
      Noise.Kind(series: Series(source: 1, pattern: 1000 + $0), level: 3, rate: 40)
    }
    let step = Noise.monday + 10 * 1440 + 660
    let noise = Noise(days: 16, kinds: kinds, random: &random) { minute in
      `Anomalies in noise`.shift(minute, rest: 0.3) * (minute < step ? 1 : factor)
    }
    let whole = noise.counts.anomalies(in: noise.buckets)
    #expect(whole.count == 1)
    for hours in stride(from: 9 * 24, to: 16 * 24, by: 31) {
      let range = noise.buckets.lowerBound + hours * Bucket.hour..<noise.buckets.upperBound
      let counts = noise.counts(in: LineCounts.needed(for: range))
      #expect(counts.anomalies(in: range) == whole.filter { $0.buckets.overlaps(range) })
    }
  }

  @Test func `the pattern of all that is not kept apart is never new`() {
    var random = SeededRandom(seed: 3)
    var noise = Self.week(20, &random)
    noise.add(
      Noise.Kind(series: Series(source: 2, pattern: 1), level: 5, rate: 0), lines: 1,
      at: Noise.monday + 4 * 1440)
    var counts = noise.counts
    #expect(counts.anomalies(in: noise.buckets).map(\.kind) == [.newPattern])
    counts.catchAll = 1
    #expect(counts.anomalies(in: noise.buckets) == [])
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `a source's silence is not told once more for each pattern`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    var noise = Self.week(50, &random)
    let start = Self.start(&random)
    noise.silence(start..<start + 40) { $0.series.source == 1 }
    let found = Self.anomalies(noise, near: start..<start + 40)
    #expect(found.there.map(\.kind) == [.drop])
    #expect(found.there.first?.series == Series(source: 1))
    #expect((found.there.first?.seriesCount ?? 0) > 1)
    #expect(found.elsewhere == [])
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `a burst of a whole source is the source's`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    var noise = Self.week(50, &random)
    let start = Self.start(&random)
    noise.burst(
      10, minutes: start..<start + 10, &random, where: { $0.series.source == 1 }, season: Self.flat)
    let found = Self.anomalies(noise, near: start..<start + 10)
    #expect(found.there.map(\.series) == [Series(source: 1)])
    #expect(found.elsewhere == [])
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `errors of many patterns are one error rate`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    var noise = Self.week(50, &random)
    for index in noise.kinds.indices where noise.kinds[index].series.source == 1 && index > 0 {
      noise.kinds[index].rate = 1
      noise.kinds[index].level = index < 16 ? 5 : 3
    }
    noise = Noise(days: 7, kinds: noise.kinds, random: &random, season: Self.flat)
    let start = Self.start(&random)
    noise.burst(
      10, minutes: start..<start + 10, &random,
      where: { $0.series.source == 1 && $0.level == 5 }, season: Self.flat)
    let found = Self.anomalies(noise, near: start..<start + 10)
    #expect(found.there.map(\.kind) == [.errorRate])
    #expect(found.elsewhere == [])
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `a message that was never seen is found once, with its burst`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    var noise = Self.week(20, &random)
    let start = Self.start(&random)
    for (offset, lines) in [1, 500].enumerated() {
      noise.add(
        Noise.Kind(
          series: Series(source: 2, pattern: Int64(1 + offset)), level: 5, rate: 0),
        lines: lines, at: start)
    }
    let found = Self.anomalies(noise, near: start..<start + 1)
    #expect(found.there.map(\.kind) == [.newPattern, .newPattern])
    #expect(found.there.map(\.observed).sorted() == [1, 500])
    #expect(found.elsewhere == [])
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `what rises slowly to its double is a drift once a season is known`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    var noise = Self.week(50, days: 16, &random)
    let start = Noise.monday + 14 * 1440
    for step in 0..<12 {
      let minutes = start + step * 120..<start + (step + 1) * 120
      noise.burst(
        1 + 0.12 * Double(step), minutes: minutes, &random, where: { $0.series == Self.pattern },
        season: Self.flat)
    }
    let found = noise.counts.anomalies(in: noise.buckets)
    #expect(found.map(\.kind) == [.drift])
    #expect(found.first?.series == Self.pattern)
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `do not depend on the range that is asked for`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    var noise = Self.week(50, days: 10, &random)
    for day in [2, 4, 6, 8] {
      let start = Noise.monday + day * 1440 + Int.random(in: 0..<1300, using: &random)
      noise.burst(
        8, minutes: start..<start + 90, &random, where: { $0.series == Self.pattern },
        season: Self.flat)
    }
    let counts = noise.counts
    let whole = counts.anomalies(in: noise.buckets)
    #expect(whole.count == 4)
    for day in 1..<10 {
      let first = (Noise.monday + day * 1440) / Bucket.minutes
      let range = first..<first + Bucket.day
      let own = whole.filter { $0.buckets.overlaps(range) }
      #expect(counts.anomalies(in: range) == own)
      let needed = LineCounts.needed(for: range)
      #expect(noise.counts(in: needed).anomalies(in: range) == own)
    }
  }
}
