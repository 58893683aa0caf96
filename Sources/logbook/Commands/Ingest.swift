import ArgumentParsing
import Configuration
import Formats
import Glibc
import Ingestion
import LogModel
import Metrics
import RegularExpressions
import Reporting
import Retention
import SQLite
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
      parse: parseFormat
    ).suggesting(Formats.names),
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
    .flag(
      "follow", "f", help: "Go on: read again when files change, until SIGTERM.",
      sets: \.isFollowing),
    .value(
      "interval", nil, "TIME", help: "With --follow: and at least so often. (default: 10s)",
      sets: \.interval,
      parse: { text throws(InvalidValue) in
        guard let interval = Duration(text), interval >= .seconds(1) else {
          throw InvalidValue(expected: "a duration of at least 1s, such as 10s or 5m")
        }
        return interval
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
  var isFollowing = false
  var interval = Duration.seconds(10)
  var isDryRun = false
  var outputFormat = OutputFormat.table

  func validate() throws(UsageError) {
    guard isFollowing else { return }
    if isDryRun { throw .conflict("--follow", "--dry-run") }
    if paths.contains("-") { throw .conflict("--follow", "-") }
  }

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    if isFollowing { return try follow(globals) }
    Interruption.install()
    let workspace = try Workspace(globals)
    let requests = try requests(workspace)
    let started = currentTime()
    let progress = IngestProgress()
    let (summary, pruning) = try ingest(requests, workspace, progress)
    let pruned = try? pruning.get()
    progress.clear()
    for problem in summary.problems { StandardError.write(Failure(problem)) }
    for hits in summary.limitHits { StandardError.write(Failure(hits)) }
    for metric in summary.overflowing { StandardError.write(Failure(overflowing: metric)) }
    if summary.records > 0 || summary.problems.isEmpty || summary.sync != nil
      || outputFormat != .table
    {
      summary.write(
        outputFormat, duration: currentTime() - started, isDryRun: isDryRun, pruned: pruned)
    }
    if case .failure(let error) = pruning {
      throw error is PruneCancelled ? Failure.interruptedPruning : error
    }
    guard let pruned, pruned.hasProblems else { return ExitStatus(summary.problems) }
    for failure in Failure.problems(of: pruned) { StandardError.write(failure) }
    return summary.problems.isEmpty ? .inputOutput : ExitStatus(summary.problems)
  }

  func ingest(
    _ requests: [IngestRequest], _ workspace: Workspace, _ progress: IngestProgress
  ) throws -> (IngestSummary, Result<Pruning.Removed?, any Error>) {
    let path = workspace.databasePath
    let now = currentTime()
    if isDryRun {
      let store =
        unsafe access(path, F_OK) == 0
        ? try workspace.openForReading() : try Store.inMemory(now: now)
      let sync = try sync(workspace, store, now: now)
      var summary = try IngestRun.perform(
        requests, into: store, own: workspace.ownPaths, now: now, isDryRun: true,
        limits: limits(workspace),
        redactor: try SourceRedactors(workspace.configuration, key: ContentKey.random).choice,
        counting: SourceCounting(workspace.configuration).choice, clock: currentTime,
        isCancelled: { Interruption.isRequested }, progress: progress.show)
      summary.sync = sync
      return (summary, .success(nil))
    }
    let hosts = hosts(workspace)
    // A mistyped path must not leave an empty database behind.
    if hosts.isEmpty, unsafe access(path, F_OK) != 0, let problems = nothingToRead(requests) {
      return (IngestSummary(problems: problems), .success(nil))
    }
    return try workspace.run(now: now) { store in
      if let network = store.networkFileSystem {
        StandardError.write(Failure(onNetwork: network, path: path))
      }
      do {
        let redactors = try SourceRedactors(workspace.configuration) {
          try ContentKey.bytes(of: path)
        }
        let sync = try sync(workspace, store, now: now)
        var summary = try IngestRun.perform(
          requests, into: store, own: workspace.ownPaths, now: now, limits: limits(workspace),
          redactor: redactors.choice,
          counting: SourceCounting(workspace.configuration).choice, clock: currentTime,
          isCancelled: { !isFollowing && Interruption.isRequested }, progress: progress.show)
        summary.sync = sync
        for host in hosts where !HostSampling.isHost(root: Path(host.root)) {
          summary.problems.append(.noHost(host.name, root: Path(host.root)))
        }
        try note(summary, at: now, store)
        summary.samples = try sample(hosts, store)
        // What was read is told of whatever comes of it.
        return (summary, Result { try prune(store, workspace) })
      } catch {
        progress.clear()
        // A host in trouble is worth a look more than another.
        _ = try? sample(hosts, store)
        throw error
      }
    }
  }

  /// Keeps what nothing was read of for `status`: nobody may look at what a timer's run says.
  ///
  /// As long as it stays the same, runs with nothing new write nothing.
  private func note(
    _ summary: IngestSummary, at time: Int64, _ store: borrowing Store
  ) throws {
    let problem = summary.problems.first(where: \.keepsFromReading).map { Failure($0).message }
    let isNew = try store.wrap { db throws(SQLiteError) in
      try RunTable().isNew(problem, in: db)
    }
    guard isNew else { return }
    try store.write { db throws(SQLiteError) in
      try RunTable().note(problem, ofRun: summary.run, at: time, process: getpid(), in: db)
    }
  }

  /// Makes the rules of metrics those of the configuration; nil where nothing has changed.
  private func sync(
    _ workspace: Workspace, _ store: borrowing Store, now: Int64
  ) throws -> MetricSync? {
    guard var rules = MetricRules(workspace) else { return nil }
    let sync = try rules.sync(with: store, now: now, isDryRun: isDryRun)
    for problem in rules.problems { StandardError.write(problem) }
    return sync.isEmpty ? nil : sync
  }

  /// Removes what the configuration does not keep; nil where it says nothing, or nothing is old.
  private func prune(
    _ store: borrowing Store, _ workspace: Workspace
  ) throws -> Pruning.Removed? {
    guard let retention = workspace.configuration?.retention else { return nil }
    let limits = Pruning.Limits(retention, now: currentTime())
    guard try Pruning.isDue(limits, in: store) else { return nil }
    return try Pruning.prune(limits, in: store) { Interruption.isRequested }
  }

  /// The hosts to look at: where paths are given, nothing else is asked for.
  private func hosts(_ workspace: Workspace) -> [Configuration.Host] {
    guard paths.isEmpty, let hosts = workspace.configuration?.hosts else { return [] }
    return hosts.filter { host in source.map { ExactText($0) == ExactText(host.name) } ?? true }
  }

  /// Nil where there is no host to look at.
  private func sample(
    _ hosts: [Configuration.Host], _ store: borrowing Store
  ) throws(StorageError) -> Int? {
    guard !hosts.isEmpty else { return nil }
    var samples = 0
    for host in hosts where HostSampling.isHost(root: Path(host.root)) {
      samples += try HostSampling.sample(
        root: Path(host.root), as: host.name, now: currentTime(),
        every: isFollowing ? host.interval.microseconds : 0, into: store)
    }
    return samples > 0 ? samples : nil
  }

  private func limits(_ workspace: Workspace) -> IngestLimits {
    let configured = workspace.configuration?.ingest ?? Configuration().ingest
    var limits = IngestLimits()
    limits.bytes = (maxBytes ?? configured.maxBytes)?.bytes
    limits.microseconds = (maxSeconds ?? configured.maxSeconds).map { $0.count * 1_000_000 }
    limits.forgetAfter = configured.forgetAfter.microseconds
    // What was read of a file is stored before it ends.
    if isFollowing { limits.isEnded = { Interruption.isRequested } }
    return limits
  }

  /// What is wrong with the paths, where none of them leads to a file.
  private func nothingToRead(_ requests: [IngestRequest]) -> [IngestProblem]? {
    let problems = IngestRun.problems(of: requests)
    return problems?.isEmpty ?? true ? nil : problems
  }

  func requests(_ workspace: Workspace) throws -> [IngestRequest] {
    guard paths.isEmpty else {
      var request = IngestRequest(source: source, paths: paths.map { Path($0) })
      request.format = format
      return [request]
    }
    guard let configuration = workspace.configuration else { throw Failure.nothingToRead }
    if configuration.sources.isEmpty, configuration.hosts.isEmpty, source == nil {
      // The configuration of log2metrics names files in its rules only.
      let paths = MetricRules(workspace)?.rules.flatMap(\.files) ?? []
      guard !paths.isEmpty else { throw Failure.nothingToRead }
      var request = IngestRequest(paths: paths.flatMap(Self.family))
      request.families = paths.compactMap { Glob($0) }
      request.format = format
      request.isExplicit = false
      return [request]
    }
    let names = configuration.sources.map(\.name) + configuration.hosts.map(\.name)
    guard !names.isEmpty else { throw Failure.nothingToRead }
    let chosen = configuration.sources.filter { configured in
      source.map { ExactText($0) == ExactText(configured.name) } ?? true
    }
    guard !chosen.isEmpty || !hosts(workspace).isEmpty else {
      throw Failure(
        "the configuration has no source '\(source ?? "")'",
        hint: "it has \(names.joined(separator: ", "))", status: .usage)
    }
    return try chosen.map { try IngestRequest($0, format: format) }
  }
}

extension Ingest {
  /// Globs of a file and of those that it may have been rotated to.
  private static func family(_ path: Path) -> [Path] {
    ["", ".*", "-*"].map { Path(bytes: path.bytes + Array($0.utf8)) }
  }
}

extension Failure {
  fileprivate static var nothingToRead: Failure {
    Failure(
      "nothing to read: no PATH, and no sources in the configuration",
      hint: "logbook ingest /var/log/syslog, or see 'logbook config example'", status: .usage)
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
  var milliseconds: Int64 { microseconds / 1000 }

  var microseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }
}
