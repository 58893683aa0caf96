import ArgumentParsing
import Configuration
import LogModel
import Querying
import Reporting
import Retention
import SQLite
import Storage

struct Prune: Command {
  static let name = "prune"
  static let abstract = "Remove old lines, counts, turns, events and samples."
  static let discussion = """
    Without options it does what retention: in the configuration says, as every ingest does. Lines go by their \
    own times, in whole chunks of up to 4,096, when the newest of a chunk is old: of a source with a few lines a \
    day older ones stay so long, and --dry-run says how many. The newest chunk stays whatever the size. Files are read on where they were; what is on disk is not touched. Counts \
    (volume, patterns, anomalies), turns (sessions, costs), events of errors and samples of metrics stay unless they \
    are named; counts of lines that are stored always do. Where counts are most of the file, --max-size takes old ones, too. What a dry run says of a size, and of \
    bytes, is worked out from where rows lie: a chunk more or less may go. A size that cannot be reached removes nothing. Interrupted, it is done by the same command again.
    """
  static let options: [Option<Self>] = [
    .value(
      "older-than", nil, "TIME", help: "Lines before this time: 30d, 2026-02-01.",
      sets: \.linesBefore),
    .value(
      "max-size", nil, "SIZE", help: "The oldest lines until the file is no larger: 10GiB.",
      sets: \.size,
      parse: { text throws(InvalidValue) in
        guard let size = ByteSize(text) else { throw InvalidValue(expected: ByteSize.expectation) }
        return size
      }),
    .flag(
      "keep-errors", help: "Keep lines of level error and up, unless the size is too large else.",
      sets: \.keepsErrors),
    .value(
      "source", "s", "NAME",
      help: "Only lines of this source, or these, with --older-than; * stands for any text.",
      sets: \.sources),
    .value(
      "rollups-older-than", nil, "TIME", help: "Counts of lines before this time.",
      sets: \.countsBefore),
    .value(
      "sessions-older-than", nil, "TIME", help: "Turns before this time.", sets: \.turnsBefore),
    .value(
      "errors-older-than", nil, "TIME", help: "Events of errors before this time.",
      sets: \.eventsBefore),
    .value(
      "metrics-older-than", nil, "TIME", help: "Samples before this time.", sets: \.samplesBefore),
    .flag("dry-run", help: "Say what would be removed, and write nothing.", sets: \.isDryRun),
    .choice("format", help: "How what was removed is written.", sets: \.result.format),
  ]
  static let examples = [
    ("logbook prune --older-than 30d --keep-errors --dry-run", "how much that would be"),
    ("logbook prune --max-size 10GiB", "what does not fit"),
  ]
  var linesBefore: String?
  var size: ByteSize?
  var keepsErrors = false
  var sources: [String] = []
  var countsBefore: String?
  var turnsBefore: String?
  var eventsBefore: String?
  var samplesBefore: String?
  var isDryRun = false
  var result = ResultOptions()

  func validate() throws(UsageError) {
    guard !sources.isEmpty else { return }
    // All else is of all sources.
    if size != nil { throw .conflict("--source", "--max-size") }
    if countsBefore != nil { throw .conflict("--source", "--rollups-older-than") }
    if turnsBefore != nil { throw .conflict("--source", "--sessions-older-than") }
    if eventsBefore != nil { throw .conflict("--source", "--errors-older-than") }
    if samplesBefore != nil { throw .conflict("--source", "--metrics-older-than") }
  }

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    Interruption.install()
    let workspace = try Workspace(globals)
    var limits = try limits(workspace)
    let removed: Pruning.Removed
    if isDryRun {
      let store = try workspace.openForReading()
      limits.sources = try ids(store)
      removed = try Pruning.look(limits, in: store)
    } else {
      removed = try workspace.runOnExisting(now: currentTime()) { store in
        limits.sources = try ids(store)
        return try Pruning.prune(limits, in: store) { Interruption.isRequested }
      }
    }
    var writer = ResultWriter(result)
    writer.begin(Pruning.Removed.columns)
    writer.row(removed.values)
    try writer.end()
    if removed.older > 0 {
      StandardError.write(
        "hint: \(counted(removed.older, "older line")) \(removed.older == 1 ? "stays" : "stay") until the younger ones of the same chunk are old, too"
      )
    }
    for failure in Failure.problems(of: removed) { StandardError.write(failure) }
    return removed.hasProblems ? .inputOutput : .success
  }

  private func limits(_ workspace: Workspace) throws -> Pruning.Limits {
    let clock = Times(zone: nil)
    var limits = Pruning.Limits()
    limits.lines = try linesBefore.map { try clock.parse($0) }
    limits.size = size?.bytes
    limits.counts = try countsBefore.map { try clock.parse($0) }
    limits.turns = try turnsBefore.map { try clock.parse($0) }
    limits.events = try eventsBefore.map { try clock.parse($0) }
    limits.samples = try samplesBefore.map { try clock.parse($0) }
    if limits.isEmpty, let retention = workspace.configuration?.retention {
      limits = Pruning.Limits(retention, now: clock.now)
    }
    if keepsErrors { limits.keepsErrors = true }
    if !sources.isEmpty {
      // What is of other sources stays.
      let lines = limits.lines
      let keepsErrors = limits.keepsErrors
      limits = Pruning.Limits()
      (limits.lines, limits.keepsErrors) = (lines, keepsErrors)
    }
    guard !limits.isEmpty else {
      throw Failure(
        "nothing says what is to go: no option, and no retention: in the configuration",
        hint: "logbook prune --older-than 30d --dry-run", status: .usage)
    }
    return limits
  }

  private func ids(_ store: borrowing Store) throws -> Set<Int64> {
    guard !sources.isEmpty else { return [] }
    let ids = try store.wrap { db throws(SQLiteError) in
      var ids: Set<Int64> = []
      var row = try db.prepare(
        "SELECT id FROM source WHERE name IN (\(SearchQuery.sourceNamesSQL(sources)))")
      while try row.step() { ids.insert(row.integer(0)) }
      return ids
    }
    guard ids.isEmpty else { return ids }
    throw try NothingFound.source(sources, store.db)
      ?? Failure("there is no such source", hint: "see 'logbook sources list'", status: .usage)
  }
}
