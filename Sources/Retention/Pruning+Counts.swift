import LineStore
import SQLite
import Storage

// Counts and turns: what stays when the lines are gone, and goes when it is older still.

extension Pruning {
  /// The lines of a source and level in an hour.
  struct HourGroup {
    var hour: Int64
    var source: Int64
    var level: Int64
    var count: Int64
  }

  mutating func pruneCounts(_ store: borrowing Store) throws {
    guard let time = limits.counts else { return }
    let hour = HourCount.hour(ofMinute: time / 60_000_000)
    try removeCounts(before: hour, store) { _ in false }
    try pruneHistory(before: time, store)
  }

  /// Removes the counts of hours before `end`, the oldest first, as far as no lines of theirs are
  /// stored.
  mutating func removeCounts(
    before end: Int64, _ store: borrowing Store,
    until isEnough: (borrowing Connection) throws(SQLiteError) -> Bool
  ) throws {
    var stored = exchange(&self.stored, with: StoredHours())
    let removable = try store.wrap { db throws(SQLiteError) in
      try Self.removableHours(beforeHour: end, &stored, db)
    }
    self.stored = stored
    var groups = removable[...]
    var uncounted: ArraySlice<Int64> = []
    var isDone = false
    while !(groups.isEmpty && uncounted.isEmpty), !isDone {
      try pause(store)
      let clock = ContinuousClock()
      var (rest, skeletons) = (groups, uncounted)
      let count = try store.write { db throws(SQLiteError) in
        let start = clock.now
        var count: Int64 = 0
        var patterns: Set<Int64> = []
        while clock.now - start < Self.patience {
          guard skeletons.isEmpty else {
            try PatternTable().remove(
              uncounted: skeletons.prefix(Self.skeletonsAtOnce), touching: &patterns, in: db)
            skeletons = skeletons.dropFirst(Self.skeletonsAtOnce)
            continue
          }
          guard let group = rest.first else { break }
          isDone = try isEnough(db)
          guard !isDone else { break }
          count += try remove(group, noting: &patterns, &skeletons, db)
          rest = rest.dropFirst()
        }
        try PatternTable().addUp(patterns, in: db)
        return count
      }
      (groups, uncounted) = (rest, skeletons)
      removed.counts += count
    }
    try removeUncounted(store)
  }

  /// An hour may be the last one that counts thousands of them.
  private static let skeletonsAtOnce = 200

  /// Removes the skeletons of no line and of no count, also those that an interrupted run has left, and merges those that
  /// are left.
  func removeUncounted(_ store: borrowing Store) throws {
    let gone = try store.wrap { db throws(SQLiteError) in try PatternTable().uncounted(in: db) }
    if gone.isEmpty { return }
    // Nobody else makes any meanwhile.
    let moves = try store.wrap { db throws(SQLiteError) in
      try PatternTable().moves(without: gone, in: db)
    }
    try inSteps(moves.all, of: 500, store) { part, db throws(SQLiteError) in
      try PatternTable().write(part, of: moves, in: db)
    }
    // Last: they tell that there is something to do.
    try inSteps(gone, of: 1000, store) { part, db throws(SQLiteError) in
      var touched: Set<Int64> = []
      try PatternTable().remove(uncounted: part, touching: &touched, in: db)
      try PatternTable().addUp(touched, in: db)
    }
  }

  /// Does something to `elements` in transactions of some each.
  func inSteps<Element>(
    _ elements: [Element], of size: Int, _ store: borrowing Store,
    _ body: (ArraySlice<Element>, borrowing Connection) throws(SQLiteError) -> Void
  ) throws {
    var rest = elements[...]
    while !rest.isEmpty {
      try pause(store)
      let part = rest.prefix(size)
      rest = rest.dropFirst(size)
      try store.write { db throws(SQLiteError) in try body(part, db) }
    }
  }

  /// Whether there are some that retention removes for an age; where a line of a clock that was wrong hides them, not.
  static func hasRemovableHours(
    before time: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    var stored = StoredHours(readsLines: false)
    let end = HourCount.hour(ofMinute: time / 60_000_000)
    return try !removableHours(beforeHour: end, &stored, db).isEmpty
  }

  private static func removableHours(
    beforeHour end: Int64, _ stored: inout StoredHours, _ db: borrowing Connection
  ) throws(SQLiteError) -> [HourGroup] {
    let old = try groups(before: end, db)
    if old.isEmpty { return [] }
    try stored.update(db)
    var removable: [HourGroup] = []
    for group in old where try !stored.have(group, db) { removable.append(group) }
    return removable
  }

