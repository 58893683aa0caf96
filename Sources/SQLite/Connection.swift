internal import CSQLite

/// A connection to one database file, closed when it goes out of scope.
///
/// It is used by one thread at a time, which its type enforces: it is neither copyable nor
/// `Sendable`. Databases are UTF-8.
@safe
package struct Connection: ~Copyable {
  package enum Mode: Sendable {
    case readOnly
    case readWrite
    /// Reads and writes, and makes the file if there is none.
    case create
  }

  let core: ConnectionCore

  /// Opens `path`, which is a file name and never a URI; `:memory:` is a database without a file.
  ///
  /// SQLite reads nothing yet: a file that is no database shows at the first statement.
  package init(path: String, mode: Mode) throws(SQLiteError) {
    let access =
      switch mode {
      case .readOnly: SQLITE_OPEN_READONLY
      case .readWrite: SQLITE_OPEN_READWRITE
      case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      }
    core = try ConnectionCore(
      path: path, flags: access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE)
  }

  init(core: ConnectionCore) { self.core = core }

  /// Runs any number of statements and discards their rows.
  package func execute(_ sql: String) throws(SQLiteError) {
    guard unsafe sqlite3_exec(core.raw, sql, nil, nil, nil) == SQLITE_OK else {
      var error = unsafe SQLiteError(latestOf: core.raw, sql: sql)
      error.offset = nil  // It counts from the statement that failed, not from the first.
      throw error
    }
  }

  /// Lends a statement prepared from `sql`, which holds exactly one.
  ///
  /// Statements are kept by their text: when the same text is prepared again, nothing is parsed.
  @_lifetime(borrow self)
  package func prepare(_ sql: String) throws(SQLiteError) -> Statement {
    Statement(try core.lend(sql), of: core)
  }

  /// Rows that the latest INSERT, UPDATE or DELETE changed itself, triggers apart.
  package var changes: Int { Int(unsafe sqlite3_changes64(core.raw)) }
  /// Rows changed since the connection was opened, by triggers too.
  package var totalChanges: Int { Int(unsafe sqlite3_total_changes64(core.raw)) }
  package var lastInsertRowID: Int64 { unsafe sqlite3_last_insert_rowid(core.raw) }
  /// Whether no transaction is open.
  package var isAutocommit: Bool { unsafe sqlite3_get_autocommit(core.raw) != 0 }

  /// How long a statement waits for another connection's lock before it fails as busy.
  package func setBusyTimeout(milliseconds: Int32) {
    unsafe sqlite3_busy_timeout(core.raw, milliseconds)
  }
}
