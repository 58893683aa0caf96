import SQLite
import Storage
import TestSupport

/// The error that `body` throws, or nil.
func failure(_ body: () throws(StorageError) -> Void) -> StorageError? {
  do throws(StorageError) { try body() } catch { return error }
  return nil
}

/// An SQLite file made by `sql` alone.
func makeDatabase(_ path: String, _ sql: String) throws(SQLiteError) {
  let db = try Connection(path: path, mode: .create)
  try db.execute(sql)
}

/// What `stat` says of a file's permissions.
func mode(of path: String) -> String {
  String(Command.run("stat", ["-c", "%a", path]).output.prefix { $0.isNumber })
}

/// A store in `scratch` with two sources, 1 and 2.
func makeStore(_ scratch: Scratch) throws -> Store {
  let store = try Store.openForWriting(path: scratch.file("logbook.db"), now: 1_000_000)
  try store.write { db throws(SQLiteError) in
    for id in 1...2 as ClosedRange<Int64> {
      try SourceTable().insert(
        SourceRow(id: id, name: "source-\(id)", kind: "file", family: nil), in: db)
    }
  }
  try PackedTurnTable.install(on: store.db)
  return store
}
