internal import CSQLite

/// What SQLite reported, with the statement that it was about where one is known.
package struct SQLiteError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The extended result code: the primary code is its low byte.
  package var code: Int32
  package var message: String
  package var sql: String?
  /// Where in `sql` the token stands that SQLite disliked, in bytes, if it named one.
  package var offset: Int?

  package init(code: Int32, message: String, sql: String? = nil, offset: Int? = nil) {
    self.code = code
    self.message = message
    self.sql = sql
    self.offset = offset
  }

  package var primaryCode: Int32 { code & 0xFF }
  /// Another connection holds a lock (SQLITE_BUSY, SQLITE_LOCKED).
  package var isBusy: Bool { primaryCode == SQLITE_BUSY || primaryCode == SQLITE_LOCKED }
  package var isFull: Bool { primaryCode == SQLITE_FULL }
  package var isReadOnly: Bool { primaryCode == SQLITE_READONLY }
  /// The file is damaged, or no database at all.
  package var isCorrupt: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }
  /// SQLITE_CORRUPT_VTAB: what a row holds is damaged, and the message says which.
  package static let damagedPart: Int32 = 267
  /// The text of a statement is wrong, or holds several (SQLITE_ERROR, SQLITE_MISUSE).
  package var isOfQuery: Bool { primaryCode == SQLITE_ERROR || primaryCode == SQLITE_MISUSE }
  package var isConstraint: Bool { primaryCode == SQLITE_CONSTRAINT }
  package var isInterrupt: Bool { primaryCode == SQLITE_INTERRUPT }
  /// The authorizer refused the statement.
  package var isDenied: Bool { primaryCode == SQLITE_AUTH }

  package var description: String {
    let text = "\(message) (SQLite \(code))"
    return sql.map { "\(text) in: \($0)" } ?? text
  }
}

extension SQLiteError {
  /// The connection's latest error, to be read before anything else touches the connection.
  init(latestOf database: OpaquePointer, sql: String? = nil) {
    let offset = unsafe sqlite3_error_offset(database)
    unsafe self.init(
      code: sqlite3_extended_errcode(database), message: String(cString: sqlite3_errmsg(database)),
      sql: sql, offset: sql != nil && offset >= 0 ? Int(offset) : nil)
  }

  /// A use that SQLite itself would accept in silence.
  static func misuse(_ message: String, sql: String?) -> SQLiteError {
    SQLiteError(code: SQLITE_MISUSE, message: message, sql: sql)
  }
}
