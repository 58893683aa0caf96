import LogModel
import SQLite
import Storage
import TestSupport
import Testing

@Suite struct `Buckets of rules` {
  private struct Place: Hashable {
    var labels: String
    var time: Int64
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `come to all that was added, by series or not, new or not`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let scratch = Scratch()
    let store = try makeStore(scratch)
    try store.write { db throws(SQLiteError) in
      try MetricRuleTable().insert(MetricRule(name: "m"), now: 0, in: db)
    }
    var expected: [Place: MetricSummary] = [:]
    for _ in 0..<12 {
      var increments: [MetricIncrement] = []
      for _ in 0..<Int.random(in: 0...200, using: &random) {
        var summary = MetricSummary()
        let isCount = Bool.random(using: &random)
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          summary.add(isCount ? nil : MetricNumber(Int64.random(in: -9...9, using: &random)))
        }
        let place = Place(
          labels: #"{"count":"\#(isCount)","n":"\#(Int.random(in: 0...2, using: &random))"}"#,
          time: Int64.random(in: 0..<60, using: &random) * 60_000_000)
        expected[place, default: MetricSummary()].merge(summary)
        increments.append(
          MetricIncrement(
            rule: 1, source: 1, labels: Array(place.labels.utf8), time: place.time,
            summary: summary, classes: [:]))
      }
      if Int.random(in: 0...2, using: &random) > 0 {
        increments.sort {
          let (left, right) = (String(decoding: $0.labels, as: UTF8.self), $1.labels)
          return (left, $0.time) < (String(decoding: right, as: UTF8.self), $1.time)
        }
      }
      try store.write { db throws(SQLiteError) in
        var table = SampleTable()
        try table.add(MetricIncrements(increments: increments), in: db)
      }
    }
    var found: [Place: MetricSummary] = [:]
    var row = try store.db.prepare(
      "SELECT labels, time_us, count, sum, nano, min, max FROM sample p JOIN series s ON s.id = p.series"
    )
    while try row.step() {
      found[Place(labels: row.text(0), time: row.integer(1))] = SampleTable.summary(row, from: 2)
    }
    #expect(found == expected, "seed \(seed)")
  }
}
