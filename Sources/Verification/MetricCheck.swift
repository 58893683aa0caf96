import LogModel
import Metrics
import Recomputation
import SQLite
import Storage

/// Samples against each other, and against what the rules make of the stored lines when they are read
/// once more.
///
/// Of sources with marks in their lines the samples are taken as they are, as those of sources whose
/// lines were read in several formats, or from the time of which retention has removed lines; and so are those of
/// rules that are for paths, which files may have changed since, that have more series than are kept apart, or
/// that gave up.
enum MetricCheck {
  static func run(_ db: borrowing Connection, _ places: Places) throws(SQLiteError) -> Check {
    var faults = Faults()
    let all = try MetricRuleTable().active(in: db)
    let full = try rulesWithOthers(db)
    var rules = all.filter {
      $0.rule.paths.isEmpty && !full.contains($0.id)
        && $0.labelHashes.count < MetricReader.maxSeries
        && $0.limitHits < MetricReader.maxLimitHits
    }
    for index in rules.indices { rules[index].limitHits = 0 }
    var names = Dictionary(uniqueKeysWithValues: rules.map { ($0.id, $0.rule.name) })
    for metric in try standardMetrics(db)
    where metric.isOfRoutes || !full.contains(metric.rawValue) {
      names[metric.rawValue] = metric.rule.name
    }
    var replay = try MetricReplay(rules, isStandard: true, reading: db)
    let steps = try RouteSteps(reading: db)
    for source in try SourceTable().all(in: db) where try isWhole(source.id, db) {
      var isComplete = true
      let shown = try ShownSamples(isOneRoute: try hasOtherRoutes(source.id, db))
      for file in try FileTable().rows(source: source.id, in: db) where file.bytesStored > 0 {
        let isAll = try replay.run(file, of: source, in: db) { counting throws(SQLiteError) in
          if counting.hasManyBuckets { try shown.add(steps.widened(counting.take())) }
          return true
        }
        if !isAll { isComplete = false }
      }
      try shown.add(steps.widened(replay.counting.take()))
      let removal = places.removals[source.id]
      // All lines of then and later are stored.
      if isComplete || removal?.linesBefore != nil {
        let start = max(removal?.samplesBefore ?? .min, removal?.linesBefore ?? .min)
        try compare(shown, source, names, from: start, &faults, db)
      }
    }
    try findContradictions(&faults, db)
    try findOrphans(&faults, db)
    let count = try (db.integer("SELECT count(*) FROM sample") ?? 0) + GaugeCheck.run(&faults, db)
    var scope = counted(count, "sample")
    if all.count > rules.count {
      scope += "; \(counted(all.count - rules.count, "rule")) not compared with lines"
    }
    return faults.check("metrics", scope: scope)
  }

  /// Those that have had more series than are kept apart; some of these may be gone for their age.
  private static func rulesWithOthers(
    _ db: borrowing Connection
  ) throws(SQLiteError) -> Set<Int64> {
    let other = String(decoding: LabelText.other, as: UTF8.self)
    var rules: Set<Int64> = []
    var row = try db.prepare("SELECT DISTINCT rule FROM series WHERE instr(labels, ?) > 0")
    try row.bind(1, "\"\(other)\"")
    while try row.step() { rules.insert(row.integer(0)) }
    return rules
  }

  /// Samples that no lines could have made.
  private static func findContradictions(
    _ faults: inout Faults, _ db: borrowing Connection
  ) throws(SQLiteError) {
    var row = try db.prepare(
      """
      SELECT r.name, s.labels, p.time_us
      FROM sample p JOIN series s ON s.id = p.series JOIN metric_rule r ON r.id = s.rule
      WHERE p.count < 1 OR p.min > p.max OR p.time_us % r.step_us <> 0 OR abs(p.nano) >= 1000000000
        OR (r.function = 'count') <> (p.sum IS NULL)
        OR CAST(p.sum AS REAL) * p.nano < 0
        OR p.sum + p.nano / 1e9 > p.count * p.max + 1e-6 + 1e-9 * abs(p.count * p.max)
        OR p.sum + p.nano / 1e9 < p.count * p.min - 1e-6 - 1e-9 * abs(p.count * p.min)
        OR r.function = 'histogram' AND p.count <> (
          SELECT total(h.count) FROM histograms h WHERE h.series = p.series AND h.time_us = p.time_us)
      """)
    while try row.step() {
      faults.add(
        "\(row.text(0)) \(row.text(1)) at \(Instant.text(row.integer(2))) contradicts itself")
    }
  }

