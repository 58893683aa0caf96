import LogModel
import SQLite
import Storage

/// Files of other sources whose first bytes are stored as a source's, and what becomes of them when
/// it goes.
struct SharedBeginnings {
  /// Generations that go on from one of the source's, and files of which nothing else is stored.
  private var heirs: [Int64] = []
  private var copies: [Int64] = []
  /// Files that are at a path and whose first lines nobody has any more.
  private(set) var files: [Forgetting.Beginning] = []

  init(without source: Int64, reading db: borrowing Connection) throws(SQLiteError) {
    var origins: [Int64] = []
    do {
      var row = try db.prepare(
        """
        SELECT DISTINCT o.id FROM file f JOIN file o ON o.id = f.origin
        WHERE o.source = ?1 AND f.source <> ?1
        """)
      try row.bind(1, source)
      while try row.step() { origins.append(row.integer(0)) }
    }
    var seen = Set(origins)
    while let origin = origins.popLast() {
      let isGone =
        try FileTable().row(id: origin, in: db)?.source == source || copies.contains(origin)
      for file in try FileTable().rows(origin: origin, in: db) where file.source != source {
        guard seen.insert(file.id).inserted else { continue }
        origins.append(file.id)
        if file.bytesStored == 0, file.openLine == nil, isGone {
          copies.append(file.id)
          continue
        }
        if isGone { heirs.append(file.id) }
        guard file.state == .active || file.state == .finished || file.state == .error,
          let name = try SourceTable().row(id: file.source, in: db)?.name
        else { continue }
        files.append(Forgetting.Beginning(source: name, path: file.path))
      }
    }
  }

  func write(to db: borrowing Connection) throws(SQLiteError) {
    for id in heirs { try db.run("UPDATE file SET origin = NULL WHERE id = ?", id) }
    // The next run finds them to be new.
    for id in copies {
      try db.run("DELETE FROM reject WHERE file = ?", id)
      try FileTable().remove(id, in: db)
    }
  }
}
