import ArgumentParsing
import LogModel
import Retention
import SQLite
import Storage

struct SourcesList: ReadingCommand {
  static let name = "list"
  static let abstract = "List the sources and what is stored of each."
  static let discussion = """
    files are those at a path when last looked at; lines are lines of files, records are rows of log; \
    bytes are decompressed.
    """
  static let options = resultOptions
  var result = ResultOptions()

  private static let sql = """
    SELECT s.name AS source, s.kind, s.format, coalesce(f.files, 0) AS files,
      coalesce(f.lines, 0) AS lines, coalesce(c.records, 0) AS records, coalesce(f.bytes, 0) AS bytes,
      strftime('%Y-%m-%dT%H:%M:%S', c.first_us/1000000, 'unixepoch') || '.'
        || substr(1000000 + c.first_us%1000000, 2) || 'Z' AS first_line,
      strftime('%Y-%m-%dT%H:%M:%S', c.last_us/1000000, 'unixepoch') || '.'
        || substr(1000000 + c.last_us%1000000, 2) || 'Z' AS last_line
    FROM source s
      LEFT JOIN (SELECT source, sum(count) - coalesce(sum(t.lines), 0) AS records,
          min(min_us) AS first_us, max(max_us) AS last_us
        FROM chunk LEFT JOIN thinned t ON t.chunk = first_id GROUP BY source) c ON c.source = s.id
      LEFT JOIN (SELECT source, sum(state IN ('active', 'finished', 'error')) AS files,
          sum(lines) AS lines, sum(bytes_stored + bytes_skipped + open_bytes) AS bytes
        FROM file GROUP BY source) f ON f.source = s.id
    ORDER BY s.name
    """

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    if result.showsSQL { return try show(Self.sql) }
    let store = try Workspace(globals).openForReading()
    var writer = ResultWriter(result)
    try writer.all(Self.sql, store.db)
    return .success
  }
}

struct SourcesForget: Command {
  static let name = "forget"
  static let abstract = "Remove a source's lines and all that was derived from them."
  static let discussion = """
    Patterns, counts and times become those of the other sources' lines. No id is used again. Where the \
    source's files still exist and the configuration or a PATH matches them, the next 'ingest' reads \
    them again. Where another source's file began as a copy of one of them, its first lines were stored \
    once, as this source's: then it is said which source to read again, to have them.
    """
  static let arguments: [Argument<Self>] = [
    .one("NAME", help: "The source; see 'logbook sources list'.", sets: \.source)
  ]
  static let options: [Option<Self>] = [
    .choice("format", help: "How what was removed is written.", sets: \.result.format)
  ]
  var source = ""
  var result = ResultOptions()

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let workspace = try Workspace(globals)
    let removed = try workspace.runOnExisting(now: currentTime()) { store in
      let row = try storedSource(source, store)
      let removed = try Forgetting.forget(row, leaving: .nothing, in: store)
      try store.releaseFreePages()
      return removed
    }
    var writer = ResultWriter(result)
    writer.begin(["source", "files", "lines", "records", "bytes"])
    writer.row([
      .text(source), .integer(Int64(removed.files)), .integer(removed.lines),
      .integer(removed.records), .integer(removed.bytes),
    ])
    try writer.end()
    for failure in Failure.all(removed.beginnings, of: source) { StandardError.write(failure) }
    return .success
  }
}

extension Failure {
  /// A line for each source that has lost the first lines of files.
  fileprivate static func all(_ files: [Forgetting.Beginning], of source: String) -> [Failure] {
    Dictionary(grouping: files, by: \.source).sorted { $0.key < $1.key }.map { name, files in
      let more = files.count > 1 ? " and \(files.count - 1) more" : ""
      return Failure(
        "the first lines of \(files[0].path)\(more) were stored once, as those of '\(source)'",
        hint: "'logbook sources reingest \(name)' stores them as those of '\(name)'",
        status: .success)
    }
  }
}

/// The source of this very name, no pattern.
func storedSource(_ name: String, _ store: borrowing Store) throws -> SourceRow {
  let row = try store.wrap { db throws(SQLiteError) in try SourceTable().row(name: name, in: db) }
  guard let row else {
    throw Failure(
      "there is no source '\(name)'", hint: "see 'logbook sources list'", status: .usage)
  }
  return row
}
