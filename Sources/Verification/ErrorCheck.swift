import LogModel
import Recomputation
import SQLite
import Storage

/// Errors against those that the stored lines show when they are read once more, and sums of them against
/// the events.
///
/// Of sources with marks in their lines, or whose lines were read in several formats, the events are taken
/// as they are.
struct ErrorCheck {
  private var faults = Faults()
  private var shown: Int64 = 0
  /// Groups whose frames have been compared.
  private var compared: Set<Int64> = []
  /// How many lines are asked for at once.
  private static let block: Int64 = 4096

  static func run(_ db: borrowing Connection, _ places: Places) throws(SQLiteError) -> Check {
    var check = ErrorCheck()
    var files = try db.prepare(
      """
      SELECT f.id, s.format FROM file f JOIN source s ON s.id = f.source WHERE f.bytes_stored > 0
        AND s.marked = 0 AND s.reformatted = 0 AND s.id NOT IN (SELECT source FROM error_pending)
      ORDER BY f.id
      """)
    while try files.step() {
      guard let file = try FileTable().row(id: files.integer(0), in: db) else { continue }
      try check.compare(file, format: files.optionalText(1), places, db)
    }
    let unmarked =
      try db.integer(
        """
        SELECT count(*) FROM error_event
        WHERE log_id >> 36 NOT IN (SELECT id FROM source WHERE marked = 1 OR reformatted = 1)
        """) ?? 0
    if unmarked > check.shown {
      check.faults.add("\(counted(unmarked - check.shown, "event")) in lines that show no error")
    }
    for (sql, what) in sums where try db.integer(sql) != nil {
      check.faults.add(what)
    }
    let count = try db.integer("SELECT count(*) FROM error_event") ?? 0
    let groups = try db.integer("SELECT count(*) FROM error_group") ?? 0
    var scope = "\(counted(count, "event")) of \(counted(groups, "group"))"
    let pending = try db.integer("SELECT count(*) FROM error_pending") ?? 0
    if pending > 0 {
      scope +=
        "; \(counted(pending, "source")) of an older version not looked at yet: 'logbook migrate' does it"
    }
    return check.faults.check("errors", scope: scope)
  }

  private mutating func compare(
    _ file: FileRow, format: String?, _ places: Places, _ db: borrowing Connection
  ) throws(SQLiteError) {
    var replay = try ErrorReplay(format: format, reading: db)
    for extent in try ExtentTable().extents(file: file.id, before: file.offset, in: db) {
      var known: Set<Int64> = []
      for id in extent.firstID..<extent.firstID + extent.count where id != file.openLine {
        if (id - extent.firstID) % Self.block == 0 {
          known = try ErrorTable().lines(id..<id + Self.block, in: db)
        }
        let row = try replay.row(id, file: file.id, in: db)
        guard row != nil || known.contains(id) else { continue }
        let stored = try ErrorTable().event(ofLine: id, in: db)
        if stored != nil { shown += 1 }
        switch (row, stored) {
        case (nil, nil): break
        case (let row?, let stored?):
          if !row.isStored(as: stored) {
            faults.add("the error of \(places.lines(id..<id + 1)) is not what the line shows")
          } else {
            try compareFrames(row, stored, db)
          }
        case (_?, nil): faults.add("\(places.lines(id..<id + 1)) shows an error that is not stored")
        case (nil, _?): faults.add("\(places.lines(id..<id + 1)) shows no error, but one is stored")
        }
      }
    }
  }

  /// Once for each group.
  private mutating func compareFrames(
    _ row: ErrorRow, _ stored: ErrorTable.Stored, _ db: borrowing Connection
  ) throws(SQLiteError) {
    guard stored.fingerprint == row.error.fingerprint,
      compared.insert(stored.fingerprint).inserted
    else { return }
    let other = try db.integer(
      "SELECT 1 FROM error_group WHERE id = ? AND frames IS NOT ?", stored.fingerprint,
      row.error.storedFrames)
    if other != nil { faults.add("the frames of error \(stored.fingerprint) are not its lines'") }
  }

  /// Each gives a row where something is wrong.
  private static let sums = [
    (
      """
      SELECT 1 FROM error_event e WHERE key IS NOT NULL AND copy <> (log_id > (
        SELECT min(o.log_id) FROM error_event o WHERE o.key = e.key AND o.nth = e.nth)) LIMIT 1
      """, "an event is not a copy as its equals make it"
    ),
    (
      """
      SELECT 1 FROM error_event WHERE variant NOT IN (SELECT id FROM error_variant) LIMIT 1
      """, "an event has no text"
    ),
    (
      "SELECT 1 FROM error_group WHERE tier = 1 AND frames <> '[]' LIMIT 1",
      "an error that a field names has frames"
    ),
    (
      """
      SELECT 1 FROM (
        SELECT hour, source, level, error, count, 1 AS side FROM error_count
        UNION ALL
        SELECT e.time_us / 3600000000, e.log_id >> 36, v.level, v.error, count(*), 2
        FROM error_event e JOIN error_variant v ON v.id = e.variant WHERE e.copy = 0 GROUP BY 1, 2, 3, 4
      ) GROUP BY hour, source, level, error, count HAVING count(*) <> 2 LIMIT 1
      """, "the counts by hour are not those of the events"
    ),
    (
      """
      SELECT 1 FROM (
        SELECT id, coalesce(level, 0) AS level, first_us, last_us, count, 1 AS side FROM error_group
        UNION ALL
        SELECT v.error, max(v.level), min(e.time_us), max(e.time_us), count(*), 2
        FROM error_event e JOIN error_variant v ON v.id = e.variant WHERE e.copy = 0 GROUP BY 1
      ) GROUP BY id, level, first_us, last_us, count HAVING count(*) <> 2 LIMIT 1
      """, "a group is not the sum of its events"
    ),
    (
      """
      SELECT 1 FROM error_group g WHERE NOT EXISTS (
        SELECT 1 FROM error_variant v JOIN error_event e ON e.variant = v.id
        WHERE v.error = g.id AND e.time_us = g.first_us AND (v.text = g.title OR v.text = '<…>')) LIMIT 1
      """, "a group's title is not what its first event says"
    ),
  ]
}
