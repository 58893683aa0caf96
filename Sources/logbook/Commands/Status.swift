import ArgumentParsing
import Configuration
import LogModel
import Reporting
import SQLite
import Storage
import Tailing

struct Status: ReadingCommand {
  static let name = "status"
  static let abstract = "Show how far each source has been read, and what needs a person."
  static let discussion = """
    lines are those of the files, records the rows of log, pruned those that are gone for their age. lag_bytes is \
    what the files hold beyond what was read, lag_s since when that is so; parsed the share of lines that are of \
    the source's format. lost_bytes was gone before it could be read, hole_bytes are NULs that were passed over, \
    cut_bytes stood behind max_line; sanitized lines had NUL or bytes that are no text, damaged archives could not \
    be read to their end. A table at a terminal has last_error and what follows it only where that says something.

    Exit status 1: something needs a person; standard error says what.
    """
  static let options: [Option<Self>] =
    [
      .flag("files", help: "A row for each file that is there.", sets: \.showsFiles),
      .flag("sizes", help: "What each table and index takes of the database.", sets: \.showsSizes),
      .choice("format", help: "How rows are written.", sets: \.format),
    ] + resultOptions.dropFirst()
  static let examples = [
    ("logbook status --format prom > new.tmp; mv new.tmp logbook.prom", "for the node exporter")
  ]
  var result = ResultOptions()
  var showsFiles = false
  var showsSizes = false
  var format = StatusFormat.table

  /// Those of rows, and the text that Prometheus reads.
  enum StatusFormat: String, CaseIterable, Sendable {
    case table, json, ndjson, csv, md, prom
  }

  private static let troubles: Set<String> = [
    "last_error", "rejects", "lost_bytes", "hole_bytes", "cut_bytes", "sanitized", "damaged",
    "lag_s", "parsed", "pruned",
  ]

  func validate() throws(UsageError) {
    if showsFiles, showsSizes { throw .conflict("--files", "--sizes") }
    if format == .prom, showsFiles || showsSizes {
      throw .conflict("--format prom", showsFiles ? "--files" : "--sizes")
    }
  }

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    if result.showsSQL { return try show(sql) }
    let workspace = try Workspace(globals)
    let store = try workspace.openForReading()
    if showsSizes {
      var writer = ResultWriter(options)
      try writer.all(StatusQuery.sizes, store.db)
      return .success
    }
    let now = currentTime()
    let lag = try ReadingLag(store, now: now)
    var table = try StatusTable(sql, store.db, lag: showsFiles ? lag.files : lag.sources)
    if !showsFiles { table.addMissing(workspace.configuration?.sources ?? []) }
    let needs = try Attention(store, lag: lag, configuration: workspace.configuration, now: now)
    if format == .prom {
      write(table.metrics + StatusTable.attention(needs.texts.count))
    } else {
      try write(table)
    }
    for need in needs.texts { StandardError.write(Failure(need, status: .negative)) }
    return needs.texts.isEmpty ? .success : .negative
  }

  private var sql: String {
    showsSizes ? StatusQuery.sizes : showsFiles ? StatusQuery.files : StatusQuery.sources
  }

  private var options: ResultOptions {
    var options = result
    options.format = OutputFormat(rawValue: format.rawValue) ?? .table
    return options
  }

  private func write(_ text: String) {
    let sink = TextSink(descriptor: 1)
    sink.write(text)
    sink.flush()
  }

  private func write(_ table: StatusTable) throws {
    var table = table
    var writer = ResultWriter(options)
    // No trouble is no column.
    if writer.terminalWidth != nil { table.removeEmpty(Self.troubles) }
    writer.begin(table.columns)
    for row in table.rows where writer.isOpen { writer.row(row) }
    try writer.end()
  }
}
