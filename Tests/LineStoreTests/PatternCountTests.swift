import LineStore
import LogModel
import SQLite
import TestSupport
import Testing

@Suite struct PatternCountTests {
  @Test(arguments: [UInt64(5), 6, 7])
  func `the order of the lines and the split into runs and chunks change no count`(seed: UInt64)
    throws
  {
    print("seed \(seed)")
    var generator = LineGenerator(seed: seed)
    var records = (0..<2000).map { _ in generator.next() }
    var random = SeededRandom(seed: seed)
    let reference = try Self.counts(records) { _ in 4096 }
    #expect(reference.total == 2000)
    for round in 0..<3 {
      if round > 0 { records.shuffle(using: &random) }
      let sizes = [[1, 5, 64], [300], [4096]][round]
      let other = try Self.counts(records, runs: [7, 3, 1][round]) { sizes[$0 % sizes.count] }
      #expect(other.total == 2000)
      let difference = Set(other.rows).symmetricDifference(reference.rows).sorted()
      #expect(difference.isEmpty, "\(difference.prefix(6).joined(separator: "\n"))")
    }
  }

  private static func counts(
    _ records: [TestRecord], runs: Int = 1, rows size: (Int) -> Int
  ) throws -> (rows: [String], total: Int64?) {
    var store = try TestStore()
    try store.addSource(1, "a")
    var chunk = 0
    for run in 0..<runs {
      let part = records[records.count * run / runs..<records.count * (run + 1) / runs]
      try store.write(Array(part), source: 1) {
        chunk += 1
        return size(chunk)
      }
      try store.restart()
    }
    try LogTable.install(on: store.db) { _, _ in "" }
    let total = try store.db.integer("SELECT sum(count) FROM pattern_count")
    // The rows themselves agree with the counts.
    let mismatched = try rows(
      """
      SELECT p.id, p.count, l.n FROM pattern p LEFT JOIN
        (SELECT pattern_id, count(*) AS n FROM log GROUP BY pattern_id) l ON l.pattern_id = p.id
      WHERE p.count IS NOT coalesce(l.n, 0)
      """, store.db)
    #expect(mismatched == [])
    return (
      try rows("SELECT 'pattern', id, text, level, first_us, last_us, count FROM pattern", store.db)
        + rows("SELECT 'count', * FROM pattern_count", store.db), total
    )
  }
}
