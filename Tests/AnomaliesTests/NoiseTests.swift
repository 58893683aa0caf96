import TestSupport
import Testing

@testable import Anomalies

@Suite struct `Anomalies in noise` {
  /// The same at all times.
  static func flat(_ minute: Int) -> Double { 1 }

  /// Nothing but a part outside of working hours; it rises and falls within an hour.
  static func shift(_ minute: Int, rest: Double) -> Double {
    let minutes = Double((minute % 1440 + 1440) % 1440)
    let day = min(1, max(0, (minutes - 450) / 60)) * min(1, max(0, (1080 - minutes) / 60))
    return (minute - Noise.monday) / 1440 % 7 >= 5 ? rest : rest + (1 - rest) * day
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `are none in a quiet week, whatever its season`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let kinds = Noise.kinds(60, &random)
    let start = Noise.monday + Int(seed % 7) * 1440
    for season in [Noise.office, Self.flat] {
      let noise = Noise(days: 7, from: start, kinds: kinds, random: &random, season: season)
      #expect(noise.counts.anomalies(in: noise.buckets) == [])
    }
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func `are none in five quiet weeks`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let kinds = Noise.kinds(60, &random)
    let start = Noise.monday + Int(seed % 7) * 1440
    let noise = Noise(days: 35, from: start, kinds: kinds, random: &random)
    #expect(noise.counts.anomalies(in: noise.buckets) == [])
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func `are none on a first day whose work stops within a minute`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let kinds = Noise.kinds(60, &random)
    let noise = Noise(days: 2, kinds: kinds, random: &random) { minute in
      (480..<1080).contains(minute % 1440) ? 1 : 0.05
    }
    #expect(noise.counts.anomalies(in: noise.buckets).filter { $0.score < 0 } == [])
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func `are none where all begin and stop work within an hour`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let kinds = Noise.kinds(60, &random)
    for rest in [0, 0.05] {
      let noise = Noise(days: 21, kinds: kinds, random: &random) { Self.shift($0, rest: rest) }
      #expect(noise.counts.anomalies(in: noise.buckets) == [])
    }
  }
}
