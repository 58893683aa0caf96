import LogModel
import SQLite

/// Adds to buckets.
struct BucketWriter: ~Copyable, ~Escapable {
  private var read: Statement
  private var write: Statement
  private var increase: Statement

  @_lifetime(borrow db)
  init(_ db: borrowing Connection) throws(SQLiteError) {
    let read = try db.prepare(
      "SELECT count, sum, nano, min, max, classes FROM sample WHERE series = ? AND time_us = ?")
    let write = try db.prepare(
      """
      INSERT OR REPLACE INTO sample(series, time_us, count, sum, nano, min, max, classes)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?)
      """)
    let increase = try db.prepare(
      """
      INSERT INTO sample(series, time_us, count) VALUES(?, ?, ?)
      ON CONFLICT DO UPDATE SET count = count + excluded.count RETURNING count
      """)
    self.read = read
    self.write = write
    self.increase = increase
  }

  /// About how many bytes more there are then.
  mutating func add(
    _ summary: MetricSummary, _ classes: [Int: Int64], series: Int64, time: Int64
  ) throws(SQLiteError) -> Int64 {
    guard summary.sum != nil else {
      try increase.bind(values: series, time, summary.count)
      let isNew = try increase.step() && increase.integer(0) == summary.count
      increase.reset()
      return isNew ? RouteLimit.bytes(ofSample: summary, classes: 0) : 0
    }
    var total = summary
    var sizes = classes
    var before: Int64 = 0
    try read.bind(values: series, time)
    if try read.step() {
      total.merge(SampleTable.summary(read, from: 0))
      ClassText.add(read, 5, to: &sizes)
      before = RouteLimit.bytes(ofSample: summary, classes: read.bytes(5).count)
    }
    read.reset()
    let text = ClassText.text(of: sizes)
    try write.bind(values: series, time, total.count)
    try SampleTable.bind(total, to: &write, from: 4)
    try write.bind(8, text)
    try write.run()
    return RouteLimit.bytes(ofSample: summary, classes: text?.utf8.count ?? 0) - before
  }
}
