import CLinux
import Errors
import Extraction
import Formats
import Glibc
import LineStore
package import LogModel
import Metrics
import Redaction
import SQLite
package import Storage
import Tailing

/// One run of `ingest`: looks at every path, reads what is new, commits batch by batch.
///
/// The caller holds the run's lock.
package struct IngestRun: ~Copyable {
  let requests: [IngestRequest]
  let now: Int64
  let isDryRun: Bool
  /// The time of day, for how long the run took.
  let clock: () -> Int64
  let limits: IngestLimits
  var budget: Budget
  /// A limit has left files for the next run: what it will find in them, this one cannot know.
  var isStopped = false
  let isCancelled: () -> Bool
  let progress: (_ done: Int64, _ total: Int64) -> Void
  let redactor: RedactorChoice
  let counting: CountingChoice

  var batch: Batch
  var paths: [Survey.FileKey: Path] = [:]
  /// Generations whose path another file has now, while theirs is at none.
  var replaced: [Path: FileRow] = [:]
  /// Whether a generation's file is still at its path, asked once a survey as long as its row stays.
  var presence: [Int64: (row: FileRow, isPresent: Bool)] = [:]
  /// Generations whose bytes were found to be gone from their place; a copy may turn up yet.
  var superseded: Set<Int64> = []
  /// Archives of a source that texts in parts may go on behind.
  var openArchives: [Int64] = []
  /// The generation whose end is read because another one has taken its place.
  var followed: Int64?
  /// Files that this run has looked at, whatever came of it.
  var visited: Set<Survey.FileKey> = []
  /// The store's short heads, as long as nothing has been committed since.
  var knownHeads: [Int: Set<UInt64>]?

  var extractor = TurnExtractor()
  let longLine = LongLine()
  /// Excerpts of the texts in parts that are unfinished.
  let longTexts: [LineHead.Stream: LongLine] = [.output: LongLine(), .errors: LongLine()]
  var errors = ErrorExtractor()
  /// Nil where there are no rules.
  var metrics: MetricReader?
  var standard: StandardReader
  var writer = BatchWriter()
  /// Only between two lines of one file.
  var commitAhead: CommitAhead?
  var queue: EncodingQueue
  /// The last records of the chunk at hand, their source, and the id of the line behind them.
  var block = RecordBlock()
  var current: Int64?
  var nextOfChunk: Int64?
  private var nextNumber: Int64 = 0
  var sourceNames: [Path: Int64] = [:]
  /// By source and family the generations that may leave something to the next, in order.
  var families: [Int64: [Path: [Int64]]] = [:]
  var summaries: [Int64: IngestSummary.Source] = [:]
  var summary = IngestSummary()
  var run: RunRow
  /// What stands when the batch is given up.
  var committed: Committed?
  /// How often a file was found to be another one after it was read.
  var rewrites: [Survey.FileKey: Int] = [:]
  var bytesDone: Int64 = 0
  var bytesDue: Int64 = 0

  /// More than one error a file would only repeat itself.
  static let maxRejects = Int64(RejectRow.most)

  /// Reads what is new of `requests` into `store`.
  ///
  /// `isCancelled` is asked at every block of records; what was committed until then stays.
  package static func perform(
    _ requests: [IngestRequest], into store: borrowing Store, own: [Path] = [], now: Int64,
    isDryRun: Bool = false, limits: IngestLimits = IngestLimits(),
    redactor: @escaping RedactorChoice = { _, _ in nil },
    counting: @escaping CountingChoice = { _, _ in nil },
    clock: @escaping () -> Int64, isCancelled: @escaping () -> Bool = { false },
    progress: @escaping (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
  ) throws -> IngestSummary {
    let keys = Survey.keys(of: own)
    var run: IngestRun?
    var problems: [IngestProblem] = []
    let streams = requests.indices.filter { requests[$0].paths.contains(standardInput) }
    let requests = requests.map { request in
      var files = request
      files.paths.removeAll { $0 == standardInput }
      return files
    }
    // A file that is renamed from a name not yet listed onto one already listed is seen in the next pass.
    var gone: [FileRow] = []
    var canForget = false
    let scope = Scope(requests)
    var pass = 0
    while pass < 3 {
      let known = try store.wrap { db throws(SQLiteError) in try scope.present(in: db) }
      let survey = try Survey(requests, scope, known: known, own: keys, now: now) { key in
        try store.wrap { db throws(SQLiteError) in
          try FileTable().rows(device: key.device, inode: key.inode, in: db)
        }.filter { $0.state != .missing }
      }
      if pass == 0 { problems = survey.problems }
      let due = survey.due.filter { run?.isNew($0) ?? true }
      gone = survey.gone
      canForget = !survey.isUnobservable
      guard !due.isEmpty || pass == 0 && !(gone.isEmpty && streams.isEmpty) else { break }
      if run == nil {
        run = try IngestRun(
          requests, store: store, now: now, isDryRun: isDryRun, limits: limits,
          redactor: redactor, counting: counting, clock: clock, isCancelled: isCancelled,
          progress: progress)
      }
      do {
        try run?.read(due, survey, store)
      } catch is RewrittenFile {
        try run?.restart(store)
        continue
      }
      // It can be read only once: nothing that happens to a file later may undo it.
      if pass == 0 { for request in streams { try run?.readStandardInput(request, store) } }
      if isDryRun || run?.isStopped ?? false { break }
      pass += 1
    }
    if !(run?.isStopped ?? false) {
      // What the last look did not find, wherever a rename may have taken it in the meantime.
      for row in gone { try run?.markMissing(row, store) }
      if canForget { try run?.forget(scope, store) }
    }
    guard var finished = run.take() else {
      var summary = IngestSummary()
      summary.problems = problems
      return summary
    }
    try finished.finish(store)
    var summary = finished.summary
    summary.problems = problems + summary.problems
    return summary
  }

  /// The problems of paths that lead to no file at all; nil when there is something to read.
  package static func problems(of requests: [IngestRequest]) -> [IngestProblem]? {
    guard !requests.contains(where: { $0.paths.contains(standardInput) }) else { return nil }
    let survey = Survey(requests, Scope(requests), known: [], own: [], now: 0) { _ in [] }
    return survey.due.isEmpty ? survey.problems : nil
  }

  init(
    _ requests: [IngestRequest], store: borrowing Store, now: Int64, isDryRun: Bool,
    limits: IngestLimits, redactor: @escaping RedactorChoice,
    counting: @escaping CountingChoice, clock: @escaping () -> Int64,
    isCancelled: @escaping () -> Bool, progress: @escaping (Int64, Int64) -> Void
  ) throws {
    let dictionary = try store.wrap { db throws(SQLiteError) in try StoredDictionary(reading: db) }
    let id = try store.wrap { db throws(SQLiteError) in try RunTable().nextID(in: db) }
    let metrics = try Self.metrics(store)
    let standard = try Self.standard(store)
    batch = try store.wrap { db throws(SQLiteError) in try Batch(reading: db) }
    self.metrics = metrics
    self.standard = standard
    self.requests = requests
    self.now = now
    self.isDryRun = isDryRun
    self.clock = clock
    self.limits = limits
    budget = Budget(limits, now: now)
    self.isCancelled = isCancelled
    self.progress = progress
    self.redactor = redactor
    self.counting = counting
    queue = EncodingQueue(LineEncoder(dictionary))
    run = RunRow(id: id, started: now, process: getpid())
  }

  deinit { queue.stop() }

  private func isNew(_ candidate: Candidate) -> Bool {
    !visited.contains(
      Survey.FileKey(device: candidate.status.device, inode: candidate.status.inode))
  }

  /// The next line of `source`.
  mutating func nextLine(_ source: Int64) -> Int64 {
    if current != source { begin(source) }
    let id = LineIdentifier.make(source: source, number: nextNumber)
    nextNumber += 1
    return id
  }

  private mutating func begin(_ source: Int64) {
    finishChunk(sealed: false)
    guard let row = batch.sources[source] else {
      preconditionFailure("source \(source) is unknown")
    }
    current = source
    nextNumber = row.nextLine
  }

  mutating func setFormat(_ format: String, of source: Int64) {
    guard var row = batch.sources[source] else { return }
    row.format = format
    batch.update(row)
  }

  /// Makes sure that the chunk at hand belongs to `source` and goes on with line `id`.
  mutating func openChunk(source: Int64, id: Int64) {
    if current != source { begin(source) }
    if let nextOfChunk, nextOfChunk != id { finishChunk(sealed: false) }
    nextOfChunk = id + 1
  }

  mutating func finishChunk(sealed: Bool, counting: Bool = true) {
    if let current, var row = batch.sources[current], row.nextLine != nextNumber {
      row.nextLine = nextNumber
      batch.update(row)
    }
    if nextOfChunk != nil {
      passBlock(end: EncodingQueue.ChunkEnd(isSealed: sealed, isCounted: counting))
    }
    nextOfChunk = nil
  }

  /// Has the records that were read be encoded.
  mutating func passBlock(end: EncodingQueue.ChunkEnd? = nil) {
    guard let current, let nextOfChunk, !isDryRun else { return block.removeAll() }
    batch.rows.hasChunks = true
    let firstID = nextOfChunk - Int64(block.count)
    let records = exchange(&block, with: queue.emptyBlock())
    queue.submit(
      EncodingQueue.Block(records: records, source: current, firstID: firstID, end: end))
  }

  mutating func closeSource() throws {
    finishChunk(sealed: false)
    current = nil
  }

  /// Adds to the summary what has been read of the file since the last time.
  mutating func count(_ file: inout OpenFile) {
    let source = file.row.source
    let (now, last) = (file.currentTally, file.tally)
    file.tally = now
    var entry = summaries[source] ?? IngestSummary.Source(name: batch.sources[source]?.name ?? "")
    entry.files += now.files - last.files
    entry.lines += now.lines - last.lines
    entry.bytes += now.bytes - last.bytes
    summaries[source] = entry
    summary.files += now.files - last.files
    summary.lines += now.lines - last.lines
    summary.bytes += now.bytes - last.bytes
    summary.records += now.records - last.records
    summary.rejects += now.rejects - last.rejects
    summary.holeBytes += now.holeBytes - last.holeBytes
    summary.cutBytes += now.cutBytes - last.cutBytes
    summary.sanitized += now.sanitized - last.sanitized
  }

  /// Notes what kept a file from being read whole.
  mutating func note(_ problem: IngestProblem, of row: FileRow) {
    add(problem)
    if case .failed = problem {} else { summary.damaged += 1 }
    if run.error == nil, let error = row.error { run.error = "\(row.path): \(error)" }
  }

  mutating func add(_ problem: IngestProblem) { summary.problems.append(problem) }

  func request(_ candidate: Candidate) -> IngestRequest { requests[candidate.request] }

}

/// What stands when a batch is given up.
struct Committed {
  var summary = IngestSummary()
  var summaries: [Int64: IngestSummary.Source] = [:]
  var superseded: Set<Int64> = []
}

/// The path that stands for standard input.
package let standardInput = Path("-")

/// The file was truncated or replaced in place while it was read; what was read may be of both.
struct RewrittenFile: Error {}

/// The user asked the run to stop.
package struct IngestCancelled: Error {}

extension Path {
  /// The path from the root; `..` stays as it is, and so does `.` inside.
  package var absolute: Path {
    guard !isAbsolute else { return self }
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    guard unsafe getcwd(&buffer, buffer.count) != nil else { return self }
    let folder = Path(bytes: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
    var rest = bytes[...]
    while rest.starts(with: [0x2E, 0x2F]) { rest = rest.dropFirst(2) }
    if rest.elementsEqual([0x2E]) { return folder }
    return folder.appending(rest)
  }
}
