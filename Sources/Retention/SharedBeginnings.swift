import SQLite
import Storage

/// Files of other sources whose first bytes are stored as a source's, and what becomes of them when
/// it goes: those bytes are read again.
struct SharedBeginnings {
  /// A generation that goes on behind bytes which nobody has any more.
  private struct Gap {
    var file: FileRow
    /// Where they begin, and the generation that holds what stands before them.
    var start: Int64
    var origin: Int64?
  }

  private var gaps: [Gap] = []
  /// Files of which nothing else is stored: they are new to the next run.
  private var copies: [Int64] = []

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
    while let origin = origins.popLast() {
      for file in try FileTable().rows(origin: origin, in: db) where file.source != source {
        if file.bytesStored == 0, file.openLine == nil {
          copies.append(file.id)
          origins.append(file.id)
        } else {
          gaps.append(try Self.gap(before: file, without: source, db))
        }
      }
    }
  }

  private static func gap(
    before file: FileRow, without source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Gap {
    var start = file.start
    var next = file.origin
    for _ in 0..<1000 {
      guard let id = next, let origin = try FileTable().row(id: id, in: db) else { break }
      let isKept = origin.source != source && origin.bytesStored > 0
      if isKept { return Gap(file: file, start: start, origin: origin.id) }
      start = min(start, origin.start)
      next = origin.origin
    }
    return Gap(file: file, start: start)
  }

  func write(to db: borrowing Connection) throws(SQLiteError) {
    for id in copies {
      try db.run("DELETE FROM reject WHERE file = ?", id)
      try FileTable().remove(id, in: db)
    }
    for gap in gaps {
      var unread = FileRow(
        source: gap.file.source, path: gap.file.path, device: gap.file.device,
        inode: gap.file.inode, birth: gap.file.birth)
      unread.id = try FileTable().nextID(in: db)
      unread.state = .unread
      unread.start = gap.start
      unread.offset = gap.start
      unread.origin = gap.origin
      try FileTable().insert(unread, seen: 0, in: db)
      // No file was changed then: the next run looks at it.
      try db.run(
        "UPDATE file SET origin = ?2, mtime_us = -1 WHERE id = ?1", gap.file.id, unread.id)
    }
  }
}
