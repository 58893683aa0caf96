package import LogModel
import SQLite

/// What events add up to: by hour in `error_count`, by fingerprint in `error_group`.
struct ErrorSums {
  struct Hour: Hashable {
    var hour: Int64
    var source: Int64
    var level: Int64
    var error: Int64

    var order: (Int64, Int64, Int64, Int64) { (hour, source, level, error) }
  }

  private struct Group {
    var error: LoggedError
    var level: Int64
    var first: Int64
    var last: Int64
    var count: Int64 = 0
  }

  private var hours: [Hour: Int64] = [:]
  private var groups: [Int64: Group] = [:]
  /// Whether an event was taken out that may have been the first, the last or the highest of its group.
  private var isTorn = false

  mutating func add(_ row: ErrorRow, _ error: LoggedError) {
    count(row.time, source: row.logID >> 36, level: row.level, error.fingerprint, 1)
    var group =
      groups[error.fingerprint]
      ?? Group(error: error, level: row.level, first: row.time, last: row.time)
    group.count += 1
    group.level = max(group.level, row.level)
    group.last = max(group.last, row.time)
    if row.time < group.first
      || row.time == group.first && Names(of: error).isBefore(Names(of: group.error))
    {
      (group.first, group.error) = (row.time, error)
    }
    groups[error.fingerprint] = group
  }

  /// Takes out an event that turned out to be a copy of `row`, which is added next.
  ///
  /// Where the lines were read in two formats, the two may be of different errors or levels.
  mutating func remove(
    time: Int64, source: Int64, level: Int64, error: Int64, for row: ErrorRow
  ) {
    count(time, source: source, level: level, error, -1)
    guard error == row.error.fingerprint, level == row.level else { return isTorn = true }
    // What the copy counted may be written already.
    var group =
      groups[error] ?? Group(error: row.error, level: level, first: time, last: time)
    group.count -= 1
    groups[error] = group
  }

  private mutating func count(
    _ time: Int64, source: Int64, level: Int64, _ error: Int64, _ count: Int64
  ) {
    let hour = Hour(hour: Self.hour(of: time), source: source, level: level, error: error)
    hours[hour, default: 0] += count
  }

  static func hour(of time: Int64) -> Int64 { time / 3_600_000_000 }

  /// What names a group.
  struct Names {
    var text: String
    var type: String?
    var culprit: String?

    /// Of events of one time that with the lowest text names the group, by bytes.
    func isBefore(_ other: Names) -> Bool {
      let pairs = [
        (text, other.text), (type ?? "", other.type ?? ""), (culprit ?? "", other.culprit ?? ""),
      ]
      for (a, b) in pairs where !a.utf8.elementsEqual(b.utf8) {
        return a.utf8.lexicographicallyPrecedes(b.utf8)
      }
      return false
    }
  }

  /// Returns whether the sums are to be made anew, and forgets what it has added up.
  mutating func write(to db: borrowing Connection) throws(SQLiteError) -> Bool {
    defer {
      hours.removeAll(keepingCapacity: true)
      groups.removeAll(keepingCapacity: true)
      isTorn = false
    }
    let rows = hours.filter { $0.value != 0 }.sorted { $0.key.order < $1.key.order }
    try db.insertRows(
      rows.count, into: "error_count(hour, source, level, error, count)", columns: 5,
      conflict: "ON CONFLICT DO UPDATE SET count = count + excluded.count"
    ) { statement, first, index throws(SQLiteError) in
      let (hour, count) = rows[index]
      try statement.bind(first, hour.hour)
      try statement.bind(first + 1, hour.source)
      try statement.bind(first + 2, hour.level)
      try statement.bind(first + 3, hour.error)
      try statement.bind(first + 4, count)
    }
    if hours.contains(where: { $0.value < 0 }) {
      try db.execute("DELETE FROM error_count WHERE count = 0")
    }
    for (id, group) in groups.sorted(by: { $0.key < $1.key }) {
      try write(group, id, db)
    }
    return isTorn
  }

  private func write(
    _ group: Group, _ id: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) {
    // Nearly always the store has an earlier event, which names the group.
    try db.run(
      """
      UPDATE error_group SET level = nullif(max(coalesce(level, 0), ?), 0), last_us = max(last_us, ?),
        count = count + ?
      WHERE id = ? AND first_us < ?
      """, group.level, group.last, group.count, id, group.first)
    guard db.changes == 0 else { return }
    let error = group.error
    try db.run(
      """
      INSERT INTO error_group(id, algorithm, tier, type, title, culprit, frames, level, first_us, last_us, count)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET (type, title, culprit) = (
          SELECT iif(earlier, excluded.type, type), iif(earlier, excluded.title, title),
            iif(earlier, excluded.culprit, culprit)
          FROM (SELECT (excluded.first_us, excluded.title, coalesce(excluded.type, ''), coalesce(excluded.culprit, ''))
            < (first_us, title, coalesce(type, ''), coalesce(culprit, '')) AS earlier)),
        level = nullif(max(coalesce(level, 0), coalesce(excluded.level, 0)), 0),
        first_us = min(first_us, excluded.first_us), last_us = max(last_us, excluded.last_us),
        count = count + excluded.count
      """, id, LoggedError.algorithm, Int64(error.tier.rawValue), error.type, error.text,
      error.culprit, error.storedFrames, group.level == 0 ? nil : group.level, group.first,
      group.last, group.count)
  }
}

extension LoggedError {
  /// The frames that all events of the error have; those of one that a field names may differ.
  package var storedFrames: String { tier == .explicit ? "[]" : framesJSON }
}

extension ErrorSums.Names {
  init(of error: LoggedError) {
    self.init(text: error.text, type: error.type, culprit: error.culprit)
  }
}
