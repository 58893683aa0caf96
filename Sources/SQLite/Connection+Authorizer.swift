internal import CSQLite

extension Connection {
  /// Lets statements prepared from now on only read: for SQL that somebody else wrote.
  ///
  /// Allowed are SELECT (recursive too), every function but `load_extension`, and the pragmas that
  /// tell something. Denied is all else: writes to any database, ATTACH, transactions, pragmas that
  /// set something. A denied statement fails in `prepare`, mostly with `isDenied`.
  ///
  /// Statements prepared before are checked too when they next run, and so is the SQL that virtual
  /// tables run on this connection.
  package func permitReadingOnly() {
    unsafe sqlite3_set_authorizer(
      core.raw,
      { _, action, first, second, _, _ in
        switch action {
        case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: SQLITE_OK
        // Asked when a virtual table that exists by itself (`json_each`) is first used. No
        // statement gets further with it: without the pragma `writable_schema`, denied below,
        // SQLite refuses to change its schema table.
        case SQLITE_UPDATE: unsafe isEqual(first, to: "sqlite_master") ? SQLITE_OK : SQLITE_DENY
        case SQLITE_FUNCTION:
          unsafe isEqual(second, to: "load_extension") ? SQLITE_DENY : SQLITE_OK
        case SQLITE_PRAGMA:
          unsafe isReading(pragma: first, argument: second) ? SQLITE_OK : SQLITE_DENY
        default: SQLITE_DENY
        }
      }, nil)
  }

  /// Permits everything again.
  package func permitEverything() {
    unsafe sqlite3_set_authorizer(core.raw, nil, nil)
  }
}

/// Pragmas that only tell, whatever their argument.
private let tellingPragmas = [
  "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo",
  "foreign_key_list", "compile_options", "integrity_check", "quick_check", "page_count",
  "freelist_count", "function_list", "module_list", "pragma_list", "collation_list",
  "database_list",
]

/// Pragmas that tell without an argument and set with one.
private let settingPragmas = [
  "schema_version", "user_version", "application_id", "page_size", "encoding", "auto_vacuum",
  "journal_mode", "data_version",
]

private func isReading(pragma: UnsafePointer<CChar>?, argument: UnsafePointer<CChar>?) -> Bool {
  let name = unsafe pragma
  if tellingPragmas.contains(where: { unsafe isEqual(name, to: $0) }) { return true }
  return unsafe argument == nil && settingPragmas.contains { unsafe isEqual(name, to: $0) }
}

private func isEqual(_ text: UnsafePointer<CChar>?, to word: String) -> Bool {
  guard let text = unsafe text else { return false }
  return unsafe sqlite3_stricmp(text, word) == 0
}
