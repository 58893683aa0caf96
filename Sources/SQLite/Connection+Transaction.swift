internal import CSQLite

extension Connection {
  /// Runs `body` between BEGIN IMMEDIATE and COMMIT; any error rolls everything back.
  ///
  /// A closure that throws only SQLite's errors says so: `{ db throws(SQLiteError) in … }`.
  package func transaction<R: ~Copyable>(
    _ body: (borrowing Connection) throws(SQLiteError) -> R
  ) throws(SQLiteError) -> R {
    try execute("BEGIN IMMEDIATE")
    do throws(SQLiteError) {
      let result = try body(self)
      try execute("COMMIT")
      return result
    } catch {
      rollBack()
      throw error
    }
  }

  /// The same for a body whose errors are of several kinds.
  @_disfavoredOverload
  package func transaction<R: ~Copyable>(
    _ body: (borrowing Connection) throws -> R
  ) throws -> R {
    try execute("BEGIN IMMEDIATE")
    do {
      let result = try body(self)
      try execute("COMMIT")
      return result
    } catch {
      rollBack()
      throw error
    }
  }

  /// Ends an open transaction without its changes.
  ///
  /// Some errors, a full disk among them, have already done so: then this does nothing.
  package func rollBack() {
    guard !isAutocommit else { return }
    // It fails only where the transaction is gone already, or the file too damaged to matter.
    unsafe sqlite3_exec(core.raw, "ROLLBACK", nil, nil, nil)
  }
}
