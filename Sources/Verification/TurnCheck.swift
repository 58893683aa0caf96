import Extraction
import LineStore
import LogModel
import Pricing
import Recomputation
import SQLite
import Storage

/// Turns against those that the stored lines show when they are read once more, and their cost
/// against their price.
///
/// Of sources with marks in their lines the turns are taken as they are: they were read from what is
/// not stored. So are those of sources whose lines were read in several formats, and of files of which
/// lines are gone; but what they cost is checked, and of gateways, where a line says all of its turn, the tokens
/// of turns whose line is there.
struct TurnCheck {
  private var faults = Faults()
  /// The turns that a line shows.
  private var shown: Set<Int64> = []
  private var keyless: [(line: Int64, id: Int64)]
  private var packed: PackedTurns
  private var prices: [Int64: Price] = [:]

  static func run(_ db: borrowing Connection, _ places: Places) throws(SQLiteError) -> Check {
    var check = try TurnCheck(db)
    var replay = try TurnReplay(reading: db)
    var files = try db.prepare(
      """
      SELECT f.id, s.format FROM file f JOIN source s ON s.id = f.source WHERE f.bytes_stored > 0
        AND s.marked = 0 AND s.reformatted = 0
      ORDER BY f.id
      """)
    while try files.step() {
      guard let file = try FileTable().row(id: files.integer(0), in: db) else { continue }
      guard try isWhole(file, db) else {
        if files.optionalText(1) == "higress" {
          _ = try replay.run(file, format: "higress", in: db) { turns throws(SQLiteError) in
            for turn in turns { try check.compareTokens(turn, places, db) }
          }
        }
        try check.leaveOut(file, db)
        continue
      }
      let isKnown = try replay.run(
        file, format: files.optionalText(1), in: db
      ) { turns throws(SQLiteError) in
        for turn in turns { try check.compare(turn, places, db) }
      }
      if isKnown {
        try check.compare(replay.state, of: file, places, db)
      } else {
        try check.leaveOut(file, db)
      }
    }
    try check.compareHeaders(db)
    func count(_ lines: String, _ chunks: String) throws(SQLiteError) -> Int64 {
      try db.integer(
        """
        SELECT (SELECT count(*) FROM turn_row WHERE \(lines))
          + (SELECT total(count) FROM turn_chunk WHERE \(chunks))
        """) ?? 0
    }
    let compared = try count(unmarked("log_id"), unmarked("first_line"))
    if check.shown.count < compared { try check.findOrphans(places, db) }
    let others = try count("true", "true") - compared
    let scope = counted(compared, "turn") + (others > 0 ? ", \(others) as they were read" : "")
    return check.faults.check("turns", scope: scope)
  }

  private static let day: Int64 = 86_400_000_000

  /// Of turns, or chunks of them, that have such a line.
  private static func unmarked(_ line: String) -> String {
    "\(line) >> 36 NOT IN (SELECT id FROM source WHERE marked = 1 OR reformatted = 1)"
  }

  /// Compares chunks with what they say of themselves.
  private mutating func compareHeaders(_ db: borrowing Connection) throws(SQLiteError) {
    let table = TurnChunkTable()
    for chunk in try table.chunks(in: db) where try !table.isConsistent(chunk, in: db) {
      faults.add("the turns from \(chunk) on are not what their chunk says of them")
    }
  }

  /// Compares what a generation's records say of those that follow.
  private mutating func compare(
    _ state: TurnExtractor.State, of file: FileRow, _ places: Places, _ db: borrowing Connection
  ) throws(SQLiteError) {
    var stored = TurnExtractor.State(
      encoded: try TurnStateTable().state(ofFile: file.id, in: db))
    // That is for the sake of what is dropped of the next text.
    stored?.insideObject = []
    guard stored?.encoded != state.encoded else { return }
    faults.add(
      "\(places.file(file.id, db)): what its lines say of turns that follow is not what is stored")
  }

  /// Whether all lines of a generation are there, as far as turns are read from them.
  private static func isWhole(
    _ file: FileRow, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    if try TurnReplay.isBeyondStore(file: file.id, in: db) { return false }
    for extent in try ExtentTable().extents(file: file.id, before: file.offset, in: db) {
      if try PrunedTable().touches(extent.firstID, extent.firstID + extent.count, in: db) {
        return false
      }
    }
    return true
  }

