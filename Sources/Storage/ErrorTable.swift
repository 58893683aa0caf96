package import LogModel
package import SQLite

/// Writes events, and what is summed up of them by group and hour.
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

  /// How many variants each group has; nil before they are counted.
  private var groups: [Int64: Int]?
  /// How many of the groups are known by their message alone.
  private var messageGroups = 0
  private var variants: [ErrorVariant: Int64] = [:]
  private var sums = ErrorSums()

  package init() {}

  /// Inserts the events, inside the caller's transaction, when their lines and extents are written.
  ///
  /// Those of a file come in the order of its lines. `key` is asked for stored lines that may be equal to
  /// theirs, by ascending ids.
  package mutating func insert(
    _ rows: [ErrorRow], in db: borrowing Connection, key: Key
  ) throws(SQLiteError) {
    guard !rows.isEmpty else { return }
    try countVariants(db)
    let chunks = ErrorChunkTable()
    var copies = ErrorCopies()
    var new: [(error: LoggedError, event: ErrorEvent)] = []
    var keys: [ErrorCopies.Saying: Int64] = [:]
    for row in rows {
      let error = admit(row.error)
      let variant = try variant(of: row, error, db)
      new.append((error, ErrorEvent(logID: row.logID, variant: variant, time: row.time)))
      if let key = row.key { keys[.init(time: row.time, variant: variant)] = key }
    }
    _ = try copies.placeStored(at: Set(keys.keys.map(\.time)), chunks, key, keys, in: db)
    var events: [Int64: [ErrorEvent]] = [:]
    var copied: [Int64: ErrorRow] = [:]
    for (row, (error, stored)) in zip(rows, new) {
      var event = stored
      if let key = row.key {
        switch copies.place(.init(line: row.logID, file: row.file, key: key)) {
        case .copy: event.isCopy = true
        case .event(let line): if let line { copied[line] = row }
        }
      }
      if !event.isCopy { sums.add(row, error) }
      events[row.logID >> 36, default: []].append(event)
    }
    for (_, events) in events.sorted(by: { $0.key < $1.key }) {
      try chunks.insert(events, in: db)
    }
    let marked = try Self.mark(copied.mapValues { _ in true }, chunks, in: db)
    for (line, variant) in marked {
      guard let row = copied[line] else { continue }
      try remove(line, saying: variant, insteadOf: row, in: db)
    }
    if try sums.write(to: db) { try rebuild(in: db) }
  }

  /// What equal records have in common, of a stored line.
  package typealias Key = (Int64, borrowing Connection) throws(SQLiteError) -> Int64?

  /// Takes a line that turned out to be a copy of `row` out of the sums.
  private mutating func remove(
    _ line: Int64, saying variant: Int64, insteadOf row: ErrorRow, in db: borrowing Connection
  ) throws(SQLiteError) {
    var stored = try db.prepare("SELECT error, level FROM error_variant WHERE id = ?")
    try stored.bind(1, variant)
    guard try stored.step() else { return }
    sums.remove(
      time: row.time, source: line >> 36, level: stored.integer(1), error: stored.integer(0),
      for: row)
  }

  /// Says of stored lines whether they are copies, and returns those of which this is new, with their variants.
  private static func mark(
    _ changed: [Int64: Bool], _ chunks: borrowing ErrorChunkTable, in db: borrowing Connection
  ) throws(SQLiteError) -> [(line: Int64, variant: Int64)] {
    var marked: [(line: Int64, variant: Int64)] = []
    var left = changed.keys.sorted()[...]
    while let line = left.first {
      var found = 0
      try chunks.edit(.init(lines: line...line), in: db) { events in
        for index in events.indices {
          guard let isCopy = changed[events[index].logID] else { continue }
          found += 1
          guard events[index].isCopy != isCopy else { continue }
          events[index].isCopy = isCopy
          marked.append((events[index].logID, events[index].variant))
        }
      }
      left = left.dropFirst(max(1, found))
    }
    return marked
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
    var key = ErrorVariant(
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
    of variant: ErrorVariant, _ db: borrowing Connection
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

  // MARK: Removing

  /// Takes out the events of a source; of those that others hold copies of, the first copy is the event.
  ///
  /// What cannot be read of them goes as well.
  package mutating func remove(
    source: Int64, in db: borrowing Connection, key: Key
  ) throws(SQLiteError) {
    let chunks = ErrorChunkTable()
    let before = try db.integer("SELECT count(*) FROM error_chunk") ?? 0
    var times: Set<Int64> = []
    var isWhole = true
    do throws(SQLiteError) {
      try chunks.read(.source(source), in: db) { _, events in
        for event in events where !event.isCopy { times.insert(event.time) }
      }
    } catch {
      guard error.isCorrupt else { throw error }
      isWhole = false
    }
    try chunks.remove(source: source, in: db)
    guard try db.integer("SELECT count(*) FROM error_chunk") != before else { return }
    if !isWhole {
      try chunks.read(.all, in: db) { _, events in times.formUnion(events.lazy.map(\.time)) }
    }
    try placeAnew(times, in: db, key: key)
    try rebuild(in: db)
  }

  /// Puts `rows`, which are of `lines` of one source, in the place of what these showed.
  ///
  /// Returns the times of what there was and is; if there are any, `placeAnew` and `rebuild` are due.
  package mutating func replace(
    _ lines: Set<Int64>, by rows: [ErrorRow], in db: borrowing Connection
  ) throws(SQLiteError) -> Set<Int64> {
    guard let first = lines.min(), let last = lines.max() else { return [] }
    try countVariants(db)
    var new: [ErrorEvent] = []
    for row in rows {
      let error = admit(row.error)
      let variant = try variant(of: row, error, db)
      new.append(ErrorEvent(logID: row.logID, variant: variant, time: row.time))
      // So that there is the group.
      sums.add(row, error)
    }
    var times = Set(new.map(\.time))
    try ErrorChunkTable().edit(.init(lines: first...last), in: db) { events in
      times.formUnion(events.lazy.filter { lines.contains($0.logID) }.map(\.time))
      events.removeAll { lines.contains($0.logID) }
      events += new
      events.sort { $0.logID < $1.logID }
    }
    _ = try sums.write(to: db)
    return times
  }

  /// Says anew which of the events at these times are copies.
  package func placeAnew(
    _ times: Set<Int64>, in db: borrowing Connection, key: Key
  ) throws(SQLiteError) {
    let chunks = ErrorChunkTable()
    var copies = ErrorCopies()
    let fine = times.filter { $0 % 1000 != 0 }
    _ = try Self.mark(copies.placeStored(at: fine, chunks, key, in: db), chunks, in: db)
  }

  /// The fingerprints of the errors that have events.
  package func fingerprints(in db: borrowing Connection) throws(SQLiteError) -> Set<Int64> {
    var row = try db.prepare("SELECT id FROM error_group")
    var fingerprints: Set<Int64> = []
    while try row.step() { fingerprints.insert(row.integer(0)) }
    return fingerprints
  }

  /// Makes all sums anew out of the events.
  package mutating func rebuild(in db: borrowing Connection) throws(SQLiteError) {
    try ErrorSums.rebuild(in: db)
    groups = nil
    variants = [:]
  }
}
