package import SQLite

// Turns whose records stand in the logs of several sources.

extension TurnTable {
  /// Notes the sources of turns that the store, or an earlier one of `turns`, has from another source.
  func noteCopies(_ turns: [TurnRow], _ db: borrowing Connection) throws(SQLiteError) {
    var sources: [Int64: Int64] = [:]
    for turn in turns where turn.isShared {
      guard let key = turn.key else { continue }
      let source = turn.logID >> 36
      let stored = try db.integer("SELECT log_id >> 36 FROM turn WHERE key = ?", key)
      if let other = sources[key] ?? stored, other != source {
        try db.run(
          "INSERT OR IGNORE INTO turn_copy(key, source) VALUES(?1, ?2), (?1, ?3)", key, source,
          other)
      }
      sources[key] = source
    }
  }

  /// The keys of turns that go with `source`, and the other sources that may hold a record of them.
  package func copies(
    of source: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> (keys: Set<Int64>, sources: Set<Int64>) {
    var row = try db.prepare(
      """
      SELECT t.key, o.source FROM turn_copy c JOIN turn t ON t.key = c.key
        JOIN turn_copy o ON o.key = c.key AND o.source <> ?1
      WHERE c.source = ?1 AND t.log_id >> 36 = ?1
      """)
    try row.bind(1, source)
    var keys: Set<Int64> = []
    var sources: Set<Int64> = []
    while try row.step() {
      keys.insert(row.integer(0))
      sources.insert(row.integer(1))
    }
    return (keys, sources)
  }

  /// The sessions that have turns of `source` and of others, and these others.
  package func sharedSessions(
    of source: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> (keys: Set<String>, sources: Set<Int64>) {
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

  func removeCopies(source: Int64, in db: borrowing Connection) throws(SQLiteError) {
    try db.run("DELETE FROM turn_copy WHERE source = ?", source)
    guard db.changes > 0 else { return }
    try db.execute(
      """
      DELETE FROM turn_copy WHERE key IN (SELECT key FROM turn_copy GROUP BY key HAVING count(*) = 1)
      """)
  }
}
