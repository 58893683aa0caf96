package import SQLite

// Turns whose records stand in the logs of several sources.

extension TurnTable {
  /// Notes the sources of turns that the store, or an earlier one of `turns`, has from another source.
  func noteCopies(_ turns: [TurnRow], _ db: borrowing Connection) throws(SQLiteError) {
    var lines: [Int64: Int64] = [:]
    for turn in turns where turn.isShared {
      guard let key = turn.key else { continue }
      let stored = try db.integer("SELECT log_id FROM turn_row WHERE key = ?", key)
      if let other = lines[key] ?? stored, other >> 36 != turn.logID >> 36 {
        try db.run(
          """
          INSERT OR IGNORE INTO turn_copy(key, source, log_id)
          VALUES(?1, ?2 >> 36, ?2), (?1, ?3 >> 36, ?3)
          """, key, turn.logID, other)
      }
      lines[key] = turn.logID
    }
  }

  /// The turns that go with `source`, by their keys, each with a line of another one that shows it.
  package func copies(
    of source: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> (lines: [Int64: Int64], sources: Set<Int64>) {
    var row = try db.prepare(
      """
      SELECT t.key, o.source, o.log_id FROM turn_copy c JOIN turn_row t ON t.key = c.key
        JOIN turn_copy o ON o.key = c.key AND o.source <> ?1
      WHERE c.source = ?1 AND t.log_id >> 36 = ?1
      ORDER BY o.source DESC
      """)
    try row.bind(1, source)
    var lines: [Int64: Int64] = [:]
    var sources: Set<Int64> = []
    while try row.step() {
      lines[row.integer(0)] = row.integer(2)
      sources.insert(row.integer(1))
    }
    return (lines, sources)
  }

  /// The sessions that have turns of `source` and of others, and these others.
  package func sharedSessions(
    of source: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> (keys: Set<String>, sources: Set<Int64>) {
    try PackedTurnTable.install(on: db)
    var row = try db.prepare(
      """
      SELECT DISTINCT e.key, t.log_id >> 36 FROM turn t JOIN session e ON e.id = t.session
      WHERE t.log_id >> 36 <> ?1
        AND t.session IN (SELECT session FROM turn WHERE log_id >> 36 = ?1 AND session IS NOT NULL)
      """)
    try row.bind(1, source)
    var keys: Set<String> = []
    var sources: Set<Int64> = []
    while try row.step() {
      keys.insert(row.text(0))
      sources.insert(row.integer(1))
    }
    return (keys, sources)
  }

  /// Forgets who talks in these sessions.
  package func clearSessions(
    _ keys: some Sequence<String>, in db: borrowing Connection
  ) throws(SQLiteError) {
    for key in keys {
      try db.run("UPDATE session SET agent = NULL WHERE key = ?", key)
    }
  }

  /// Notes who talks in the turn's session, if nobody has said so yet.
  package mutating func describeSession(
    of turn: TurnRow, in db: borrowing Connection
  ) throws(SQLiteError) {
    _ = try session(turn, db)
  }

  /// Notes who talks in sessions of which nothing says so any more, by their first turn that does.
  package func describeSessions(in db: borrowing Connection) throws(SQLiteError) {
    try PackedTurnTable.install(on: db)
    try db.execute(
      """
      UPDATE session SET agent = g.agent
      FROM (SELECT session, agent, min(log_id) FROM turn WHERE agent IS NOT NULL GROUP BY session) g
      WHERE g.session = session.id AND session.agent IS NULL
      """)
  }

  func removeCopies(source: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try db.run("DELETE FROM turn_copy WHERE source = ?", source)
    guard db.changes > 0 else { return }
    try db.execute(
      """
      DELETE FROM turn_copy WHERE key IN (SELECT key FROM turn_copy GROUP BY key HAVING count(*) = 1)
      """)
  }
}
