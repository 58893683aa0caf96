import Glibc
import LogAccess
import SQLite
import Storage

/// What SQLite's `.load` comes to: the functions, and `log` where the connection's database is a
/// store.
///
/// Programs such as Datasette load an extension into every connection, whatever its database is;
/// hence a database of somebody else is no error.
@c(logbook_load)
public func load(
  _ database: OpaquePointer, _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  unsafe enterExtension(database, message: message) { db in
    try registerLogFunctions(on: db)
    let status: Migrator.Status
    do throws(MigrationError) {
      status = try Store.migrator.status(of: db)
    } catch .foreignFile {
      return
    }
    guard !status.applied.isEmpty else { return }
    guard status.pending.isEmpty else {
      throw OlderStore(version: status.applied.count)
    }
    try installLog(on: db, now: Int64(time(nil)) * 1_000_000)
  }
}

private struct OlderStore: Error, CustomStringConvertible {
  let version: Int

  var description: String {
    "the database has schema version \(version); `logbook migrate` brings it up to date"
  }
}
