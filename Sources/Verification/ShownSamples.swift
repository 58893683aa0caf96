import LogModel
import SQLite
import Storage

/// What the lines of a source show of samples, and what is stored of these, to be compared.
///
/// Both are in a temporary database, of which little is in memory, however many buckets there are.
final class ShownSamples {
  struct Bucket: Equatable {
    var summary = MetricSummary()
    /// The same for equal classes of a histogram, in whatever order they are added.
    fileprivate(set) var classes: UInt64 = 0

    mutating func add(_ count: Int64, ofClass number: Int) {
      var hash = StableHash()
      hash.add(UInt64(bitPattern: Int64(number)))
      classes &+= UInt64(bitPattern: count) &* UInt64(bitPattern: hash.value)
    }

    fileprivate func adding(_ other: Self) -> Self {
      var sum = self
      sum.summary.merge(other.summary)
      sum.classes &+= other.classes
      return sum
    }
  }

  struct Key: Equatable {
    var rule: Int64
    var labels: ExactText
    var time: Int64
  }

  struct Failures: Equatable {
    var rejects: Int64 = 0
    var limitHits: Int64 = 0
  }

  /// Where a source has more routes than are kept apart, all of them are compared as one.
  private let isOneRoute: Bool
  /// By rule.
  private(set) var failures: [Int64: Failures] = [:]
  private let db: Connection

  init(isOneRoute: Bool) throws(SQLiteError) {
    self.isOneRoute = isOneRoute
    // Without a name it is removed when it is closed.
    db = try Connection(path: "", mode: .create)
    try db.execute(
      """
      PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4096;
      CREATE TABLE bucket(rule INTEGER, labels TEXT, time_us INTEGER, is_stored INTEGER,
        count INTEGER, sum, nano INTEGER, min REAL, max REAL, classes INTEGER);
      BEGIN
      """)
  }

  func add(_ shown: MetricIncrements) throws(SQLiteError) {
    for entry in shown.increments {
      try add(
        entry.summary, entry.classes, rule: entry.rule, labels: entry.labels, time: entry.time,
        isStored: false)
    }
    for entry in shown.failures {
      failures[entry.rule, default: Failures()].rejects += entry.rejects
      failures[entry.rule, default: Failures()].limitHits += entry.limitHits
    }
  }

  func add(
    _ summary: MetricSummary, _ classes: [Int: Int64], rule: Int64, labels: [UInt8], time: Int64,
    isStored: Bool
  ) throws(SQLiteError) {
    var bucket = Bucket()
    for (number, count) in classes { bucket.add(count, ofClass: number) }
    bucket.summary = summary
    let text = String(decoding: compared(labels, of: rule), as: UTF8.self)
    try Self.insert(bucket, Key(rule: rule, labels: ExactText(text), time: time), isStored, db)
  }

  private static func insert(
    _ bucket: Bucket, _ key: Key, _ isStored: Bool, _ db: borrowing Connection
  ) throws(SQLiteError) {
    var row = try db.prepare("INSERT INTO bucket VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    try row.bind(
      values: key.rule, key.labels.text, key.time, isStored ? 1 : 0, bucket.summary.count)
    try SampleTable.bind(bucket.summary, to: &row, from: 6)
    try row.bind(10, Int64(bitPattern: bucket.classes))
    try row.run()
  }

  /// Whether series of the rule are added up before they are compared.
  func isTogether(_ rule: Int64) -> Bool {
    isOneRoute && StandardMetric(rawValue: rule)?.isOfRoutes == true
  }

  /// Without the route, where all of them are one.
  private func compared(_ labels: [UInt8], of rule: Int64) -> [UInt8] {
    guard isTogether(rule), let start = labels.firstRange(of: Array(#"","route":""#.utf8)) else {
      return labels
    }
    let rest = labels[start.upperBound...].firstRange(of: Array(#"","status":""#.utf8))
    return Array(labels[..<start.upperBound]) + (rest.map { labels[$0.lowerBound...] } ?? [])
  }

  /// Tells of the buckets from a time on of which not the same is shown and stored, or one of both only.
  func differences(
    from start: Int64, _ tell: (Key, _ shown: Bucket?, _ stored: Bucket?) -> Void
  ) throws(SQLiteError) {
    try Self.differences(from: start, db, tell)
  }

  private static func differences(
    from start: Int64, _ db: borrowing Connection,
    _ tell: (Key, _ shown: Bucket?, _ stored: Bucket?) -> Void
  ) throws(SQLiteError) {
    var row = try db.prepare(
      """
      SELECT count, sum, nano, min, max, classes, is_stored, rule, labels, time_us FROM bucket
      WHERE time_us >= ? ORDER BY rule, labels, time_us
      """)
    try row.bind(1, start)
    var last: Key?
    var both: (shown: Bucket?, stored: Bucket?)
    while try row.step() {
      let key = Key(rule: row.integer(7), labels: ExactText(row.text(8)), time: row.integer(9))
      if let last, last != key {
        if both.shown != both.stored { tell(last, both.shown, both.stored) }
        both = (nil, nil)
      }
      last = key
      let bucket = Bucket(
        summary: SampleTable.summary(row, from: 0), classes: UInt64(bitPattern: row.integer(5)))
      if row.integer(6) == 1 {
        both.stored = both.stored.map { $0.adding(bucket) } ?? bucket
      } else {
        both.shown = both.shown.map { $0.adding(bucket) } ?? bucket
      }
    }
    if let last, both.shown != both.stored { tell(last, both.shown, both.stored) }
  }
}
