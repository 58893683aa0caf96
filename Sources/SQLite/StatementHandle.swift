internal import CSQLite

/// One prepared statement, finalized when nobody holds it any more: neither the cache of its
/// connection nor a `Statement` that it is lent to.
@safe
final class StatementHandle {
  let raw: OpaquePointer
  var isLent = true
  /// When it was last lent, in loans of its connection.
  var lastUse: UInt64 = 0

  init(_ sql: String, on database: OpaquePointer) throws(SQLiteError) {
    let outcome = unsafe Self.prepare(sql, on: database)
    switch unsafe outcome {
    case .success(let statement): unsafe raw = unsafe statement
    case .failure(let error): throw error
    }
  }

  deinit { unsafe sqlite3_finalize(raw) }

  private static func prepare(
    _ sql: String, on database: OpaquePointer
  ) -> Result<OpaquePointer, SQLiteError> {
    var text = sql
    return text.withUTF8 { bytes in
      let start = unsafe UnsafeRawPointer(bytes.baseAddress)?
        .assumingMemoryBound(to: CChar.self)
      guard let start = unsafe start, let count = Int32(exactly: bytes.count) else {
        return unsafe .failure(.misuse("no statement", sql: sql))
      }
      let end = unsafe start + bytes.count
      var statement: OpaquePointer?
      var tail: UnsafePointer<CChar>? = unsafe start
      guard
        unsafe sqlite3_prepare_v3(
          database, start, count, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, &tail) == SQLITE_OK
      else { return unsafe .failure(SQLiteError(latestOf: database, sql: sql)) }
      guard let first = unsafe statement else {
        return unsafe .failure(.misuse("no statement", sql: sql))
      }
      // SQLite prepares the first statement only; the rest must be blanks and comments.
      while let rest = unsafe tail, unsafe rest < end {
        var next: OpaquePointer?
        let status = unsafe sqlite3_prepare_v3(
          database, rest, Int32(truncatingIfNeeded: end - rest), 0, &next, &tail)
        if unsafe status != SQLITE_OK || next != nil {
          unsafe sqlite3_finalize(next)
          unsafe sqlite3_finalize(first)
          return unsafe .failure(.misuse("more than one statement", sql: sql))
        }
        if let end = unsafe tail, unsafe end == rest { break }
      }
      return unsafe .success(first)
    }
  }
}
