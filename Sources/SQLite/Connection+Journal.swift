internal import CSQLite

extension Connection {
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
