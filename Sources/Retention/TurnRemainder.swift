import Recomputation
import SQLite
import Storage

/// The turns of a source that other sources' lines show, too.
///
/// A turn is stored once, with one of its lines; when that one goes, another is its line.
struct TurnRemainder {
  private var turns: [TurnRow] = []

  init(without source: Int64, reading db: borrowing Connection) throws(SQLiteError) {
    let (keys, sources) = try TurnTable().copies(of: source, in: db)
    guard !keys.isEmpty else { return }
    var found: [TurnRow] = []
    var replay = try TurnReplay(reading: db)
    for other in sources.sorted() {
      let format = try SourceTable().row(id: other, in: db)?.format
      // In the order of reading: of equal turns the first one stays.
      for file in try FileTable().rows(source: other, in: db).reversed() where file.bytesStored > 0
      {
        try replay.run(file, format: format, in: db) { turns throws(SQLiteError) in
          found += turns.filter { $0.key.map(keys.contains) ?? false }
        }
      }
    }
    turns = found
  }

  func write(to db: borrowing Connection) throws(SQLiteError) {
    var table = TurnTable()
    try table.insert(turns, in: db)
  }
}
