import LogModel
import SQLite

/// Adds to buckets.
struct BucketWriter: ~Copyable, ~Escapable {
  private var insert: Statement
  private var increase: Statement
  private var read: Statement
  private var replace: Statement

  @_lifetime(borrow db)
  init(_ db: borrowing Connection) throws(SQLiteError) {
    // Most buckets are new. With RETURNING SQLite makes a table for what each statement returns.
    let insert = try db.prepare(
      """
      INSERT INTO sample(series, time_us, count, sum, nano, min, max, classes)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
      """)
    let increase = try db.prepare(
      "UPDATE sample SET count = count + ? WHERE series = ? AND time_us = ?")
    let read = try db.prepare(
      "SELECT count, sum, nano, min, max, classes FROM sample WHERE series = ? AND time_us = ?")
    let replace = try db.prepare(
      """
      REPLACE INTO sample(series, time_us, count, sum, nano, min, max, classes)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?)
      """)
    self.insert = insert
    self.increase = increase
    self.read = read
    self.replace = replace
  }

  /// About how many bytes more there are then.
  mutating func add(
    _ summary: MetricSummary, _ classes: [Int: Int64], series: Int64, time: Int64,
    in db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    let text = ClassText.text(of: classes)
    try Self.run(&insert, series, time, summary, text)
    if db.changes > 0 { return RouteLimit.bytes(ofSample: summary, classes: text?.utf8.count ?? 0) }
    guard summary.sum != nil else {
      try increase.bind(values: summary.count, series, time)
      try increase.run()
      return 0
    }
    var total = summary
    var sizes = classes
    try read.bind(values: series, time)
    guard try read.step() else { return 0 }
    total.merge(SampleTable.summary(read, from: 0))
    ClassText.add(read, 5, to: &sizes)
    let before = read.bytes(5).count
    read.reset()
    let merged = ClassText.text(of: sizes)
    try Self.run(&replace, series, time, total, merged)
    return Int64((merged?.utf8.count ?? 0) - before)
  }

  private static func run(
    _ statement: inout Statement, _ series: Int64, _ time: Int64, _ summary: MetricSummary,
    _ classes: String?
  ) throws(SQLiteError) {
    try statement.bind(values: series, time, summary.count)
    try SampleTable.bind(summary, to: &statement, from: 4)
    try statement.bind(8, classes)
    try statement.run()
  }
}
