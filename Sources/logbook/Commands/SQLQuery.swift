import ArgumentParsing
import SQLite
import Storage

struct SQLQuery: ReadingCommand {
  static let name = "sql"
  static let abstract = "Run a query that only reads."
  static let discussion = """
    The tables and views are those of 'logbook schema'. The same query gives the same rows in the \
    sqlite3 shell; here 'log' is read natively and has the columns attributes, file and offset, too.
    """
  static let arguments: [Argument<Self>] = [
    .one("QUERY", help: "One SELECT statement.", sets: \.query)
  ]
  static let options = resultOptions
  static let examples = [
    ("logbook sql 'SELECT level, count(*) FROM log GROUP BY level'", "lines by level")
  ]
  var result = ResultOptions()
  var query = ""

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    if result.showsSQL { return try show(query) }
    Interruption.install()
    let store = try Workspace(globals).openForReading()
    try prepareForReading(store.db)
    var writer = ResultWriter(result)
    try writer.all(query, store.db)
    return .success
  }
}
