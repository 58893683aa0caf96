internal import CSQLite

/// How a transaction is made to happen whole or not at all.
package enum JournalMode: String, Sendable {
  /// Readers see the state before it and do not wait; needs memory shared by all processes.
  case wal
  /// A journal for each transaction, deleted at its end.
  case delete
}

extension Connection {
  /// False when others who use the database keep it in the mode that it has.
  @discardableResult
  package func setJournalMode(_ mode: JournalMode) throws(SQLiteError) -> Bool {
    if try text("PRAGMA journal_mode") == mode.rawValue { return true }
    return try text("PRAGMA journal_mode = \(mode.rawValue)") == mode.rawValue
  }

  /// Whether the `-wal` and `-shm` files stay when the last connection closes: then a reader that
  /// may not write the folder can still open the database.
  package func setPersistWAL(_ isPersistent: Bool) throws(SQLiteError) {
    var value: Int32 = isPersistent ? 1 : 0
    let status = unsafe sqlite3_file_control(
      core.raw, "main", SQLITE_FCNTL_PERSIST_WAL, &value)
    guard status == SQLITE_OK else { throw unsafe SQLiteError(latestOf: core.raw) }
  }

  /// Moves what the write-ahead log holds into the database; with `truncate` the log becomes empty.
  ///
  /// False when readers or a writer kept some of it back: no harm is done, a later checkpoint goes
  /// on.
  @discardableResult
  package func checkpoint(truncate: Bool) throws(SQLiteError) -> Bool {
    var frames: Int32 = 0
    var moved: Int32 = 0
    let status = unsafe sqlite3_wal_checkpoint_v2(
      core.raw, "main", truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, &frames,
      &moved)
    switch status & 0xFF {
    case SQLITE_OK: return frames == moved
    case SQLITE_BUSY: return false
    default: throw unsafe SQLiteError(latestOf: core.raw)
    }
  }
}