  private static func isWhole(_ source: Int64, _ db: borrowing Connection) throws(SQLiteError)
    -> Bool
  {
    try db.integer(
      """
      SELECT 1 FROM source WHERE id = ? AND marked = 0 AND reformatted = 0 AND first_line = 1
      """, source) == 1
  }

  /// What is counted without a rule, but for what has more series than are kept apart.
  private static func standardMetrics(
    _ db: borrowing Connection
  ) throws(SQLiteError) -> [StandardMetric] {
    var full: Set<Int64> = []
    var row = try db.prepare(
      "SELECT rule FROM series WHERE rule < 0 GROUP BY rule HAVING count(DISTINCT labels) >= ?")
    try row.bind(1, MetricReader.maxSeries)
    while try row.step() { full.insert(row.integer(0)) }
    return StandardMetric.allCases.filter { $0.isOfRoutes || !full.contains($0.rawValue) }
  }

  private static func hasOtherRoutes(
    _ source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    try db.integer(
      "SELECT 1 FROM series WHERE rule BETWEEN ? AND ? AND source = ? AND labels ->> '$.route' = '__other__' LIMIT 1",
      StandardMetric.routeDuration.rawValue, StandardMetric.routeRequests.rawValue, source) == 1
  }

  private static func compare(
    _ shown: ShownSamples, _ source: SourceRow, _ names: [Int64: String], from start: Int64,
    _ faults: inout Faults, _ db: borrowing Connection
  ) throws(SQLiteError) {
    var row = try db.prepare(
      """
      SELECT p.count, p.sum, p.nano, p.min, p.max, s.rule, s.labels, p.time_us, p.classes
      FROM series s JOIN sample p ON p.series = s.id WHERE s.source = ? AND p.time_us >= ?
      """)
    try row.bind(values: source.id, start)
    while try row.step() {
      let labels = row.bytes(6)
      try shown.add(
        SampleTable.summary(row, from: 0), SampleTable.classes(row, 8), rule: row.integer(5),
        labels: labels.indices.map { labels[$0] }, time: row.integer(7), isStored: true)
    }
    try shown.differences(from: start) { key, found, stored in
      guard let name = names[key.rule] else { return }
      let isTogether = shown.isTogether(key.rule)
      let place = "\(name)\(isTogether ? "" : " \(key.labels.text)") at \(Instant.text(key.time))"
      if stored == nil {
        faults.add("\(place) is shown by lines of '\(source.name)', and not stored")
      } else {
        faults.add(
          "\(place) is not what the lines of '\(source.name)' show"
            + (isTogether ? ", all routes together" : ""))
      }
    }
    // Of samples that are gone for their age the failures stay.
    if start == .min { try compareFailures(shown, source, names, &faults, db) }
  }

  private static func compareFailures(
    _ shown: ShownSamples, _ source: SourceRow, _ names: [Int64: String], _ faults: inout Faults,
    _ db: borrowing Connection
  ) throws(SQLiteError) {
    var stored: [Int64: ShownSamples.Failures] = [:]
    var row = try db.prepare(
      "SELECT rule, rejects, limit_hits FROM metric_failure WHERE source = ?")
    try row.bind(1, source.id)
    while try row.step() {
      stored[row.integer(0)] = .init(rejects: row.integer(1), limitHits: row.integer(2))
    }
    for (rule, name) in names
    where stored[rule] ?? .init() != shown.failures[rule] ?? .init() {
      faults.add(
        "what lines of '\(source.name)' \(name) was not counted for is not what they show")
    }
  }

  private static func findOrphans(
    _ faults: inout Faults, _ db: borrowing Connection
  ) throws(SQLiteError) {
    let samples =
      try db.integer("SELECT count(*) FROM sample WHERE series NOT IN (SELECT id FROM series)") ?? 0
    if samples > 0 { faults.add("\(counted(samples, "sample")) of no series") }
    var series = try db.prepare(
      """
      SELECT r.name, s.labels, s.hash FROM series s JOIN metric_rule r ON r.id = s.rule
      """)
    while try series.step() {
      guard series.integer(2) != ActiveMetricRule.hash(ofLabels: series.bytes(1)) else { continue }
      faults.add("\(series.text(0)) \(series.text(1)) is not found by the hash of its labels")
    }
    let twice =
      try db.integer(
        "SELECT count(*) FROM (SELECT 1 FROM series GROUP BY rule, source, labels HAVING count(*) > 1)"
      ) ?? 0
    if twice > 0 { faults.add("\(twice) series are there more than once") }
    let empty =
      try db.integer("SELECT count(*) FROM series WHERE id NOT IN (SELECT series FROM sample)") ?? 0
    if empty > 0 { faults.add("\(empty) series of no sample") }
  }
}
