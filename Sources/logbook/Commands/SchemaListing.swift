import ArgumentParsing
import Glibc
import LineStore
import Reporting
import SQLite
import Storage

struct SchemaListing: Command {
  static let name = "schema"
  static let abstract = "Print tables, views and the meaning of their columns as JSON."

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let workspace = try Workspace(globals)
    let sink = TextSink(descriptor: STDOUT_FILENO)
    // Without a database there still is a schema: the one that the next ingest makes.
    let store =
      unsafe access(workspace.databasePath, F_OK) == 0
      ? try workspace.openForReading() : try Store.inMemory(now: currentTime())
    try registerStoreFunctions(on: store.db)
    sink.write("[")
    for (index, relation) in try SchemaDocument.relations(of: store.db).enumerated() {
      sink.write(index == 0 ? "\n" : ",\n")
      relation.write(to: sink)
    }
    sink.write("\n]\n")
    sink.flush()
    return .success
  }
}
