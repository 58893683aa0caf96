internal import CSQLite

extension Connection {
  /// Makes `module` known under a name: as a table that exists already, and for
  /// `CREATE VIRTUAL TABLE temp.x USING name`.
  ///
  /// SQLite owns the module until the connection closes.
  package func registerModule(
    _ name: String, _ module: any VirtualTableModule
  ) throws(SQLiteError) {
    let boxed = unsafe Unmanaged.passRetained(ModuleBox(module)).toOpaque()
    let status = unsafe sqlite3_create_module_v2(
      core.raw, name, virtualTableCallbacks, boxed, releaseObject)
    guard status == SQLITE_OK else { throw unsafe SQLiteError(latestOf: core.raw) }
  }
}
