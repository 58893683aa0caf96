import Glibc
import TestSupport

@testable import Anomalies

/// Lines as they come by chance, minute by minute, with a season of the day and of the week.
struct Noise {
  struct Kind {
    var series: Series
    var level: UInt8
    /// Lines a minute in the middle of a working day.
    var rate: Double
  }

  /// A Monday, in minutes since 1970.
  static let monday = 29_496_960

  var kinds: [Kind]
  let minutes: Range<Int>
  /// By kind and minute.
  private(set) var lines: [[UInt16]] = []

  init(
    days: Int, from start: Int = monday, kinds: [Kind], random: inout SeededRandom,
    season: (Int) -> Double = office
  ) {
    self.kinds = kinds
    minutes = start..<start + days * 1440
    let seasons = minutes.map(season)
    for kind in kinds {
      lines.append(seasons.map { UInt16(Self.poisson(kind.rate * $0, &random)) })
    }
  }

  /// Patterns of few and of many lines in three sources, some of them warnings and errors.
  static func kinds(_ count: Int, _ random: inout SeededRandom) -> [Kind] {
    (0..<count).map { index in
      let source = Int64(1 + index % 3)
      return Kind(
        series: Series(source: source, pattern: Int64(1000 + index)),
        level: [3, 3, 3, 2, 3, 4, 3, 5][index / 3 % 8],
        rate: exp(Double.random(in: -2...3, using: &random)))
    }
  }

  /// Ten times as much at noon as at night; at the weekend 40 %.
  static func office(_ minute: Int) -> Double {
    let hour = Double((minute % 1440 + 1440) % 1440) / 60
    let day = 0.1 + 0.9 * (0.5 - 0.5 * cos((hour - 3) / 24 * 2 * Double.pi))
    return (minute - monday) / 1440 % 7 >= 5 ? day * 0.4 : day
  }

  static func poisson(_ mean: Double, _ random: inout SeededRandom) -> Int {
    if mean > 20 {
      return poisson(mean / 2, &random) + poisson(mean / 2, &random)
    }
    let limit = exp(-mean)
    var product = Double.random(in: 0..<1, using: &random)
    var count = 0
    while product > limit {
      product *= Double.random(in: 0..<1, using: &random)
      count += 1
    }
    return count
  }

  mutating func burst(
    _ factor: Double, minutes: Range<Int>, _ random: inout SeededRandom,
    where isMeant: (Kind) -> Bool, season: (Int) -> Double = office
  ) {
    for index in kinds.indices where isMeant(kinds[index]) {
      for minute in minutes {
        let mean = kinds[index].rate * season(minute) * (factor - 1)
        lines[index][minute - self.minutes.lowerBound] += UInt16(Self.poisson(mean, &random))
      }
    }
  }

  mutating func silence(_ minutes: Range<Int>, where isMeant: (Kind) -> Bool) {
    for index in kinds.indices where isMeant(kinds[index]) {
      for minute in minutes { lines[index][minute - self.minutes.lowerBound] = 0 }
    }
  }

  mutating func add(_ kind: Kind, lines: Int, at minute: Int) {
    kinds.append(kind)
    var own = [UInt16](repeating: 0, count: minutes.count)
    own[minute - minutes.lowerBound] = UInt16(lines)
    self.lines.append(own)
  }

  var counts: LineCounts { counts(in: [buckets]) }

  /// Only of these buckets.
  func counts(in ranges: [Range<Int>]) -> LineCounts {
    var counts = LineCounts()
    for hour in minutes.lowerBound / 60..<minutes.upperBound / 60
    where ranges.contains(where: { $0.overlaps(hour * 12..<hour * 12 + 12) }) {
      for (index, kind) in kinds.enumerated() {
        let slots = (0..<Bucket.hour).map { slot in
          let first = hour * 60 + slot * Bucket.minutes - minutes.lowerBound
          return lines[index][first..<first + Bucket.minutes].reduce(UInt32(0)) { $0 + UInt32($1) }
        }
        guard slots.contains(where: { $0 > 0 }) else { continue }
        counts.add(
          hour: hour, source: kind.series.source, level: kind.level,
          pattern: kind.series.pattern ?? 0, slots.span)
      }
    }
    for (index, kind) in kinds.enumerated() {
      guard let first = lines[index].firstIndex(where: { $0 > 0 }) else { continue }
      counts.add(
        FirstSight(
          pattern: kind.series.pattern ?? 0, source: kind.series.source, level: kind.level,
          time: Int64(minutes.lowerBound + first) * 60_000_000))
    }
    return counts
  }

  var buckets: Range<Int> {
    minutes.lowerBound / Bucket.minutes..<minutes.upperBound / Bucket.minutes
  }
}
