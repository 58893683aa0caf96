import CLinux
import Formats
import Glibc
import LineStore
package import LogModel
import SQLite
package import Storage
import Tailing

/// One run of `ingest`: looks at every path, reads what is new, commits batch by batch.
///
/// The caller holds the run's lock.
package struct IngestRun: ~Copyable {
  private let requests: [IngestRequest]
  private let now: Int64
  private let isDryRun: Bool
  /// The time of day, for how long the run took.
  let clock: () -> Int64
  private let limits: IngestLimits
  var budget: Budget
  /// A limit has left files for the next run: what it will find in them, this one cannot know.
  private var isStopped = false
  private let isCancelled: () -> Bool
  private let progress: (_ done: Int64, _ total: Int64) -> Void

  var batch: Batch
  var paths: [Survey.FileKey: Path] = [:]
  /// Generations whose path another file has now, while theirs is at none.
  private(set) var replaced: [Path: FileRow] = [:]
  /// Whether a generation's file is still at its path, asked once a survey as long as its row stays.
  var presence: [Int64: (row: FileRow, isPresent: Bool)] = [:]
  /// Generations whose bytes were found to be gone from their place; a copy may turn up yet.
  var superseded: Set<Int64> = []
  /// Files that this run has looked at, whatever came of it.
  private var visited: Set<Survey.FileKey> = []
  /// The store's short heads, as long as nothing has been committed since.
  var knownHeads: [Int: Set<UInt64>]?

  var encoder: LineEncoder
  private var writer = LineWriter()
  private var queue = CompressionQueue()
  /// The source whose rows the encoder holds, and the id of the first of them.
  private var current: Int64?
  private var firstID: Int64?
  private var nextNumber: Int64 = 0
  var sourceNames: [String: Int64] = [:]
  private var summaries: [Int64: IngestSummary.Source] = [:]
  private(set) var summary = IngestSummary()
  private var run: RunRow
  /// What stands when the batch is given up.
  private var committed: Committed?
  /// How often a file was found to be another one after it was read.
  private var rewrites: [Survey.FileKey: Int] = [:]
  private var bytesDone: Int64 = 0
  private var bytesDue: Int64 = 0

  /// More than one error a file would only repeat itself.
  static let maxRejects = 100

  /// Reads what is new of `requests` into `store`.
  ///
  /// `isCancelled` is asked at every chunk; what was committed until then stays.
  package static func perform(
    _ requests: [IngestRequest], into store: borrowing Store, own: [Path] = [], now: Int64,
    isDryRun: Bool = false, limits: IngestLimits = IngestLimits(),
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
          requests, store: store, now: now, isDryRun: isDryRun, limits: limits, clock: clock,
          isCancelled: isCancelled, progress: progress)
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

  private init(
    _ requests: [IngestRequest], store: borrowing Store, now: Int64, isDryRun: Bool,
    limits: IngestLimits, clock: @escaping () -> Int64, isCancelled: @escaping () -> Bool,
    progress: @escaping (Int64, Int64) -> Void
  ) throws {
    let dictionary = try store.wrap { db throws(SQLiteError) in try StoredDictionary(reading: db) }
    let id = try store.wrap { db throws(SQLiteError) in try RunTable().nextID(in: db) }
    batch = try store.wrap { db throws(SQLiteError) in try Batch(reading: db) }
    self.requests = requests
    self.now = now
    self.isDryRun = isDryRun
    self.clock = clock
    self.limits = limits
    budget = Budget(limits, now: now)
    self.isCancelled = isCancelled
    self.progress = progress
    encoder = LineEncoder(dictionary)
    run = RunRow(id: id, started: now, process: getpid())
  }

  deinit { queue.stop() }

  private func isNew(_ candidate: Candidate) -> Bool {
    !visited.contains(
      Survey.FileKey(device: candidate.status.device, inode: candidate.status.inode))
  }

  // MARK: The files of a pass

  private mutating func read(
    _ due: [Candidate], _ survey: borrowing Survey, _ store: borrowing Store
  ) throws {
    paths.merge(survey.paths) { $1 }
    presence = [:]
    replaced = Dictionary(survey.gone.map { ($0.path, $0) }) { $1 }
    bytesDue += due.reduce(0) { $0 + $1.status.size }
    // A file that was moved into another folder stays among those that it was written with.
    var groups: [Int64: [Candidate]] = [:]
    var order: [Int64] = []
    for candidate in due {
      let group = try survey.source(of: candidate) ?? source(of: candidate, store)
      if groups[group] == nil { order.append(group) }
      groups[group, default: []].append(candidate)
    }
    if limits.isLimited {
      let sizes = groups.mapValues { $0.reduce(0) { $0 + survey.unread($1) } }
      order.sort { (sizes[$0] ?? 0, $0) < (sizes[$1] ?? 0, $1) }
    }
    for (index, group) in order.enumerated() {
      budget.begin(families: order.count - index, now: clock())
      let files = FileOrder.sorted(groups[group] ?? [], requests)
      for candidate in files {
        let key = Survey.FileKey(device: candidate.status.device, inode: candidate.status.inode)
        if budget.allowance(now: clock) == 0 {
          summary.lagBytes += survey.unread(candidate)
          isStopped = true
          continue
        }
        visited.insert(key)
        // A file that never stands still is for the next run.
        if rewrites[key, default: 0] > 2 { continue }
        do {
          try read(candidate, store)
        } catch let error as RewrittenFile {
          rewrites[key, default: 0] += 1
          throw error
        } catch let error as FileError {
          summary.problems.append(.unreadable(candidate.path, error))
        } catch let error as SourceError {
          summary.problems.append(.failed(candidate.path, error))
        }
        bytesDone += candidate.status.size
        progress(min(bytesDone, bytesDue), bytesDue)
      }
      try closeSource()
      if batch.isFull { try commit(store) }
    }
  }

  /// Reads standard input to its end, as a generation of its own.
  private mutating func readStandardInput(_ request: Int, _ store: borrowing Store) throws {
    do {
      let descriptor = try FileDescriptor.standardInput()
      let status = try descriptor.status()
      let candidate = Candidate(
        path: standardInput, status: status, request: request, isExplicit: true)
      let bytes = try ByteSource(descriptor)
      try read(stream: bytes, candidate, store)
    } catch let error as FileError {
      summary.problems.append(.unreadable(standardInput, error))
    } catch let error as SourceError {
      summary.problems.append(.failed(standardInput, error))
    }
    try closeSource()
    try commit(store)
  }

  private mutating func markMissing(_ known: FileRow, _ store: borrowing Store) throws {
    // A copy may have taken the row over; then it is at a path again.
    guard let row = try row(known.id, store), row.device == known.device,
      row.inode == known.inode, row.state != .superseded
    else { return }
    var gone = row
    gone.state = .missing
    if row.state == .active, gone.compression == nil {
      gone.lostBytes = max(0, gone.size - gone.offset - gone.openBytes)
    }
    batch.adopt(row)
    closeOpenRecord(&gone)
    batch.update(gone)
    report(gone)
  }

  /// The rest of a file is for the next run.
  mutating func leave(_ candidate: Candidate, _ row: FileRow) {
    isStopped = true
    // How much an archive still holds, only inflating it would show.
    let left = row.compression == nil ? row.size - row.offset : row.size
    summary.lagBytes += max(0, left)
  }

  /// Forgets generations that are long gone and of which nothing is stored.
  private mutating func forget(_ scope: Scope, _ store: borrowing Store) throws {
    guard !isDryRun, committed != nil || !batch.isEmpty else { return }
    let rows = try store.wrap { db throws(SQLiteError) in
      try FileTable().forgettable(before: now - limits.forgetAfter, in: db)
    }
    for row in rows where scope.covers(row.path) {
      guard (try? FileStatus(of: row.path.directory))?.kind == .directory else { continue }
      batch.forgotten.append(row.id)
    }
  }

  private mutating func report(_ row: FileRow) {
    guard row.lostBytes > 0 else { return }
    summary.lostBytes += row.lostBytes
    summary.problems.append(.lost(row.path, bytes: row.lostBytes))
  }

  private mutating func closeOpenRecord(_ row: inout FileRow) {
    guard let line = row.openLine else { return }
    row.closeOpenRecord()
    batch.closed.append(line)
  }

  // MARK: Rows

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
    encoder.begin(source: source)
    current = source
    nextNumber = row.nextLine
  }

  mutating func setFormat(_ format: String, of source: Int64) {
    guard var row = batch.sources[source] else { return }
    row.format = format
    batch.update(row)
  }

  /// Makes sure that the encoder's chunk belongs to `source` and goes on with line `id`.
  mutating func openChunk(source: Int64, id: Int64) {
    if current != source { begin(source) }
    if let firstID, firstID + Int64(encoder.rowCount) != id { finishChunk(sealed: false) }
    if firstID == nil { firstID = id }
  }

  mutating func finishChunk(sealed: Bool, counting: Bool = true) {
    if let current, var row = batch.sources[current], row.nextLine != nextNumber {
      row.nextLine = nextNumber
      batch.update(row)
    }
    if let firstID,
      let draft = encoder.finishChunk(firstID: firstID, sealed: sealed, counting: counting),
      !isDryRun
    {
      batch.add(draft, to: queue)
    }
    firstID = nil
  }

  private mutating func closeSource() throws {
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

  var time: Int64 { now }

  // MARK: Commits

  private struct Committed {
    var summary = IngestSummary()
    var summaries: [Int64: IngestSummary.Source] = [:]
    var superseded: Set<Int64> = []
  }

  /// Gives up what has not been committed: the files of the batch are read again.
  private mutating func restart(_ store: borrowing Store) throws {
    batch = try store.wrap { db throws(SQLiteError) in try Batch(reading: db) }
    encoder = LineEncoder(
      try store.wrap { db throws(SQLiteError) in try StoredDictionary(reading: db) })
    queue.stop()
    queue = CompressionQueue()
    (current, firstID, knownHeads) = (nil, nil, nil)
    (sourceNames, presence, visited) = ([:], [:], [])
    isStopped = false
    let stands = committed ?? Committed()
    (summary, summaries, superseded) = (stands.summary, stands.summaries, stands.superseded)
  }

  /// Asked at the end of every chunk.
  func chunkEnded(bytesInFile: Int64) throws {
    progress(min(bytesDone + bytesInFile, bytesDue), bytesDue)
    if isCancelled() { throw IngestCancelled() }
  }

  /// Commits the batch; `file` is the row whose file is being read.
  mutating func commit(_ store: borrowing Store, reading file: Int64? = nil) throws {
    finishChunk(sealed: false)
    if isDryRun {
      _ = encoder.takeDictionary()
      return batch.dropLines()
    }
    guard !batch.isEmpty else { return }
    try write(store, reading: file)
  }

  private mutating func write(_ store: borrowing Store, reading file: Int64? = nil) throws {
    fillRun()
    try batch.commit(
      encoder.takeDictionary(), run: run, reading: file, now: now, queue: queue, writer: &writer,
      to: store)
    committed = Committed(summary: summary, summaries: summaries, superseded: superseded)
    knownHeads = nil
  }

  private mutating func fillRun() {
    run.files = summary.files
    run.lines = summary.lines
    run.bytes = summary.bytes
    run.records = summary.records
    run.rejects = summary.rejects
    run.lostBytes = summary.lostBytes
    run.holeBytes = summary.holeBytes
    run.cutBytes = summary.cutBytes
    run.sanitized = summary.sanitized
    run.damaged = summary.damaged
  }

  private mutating func finish(_ store: borrowing Store) throws {
    let left = try store.wrap { db throws(SQLiteError) in
      try FileTable().supersededButOpen(in: db)
    }
    superseded.formUnion(left.map(\.id))
    // A copy may be among the files that a limit has left.
    for id in superseded.sorted() where !isStopped {
      guard let known = try row(id, store), known.state == .superseded else { continue }
      var row = known
      batch.adopt(known)
      closeOpenRecord(&row)
      batch.update(row)
      report(row)
    }
    summary.sources = summaries.sorted { $0.value.name < $1.value.name }.map(\.value)
    guard !isDryRun, committed != nil || !batch.isEmpty else { return }
    summary.run = run.id
    run.ended = clock()
    try write(store)
  }
}

/// The path that stands for standard input.
let standardInput = Path("-")

/// The file was truncated or replaced in place while it was read; what was read may be of both.
struct RewrittenFile: Error {}

/// The user asked the run to stop.
package struct IngestCancelled: Error {}

extension Path {
  /// The path from the root; `.` and `..` stay as they are.
  package var absolute: Path {
    guard !isAbsolute else { return self }
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    guard unsafe getcwd(&buffer, buffer.count) != nil else { return self }
    let folder = Path(bytes: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
    var rest = bytes[...]
    while rest.starts(with: [0x2E, 0x2F]) { rest = rest.dropFirst(2) }
    return folder.appending(rest)
  }
}
