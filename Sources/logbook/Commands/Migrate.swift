import ArgumentParsing
import LogModel
import SQLite
import Storage

struct Migrate: Command {
  static let name = "migrate"
  static let abstract = "Bring the database's schema up to date."
  static let discussion = "'ingest' does this by itself; --list only looks."
  static let options: [Option<Self>] = [
    .flag("list", help: "List the applied and the pending steps.", sets: \.lists),
    .choice("format", help: "How rows are written.", sets: \.result.format),
  ]
  var result = ResultOptions()
  var lists = false

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let workspace = try Workspace(globals)
    if !lists {
      try workspace.runOnExisting(now: currentTime()) { _ in }
    }
    let status = try Store.openForInspection(path: workspace.databasePath).migrationStatus()
    var writer = ResultWriter(result)
    writer.begin(["migration", "applied"])
    for step in status.applied { writer.row([.text(step.name), .text(Instant.text(step.time))]) }
    for name in status.pending { writer.row([.text(name), .null]) }
    try writer.end()
    return .success
  }
}
