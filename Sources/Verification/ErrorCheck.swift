import LogModel
import Recomputation
import SQLite
import Storage

/// Errors against those that the stored lines show when they are read once more, and sums of them against
/// the events.
///
/// Of sources with marks in their lines, or whose lines were read in several formats, the events are taken as they
/// are; so are those from the time of which retention has removed lines or events.
struct ErrorCheck {
  private var faults = Faults()
  private var shown: Int64 = 0
  /// Groups whose frames have been compared.
  private var compared: Set<Int64> = []
  private let tally: ErrorTally
  /// Of copies, and of events whose time others have as well: whether they are stored as copies.
  private var records: [(record: ErrorCopies.Record, isCopy: Bool)] = []
  /// How many lines are asked for at once.
  private static let block: Int64 = 4096

  static func run(_ db: borrowing Connection, _ places: Places) throws(SQLiteError) -> Check {
    var replayed: [Int64: Int64] = [:]
    do {
      var row = try db.prepare(
        """
        SELECT id FROM source
        WHERE marked = 0 AND reformatted = 0 AND id NOT IN (SELECT source FROM error_pending)
        """)
      while try row.step() {
        let removal = places.removals[row.integer(0)]
        replayed[row.integer(0)] = max(removal?.linesBefore ?? .min, removal?.eventsBefore ?? .min)
      }
    }
    let tally = try ErrorTally(reading: db, replayed)
    var check = ErrorCheck(tally: tally)
    var files = try db.prepare(
      """
      SELECT f.id, s.format, s.id FROM file f JOIN source s ON s.id = f.source
      WHERE f.bytes_stored > 0 ORDER BY f.id
      """)
    while try files.step() {
      guard let start = replayed[files.integer(2)],
        let file = try FileTable().row(id: files.integer(0), in: db)
      else { continue }
      try check.compare(file, from: start, format: files.optionalText(1), places, db)
    }
    if tally.replayedCount > check.shown {
      check.faults.add(
        "\(counted(tally.replayedCount - check.shown, "event")) in lines that show no error")
    }
    check.compareCopies()
    for fault in try tally.faults(db) { check.faults.add(fault) }
    return check.faults.check("errors", scope: try check.scope(db))
  }

  private init(tally: ErrorTally) { self.tally = tally }

  private func scope(_ db: borrowing Connection) throws(SQLiteError) -> String {
    let groups = try db.integer("SELECT count(*) FROM error_group") ?? 0
    let pending = try db.integer("SELECT count(*) FROM error_pending") ?? 0
    let scope = "\(counted(tally.count, "event")) of \(counted(groups, "group"))"
    guard pending > 0 else { return scope }
    return scope
      + "; \(counted(pending, "source")) of an older version not looked at yet: 'logbook migrate' does it"
  }

  private mutating func compare(
    _ file: FileRow, from start: Int64, format: String?, _ places: Places,
    _ db: borrowing Connection
  ) throws(SQLiteError) {
    let chunks = ErrorChunkTable()
    var replay = try ErrorReplay(format: format, reading: db)
    for extent in try ExtentTable().extents(file: file.id, before: file.offset, in: db) {
      var known: [Int64: ErrorEvent] = [:]
      for id in extent.firstID..<extent.firstID + extent.count where id != file.openLine {
        if (id - extent.firstID) % Self.block == 0 {
          known = try Self.events(id...id + Self.block - 1, chunks, db)
        }
        let row = try replay.row(id, file: file.id, in: db)
        if let event = known[id], event.time >= start { shown += 1 }
        switch (row, known[id]) {
        case (nil, nil): break
        case (let row?, let event?): try compare(row, event, from: start, places, db)
        case (let row?, nil) where row.time < start: break
        case (nil, let event?) where event.time < start: break
        case (_?, nil): faults.add("\(places.lines(id..<id + 1)) shows an error that is not stored")
        case (nil, _?): faults.add("\(places.lines(id..<id + 1)) shows no error, but one is stored")
        }
      }
    }
  }

  private static func events(
    _ lines: ClosedRange<Int64>, _ chunks: borrowing ErrorChunkTable, _ db: borrowing Connection
  ) throws(SQLiteError) -> [Int64: ErrorEvent] {
    var found: [Int64: ErrorEvent] = [:]
    try chunks.read(.init(lines: lines), in: db) { _, events in
      for event in events where lines.contains(event.logID) { found[event.logID] = event }
    }
    return found
  }

  private mutating func compare(
    _ row: ErrorRow, _ event: ErrorEvent, from start: Int64, _ places: Places,
    _ db: borrowing Connection
  ) throws(SQLiteError) {
    guard let variant = tally.variants[event.variant] else {
      return faults.add("an event has no text")
    }
    if event.time != row.time || !row.isStored(as: variant) {
      faults.add(
        "the error of \(places.lines(row.logID..<row.logID + 1)) is not what the line shows")
    } else if variant.error == row.error.fingerprint, compared.insert(variant.error).inserted {
      let other = try db.integer(
        "SELECT 1 FROM error_group WHERE id = ? AND frames IS NOT ?", variant.error,
        row.error.storedFrames)
      if other != nil { faults.add("the frames of error \(variant.error) are not its lines'") }
    }
    // What it is a copy of may be gone.
    guard row.time >= start else { return }
    guard event.isCopy || tally.sharedTimes.contains(row.time),
      !tally.timesElsewhere.contains(row.time)
    else { return }
    guard let key = row.key else {
      if event.isCopy { faults.add("an event is not a copy as its equals make it") }
      return
    }
    records.append((.init(line: row.logID, file: row.file, key: key), event.isCopy))
  }

  private mutating func compareCopies() {
    var copies = ErrorCopies()
    for (record, isCopy) in records.sorted(by: { $0.record.line < $1.record.line })
    where (copies.place(record) == .copy) != isCopy {
      faults.add("an event is not a copy as its equals make it")
    }
  }
}
