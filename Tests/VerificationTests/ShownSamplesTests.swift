import LogModel
import Testing

@testable import Verification

@Test(arguments: [1, 2, 7])
func `a series is compared in one of the parts, and all routes together in the first`(
  _ parts: Int
) {
  let shown = (0..<parts).map { ShownSamples(isOneRoute: true, part: $0, of: parts) }
  for number in 0..<100 {
    let labels = Array(#"{"user":"\#(number)"}"#.utf8)
    #expect(shown.filter { $0.holds(1, labels) }.count == 1)
    let route = Array(#"{"method":"GET","route":"/\#(number)"}"#.utf8)
    let holders = shown.indices.filter {
      shown[$0].holds(StandardMetric.routeBytes.rawValue, route)
    }
    #expect(holders == [0])
  }
}

@Test func `the parts together have what there is`() {
  var increments = MetricIncrements()
  for number in 0..<50 as Range<Int64> {
    increments.increments.append(
      MetricIncrement(
        rule: number % 3, source: 1, labels: Array(#"{"n":"\#(number)"}"#.utf8), time: number,
        summary: MetricSummary(count: number + 1, sum: nil, min: nil, max: nil), classes: [:]))
  }
  var counts: [Int64] = []
  for part in 0..<4 {
    var shown = ShownSamples(isOneRoute: false, part: part, of: 4)
    shown.add(increments)
    counts += shown.buckets.values.map(\.summary.count)
  }
  #expect(counts.sorted() == Array(1...50))
}
