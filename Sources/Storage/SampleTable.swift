package import LogModel
package import SQLite

/// Adds to the samples of series.
///
/// One value serves a run, and is thrown away with a transaction that is rolled back.
package struct SampleTable {
  static let rememberedSeries = 1 << 14

  private struct Key: Hashable {
    var rule: Int64
    var source: Int64
    var labels: [UInt8]

    func hash(into hasher: inout Hasher) {
      hasher.combine(rule)
      hasher.combine(source)
      unsafe labels.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
  }

  private var known: [Key: Int64] = [:]
  /// Sources that have more routes than before.
  private var grown: Set<Int64> = []
  /// About how many bytes more the routes of a source take.
  private var routeBytes: [Int64: Int64] = [:]
  private var standard: Set<StandardMetric> = []
  /// Whether samples were added up, which leaves pages that hold nothing.
  package private(set) var hasFreed = false

  package init() {}

  /// Adds all of it, inside the caller's transaction; one bucket may come several times.
  package mutating func add(
    _ increments: MetricIncrements, in db: borrowing Connection
  ) throws(SQLiteError) {
    let isOfRoutes = increments.increments.contains {
      StandardMetric(rawValue: $0.rule)?.isOfRoutes == true
    }
    let steps = isOfRoutes ? try RouteSteps(reading: db) : nil
    try addAsTheyAre((steps?.widened(increments) ?? increments).increments, in: db)
    for failures in increments.failures {
      if let metric = StandardMetric(rawValue: failures.rule) {
        try StandardMetricTable().insert(metric, in: db)
      }
      try MetricRuleTable().add(failures, in: db)
    }
    for (source, bytes) in routeBytes {
      let hasMore = grown.contains(source)
      if try RouteLimit.enforce(source, after: bytes, hasMore: hasMore, in: db) {
        known = [:]
        hasFreed = true
      }
    }
    grown = []
    routeBytes = [:]
  }

  /// Adds to the buckets that begin at these very times.
  mutating func addAsTheyAre(
    _ increments: [MetricIncrement], in db: borrowing Connection
  ) throws(SQLiteError) {
    var bucket = try BucketWriter(db)
    // What a reader has added up comes by series.
    var last: (key: Key, series: Int64)?
    for entry in increments {
      let key = Key(rule: entry.rule, source: entry.source, labels: entry.labels)
      let series = if let last, last.key == key { last.series } else { try series(entry, key, db) }
      last = (key, series)
      let bytes = try bucket.add(
        entry.summary, entry.classes, series: series, time: entry.time, in: db)
      note(bytes, of: entry)
    }
  }

  private mutating func note(_ bytes: Int64, of entry: MetricIncrement) {
    guard StandardMetric(rawValue: entry.rule)?.isOfRoutes == true else { return }
    routeBytes[entry.source, default: 0] += bytes
  }

  private mutating func series(
    _ entry: MetricIncrement, _ key: Key, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    if let known = known[key] { return known }
    let labels = String(decoding: entry.labels, as: UTF8.self)
    let hash = ActiveMetricRule.hash(ofLabels: entry.labels.span)
    let stored = try db.integer(
      "SELECT id FROM series WHERE rule = ? AND hash = ? AND source = ? AND labels = ?", entry.rule,
      hash, entry.source, labels)
    if stored == nil {
      if let metric = StandardMetric(rawValue: entry.rule) {
        if standard.insert(metric).inserted { try StandardMetricTable().insert(metric, in: db) }
        if metric == .routeRequests { grown.insert(entry.source) }
      }
      try db.run(
        "INSERT INTO series(rule, source, labels, hash) VALUES(?, ?, ?, ?)", entry.rule,
        entry.source, labels, hash)
      note(RouteLimit.bytes(ofSeries: entry.labels), of: entry)
    }
    let id = stored ?? db.lastInsertRowID
    if known.count >= Self.rememberedSeries { known = [:] }
    known[key] = id
    return id
  }

  /// The summary in the columns count, sum, nano, min, max from `first` on.
  package static func summary(_ row: borrowing Statement, from first: Int32) -> MetricSummary {
    var sum: Int128?
    if !row.isNull(first + 1) {
      let whole =
        row.columnType(first + 1) == .text
        ? Int128(row.text(first + 1)) ?? 0 : Int128(row.integer(first + 1))
      sum = whole * MetricNumber.one + Int128(row.integer(first + 2))
    }
    return MetricSummary(
      count: row.integer(first), sum: sum, min: row.optionalReal(first + 3),
      max: row.optionalReal(first + 4))
  }

  /// Binds the columns sum, nano, min, max from `first` on.
  package static func bind(
    _ summary: MetricSummary, to statement: inout Statement, from first: Int32
  ) throws(SQLiteError) {
    if let sum = summary.sum {
      let (whole, part) = sum.quotientAndRemainder(dividingBy: MetricNumber.one)
      if let number = Int64(exactly: whole) {
        try statement.bind(first, number)
      } else {
        try statement.bind(first, whole.description)
      }
      try statement.bind(first + 1, Int64(part))
    } else {
      try statement.bind(null: first)
      try statement.bind(null: first + 1)
    }
    try statement.bind(first + 2, summary.min)
    try statement.bind(first + 3, summary.max)
  }

  /// Takes out the samples of the series that meet a condition, but for the buckets of sources that begin before the
  /// times given, and the series that have none left.
  func remove(
    ofSeries condition: String, keeping times: [Int64: Int64], in db: borrowing Connection
  ) throws(SQLiteError) {
    var series: [(id: Int64, source: Int64)] = []
    do {
      var row = try db.prepare("SELECT id, source FROM series WHERE \(condition)")
      while try row.step() { series.append((row.integer(0), row.integer(1))) }
    }
    for (id, source) in series {
      try db.run(
        "DELETE FROM sample WHERE series = ? AND time_us >= ?", id, times[source] ?? .min)
      try db.run(
        "DELETE FROM series WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM sample WHERE series = ?1)",
        id)
    }
  }

  /// Gives labels other values, inside the caller's transaction; series that become equal are added up.
  ///
  /// Only those of some sources, of all where there are none. Values for which `replace` returns nil
  /// stay. The result is whose series were changed.
  package func replaceLabels(
    ofSources sources: [Int64], in db: borrowing Connection, _ replace: (String) -> String?
  ) throws(SQLiteError) -> Set<Int64> {
    let changed = try changedLabels(sources, db, replace)
    for (id, _, labels) in changed { try relabel(id, labels, in: db) }
    return Set(changed.map(\.source))
  }

  /// Gives a series other labels, or adds it to the one that has them.
  private func relabel(_ id: Int64, _ labels: String, in db: borrowing Connection)
    throws(SQLiteError)
  {
    let hash = ActiveMetricRule.hash(ofLabels: Array(labels.utf8).span)
    let other = try db.integer(
      """
      SELECT o.id FROM series s JOIN series o
      ON o.rule = s.rule AND o.hash = ? AND o.source = s.source AND o.labels = ? WHERE s.id = ?
      """, hash, labels, id)
    if let other, other != id {
      try merge(id, into: other, db)
    } else {
      try db.run("UPDATE series SET labels = ?, hash = ? WHERE id = ?", labels, hash, id)
    }
  }

  /// How many series, of some sources or of all, have labels for whose values `replace` returns others.
  package func countLabels(
    ofSources sources: [Int64], in db: borrowing Connection, _ replace: (String) -> String?
  ) throws(SQLiteError) -> Int {
    try changedLabels(sources, db, replace).count
  }

  private func changedLabels(
    _ sources: [Int64], _ db: borrowing Connection, _ replace: (String) -> String?
  ) throws(SQLiteError) -> [(id: Int64, source: Int64, labels: String)] {
    var texts: [Int64: [String]] = [:]
    var changed: [Int64: Int64] = [:]
    var row = try db.prepare(
      """
      SELECT s.id, l.key, l.value, s.source FROM series s, json_each(s.labels) l
      ORDER BY s.id, l.key
      """)
    while try row.step() {
      guard sources.isEmpty || sources.contains(row.integer(3)) else { continue }
      let value = row.text(2)
      let new = replace(value)
      if new != nil { changed[row.integer(0)] = row.integer(3) }
      let pair = [row.text(1), new ?? value].map {
        String(decoding: LabelText.quoted(Array($0.utf8)), as: UTF8.self)
      }
      texts[row.integer(0), default: []].append(pair.joined(separator: ":"))
    }
    return changed.sorted { $0.key < $1.key }.map { id, source in
      (id, source, "{" + (texts[id] ?? []).joined(separator: ",") + "}")
    }
  }

  private func merge(
    _ series: Int64, into other: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) {
    var samples: [(time: Int64, summary: MetricSummary, classes: [Int: Int64])] = []
    do {
      var row = try db.prepare(
        "SELECT count, sum, nano, min, max, classes, time_us FROM sample WHERE series = ?")
      try row.bind(1, series)
      while try row.step() {
        samples.append((row.integer(6), Self.summary(row, from: 0), Self.classes(row, 5)))
      }
    }
    var bucket = try BucketWriter(db)
    for (time, summary, classes) in samples {
      _ = try bucket.add(summary, classes, series: other, time: time, in: db)
    }
    try db.run("DELETE FROM sample WHERE series = ?", series)
    try db.run("DELETE FROM series WHERE id = ?", series)
  }

  /// How many numbers there are of each class.
  package static func classes(_ row: borrowing Statement, _ column: Int32) -> [Int: Int64] {
    var classes: [Int: Int64] = [:]
    ClassText.add(row, column, to: &classes)
    return classes
  }
}
