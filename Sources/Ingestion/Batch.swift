import LineStore
import LogModel
import Recomputation
import SQLite
import Storage

/// What has been read since the last commit, and the rows as the store has them.
///
/// One transaction writes all of it: lines, everything counted from them, and the offsets.
struct Batch: ~Copyable {
  /// A batch is committed at the next end of a chunk when it has read this many bytes.
  static let maxBytes: Int64 = 16 << 20
  /// Or when it holds this many errors, of which each takes more memory than its line may have bytes.
  static let maxErrors = 1 << 15
  /// Or when it has touched this many files.
  static let maxFiles = 256

  private var chunks: [ChunkHeader] = []
  /// The index in the compression queue of the first chunk.
  private var firstIndex = 0
  var extents: [(extent: Extent, isOpen: Bool)] = []
  /// Lines at which another generation goes on, with the byte where each begins.
  var splits: [(line: Int64, offset: Int64)] = []
  var rejects: [RejectRow] = []
  var turns: [TurnRow] = []
  /// By generation, see `TurnStateTable`.
  var turnStates: [Int64: [UInt8]] = [:]
  private var turnTable = TurnTable()
  var errors: [ErrorRow] = []
  private var errorTable = ErrorTable()
  /// Whether this run has found errors, perhaps in records of an earlier one.
  private var hadErrors = false
  /// Open records that were read again: their chunk and extent go.
  var replaced: [Int64] = []
  /// Open records that are complete as they stand.
  var closed: [Int64] = []
  /// Generations that nothing refers to any more.
  var forgotten: [Int64] = []
  /// Sources in whose lines something was replaced.
  var marked: Set<Int64> = []
  var bytes: Int64 = 0

  /// Rows that the store does not have in this form yet, and that of a file in the middle of being read.
  private(set) var files: [Int64: FileRow] = [:]
  private var dirtyFiles: Set<Int64> = []
  private var index = FileIndex()
  private var storedOffsets: [Int64: Int64] = [:]
  private(set) var sources: [Int64: SourceRow] = [:]
  private var dirtySources: Set<Int64> = []
  /// The names of sources that this run has made.
  private(set) var newNames: Set<String> = []
  private var storedNextLines: [Int64: Int64] = [:]
  private var nextFile: Int64
  private var nextSource: Int64
  /// Sources whose small chunks have grown in number.
  private var grown: Set<Int64> = []

  init(reading db: borrowing Connection) throws(SQLiteError) {
    let file = try FileTable().nextID(in: db)
    let source = try SourceTable().nextID(in: db)
    nextFile = file
    nextSource = source
  }

  var isEmpty: Bool {
    chunks.isEmpty && dirtyFiles.isEmpty && closed.isEmpty
  }

  var isFull: Bool {
    bytes >= Self.maxBytes || dirtyFiles.count >= Self.maxFiles || errors.count >= Self.maxErrors
  }

  /// The lengths of the heads of uncommitted rows.
  var headLengths: Set<Int> { index.headLengths }

  /// Uncommitted rows that have, or had, one of these keys.
  func uncommitted(_ keys: some Sequence<FileIndex.Key>) -> [FileRow] {
    keys.flatMap { index[$0] }.compactMap { dirtyFiles.contains($0) ? files[$0] : nil }
  }

  mutating func add(_ chunk: ChunkDraft, to queue: CompressionQueue) {
    if !chunk.header.isSealed { grown.insert(chunk.header.source) }
    queue.submit(chunk, index: firstIndex + chunks.count)
    chunks.append(chunk.header)
  }

  /// Takes a row as the store has it, so that its offset can be compared at commit.
  mutating func adopt(_ row: FileRow) {
    guard files[row.id] == nil else { return }
    files[row.id] = row
    storedOffsets[row.id] = row.offset
  }

  func isUncommitted(_ row: FileRow) -> Bool { dirtyFiles.contains(row.id) }

  mutating func update(_ row: FileRow) {
    index.add(row)
    files[row.id] = row
    dirtyFiles.insert(row.id)
  }

  mutating func addFile(_ row: FileRow) -> FileRow {
    var added = row
    added.id = nextFile
    nextFile += 1
    update(added)
    if storedNextLines[row.source] == nil { dirtySources.insert(row.source) }
    return added
  }

  mutating func adopt(_ row: SourceRow) {
    guard sources[row.id] == nil else { return }
    sources[row.id] = row
    storedNextLines[row.id] = row.nextLine
  }

  mutating func update(_ row: SourceRow) {
    sources[row.id] = row
    dirtySources.insert(row.id)
  }

  /// A new source; it is written once a file belongs to it.
  mutating func addSource(name: String, kind: String, family: Path?) -> SourceRow {
    let row = SourceRow(id: nextSource, name: name, kind: kind, family: family)
    nextSource += 1
    newNames.insert(name)
    sources[row.id] = row
    return row
  }

