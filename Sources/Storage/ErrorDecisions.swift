package import SQLite

/// What people say of errors, and the statuses that errors came to by it or by time.
///
/// Which status an error has is not stored: the view `errors` tells it from its events, the newest line
/// and these decisions.
package struct ErrorDecisions {
  package init() {}

  /// When an error that is ignored is none any more; all nil and false: never.
  package struct Patience: Sendable, Equatable {
    /// A line as new as this, in microseconds since 1970.
    package var until: Int64?
    /// So many more events.
    package var events: Int64?
    package var untilEscalating = false

    package init() {}
  }

  /// The error that `id` is, or has become a part of; nil where there is none.
  package func current(_ id: Int64, in db: borrowing Connection) throws(SQLiteError) -> Int64? {
    if let error = try db.integer("SELECT error FROM error_alias WHERE fingerprint = ?", id) {
      return error
    }
    return try db.integer(
      """
      SELECT id FROM error_group WHERE id = ?1 UNION ALL SELECT error FROM error_alias WHERE error = ?1 LIMIT 1
      """, id)
  }

  /// Errors without an event for so many microseconds before now, of which nothing was said.
  package func quiet(
    for time: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> [Int64] {
    var row = try db.prepare(
      """
      SELECT id FROM errors WHERE status NOT IN ('resolved', 'ignored') AND id IN (
        SELECT coalesce(a.error, g.id) FROM error_group g LEFT JOIN error_alias a ON a.fingerprint = g.id
        WHERE g.count > 0 GROUP BY 1 HAVING max(g.last_us) <= (SELECT us FROM error_now) - ?)
      ORDER BY id
      """)
    try row.bind(1, time)
    var errors: [Int64] = []
    while try row.step() { errors.append(row.integer(0)) }
    return errors
  }

  /// The fingerprints that were merged into these errors.
  package func parts(
    of errors: [Int64], in db: borrowing Connection
  ) throws(SQLiteError) -> [Int64] {
    var parts: [Int64] = []
    for error in errors {
      var row = try db.prepare("SELECT fingerprint FROM error_alias WHERE error = ?")
      try row.bind(1, error)
      while try row.step() { parts.append(row.integer(0)) }
    }
    return parts
  }

  /// All that has been seen up to now is done with: an event later than the newest time is a new one.
  package func resolve(_ error: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try db.run(
      """
      INSERT OR REPLACE INTO error_decision(error, resolved_us)
      SELECT ?1, max((SELECT us FROM error_now),
        coalesce((SELECT max(last_us) FROM error_group g LEFT JOIN error_alias a ON a.fingerprint = g.id
          WHERE coalesce(a.error, g.id) = ?1), 0))
      """, error)
  }

  package func ignore(
    _ error: Int64, _ patience: Patience, in db: borrowing Connection
  ) throws(SQLiteError) {
    try db.run(
      """
      INSERT OR REPLACE INTO error_decision(error, ignored_us, until_us, until_count, until_escalating)
      SELECT ?1, (SELECT us FROM error_now), ?2,
        ?3 + (SELECT coalesce(sum(g.count), 0) FROM error_group g LEFT JOIN error_alias a ON a.fingerprint = g.id
          WHERE coalesce(a.error, g.id) = ?1), ?4
      """, error, patience.until, patience.events, patience.untilEscalating ? 1 : 0)
  }

  /// Those that were to be ignored until they escalate, and are so no more.
  package func escalated(in db: borrowing Connection) throws(SQLiteError) -> [Int64] {
    guard try db.integer("SELECT 1 FROM error_decision WHERE until_escalating LIMIT 1") != nil
    else { return [] }
    var row = try db.prepare(
      """
      SELECT id FROM errors WHERE status <> 'ignored'
        AND id IN (SELECT error FROM error_decision WHERE until_escalating)
      """)
    var errors: [Int64] = []
    while try row.step() { errors.append(row.integer(0)) }
    return errors
  }

  package func reopen(_ error: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try db.run("DELETE FROM error_decision WHERE error = ?", error)
  }

  /// Makes `other` a part of `error`; also what comes with its fingerprints from now on.
  ///
  /// What was said of it alone, and which parts it has itself, counts again once it is split off.
  package func merge(
    _ other: Int64, into error: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    guard other != error else { return }
    try db.run("UPDATE error_alias SET error = ? WHERE error = ?", error, other)
    try db.run(
      """
      INSERT INTO error_alias(fingerprint, error, parent) VALUES(?1, ?2, ?2)
      ON CONFLICT DO UPDATE SET error = excluded.error, parent = excluded.parent
      """, other, error)
  }

  /// Makes a part an error of its own again, with the parts that it has; of an error that has parts and is
  /// none itself, all of them.
  package func split(_ id: Int64, in db: borrowing Connection) throws(SQLiteError) {
    let isPart = try db.integer("SELECT 1 FROM error_alias WHERE fingerprint = ?", id) != nil
    var parts = [id]
    if !isPart {
      parts = []
      var row = try db.prepare("SELECT fingerprint FROM error_alias WHERE parent = ?")
      try row.bind(1, id)
      while try row.step() { parts.append(row.integer(0)) }
    }
    for part in parts {
      try db.run("DELETE FROM error_alias WHERE fingerprint = ?", part)
      try db.run(
        """
        WITH RECURSIVE below(id) AS (
          SELECT fingerprint FROM error_alias WHERE parent = ?1
          UNION SELECT fingerprint FROM error_alias a JOIN below ON a.parent = below.id)
        UPDATE error_alias SET error = ?1 WHERE fingerprint IN (SELECT id FROM below)
        """, part)
    }
  }

  /// Notes which errors have come to another status; `run` is what they came to it by.
  package func noteTransitions(
    run: Int64?, in db: borrowing Connection
  ) throws(SQLiteError) {
    guard try db.integer("SELECT 1 FROM error_group LIMIT 1") != nil else { return }
    try db.run(
      """
      INSERT INTO error_transition(error, status, time_us, run)
      SELECT e.id, e.status, (SELECT us FROM error_now), ? FROM errors e
      WHERE e.status IS NOT (SELECT status FROM error_transition t WHERE t.error = e.id ORDER BY t.id DESC LIMIT 1)
      ORDER BY e.id
      """, run)
  }

  /// Forgets what was said of those of `errors` that there are not any more.
  ///
  /// Others stay: lines that are to be read again may be away.
  package func remove(
    unused errors: Set<Int64>, in db: borrowing Connection
  ) throws(SQLiteError) {
    let gone = errors.subtracting(try ErrorTable().fingerprints(in: db))
    var candidates = gone
    for id in gone {
      if let error = try db.integer("SELECT error FROM error_alias WHERE fingerprint = ?", id) {
        candidates.insert(error)
      }
      try db.run("DELETE FROM error_alias WHERE fingerprint = ?", id)
    }
    for table in ["error_decision", "error_transition"] {
      for id in candidates {
        try db.run(
          """
          DELETE FROM \(table) WHERE error = ?1 AND error NOT IN (
            SELECT id FROM error_group UNION ALL SELECT error FROM error_alias)
          """, id)
      }
    }
  }
}
