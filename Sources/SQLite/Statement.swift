internal import CSQLite

/// A prepared statement, on loan from its connection: it cannot outlive the connection, and on its
/// end it is reset and handed back.
///
/// The usual pattern is `var rows = try db.prepare(sql)` inside a function. To keep statements
/// longer, store them in a `struct …: ~Copyable, ~Escapable` whose initializer is marked
/// `@_lifetime(borrow connection)`. An object that SQLite calls back (a cursor) cannot hold one: it
/// prepares again through its `ConnectionReference`, which costs a dictionary look-up.
@safe
package struct Statement: ~Copyable, ~Escapable {
  let raw: OpaquePointer
  private let handle: StatementHandle

  @_lifetime(borrow core)
  init(_ handle: StatementHandle, of core: borrowing ConnectionCore) {
    self.handle = handle
    unsafe raw = unsafe handle.raw
  }

  deinit {
    unsafe sqlite3_reset(raw)
    unsafe sqlite3_clear_bindings(raw)
    handle.isLent = false
  }

  /// Goes to the next row and says whether there is one; after false the statement is reset.
  @_lifetime(self: copy self)
  package mutating func step() throws(SQLiteError) -> Bool {
    switch unsafe sqlite3_step(raw) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      unsafe sqlite3_reset(raw)
      return false
    default:
      let error = latestError
      unsafe sqlite3_reset(raw)
      throw error
    }
  }

  /// Steps to the end; the parameters stay bound.
  @_lifetime(self: copy self)
  package mutating func run() throws(SQLiteError) {
    while try step() {}
  }

  /// Goes back before the first row: needed before parameters are bound anew, where `step` has
  /// given a row and not yet the end.
  @_lifetime(self: copy self)
  package mutating func reset() {
    unsafe sqlite3_reset(raw)
  }

  package var sql: String { unsafe String(cString: sqlite3_sql(raw)) }

  /// The text with the bound values in place of the parameters; nil where it would be too long.
  package var expandedSQL: String? {
    guard let text = unsafe sqlite3_expanded_sql(raw) else { return nil }
    defer { unsafe sqlite3_free(text) }
    return unsafe String(cString: text)
  }

  /// Whether the statement itself writes nothing to the file. (BEGIN, COMMIT and ATTACH count as
  /// reading: the authorizer is what keeps a foreign statement in check.)
  package var isReadOnly: Bool { unsafe sqlite3_stmt_readonly(raw) != 0 }

  var latestError: SQLiteError {
    unsafe SQLiteError(latestOf: sqlite3_db_handle(raw), sql: String(cString: sqlite3_sql(raw)))
  }

  func check(_ status: Int32) throws(SQLiteError) {
    if status != SQLITE_OK { throw latestError }
  }
}