  /// Writes everything in one transaction; the caller's run row goes with it.
  ///
  /// Rows are forgotten then, but for that of the file that is being read.
  mutating func commit(
    _ dictionary: DictionaryDraft, run: RunRow, reading file: Int64?, now: Int64,
    queue: CompressionQueue, writer: inout LineWriter, to store: borrowing Store
  ) throws(StorageError) {
    try store.write { db throws(SQLiteError) in
      try write(dictionary, run: run, now: now, queue: queue, writer: &writer, to: db)
    }
    firstIndex += chunks.count
    dropLines()
    let used = Set(files.values.map(\.source))
    for id in dirtySources where used.contains(id) || storedNextLines[id] != nil {
      storedNextLines[id] = sources[id]?.nextLine
    }
    dirtySources = dirtySources.filter { storedNextLines[$0] == nil }
    dirtyFiles.removeAll()
    index = FileIndex()
    files = files.filter { $0.key == file }
    storedOffsets = files.mapValues(\.offset)
  }

  /// Forgets the lines of a run that only looks.
  mutating func dropLines() {
    chunks.removeAll(keepingCapacity: true)
    extents.removeAll(keepingCapacity: true)
    splits.removeAll()
    rejects.removeAll()
    turns.removeAll(keepingCapacity: true)
    turnStates.removeAll()
    errors.removeAll(keepingCapacity: true)
    replaced.removeAll()
    closed.removeAll()
    forgotten.removeAll()
    marked.removeAll()
    grown.removeAll()
    bytes = 0
  }

  private mutating func write(
    _ dictionary: DictionaryDraft, run: RunRow, now: Int64, queue: CompressionQueue,
    writer: inout LineWriter, to db: borrowing Connection
  ) throws(SQLiteError) {
    try RunTable().write(run, in: db)
    // A source whose files all turned out to be unreadable is none.
    let used = Set(files.values.map(\.source))
    for id in dirtySources.sorted() {
      guard let row = sources[id], storedNextLines[id] != nil || used.contains(id) else { continue }
      if let expected = storedNextLines[id] {
        let isWritten = try SourceTable().update(
          id: id, format: row.format, nextLine: row.nextLine, expected: expected, in: db)
        if !isWritten { throw Self.conflict("source \(row.name)") }
      } else {
        try SourceTable().insert(row, in: db)
      }
    }
    for id in dirtyFiles.sorted() {
      guard let row = files[id] else { continue }
      if let expected = storedOffsets[id] {
        let isWritten = try FileTable().update(row, expectedOffset: expected, seen: now, in: db)
        if !isWritten { throw Self.conflict("file \(row.path)") }
      } else {
        try FileTable().insert(row, seen: now, in: db)
      }
    }
    try writer.write(dictionary, to: db)
    for id in replaced {
      try writer.removeChunk(id, from: db)
      try ExtentTable().removeOpen(id, in: db)
    }
    // Before the chunks, of which some are still being compressed.
    try turnTable.insert(turns, in: db)
    try writer.write(chunks, encoded: { queue.result(firstIndex + $0) }, to: db)
    // Behind the chunks: the record may have been opened in this batch.
    for id in closed { try writer.countOpenLine(id, in: db) }
    for (line, offset) in splits { try ExtentTable().split(at: line, offset: offset, in: db) }
    for (extent, isOpen) in extents {
      if isOpen {
        try ExtentTable().addOpen(extent, in: db)
      } else {
        try ExtentTable().add(extent, in: db)
      }
    }
    for reject in rejects { try reject.insert(in: db) }
    var keys = ErrorKeys()
    try errorTable.insert(errors, in: db) { line, db throws(SQLiteError) in
      try keys.key(ofLine: line, in: db)
    }
    for (file, state) in turnStates.sorted(by: { $0.key < $1.key }) {
      try TurnStateTable().write(state, ofFile: file, in: db)
    }
    for id in marked.sorted() { try SourceTable().mark(id: id, in: db) }
    for id in forgotten { try FileTable().remove(id, in: db) }
    for source in grown.sorted() {
      let open = try FileTable().openLines(source: source, in: db)
      try writer.mergeSmallChunks(of: source, open: open, in: db)
    }
    hadErrors = hadErrors || !errors.isEmpty
    // What time has made of errors is told once a run, of all its lines.
    if run.ended != nil, run.records > 0 || hadErrors {
      try ErrorDecisions().noteTransitions(run: run.id, in: db)
    }
  }

  /// The run's lock is held, so this is a program that writes without it.
  private static func conflict(_ what: String) -> SQLiteError {
    SQLiteError(code: 4, message: "\(what) was changed by another process")
  }
}
