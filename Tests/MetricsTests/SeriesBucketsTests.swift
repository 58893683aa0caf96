import LogModel
import TestSupport
import Testing

@testable import Metrics

@Suite struct `Buckets of series` {
  private struct Place: Hashable {
    var labels: [UInt8]
    var time: Int64
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `come once each, by series and time, however times go back and forth`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var buckets = SeriesBuckets()
    for _ in 0..<2 {
      var expected: [Place: (summary: MetricSummary, classes: [Int: Int64])] = [:]
      let (series, times) = (Int.random(in: 1...40, using: &random), Int64(200))
      for _ in 0..<40_000 {
        let number = MetricNumber(Int32.random(in: 1...50, using: &random))
        let place = Place(
          labels: Array(#"{"n":"\#(Int.random(in: 1...series, using: &random))"}"#.utf8),
          time: Int64.random(in: 0..<times, using: &random))
        expected[place, default: (MetricSummary(), [:])].summary.add(number)
        expected[place]?.classes[MetricClass.of(number), default: 0] += 1
        buckets.add(
          number, rule: 1, source: 1, labels: place.labels, time: place.time, isHistogram: true)
      }
      // What comes several times does not count as that many.
      #expect(buckets.count < 40_000)
      let taken = buckets.take()
      #expect(taken.count == expected.count)
      var last: Place?
      for entry in taken {
        let place = Place(labels: entry.labels, time: entry.time)
        #expect(entry.summary == expected[place]?.summary, "seed \(seed)")
        #expect(entry.classes == expected[place]?.classes, "seed \(seed)")
        if let last, last.labels == place.labels { #expect(last.time < place.time) }
        last = place
      }
      #expect(buckets.count == 0)
    }
  }
}
