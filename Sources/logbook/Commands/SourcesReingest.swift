import ArgumentParsing
import Configuration
import Ingestion
import LogModel
import Reporting
import Retention
import SQLite
import Storage

struct SourcesReingest: Command {
  static let name = "reingest"
  static let abstract = "Forget a source's lines and read its files again."
  static let discussion = """
    The files are read as the configuration says, where it names the source. The format stays unless \
    --as gives another; 'auto' detects it anew. Where the configuration names a format, change it there, \
    too: the next 'ingest' goes by it. Lines get new ids.

    Refused, with exit status 1 and nothing changed, where lines are stored that no file holds any \
    more. A run that is interrupted loses nothing that the files hold: the next 'ingest' reads them.
    """
  static let arguments: [Argument<Self>] = [
    .one("NAME", help: "The source; see 'logbook sources list'.", sets: \.source)
  ]
  static let options: [Option<Self>] = [
    .value(
      "as", nil, "FORMAT", help: "The format of the lines, or auto; see 'logbook formats'.",
      sets: \.format,
      parse: { text throws(InvalidValue) in text == automatic ? text : try parseFormat(text) }),
    .flag(
      "drop-missing", help: "Lose the lines that no file holds any more.", sets: \.dropsMissing),
    .choice("format", help: "How the summary is written.", sets: \.outputFormat),
  ]
  static let examples = [
    ("logbook sources reingest app --as logfmt", "its format was taken for another")
  ]
  private static let automatic = Configuration.Source.automaticFormat

  var source = ""
  var format: String?
  var dropsMissing = false
  var outputFormat = OutputFormat.table

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    Interruption.install()
    let workspace = try Workspace(globals)
    let started = currentTime()
    let (forgotten, summary) = try workspace.runOnExisting(now: started) { store in
      try reingest(workspace, store, started: started)
    }
    for problem in summary.problems { StandardError.write(Failure(problem)) }
    for hits in summary.limitHits { StandardError.write(Failure(hits)) }
    for metric in summary.overflowing { StandardError.write(Failure(overflowing: metric)) }
    summary.write(outputFormat, duration: currentTime() - started, forgotten: forgotten)
    return ExitStatus(summary.problems)
  }

  private func reingest(
    _ workspace: Workspace, _ store: borrowing Store, started: Int64
  ) throws -> (Forgetting.Removed, IngestSummary) {
    let row = try storedSource(source, store)
    let files = try store.wrap { db throws(SQLiteError) in try generations(of: row.id, db) }
    let rereading = Rereading(of: files, as: try request(workspace), own: workspace.ownPaths)
    if !dropsMissing, !rereading.missing.isEmpty { throw Failure(rereading.missing, of: row.name) }
    let format = format == Self.automatic ? nil : format ?? rereading.request.format ?? row.format
    let forgotten = try Forgetting.forget(row, leaving: .source(format: format), in: store)
    let summary = try read(rereading.request, workspace, store, started: started)
    try store.releaseFreePages()
    return (forgotten, summary)
  }

  /// Without those that are gone and of which retention has left no line: they are no loss.
  private func generations(
    of source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> [FileRow] {
    var files: [FileRow] = []
    for file in try FileTable().rows(source: source, in: db) {
      let isGone = file.state == .missing || file.state == .superseded
      if isGone, file.openLine == nil, try PrunedTable().holdsAll(ofFile: file.id, in: db) {
        continue
      }
      files.append(file)
    }
    return files
  }

  /// How the configuration reads the source, and what `--as` says.
  private func request(_ workspace: Workspace) throws -> IngestRequest {
    let configured = workspace.configuration?.sources.first {
      ExactText($0.name) == ExactText(source)
    }
    var request =
      try configured.map { try IngestRequest($0, format: nil) }
      ?? IngestRequest(source: source, paths: [])
    request.isExplicit = false
    if let format { request.format = format == Self.automatic ? nil : format }
    return request
  }

  private func read(
    _ request: IngestRequest, _ workspace: Workspace, _ store: borrowing Store, started: Int64
  ) throws -> IngestSummary {
    let progress = IngestProgress()
    defer { progress.clear() }
    do {
      let redactors = try SourceRedactors(workspace.configuration) {
        try ContentKey.bytes(of: workspace.databasePath)
      }
      return try IngestRun.perform(
        [request], into: store, own: workspace.ownPaths, now: started, redactor: redactors.choice,
        clock: currentTime,
        isCancelled: { Interruption.isRequested }, progress: progress.show)
    } catch {
      progress.clear()
      var failure = Failure(error)
      failure.hint = failure.hint ?? "the next 'logbook ingest' reads the rest"
      throw failure
    }
  }
}

extension Failure {
  /// Lines that cannot be read again would be lost.
  init(_ missing: [Rereading.Missing], of source: String) {
    let bytes = missing.reduce(0) { $0 + $1.bytes }
    var files = missing.prefix(3).map { "\($0.file.path) (\(place(of: $0.file)))" }
    if missing.count > 3 { files.append("\(missing.count - 3) more") }
    self.init(
      "\(counted(bytes, "byte")) of source '\(source)' are stored and in no file any more: "
        + files.joined(separator: ", "),
      hint: "--drop-missing forgets them for good; 'logbook ingest' finds files that were renamed",
      status: .negative)
  }
}

private func place(of file: FileRow) -> String {
  if !file.path.isAbsolute { return "standard input" }
  return file.state == .superseded ? "rewritten" : "gone"
}
