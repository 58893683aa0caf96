import SQLite
package import Storage

extension Pruning {
  /// What `prune` would remove, and about how many bytes of the file.
  package static func look(
    _ limits: Limits, in store: borrowing Store
  ) throws(StorageError) -> Removed {
    try store.wrap { db throws(SQLiteError) in
      var forecast = PruneForecast(limits)
      try forecast.run(db)
      return forecast.removed
    }
  }
}