  static func groups(
    before end: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> [HourGroup] {
    var groups: [HourGroup] = []
    var row = try db.prepare(
      """
      SELECT hour, source, level, sum(count) FROM skeleton_hour WHERE hour < ? GROUP BY 1, 2, 3
      ORDER BY 1, 2, 3
      """)
    try row.bind(1, end)
    while try row.step() {
      groups.append(
        HourGroup(
          hour: row.integer(0), source: row.integer(1), level: row.integer(2),
          count: row.integer(3)))
    }
    return groups
  }

  /// How many lines are not counted any more; skeletons that no count is left of go into `uncounted`.
  private mutating func remove(
    _ group: HourGroup, noting patterns: inout Set<Int64>, _ uncounted: inout ArraySlice<Int64>,
    _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    let (hour, source, level) = (group.hour, group.source, group.level)
    var count: Int64 = 0
    do {
      var row = try db.prepare(
        """
        SELECT k.pattern, h.count, k.id, s.count <= h.count FROM skeleton_hour h JOIN skeleton k ON k.id = h.skeleton
        LEFT JOIN skeleton_source s ON s.skeleton = k.id AND s.source = h.source AND s.level = h.level
        WHERE h.hour = ? AND h.source = ? AND h.level = ?
        """)
      try row.bind(values: hour, source, level)
      while try row.step() {
        patterns.insert(row.integer(0))
        count += row.integer(1)
        guard row.integer(3) != 0 else { continue }
        if unmerged == nil { unmerged = row.integer(2) }
        if row.integer(2) != unmerged { uncounted.append(row.integer(2)) }
      }
    }
    try db.run(
      """
      UPDATE skeleton_source SET count = skeleton_source.count - h.count FROM skeleton_hour h
      WHERE h.hour = ?1 AND h.source = ?2 AND h.level = ?3 AND skeleton_source.skeleton = h.skeleton
        AND skeleton_source.source = ?2 AND skeleton_source.level = ?3
      """, hour, source, level)
    try db.run(
      "DELETE FROM skeleton_hour WHERE hour = ? AND source = ? AND level = ?", hour, source, level)
    try db.run(
      "DELETE FROM skeleton_minute WHERE hour = ? AND source = ? AND level = ?", hour, source, level
    )
    for minute in hour * 60..<hour * 60 + 60 {
      try db.run(
        "DELETE FROM line_count WHERE minute = ? AND source = ? AND level = ?", minute, source,
        level)
    }
    try PrunedTable().note(source: source, uncounted: count, in: db)
    return count
  }

  /// Removes what is known of old runs, and of files that are gone and of which no line is left.
  private func pruneHistory(before time: Int64, _ store: borrowing Store) throws {
    let files = try store.wrap { db throws(SQLiteError) in
      try FileTable().withoutLines(before: time, in: db)
    }
    let hasRuns = try store.wrap { db throws(SQLiteError) in
      try Self.hasRuns(before: time, db)
    }
    guard !files.isEmpty || hasRuns else { return }
    try store.write { db throws(SQLiteError) in
      try db.run(
        "DELETE FROM run WHERE started_us < ? AND id < (SELECT max(id) FROM run)", time)
      for file in files { try FileTable().removeWithExtents(file, in: db) }
    }
  }

  /// Whether old runs are known that are not the last one.
  static func hasRuns(
    before time: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    try db.integer(
      "SELECT started_us FROM run WHERE id < (SELECT max(id) FROM run) ORDER BY id LIMIT 1")
      ?? .max < time
  }

  static func hasTurns(
    before time: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    try TurnTable().hasTurns(before: time, in: db)
  }

  mutating func pruneTurns(_ store: borrowing Store) throws {
    guard let time = limits.turns else { return }
    while try store.wrap({ db throws(SQLiteError) in try Self.hasTurns(before: time, db) }) {
      try pause(store)
      let count = try store.write { db throws(SQLiteError) in
        try TurnTable().remove(before: time, limit: 2000, in: db)
      }
      guard count > 0 else { break }
      removed.turns += count
    }
    guard removed.turns > 0 else { return }
    // Nobody else adds turns: the run's lock is held.
    try store.wrap { db throws(SQLiteError) in try TurnTable().noteNames(in: db) }
    try store.write { db throws(SQLiteError) in
      try TurnTable().removeUnusedNames(areNoted: true, in: db)
    }
  }
}