  /// Takes the turns of a generation as they are.
  private mutating func leaveOut(
    _ file: FileRow, _ db: borrowing Connection
  ) throws(SQLiteError) {
    for extent in try ExtentTable().extents(file: file.id, before: file.offset, in: db) {
      let end = extent.firstID + extent.count
      for stored in try packed.turns(of: extent.firstID..<end, in: db)
      where shown.insert(stored.id).inserted {
        check(cost: stored)
      }
      var row = try db.prepare("SELECT id FROM turn_row WHERE log_id >= ? AND log_id < ?")
      try row.bind(values: extent.firstID, end)
      while try row.step() {
        guard shown.insert(row.integer(0)).inserted,
          let stored = try TurnTable().turn(id: row.integer(0), in: db)
        else { continue }
        check(cost: stored)
      }
    }
  }

  /// Compares what a line shows with the turn that was made of it, if one was.
  private mutating func compareTokens(
    _ turn: TurnRow, _ places: Places, _ db: borrowing Connection
  ) throws(SQLiteError) {
    guard turn.key != nil, let stored = try stored(turn, db), stored.row.logID == turn.logID,
      stored.row.tokens != turn.tokens || stored.row.time != turn.time
    else { return }
    faults.add(
      "turn \(stored.id) is not what \(places.lines(turn.logID..<turn.logID + 1)) shows")
  }

  private init(_ db: borrowing Connection) throws(SQLiteError) {
    keyless = try TurnTable().keylessTurns(in: db)
    packed = try PackedTurns(reading: db)
    for price in try PriceTable().prices(in: db) { prices[price.id] = price }
  }

  /// Compares what a line shows with what is stored of it.
  private mutating func compare(
    _ turn: TurnRow, _ places: Places, _ db: borrowing Connection
  ) throws(SQLiteError) {
    let line = { places.lines(turn.logID..<turn.logID + 1) }
    guard let stored = try stored(turn, db) else {
      // Retention has removed it: another of its records may be later.
      let source = LineIdentifier.source(of: turn.logID)
      if let time = places.removals[source]?.turnsBefore, turn.time < time + Self.day { return }
      return faults.add("\(line()) shows a turn that is not stored")
    }
    let (rank, storedRank) = ((turn.rank, turn.tie), (stored.row.rank, stored.row.tie))
    guard storedRank >= rank else {
      return faults.add("\(line()) shows turn \(stored.id) better than it is stored")
    }
    // Of several lines that show it, one is it.
    guard stored.row.logID == turn.logID, storedRank == rank,
      shown.insert(stored.id).inserted
    else { return }
    var row = turn
    row.isShared = false
    guard row == stored.row else {
      return faults.add("turn \(stored.id) is not what \(line()) shows")
    }
    check(cost: stored)
  }

  private mutating func stored(
    _ turn: TurnRow, _ db: borrowing Connection
  ) throws(SQLiteError) -> StoredTurn? {
    if let key = turn.key {
      if let stored = try packed.turn(key: key, line: turn.logID, in: db) { return stored }
      return try TurnTable().turn(key: key, in: db)
    }
    var low = keyless.partitioningIndex { $0.line >= turn.logID }
    while low < keyless.endIndex, keyless[low].line == turn.logID {
      if !shown.contains(keyless[low].id) {
        return try TurnTable().turn(id: keyless[low].id, in: db)
      }
      low += 1
    }
    return nil
  }

  private mutating func check(cost stored: StoredTurn) {
    guard let id = stored.price else {
      // Nothing costs nothing.
      if stored.nanoUSD ?? 0 != 0 { faults.add("turn \(stored.id) has a cost, and no price") }
      return
    }
    guard let price = prices[id] else {
      return faults.add("turn \(stored.id) names price \(id), which does not exist")
    }
    let cost = Cost(of: stored.row.tokens, at: price, tier: stored.row.serviceTier)
    if cost?.nanoUSD != stored.nanoUSD || cost?.savedNanoUSD != stored.savedNanoUSD {
      faults.add("turn \(stored.id) does not cost what price \(id) makes of its tokens")
    }
  }

  private mutating func findOrphans(
    _ places: Places, _ db: borrowing Connection
  ) throws(SQLiteError) {
    var row = try db.prepare(
      "SELECT id, log_id FROM turn_row WHERE \(Self.unmarked("log_id")) ORDER BY id")
    while try row.step() { addOrphan(row.integer(0), line: row.integer(1), places) }
    var chunk = try db.prepare(
      "SELECT first_id FROM turn_chunk WHERE \(Self.unmarked("first_line")) ORDER BY first_id")
    while try chunk.step() {
      for turn in try TurnChunkTable().turns(of: chunk.integer(0), in: db) {
        addOrphan(turn.id, line: turn.logID, places)
      }
    }
  }

  private mutating func addOrphan(_ id: Int64, line: Int64, _ places: Places) {
    guard !shown.contains(id) else { return }
    faults.add("turn \(id) is not in \(places.lines(line..<line + 1))")
  }
}
