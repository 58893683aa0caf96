package import SQLite

/// The generations of a source that begin as another one does, of which those bytes are stored.
package struct FileBeginnings: Sendable {
  private struct Beginning: Sendable {
    var file: Int64
    /// The first byte of its own.
    var end: Int64
  }

  /// By the generation that has the beginning.
  private var beginnings: [Int64: [Beginning]] = [:]

  /// Those that have JSON records of their own.
  init(ofSource source: Int64, reading db: borrowing Connection) throws(SQLiteError) {
    var row = try db.prepare(
      """
      SELECT origin, id, start FROM file
      WHERE source = ? AND max_us IS NOT NULL AND origin IS NOT NULL AND origin <> id
      """)
    try row.bind(1, source)
    while try row.step() {
      beginnings[row.integer(0), default: []].append(
        Beginning(file: row.integer(1), end: row.integer(2)))
    }
  }

  /// The generations whose files hold the lines of an extent, its own first.
  package func files(holding extent: Extent) -> [Int64] {
    var files = [extent.file]
    var place = 0
    while place < files.count {
      for next in beginnings[files[place]] ?? []
      where extent.offset < next.end && !files.contains(next.file) {
        files.append(next.file)
      }
      place += 1
    }
    return files
  }
}

extension FileTable {
  package func beginnings(
    ofSource source: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> FileBeginnings {
    try FileBeginnings(ofSource: source, reading: db)
  }
}
