package import LogModel
package import SQLite

/// Reads and writes the rules of metrics.
package struct MetricRuleTable {
  package init() {}

  /// The user's rules in the order of their making, without what they have counted.
  package func rules(in db: borrowing Connection) throws(SQLiteError) -> [ActiveMetricRule] {
    var rules: [ActiveMetricRule] = []
    var row = try db.prepare(
      """
      SELECT r.id, version, name, help, function, step_us, pattern, exclude, field,
        coalesce(sum(f.rejects), 0), coalesce(sum(f.limit_hits), 0), sources, paths, conditions,
        labels, folder
      FROM metric_rule r LEFT JOIN metric_failure f ON f.rule = r.id WHERE r.id > 0 GROUP BY r.id ORDER BY r.id
      """)
    while try row.step() {
      var rule = MetricRule(name: row.text(2))
      rule.help = row.text(3)
      rule.function = MetricRule.Function(rawValue: row.text(4)) ?? .count
      rule.step = row.integer(5)
      rule.pattern = row.optionalText(6)
      rule.exclude = row.optionalText(7)
      rule.field = row.optionalText(8)
      rule.sources = try texts(row.text(11), db)
      rule.paths = try texts(row.text(12), db)
      rule.conditions = try texts(row.text(13), db)
      rule.labels = try labels(row.text(14), db)
      rule.folder = row.text(15)
      var entry = ActiveMetricRule(id: row.integer(0), rule: rule)
      entry.version = row.integer(1)
      entry.rejects = row.integer(9)
      entry.limitHits = row.integer(10)
      rules.append(entry)
    }
    return rules
  }

  /// The same, with where each began and which series it has.
  package func active(in db: borrowing Connection) throws(SQLiteError) -> [ActiveMetricRule] {
    var rules = try rules(in: db)
    guard !rules.isEmpty else { return [] }
    let places = Dictionary(uniqueKeysWithValues: rules.indices.map { (rules[$0].id, $0) })
    var start = try db.prepare("SELECT rule, source, log_id FROM metric_start")
    while try start.step() {
      guard let place = places[start.integer(0)] else { continue }
      rules[place].starts[start.integer(1)] = start.integer(2)
    }
    var series = try db.prepare("SELECT DISTINCT rule, labels FROM series")
    while try series.step() {
      guard let place = places[series.integer(0)] else { continue }
      rules[place].labelHashes.insert(ActiveMetricRule.hash(ofLabels: series.bytes(1)))
    }
    return rules
  }

  /// The first line of a source that a rule has seen; nil for the first of all.
  package func start(
    ofRule rule: Int64, source: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Int64? {
    try db.integer(
      "SELECT log_id FROM metric_start WHERE rule = ? AND source = ?", rule, source)
  }

  /// A new rule, which counts lines from now on.
  package func insert(
    _ rule: MetricRule, now: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    try db.run(
      """
      INSERT INTO metric_rule(id, name, help, function, step_us, sources, paths, folder, labels, conditions, changed_us)
      VALUES((SELECT max(coalesce(max(id), 0), 0) + 1 FROM metric_rule), ?, ?, ?, ?, '', '', '', '', '', ?)
      """,
      rule.name, rule.help, rule.function.rawValue, rule.step, now)
    let id = db.lastInsertRowID
    try write(rule, id: id, in: db)
    try begin(id, in: db)
  }

  /// Another version of a rule: what the one before has counted goes.
  package func replace(
    _ id: Int64, by rule: MetricRule, now: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    try removeSamples(of: id, in: db)
    try db.run(
      """
      UPDATE metric_rule SET version = version + 1, changed_us = ?, function = ?, step_us = ?
      WHERE id = ?
      """, now, rule.function.rawValue, rule.step, id)
    try write(rule, id: id, in: db)
    try begin(id, in: db)
  }

  /// Sets what changes no figure.
  package func set(
    help: String, folder: String, of id: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    try db.run("UPDATE metric_rule SET help = ?, folder = ? WHERE id = ?", help, folder, id)
  }

  /// Takes out what a rule has counted, but for the buckets of sources that begin before the times given: it is
  /// about to see all lines that are left.
  package func restart(
    _ id: Int64, keeping times: [Int64: Int64], in db: borrowing Connection
  ) throws(SQLiteError) {
    try db.run("DELETE FROM metric_start WHERE rule = ?", id)
    try db.run("DELETE FROM metric_failure WHERE rule = ?", id)
    try removeRejects(of: id, in: db)
    try SampleTable().remove(ofSeries: "rule = \(id)", keeping: times, in: db)
  }

  /// Takes out a rule with all that it has counted.
  package func remove(_ id: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try removeSamples(of: id, in: db)
    try db.run("DELETE FROM metric_start WHERE rule = ?", id)
    try db.run("DELETE FROM metric_rule WHERE id = ?", id)
  }

  /// Takes out what a rule has counted.
  package func removeSamples(of id: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try removeRejects(of: id, in: db)
    let series = "SELECT id FROM series WHERE rule = ?"
    try db.run("DELETE FROM sample WHERE series IN (\(series))", id)
    try db.run("DELETE FROM series WHERE rule = ?", id)
    try db.run("DELETE FROM metric_failure WHERE rule = ?", id)
  }

  /// Takes out what was told of values of a rule, or of rules that share its name, of which one is not known from the
  /// other.
  private func removeRejects(of id: Int64, in db: borrowing Connection) throws(SQLiteError) {
    guard let name = try db.text("SELECT name FROM metric_rule WHERE id = ?", id) else { return }
    try RejectRow.remove(metric: name, in: db)
  }

  /// Takes out what the lines of a source have added, and what is known of it.
  package func remove(source: Int64, in db: borrowing Connection) throws(SQLiteError) {
    let series = "SELECT id FROM series WHERE source = ?"
    try db.run("DELETE FROM sample WHERE series IN (\(series))", source)
    try db.run("DELETE FROM series WHERE source = ?", source)
    try RouteLimit.forget(source, in: db)
    try db.run("DELETE FROM metric_start WHERE source = ?", source)
    try db.run("DELETE FROM metric_failure WHERE source = ?", source)
    try StandardMetricTable().removeUnused(db)
  }

  /// Adds to what lines were not counted for.
  package func add(_ failures: MetricFailures, in db: borrowing Connection) throws(SQLiteError) {
    try db.run(
      """
      INSERT INTO metric_failure(rule, source, rejects, limit_hits) VALUES(?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET rejects = rejects + excluded.rejects,
        limit_hits = limit_hits + excluded.limit_hits
      """, failures.rule, failures.source, failures.rejects, failures.limitHits)
  }

  /// The lines that are stored, open ones included, are not for the rule.
  private func begin(_ id: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try db.run(
      """
      INSERT OR REPLACE INTO metric_start(rule, source, log_id)
      SELECT ?, id, id << 36 | next_line FROM source WHERE next_line > 1
      """, id)
  }

  private func write(
    _ rule: MetricRule, id: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    var labels: [String] = []
    for label in rule.labels {
      labels.append(try quoted(label.name, db) + ":" + quoted(label.text, db))
    }
    try db.run(
      """
      UPDATE metric_rule SET help = ?, pattern = ?, exclude = ?, field = ?, sources = ?, paths = ?,
        folder = ?, conditions = ?, labels = ? WHERE id = ?
      """, rule.help, rule.pattern, rule.exclude, rule.field, try array(rule.sources, db),
      try array(rule.paths, db), rule.folder, try array(rule.conditions, db),
      "{" + labels.joined(separator: ",") + "}", id)
  }

  private func array(
    _ texts: [String], _ db: borrowing Connection
  ) throws(SQLiteError) -> String {
    var quoted: [String] = []
    for text in texts { quoted.append(try self.quoted(text, db)) }
    return "[" + quoted.joined(separator: ",") + "]"
  }

  private func quoted(_ text: String, _ db: borrowing Connection) throws(SQLiteError) -> String {
    try db.text("SELECT json_quote(?)", text) ?? ""
  }

  private func texts(
    _ array: String, _ db: borrowing Connection
  ) throws(SQLiteError) -> [String] {
    guard array != "[]" else { return [] }
    var texts: [String] = []
    var row = try db.prepare("SELECT value FROM json_each(?)")
    try row.bind(1, array)
    while try row.step() { texts.append(row.text(0)) }
    return texts
  }

  private func labels(
    _ object: String, _ db: borrowing Connection
  ) throws(SQLiteError) -> [MetricRule.Label] {
    guard object != "{}" else { return [] }
    var labels: [MetricRule.Label] = []
    var row = try db.prepare("SELECT key, value FROM json_each(?) ORDER BY key")
    try row.bind(1, object)
    while try row.step() {
      labels.append(MetricRule.Label(name: row.text(0), text: row.text(1)))
    }
    return labels
  }
}
