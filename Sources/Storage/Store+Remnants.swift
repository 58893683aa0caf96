import SQLite

extension Store {
  /// Overwrites what pages hold beside rows: what was removed may have been moved before.
  ///
  /// The write-ahead log is emptied first. Nothing is done where a reader keeps it from that.
  package func clearRemnants() throws(StorageError) {
    try finish()
    var group = 0
    var isThere = true
    while isThere {
      try write { db throws(SQLiteError) in
        for next in group..<group + Self.groupsAtOnce where isThere {
          isThere = try db.clearRemnants(inGroup: next)
        }
      }
      group += Self.groupsAtOnce
      if isThere { letOthersWrite() }
    }
    // A change, so that no connection writes a page again as it has it in memory.
    try write { db throws(SQLiteError) in
      let version = try db.integer("PRAGMA user_version") ?? 0
      try db.execute("PRAGMA user_version = \(version)")
    }
    try finish()
  }

  /// So many take 20 ms where the file is in memory.
  private static let groupsAtOnce = 8
}
