package import LogModel
package import SQLite

/// Writes rows of `error_event`, and what is summed up of them by group and hour.
///
/// After each call the groups and hours are sums over the events that are no copies. It remembers which
/// groups and variants there are: one value serves a run, and is thrown away with a transaction that is
/// rolled back.
package struct ErrorTable {
  /// Errors of further groups are one.
  ///
  /// Those that are known by their message alone are limited for themselves,
  /// so that chatter leaves room for exceptions.
  package static let maxGroups = 10_000
  /// What further events of a group say is not kept.
  package static let maxVariants = 1000
  private static let rememberedVariants = 1 << 14

  /// What errors beyond `maxGroups` are.
  package static let other = LoggedError(.text, type: nil, text: "<other>", of: ["<other>"])
  /// The text of events beyond `maxVariants`.
  package static let otherText = "<…>"

  private struct Variant: Hashable {
    var error: Int64
    var level: Int64
    var type: String?
    var culprit: String?
    var text: String
  }

  /// How many variants each group has; nil before they are counted.
  private var groups: [Int64: Int]?
  /// How many of the groups are known by their message alone.
  private var messageGroups = 0
  private var variants: [Variant: Int64] = [:]
  private var sums = ErrorSums()
  /// How many equal records each file has so far; of those that have been asked for.
  private var equals: [Equal: Int64] = [:]
  private static let rememberedEquals = 1 << 16

  private struct Equal: Hashable {
    var key: Int64
    var file: Int64
  }

  package init() {}

  /// Inserts the events, inside the caller's transaction, when the extents of their lines are written.
  package mutating func insert(
    _ rows: [ErrorRow], in db: borrowing Connection
  ) throws(SQLiteError) {
    guard !rows.isEmpty else { return }
    try countVariants(db)
    var events: [Event] = []
    events.reserveCapacity(rows.count)
    for row in rows {
      let error = admit(row.error)
      var event = Event(
        logID: row.logID, variant: try variant(of: row, error, db), time: row.time, key: row.key)
      if row.key != nil {
        try place(&event, row, db)
        try db.run(
          "INSERT INTO error_event(\(Event.columns)) VALUES(?, ?, ?, ?, ?, ?)", event.logID,
          event.variant, event.time, event.key, event.nth, event.isCopy ? 1 : 0)
      } else {
        events.append(event)
      }
      if !event.isCopy { sums.add(row, error) }
    }
    try db.insertRows(
      events.count, into: "error_event(\(Event.columns))", columns: 6
    ) { statement, first, index throws(SQLiteError) in
      try events[index].bind(to: &statement, from: first)
    }
    if try sums.write(to: db) { try rebuild(in: db) }
  }

  private struct Event {
    static let columns = "log_id, variant, time_us, key, nth, copy"

    var logID: Int64
    var variant: Int64
    var time: Int64
    var key: Int64?
    var nth: Int64 = 0
    var isCopy = false

    func bind(to statement: inout Statement, from first: Int32) throws(SQLiteError) {
      try statement.bind(first, logID)
      try statement.bind(first + 1, variant)
      try statement.bind(first + 2, time)
      try statement.bind(first + 3, key)
      try statement.bind(first + 4, nth)
      try statement.bind(first + 5, isCopy)
    }
  }

  // MARK: Variants

  /// The error itself, or what it is counted as where there are too many.
  private mutating func admit(_ error: LoggedError) -> LoggedError {
    guard let groups, groups[error.fingerprint] == nil else { return error }
    let isMessage = error.tier == .text
    let count = isMessage ? messageGroups : groups.count - messageGroups
    guard count < Self.maxGroups else { return Self.other }
    self.groups?[error.fingerprint] = 0
    if isMessage { messageGroups += 1 }
    return error
  }

  private mutating func countVariants(_ db: borrowing Connection) throws(SQLiteError) {
    guard groups == nil else { return }
    var counts: [Int64: Int] = [:]
    messageGroups = 0
    var row = try db.prepare(
      """
      SELECT id, (SELECT count(*) FROM error_variant v WHERE v.error = g.id), tier FROM error_group g
      """)
    while try row.step() {
      counts[row.integer(0)] = row.int(1)
      if row.int(2) == Int(LoggedError.Tier.text.rawValue) { messageGroups += 1 }
    }
    groups = counts
  }

  private mutating func variant(
    of row: ErrorRow, _ error: LoggedError, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    var key = Variant(
      error: error.fingerprint, level: row.level, type: error.type, culprit: error.culprit,
      text: error.text)
    if let id = try id(of: key, db) { return id }
    if groups?[error.fingerprint] ?? 0 >= Self.maxVariants {
      (key.type, key.culprit, key.text) = (nil, nil, Self.otherText)
      if let id = try id(of: key, db) { return id }
    }
    groups?[error.fingerprint, default: 0] += 1
    try db.run(
      "INSERT INTO error_variant(error, level, type, culprit, text) VALUES(?, ?, ?, ?, ?)",
      key.error, key.level, key.type, key.culprit, key.text)
    let id = db.lastInsertRowID
    variants[key] = id
    return id
  }

  private mutating func id(
    of variant: Variant, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64? {
    if let known = variants[variant] { return known }
    let id = try db.integer(
      """
      SELECT id FROM error_variant
      WHERE error = ? AND level = ? AND text = ? AND type IS ? AND culprit IS ?
      """, variant.error, variant.level, variant.text, variant.type, variant.culprit)
    guard let id else { return nil }
    if variants.count >= Self.rememberedVariants { variants.removeAll(keepingCapacity: true) }
    variants[variant] = id
    return id
  }

  // MARK: Copies

  /// Counts the equal records of the event's file, and finds its equal among those of other files: of the
  /// two the line with the lower id is the event.
  private mutating func place(
    _ event: inout Event, _ row: ErrorRow, _ db: borrowing Connection
  ) throws(SQLiteError) {
    guard try db.integer("SELECT 1 FROM error_event WHERE key = ? LIMIT 1", event.key) != nil else {
      return
    }
    event.nth = try countEqual(row, db)
    var twin = try db.prepare(
      """
      SELECT e.log_id, v.error, v.level FROM error_event e JOIN error_variant v ON v.id = e.variant
      WHERE e.key = ? AND e.nth = ? AND e.copy = 0
      """)
    try twin.bind(values: event.key, event.nth)
    guard try twin.step() else { return }
    let line = twin.integer(0)
    event.isCopy = line < event.logID
    if !event.isCopy {
      try db.run("UPDATE error_event SET copy = 1 WHERE log_id = ?", line)
      sums.remove(
        time: row.time, source: line >> 36, level: twin.integer(2), error: twin.integer(1),
        for: row)
    }
  }

  /// How many records of the row's file before it are equal to it.
  private mutating func countEqual(
    _ row: ErrorRow, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    let equal = Equal(key: row.key ?? 0, file: row.file)
    let count: Int64
    if let known = equals[equal] {
      count = known
    } else {
      count =
        try db.integer(
          """
          SELECT count(*) FROM extent x CROSS JOIN error_event e
            ON e.key = ? AND e.log_id >= x.first_id AND e.log_id < x.first_id + x.count
          WHERE x.file = ?
          """, equal.key, equal.file) ?? 0
      if equals.count >= Self.rememberedEquals { equals.removeAll(keepingCapacity: true) }
    }
    equals[equal] = count + 1
    return count
  }

  // MARK: Reading

  /// What is stored of a line's error.
  package struct Stored: Sendable, Equatable {
    package var fingerprint: Int64
    package var level: Int64
    package var type: String?
    package var culprit: String?
    package var text: String
    package var time: Int64
    package var key: Int64?
  }

  /// The lines of a range that have events.
  package func lines(
    _ range: Range<Int64>, in db: borrowing Connection
  ) throws(SQLiteError) -> Set<Int64> {
    var row = try db.prepare("SELECT log_id FROM error_event WHERE log_id >= ? AND log_id < ?")
    try row.bind(values: range.lowerBound, range.upperBound)
    var lines: Set<Int64> = []
    while try row.step() { lines.insert(row.integer(0)) }
    return lines
  }

  package func event(
    ofLine id: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Stored? {
    var row = try db.prepare(
      """
      SELECT v.error, v.level, v.type, v.culprit, v.text, e.time_us, e.key
      FROM error_event e JOIN error_variant v ON v.id = e.variant WHERE e.log_id = ?
      """)
    try row.bind(1, id)
    guard try row.step() else { return nil }
    return Stored(
      fingerprint: row.integer(0), level: row.integer(1), type: row.optionalText(2),
      culprit: row.optionalText(3), text: row.text(4), time: row.integer(5),
      key: row.optionalInteger(6))
  }

  // MARK: Removing

  /// Takes out the events of a source; of those that others hold copies of, the first copy is the event.
  package mutating func remove(
    source: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    try db.run(
      "DELETE FROM error_event WHERE log_id >= ? AND log_id < ?", source << 36, (source + 1) << 36)
    if db.changes > 0 { try rebuild(in: db) }
  }

  /// The fingerprints of the errors that have events.
  package func fingerprints(in db: borrowing Connection) throws(SQLiteError) -> Set<Int64> {
    var row = try db.prepare("SELECT id FROM error_group")
    var fingerprints: Set<Int64> = []
    while try row.step() { fingerprints.insert(row.integer(0)) }
    return fingerprints
  }

  /// Puts `rows`, which are of `lines`, in the place of what these showed.
  ///
  /// Returns whether there was or is anything; the sums are to be rebuilt then.
  package mutating func replace(
    _ lines: some Sequence<Int64>, by rows: [ErrorRow], in db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    var isChanged = !rows.isEmpty
    for line in lines {
      try db.run("DELETE FROM error_event WHERE log_id = ?", line)
      isChanged = isChanged || db.changes > 0
    }
    equals.removeAll()
    try insert(rows, in: db)
    return isChanged
  }

  /// Makes all sums anew out of the events.
  package mutating func rebuild(in db: borrowing Connection) throws(SQLiteError) {
    try ErrorSums.rebuild(in: db)
    groups = nil
    variants = [:]
    equals = [:]
  }
}
