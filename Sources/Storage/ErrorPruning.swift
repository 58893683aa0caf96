package import SQLite

/// Takes out events for their age, and off what they were summed up to.
///
/// An error keeps its title, its level and its times; it is forgotten with its last event, unless somebody
/// has said something of it.
package struct ErrorPruning: ~Copyable {
  private let chunks = ErrorChunkTable()

  /// SQL: whether events of a row of `error_group` may be gone for their age.
  package static let mayLackEvents =
    "EXISTS (SELECT 1 FROM retention WHERE errors_us > first_us)"
  /// SQL: whether its latest one may be among them.
  package static let mayLackLatest =
    "EXISTS (SELECT 1 FROM retention WHERE errors_us > last_us)"

  package init() {}

  /// How long old events wait in a chunk for its other ones, so that not every run writes it again.
  private static let patience: Int64 = 86_400_000_000

  /// Whether there is a chunk of old events only, or with some that have been old for a day.
  package func isDue(before time: Int64, in db: borrowing Connection) throws(SQLiteError) -> Bool {
    try db.integer(
      "SELECT 1 FROM error_chunk WHERE max_us < ? OR min_us < ? LIMIT 1", time, time - Self.patience
    )
      == 1
  }

  /// The chunks that have older events, the oldest first.
  package func chunks(
    before time: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> [Int64] {
    var ids: [Int64] = []
    var row = try db.prepare(
      "SELECT first_id FROM error_chunk WHERE min_us < ? ORDER BY max_us, first_id")
    try row.bind(1, time)
    while try row.step() { ids.append(row.integer(0)) }
    return ids
  }

  /// How many events `remove` takes out of a chunk, copies left out.
  ///
  /// Where they cannot be read it throws an error that `isCorrupt`.
  package func count(
    chunk: Int64, before time: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    var count: Int64 = 0
    try chunks.read(.init(lines: chunk...chunk), in: db) { _, events in
      for event in events where event.time < time && !event.isCopy { count += 1 }
    }
    return count
  }

  /// Takes out those of one of them, and returns how many it were, copies left out.
  ///
  /// Where they cannot be read it throws an error that `isCorrupt`, and has changed nothing.
  package func remove(
    chunk: Int64, before time: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    struct Place: Hashable {
      var variant: Int64
      var hour: Int64
    }
    var gone: [Place: Int64] = [:]
    var newest = Int64.min
    try chunks.edit(.init(lines: chunk...chunk), in: db) { events in
      for event in events where event.time < time {
        newest = max(newest, event.time)
        guard !event.isCopy else { continue }
        let hour = ErrorSums.hour(of: event.time)
        gone[Place(variant: event.variant, hour: hour), default: 0] += 1
      }
      events.removeAll { $0.time < time }
    }
    guard newest > .min else { return 0 }
    var hours = try db.prepare(
      """
      UPDATE error_count SET count = count - ?1 FROM error_variant v
      WHERE v.id = ?2 AND error_count.hour = ?3 AND error_count.source = ?4
        AND error_count.level = v.level AND error_count.error = v.error
      """)
    var groups = try db.prepare(
      """
      UPDATE error_group SET count = count - ?1 WHERE id = (SELECT error FROM error_variant WHERE id = ?2)
      """)
    var empty = try db.prepare(
      "DELETE FROM error_count WHERE hour = ? AND source = ? AND count = 0")
    for (place, count) in gone {
      try hours.bind(values: count, place.variant, place.hour, chunk >> 36)
      try hours.run()
      try groups.bind(values: count, place.variant)
      try groups.run()
    }
    for hour in Set(gone.keys.map(\.hour)) {
      try empty.bind(values: hour, chunk >> 36)
      try empty.run()
    }
    try PrunedTable().note(.events, before: newest + 1, in: db)
    return gone.values.reduce(0, +)
  }

  /// The texts of events that are all gone.
  package func unusedVariants(in db: borrowing Connection) throws(SQLiteError) -> [Int64] {
    var unused: Set<Int64> = []
    do {
      var row = try db.prepare(
        "SELECT id FROM error_variant WHERE id NOT IN (SELECT variant FROM error_chunk_variant)")
      while try row.step() { unused.insert(row.integer(0)) }
    }
    guard !unused.isEmpty else { return [] }
    // Copies have texts, too; what cannot be read may have any.
    do throws(SQLiteError) {
      try chunks.read(.all, in: db) { _, events in
        for event in events where event.isCopy { unused.remove(event.variant) }
      }
    } catch {
      guard error.isCorrupt else { throw error }
      return []
    }
    return unused.sorted()
  }

  /// Takes out these texts, and the errors of which nothing is left and nothing was said.
  package func remove(
    variants: [Int64], in db: borrowing Connection
  ) throws(SQLiteError) {
    for id in variants { try db.run("DELETE FROM error_variant WHERE id = ?", id) }
    try db.execute(
      """
      DELETE FROM error_group WHERE count = 0 AND id NOT IN (SELECT error FROM error_variant)
        AND id NOT IN (SELECT error FROM error_decision)
        AND id NOT IN (SELECT fingerprint FROM error_alias UNION ALL SELECT error FROM error_alias)
      """)
  }
}
