import ArgumentParsing
import Glibc
import Ingestion
import LogModel
import Querying
import Redaction
import RegularExpressions
import Retention
import SQLite
import Storage

struct Purge: Command {
  static let name = "purge"
  static let abstract = "Take what a pattern matches out of what is stored."
  static let discussion = """
    [redacted] takes its place in lines, rejects and names; JSON stays JSON. Ids, times and counts stay, \
    and the pages that held it are overwritten. A record that could go on in its file ends. Log files are left alone: what they still hold comes \
    back with 'sources reingest' unless the source's redact has the pattern, too. Exit status 1: \
    nothing matches.
    """
  static let options: [Option<Self>] = [
    .value(
      "pattern", nil, "REGEX", help: "What must go; matches within one line of log.",
      sets: \.patterns),
    .value(
      "since", nil, "TIME", help: "Only lines from this time on: 2026-02-01, 2h, @epoch.",
      sets: \.since),
    .value("until", nil, "TIME", help: "Only lines before this time.", sets: \.until),
    .value(
      "source", "s", "NAME", help: "Only this source, or these; * stands for any text.",
      sets: \.sources),
    .flag("dry-run", help: "Say what would be changed, and write nothing.", sets: \.isDryRun),
    .choice("format", help: "How what was changed is written.", sets: \.result.format),
  ]
  static let examples = [
    ("logbook purge --pattern 'sk-[A-Za-z0-9]{20,}' --dry-run", "how much there is of it"),
    (#"logbook purge --pattern '"password":"\K[^"]*' --source 'app*'"#, "the value alone"),
  ]
  var patterns: [String] = []
  var since: String?
  var until: String?
  var sources: [String] = []
  var isDryRun = false
  var result = ResultOptions()

  func validate() throws(UsageError) {
    if patterns.isEmpty { throw .missingOption("--pattern", command: Self.name) }
  }

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    Interruption.install()
    let workspace = try Workspace(globals)
    let redactor = try redactor()
    let found: Purging.Found
    if isDryRun {
      found = try purge(redactor, workspace.openForReading())
    } else {
      found = try workspace.runOnExisting(now: currentTime()) { store in
        try closeOpenRecords(redactor, store)
        let found = try purge(redactor, store)
        try store.releaseFreePages()
        try store.clearRemnants()
        return found
      }
      try checkLog(of: workspace)
    }
    for metric in found.metrics { StandardError.write(Failure(labelsOf: metric)) }
    var writer = ResultWriter(result)
    writer.begin(["lines", "chunks", "patterns", "names", "rejects"])
    writer.row(
      [found.lines, found.chunks, found.patterns, found.names, found.rejects].map {
        .integer(Int64($0))
      })
    try writer.end()
    return found.isEmpty ? .negative : .success
  }

  private func redactor() throws -> Redactor {
    do throws(RegularExpressionError) {
      return try Redactor(content: .keep, patterns: patterns)
    } catch {
      throw Failure("bad regular expression: \(error)", status: .usage)
    }
  }

  private func closeOpenRecords(_ redactor: Redactor, _ store: borrowing Store) throws {
    let known = try store.wrap { db throws(SQLiteError) in try ids(db) }
    guard sources.isEmpty || !known.isEmpty else { return }
    let unfinished = try IngestRun.closeOpenRecords(
      holding: redactor, ofSources: sources.isEmpty ? [] : known, in: store, now: currentTime(),
      clock: currentTime)
    for path in unfinished { StandardError.write(Failure(unfinished: path)) }
  }

  private func purge(_ redactor: Redactor, _ store: borrowing Store) throws -> Purging.Found {
    let clock = Times(zone: result.zone)
    var scope = Purging.Scope()
    scope.since = try since.map { try clock.parse($0) }
    scope.until = try until.map { try clock.parse($0) }
    if !sources.isEmpty {
      scope.sources = try store.wrap { db throws(SQLiteError) in try ids(db) }
      if scope.sources.isEmpty {
        throw try NothingFound.source(sources, store.db)
          ?? Failure("there is no such source", hint: "see 'logbook sources list'", status: .usage)
      }
    }
    do {
      return try Purging.purge(
        redactor, scope, isDryRun: isDryRun, in: store,
        isCancelled: { Interruption.isRequested })
    } catch is PurgeCancelled {
      throw Failure(
        "interrupted; what was done stays", hint: "the same command does the rest",
        status: .signal(Interruption.signal))
    }
  }

  private func ids(_ db: borrowing Connection) throws(SQLiteError) -> [Int64] {
    var ids: [Int64] = []
    var row = try db.prepare(
      "SELECT id FROM source WHERE name IN (\(SearchQuery.sourceNamesSQL(sources)))")
    while try row.step() { ids.append(row.integer(0)) }
    return ids
  }

  /// The write-ahead log may still hold pages as they were.
  private func checkLog(of workspace: Workspace) throws {
    var status = stat()
    guard unsafe stat(workspace.databasePath + "-wal", &status) == 0, status.st_size > 0 else {
      return
    }
    throw Failure(
      "a reader holds the write-ahead log, which may still hold what was removed",
      hint: "purge again when it is done",
      status: .locked)
  }
}

extension Failure {
  fileprivate init(unfinished path: Path) {
    self.init(
      "the last line of '\(path)' matches and is not finished: what matches comes back with its end",
      hint: "purge again when an ingest has read it whole", status: .success)
  }

  fileprivate init(labelsOf metric: String) {
    self.init(
      "labels of metric '\(metric)' are of lines that match, and may hold a part of it",
      hint: "'logbook metrics rebuild \(metric)' counts the lines as they are now", status: .success
    )
  }
}
