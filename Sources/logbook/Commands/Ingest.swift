import ArgumentParsing
import Configuration
import Formats
import Glibc
import Ingestion
import LogModel
import RegularExpressions
import Reporting
import Storage
import Tailing

struct Ingest: Command {
  static let name = "ingest"
  static let abstract = "Read what is new in log files into the database."
  static let discussion = """
    Without PATH the sources of the configuration are read. Rotated, renamed, truncated and \
    compressed files are recognised by their content: every line is stored once, however often \
    this runs. A run that finds nothing new writes nothing.
    """
  static let arguments: [Argument<Self>] = [
    .many(
      "PATH", help: "Files, folders, quoted globs such as 'app.log*', or - for standard input.",
      sets: \.paths)
  ]
  static let options: [Option<Self>] = [
    .value(
      "source", "s", "NAME",
      help: "The source that the lines belong to. (default: the path less its rotation suffix)",
      sets: \.source),
    .value(
      "as", nil, "FORMAT", help: "The format of the lines; see 'logbook formats'.",
      sets: \.format,
      parse: parseFormat),
    .value(
      "max-bytes", nil, "SIZE",
      help: "Stop after so much log text, such as 500MB; the next run goes on. (default: no limit)",
      sets: \.maxBytes,
      parse: { text throws(InvalidValue) in
        guard let size = ByteSize(text) else { throw InvalidValue(expected: ByteSize.expectation) }
        return size
      }),
    .value(
      "max-seconds", nil, "N", help: "The same after so much time. (default: no limit)",
      sets: \.maxSeconds,
      parse: { text throws(InvalidValue) in
        guard let seconds = WholeSeconds(text) else {
          throw InvalidValue(expected: WholeSeconds.expectation)
        }
        return seconds
      }),
    .flag("dry-run", help: "Say what would be read, and write nothing.", sets: \.isDryRun),
    .choice("format", help: "How the summary is written.", sets: \.outputFormat),
  ]
  static let examples = [
    ("logbook ingest '/var/log/nginx/access.log*'", "one rotated family"),
    ("journalctl -o short-iso | logbook ingest - --source journal", "what another program prints"),
  ]
  var paths: [String] = []
  var source: String?
  var format: String?
  var maxBytes: ByteSize?
  var maxSeconds: WholeSeconds?
  var isDryRun = false
  var outputFormat = OutputFormat.table

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    Interruption.install()
    let workspace = try Workspace(globals)
    let requests = try requests(workspace)
    let started = currentTime()
    let progress = IngestProgress()
    let summary = try ingest(requests, workspace, progress)
    progress.clear()
    for problem in summary.problems { StandardError.write(Failure(problem)) }
    if summary.records > 0 || summary.problems.isEmpty || outputFormat != .table {
      summary.write(outputFormat, duration: currentTime() - started, isDryRun: isDryRun)
    }
    return ExitStatus(summary.problems)
  }

  private func ingest(
    _ requests: [IngestRequest], _ workspace: Workspace, _ progress: IngestProgress
  ) throws -> IngestSummary {
    let path = workspace.databasePath
    let now = currentTime()
    if isDryRun {
      let store =
        unsafe access(path, F_OK) == 0
        ? try workspace.openForReading() : try Store.inMemory(now: now)
      return try IngestRun.perform(
        requests, into: store, own: workspace.ownPaths, now: now, isDryRun: true,
        limits: limits(workspace),
        redactor: try SourceRedactors(workspace.configuration, key: ContentKey.random).choice,
        clock: currentTime,
        isCancelled: { Interruption.isRequested }, progress: progress.show)
    }
    // A mistyped path must not leave an empty database behind.
    if unsafe access(path, F_OK) != 0, let problems = nothingToRead(requests) {
      return IngestSummary(problems: problems)
    }
    return try workspace.run(now: now) { store in
      if let network = store.networkFileSystem {
        StandardError.write(Failure(onNetwork: network, path: path))
      }
      do {
        let redactors = try SourceRedactors(workspace.configuration) {
          try ContentKey.bytes(of: path)
        }
        return try IngestRun.perform(
          requests, into: store, own: workspace.ownPaths, now: now, limits: limits(workspace),
          redactor: redactors.choice, clock: currentTime, isCancelled: { Interruption.isRequested },
          progress: progress.show)
      } catch {
        progress.clear()
        throw error
      }
    }
  }

  private func limits(_ workspace: Workspace) -> IngestLimits {
    let configured = workspace.configuration?.ingest ?? Configuration().ingest
    var limits = IngestLimits()
    limits.bytes = (maxBytes ?? configured.maxBytes)?.bytes
    limits.microseconds = (maxSeconds ?? configured.maxSeconds).map { $0.count * 1_000_000 }
    limits.forgetAfter = configured.forgetAfter.microseconds
    return limits
  }

  /// What is wrong with the paths, where none of them leads to a file.
  private func nothingToRead(_ requests: [IngestRequest]) -> [IngestProblem]? {
    let problems = IngestRun.problems(of: requests)
    return problems?.isEmpty ?? true ? nil : problems
  }

  private func requests(_ workspace: Workspace) throws -> [IngestRequest] {
    guard paths.isEmpty else {
      var request = IngestRequest(source: source, paths: paths.map { Path($0) })
      request.format = format
      return [request]
    }
    guard let configuration = workspace.configuration, !configuration.sources.isEmpty else {
      throw Failure(
        "nothing to read: no PATH, and no sources in the configuration",
        hint: "logbook ingest /var/log/syslog, or see 'logbook config example'", status: .usage)
    }
    let chosen = configuration.sources.filter { source == nil || $0.name == source }
    guard !chosen.isEmpty else {
      throw Failure(
        "the configuration has no source '\(source ?? "")'",
        hint: "it has \(configuration.sources.map(\.name).joined(separator: ", "))", status: .usage)
    }
    return try chosen.map { try IngestRequest($0, format: format) }
  }
}

extension IngestRequest {
  init(_ source: Configuration.Source, format: String?) throws {
    self.init(source: source.name, paths: source.paths.map { Path($0) })
    exclude = source.exclude.map { Path($0) }
    self.format =
      format ?? (source.format == Configuration.Source.automaticFormat ? nil : source.format)
    if let name = source.timezone, let zone = Zone(name: name) { self.zone = zone }
    switch source.multiline {
    case .automatic: multiline = .auto
    case .never: multiline = .none
    case .start(let pattern):
      let expression = try RecordStart(pattern)
      multiline = .start { expression.matches($0) }
    }
    multilineTimeout = source.multilineTimeout.microseconds
    maxLine = Int(source.maxLine.bytes)
    encoding = TextEncoding(source.encoding)
    isExplicit = false
  }
}

extension TextEncoding {
  init(_ encoding: Configuration.Encoding) {
    switch encoding {
    case .automatic: self = .auto
    case .utf8: self = .utf8
    case .utf16LittleEndian: self = .utf16le
    case .utf16BigEndian: self = .utf16be
    }
  }
}

/// A user's expression for the first line of a record; the pipeline is one thread.
private struct RecordStart: @unchecked Sendable {
  private let expression: RegularExpression

  init(_ pattern: String) throws { expression = try RegularExpression(pattern) }

  /// A line on which the expression exceeds its limits begins no record.
  func matches(_ line: Span<UInt8>) -> Bool { (try? expression.matches(line)) ?? false }
}

extension Duration {
  var microseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }
}
