import Recomputation
import SQLite
import Storage

/// What other sources' lines say of the turns and sessions of a source, too.
///
/// A turn is stored once, with one of its lines; when that one goes, another is its line. Where the store
/// has not all of that, as of a line that was cut, the turn stays as it is. Which program a session is
/// of, its first turn says.
struct TurnRemainder {
  private var turns: [TurnRow] = []
  private var sessions: Set<String> = []
  /// A turn of each session that names an agent; the first that does.
  private var descriptions: [TurnRow] = []

  init(without source: Int64, reading db: borrowing Connection) throws(SQLiteError) {
    let (lines, holders) = try TurnTable().copies(of: source, in: db)
    let (sessions, talkers) = try TurnTable().sharedSessions(of: source, in: db)
    self.sessions = sessions
    guard !(lines.isEmpty && sessions.isEmpty) else { return }
    var found: [TurnRow] = []
    var described: [TurnRow] = []
    var known: Set<String> = []
    var replay = try TurnReplay(reading: db)
    for other in holders.union(talkers).sorted() {
      let format = try SourceTable().row(id: other, in: db)?.format
      // In the order of reading: of equal turns the first one stays.
      for file in try FileTable().rows(source: other, in: db).reversed() where file.bytesStored > 0
      {
        try replay.run(file, format: format, in: db) { turns throws(SQLiteError) in
          for turn in turns {
            if let key = turn.key, lines[key] != nil { found.append(turn) }
            guard let session = turn.session, sessions.contains(session), turn.agent != nil,
              known.insert(session).inserted
            else { continue }
            described.append(turn)
          }
        }
      }
    }
    let shown = Set(found.compactMap(\.key))
    for (key, line) in lines.sorted(by: { $0.value < $1.value }) where !shown.contains(key) {
      guard var turn = try TurnTable().turn(key: key, in: db)?.row else { continue }
      turn.logID = line
      found.append(turn)
    }
    turns = found
    descriptions = described
  }

  /// Before the source's turns are removed: the names that only they have go with them.
  func clear(_ db: borrowing Connection) throws(SQLiteError) {
    try TurnTable().clearSessions(sessions, in: db)
  }

  func write(to db: borrowing Connection) throws(SQLiteError) {
    var table = TurnTable()
    for turn in descriptions { try table.describeSession(of: turn, in: db) }
    try table.insert(turns, in: db)
    if !sessions.isEmpty { try table.describeSessions(in: db) }
  }
}
