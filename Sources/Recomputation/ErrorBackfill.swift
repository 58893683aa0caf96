import SQLite
package import Storage

/// Finds the errors of lines that were stored before there were errors.
package enum ErrorBackfill {
  /// How many rows are held at once.
  private static let rows = 4096

  /// Looks through the sources that are marked for it, each in one transaction; nearly always none is.
  ///
  /// The caller holds the run's lock.
  package static func run(_ store: borrowing Store) throws(StorageError) {
    let pending = try store.wrap { db throws(SQLiteError) in try sources(db) }
    guard !pending.isEmpty else { return }
    for source in pending {
      try store.write { db throws(SQLiteError) in
        try read(source, db)
        try db.run("DELETE FROM error_pending WHERE source = ?", source)
      }
    }
    try store.write { db throws(SQLiteError) in
      try ErrorDecisions().noteTransitions(run: nil, in: db)
    }
  }

  private static func sources(_ db: borrowing Connection) throws(SQLiteError) -> [Int64] {
    var row = try db.prepare("SELECT source FROM error_pending ORDER BY source")
    var sources: [Int64] = []
    while try row.step() { sources.append(row.integer(0)) }
    return sources
  }

  private static func read(_ source: Int64, _ db: borrowing Connection) throws(SQLiteError) {
    let format = try SourceTable().row(id: source, in: db)?.format
    var files: [Int64] = []
    do {
      var row = try db.prepare("SELECT id FROM file WHERE source = ? ORDER BY id")
      try row.bind(1, source)
      while try row.step() { files.append(row.integer(0)) }
    }
    var errors = ErrorTable()
    var keys = ErrorKeys()
    func key(_ line: Int64, _ db: borrowing Connection) throws(SQLiteError) -> Int64? {
      try keys.key(ofLine: line, in: db)
    }
    for id in files {
      guard let file = try FileTable().row(id: id, in: db) else { continue }
      var replay = try ErrorReplay(format: format, reading: db)
      var found: [ErrorRow] = []
      for extent in try ExtentTable().extents(file: id, before: file.offset, in: db) {
        for line in extent.firstID..<extent.firstID + extent.count where line != file.openLine {
          guard let row = try replay.row(line, file: id, in: db) else { continue }
          found.append(row)
          guard found.count >= rows else { continue }
          try errors.insert(found, in: db, key: key)
          found.removeAll(keepingCapacity: true)
        }
      }
      try errors.insert(found, in: db, key: key)
    }
  }
}
