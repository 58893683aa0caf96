import LogModel
import Pricing
package import SQLite

/// Writes rows of `turn`, each with its cost by the prices that are stored.
///
/// It remembers which numbers sessions and names have, a bounded number of them: one value serves a
/// run, and is thrown away with a transaction that is rolled back.
package struct TurnTable {
  static let rememberedSessions = 1 << 15
  static let rememberedLabels = 1 << 14
  static let rememberedModels = 1024

  private struct KnownSession {
    var id: Int64
    var hasAgent: Bool
  }

  private var book: PriceBook?
  private var entries: [String: PriceBook.Entry?] = [:]
  private var sessions: [String: KnownSession] = [:]
  private var labels: [String: Int64] = [:]
  /// What each column held last: mostly it holds that again.
  private var recent = [(text: String, id: Int64)?](
    repeating: nil, count: LabelColumn.allCases.count)
  /// `turn.id` of the next turn; nil before it is known.
  private var nextID: Int64?

  /// A column of labels.
  private enum LabelColumn: Int, CaseIterable {
    case model, agent, failure, consumer, route, tier, project
  }

  package init() {}

  /// Inserts the turns in their order, inside the caller's transaction.
  ///
  /// One whose key is there already takes the row over if its rank is higher, and is dropped
  /// otherwise.
  package mutating func insert(
    _ turns: [TurnRow], in db: borrowing Connection
  ) throws(SQLiteError) {
    var rows: [NumberedTurn] = []
    var packed: [PackedTurn] = []
    // A span lends its elements, of which an array would make copies.
    let span = turns.span
    try addSessions(of: span, db)
    try noteCopies(turns, db)
    var id = if let nextID { nextID } else { try Self.nextID(in: db) }
    for index in span.indices {
      var row = try numbered(span[index], id: id, db)
      row.index = index
      if PackedTurn.holds(span[index]) {
        packed.append(row.packed(span[index]))
      } else {
        rows.append(row)
      }
      id += 1
    }
    nextID = id
    try db.insertRows(
      rows.count, into: Self.columns, columns: Self.columnCount, conflict: Self.conflict
    ) { statement, first, index throws(SQLiteError) in
      try rows[index].bind(turns.span[rows[index].index], to: &statement, from: first)
    }
    try TurnChunkTable().add(packed, in: db)
  }

  private static func nextID(in db: borrowing Connection) throws(SQLiteError) -> Int64 {
    let last = try db.integer(
      "SELECT max(id) FROM (SELECT max(id) AS id FROM turn_row UNION ALL SELECT max(last_id) FROM turn_chunk)"
    )
    guard let last else { return 1 }
    guard last < .max / 2 else {
      throw SQLiteError(
        code: ErrorChunkTable.corrupt, message: "the numbers of turns are damaged")
    }
    return last + 1
  }

  /// Takes out the turns of a source, and the sessions and names that are then in no turn.
  package func remove(
    source: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    try removeCopies(source: source, in: db)
    let chunks = try TurnChunkTable().remove(source: source, in: db)
    try db.run("DELETE FROM turn_row WHERE log_id >> 36 = ?", source)
    guard chunks + db.changes > 0 else { return }
    try removeUnusedNames(in: db)
  }

  /// How many turns there are before `time`.
  package func count(before time: Int64, in db: borrowing Connection) throws(SQLiteError) -> Int64 {
    let rows = try db.integer("SELECT count(*) FROM turn_row WHERE time_us < ?", time) ?? 0
    return try rows + TurnChunkTable().count(before: time, in: db)
  }

  package func hasTurns(before time: Int64, in db: borrowing Connection) throws(SQLiteError) -> Bool
  {
    try db.integer(
      """
      SELECT EXISTS (SELECT 1 FROM turn_row WHERE time_us < ?1)
        OR EXISTS (SELECT 1 FROM turn_chunk WHERE min_us < ?1)
      """, time) == 1
  }

  /// Takes out some `limit` of the turns before `time`, and notes that they are gone; how many.
  ///
  /// `removeUnusedNames` is to follow.
  package func remove(
    before time: Int64, limit: Int, in db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    var count = try TurnChunkTable().remove(before: time, limit: limit, in: db)
    if count < limit {
      try db.execute("CREATE TEMP TABLE gone(id INTEGER PRIMARY KEY, key INTEGER)")
      try db.run(
        "INSERT INTO gone SELECT id, key FROM turn_row WHERE time_us < ? LIMIT ?", time,
        limit - count)
      count += db.changes
      try db.execute(
        """
        DELETE FROM turn_copy WHERE key IN (SELECT key FROM gone);
        DELETE FROM turn_row WHERE id IN (SELECT id FROM gone);
        DROP TABLE gone
        """)
    }
    if count > 0 { try PrunedTable().note(.turns, before: time, in: db) }
    return Int64(count)
  }

  /// Notes which names are in chunks: `removeUnusedNames` may then be done sooner, in a transaction of
  /// its own.
  package func noteNames(in db: borrowing Connection) throws(SQLiteError) {
    try TurnChunkTable().noteNames(in: db)
  }

  /// Takes out the sessions and names that are in no turn.
  package func removeUnusedNames(
    areNoted: Bool = false, in db: borrowing Connection
  ) throws(SQLiteError) {
    if !areNoted { try noteNames(in: db) }
    try db.execute(
      """
      DELETE FROM session WHERE id NOT IN (SELECT session FROM turn_row WHERE session IS NOT NULL)
        AND id NOT IN (SELECT id FROM packed_session);
      DELETE FROM turn_label WHERE id NOT IN (
        SELECT model FROM turn_row WHERE model IS NOT NULL
        UNION SELECT agent FROM turn_row WHERE agent IS NOT NULL
        UNION SELECT failure FROM turn_row WHERE failure IS NOT NULL
        UNION SELECT consumer FROM turn_row WHERE consumer IS NOT NULL
        UNION SELECT route FROM turn_row WHERE route IS NOT NULL
        UNION SELECT tier FROM turn_row WHERE tier IS NOT NULL
        UNION SELECT project FROM turn_row WHERE project IS NOT NULL
        UNION SELECT agent FROM session WHERE agent IS NOT NULL
        UNION SELECT id FROM packed_label);
      DROP TABLE packed_session;
      DROP TABLE packed_label
      """)
  }

  private mutating func numbered(
    _ turn: TurnRow, id: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> NumberedTurn {
    let bill = Bill(
      turn.tokens, try entry(turn.billedModel ?? turn.model, db), at: turn.time,
      tier: turn.serviceTier)
    return NumberedTurn(
      id: id, session: try session(turn, db), model: try label(turn.model, .model, db),
      agent: try label(turn.agent, .agent, db), failure: try label(turn.failure, .failure, db),
      consumer: try label(turn.consumer, .consumer, db), route: try label(turn.route, .route, db),
      tier: try label(turn.serviceTier, .tier, db),
      project: try label(turn.project, .project, db), bill: bill)
  }

  private mutating func entry(
    _ model: String?, _ db: borrowing Connection
  ) throws(SQLiteError) -> PriceBook.Entry? {
    guard let model else { return nil }
    if let known = entries[model] { return known }
    if book == nil { book = PriceBook(try PriceTable().prices(in: db)) }
    let entry = book?.entry(for: model)
    if entries.count >= Self.rememberedModels { entries = [:] }
    entries.updateValue(entry, forKey: model)
    return entry
  }

  /// Adds the sessions that are not remembered in the order of their names: then those of a batch lie
  /// close together in the index, however many there are in the table.
  private mutating func addSessions(
    of turns: Span<TurnRow>, _ db: borrowing Connection
  ) throws(SQLiteError) {
    var new: [String: Int] = [:]
    for index in turns.indices {
      guard let key = turns[index].session, sessions[key] == nil else { continue }
      if new[key] == nil { new[key] = index }
    }
    guard new.count > 1 else { return }
    for (_, index) in new.sorted(by: { $0.key < $1.key }) {
      _ = try session(turns[index], db)
    }
  }

  mutating func session(
    _ turn: TurnRow, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64? {
    guard let key = turn.session else { return nil }
    if let known = sessions[key], known.hasAgent || turn.agent == nil {
      return known.id
    }
    let agent = try label(turn.agent, .agent, db)
    var statement = try db.prepare(
      """
      INSERT INTO session(key, agent) VALUES(?, ?)
      ON CONFLICT(key) DO UPDATE SET agent = coalesce(agent, excluded.agent)
      RETURNING id, agent
      """)
    try statement.bind(values: key, agent)
    guard try statement.step() else { return nil }
    let known = KnownSession(
      id: statement.integer(0), hasAgent: !statement.isNull(1))
    if sessions.count >= Self.rememberedSessions { sessions = [:] }
    sessions[key] = known
    return known.id
  }

  private mutating func label(
    _ text: String?, _ column: LabelColumn, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64? {
    guard let text else { return nil }
    if let recent = recent[column.rawValue], recent.text == text { return recent.id }
    let id = if let known = labels[text] { known } else { try label(text, db) }
    recent[column.rawValue] = (text, id)
    return id
  }

  private mutating func label(
    _ text: String, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    let known = try db.integer("SELECT id FROM turn_label WHERE text = ?", text)
    if known == nil { try db.run("INSERT INTO turn_label(text) VALUES(?)", text) }
    let id = known ?? db.lastInsertRowID
    if labels.count >= Self.rememberedLabels { labels = [:] }
    labels[text] = id
    return id
  }
}

extension TurnTable {
  private static let names = [
    "log_id", "time_us", "session", "model", "agent", "input", "cache_read", "cache_write_5m",
    "cache_write_1h", "output", "reasoning", "suspect", "tool_calls", "latency_ms",
    "first_token_ms", "stream", "status", "failure", "consumer", "route", "round", "request_id",
    "key", "rank", "price", "match", "cost_nano", "saved_nano", "tie", "invalid_time",
    "claimed_reasoning", "tier", "project",
  ]
  private static let columns = "turn_row(" + names.joined(separator: ", ") + ", id)"
  private static let columnCount = names.count + 1
  private static let conflict =
    "ON CONFLICT(key) WHERE key IS NOT NULL DO UPDATE SET "
    + names.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    + " WHERE (excluded.rank, excluded.tie) > (turn_row.rank, turn_row.tie)"
}
