import LineStore
import LogModel
import Recomputation
import SQLite
import Storage

/// What has been read since the last commit, and the rows as the store has them.
struct Batch: ~Copyable {
  /// A batch is committed at the next end of a block of records when it has read this many bytes.
  static let maxBytes: Int64 = 12 << 20
  /// Or when what it holds of errors takes this much memory, which may be more than their lines have bytes.
  static let maxErrorBytes = 2 << 20
  /// Or when the records that may be copies do.
  static let maxSharedBytes = 4 << 20
  /// Or when it holds this many requests to language models.
  static let maxTurns = 1 << 14
  /// Or when it has touched this many files.
  static let maxFiles = 256

  var rows = BatchRows()
  var bytes: Int64 = 0

  /// Rows that the store does not have in this form yet, and that of a file in the middle of being read.
  private(set) var files: [Int64: FileRow] = [:]
  private var dirtyFiles: Set<Int64> = []
  private var index = FileIndex()
  private var storedOffsets: [Int64: Int64] = [:]
  private(set) var sources: [Int64: SourceRow] = [:]
  private var dirtySources: Set<Int64> = []
  /// By source: from which line on it is counted without a rule, where that is another one than before.
  private var newlyCounted: [Int64: Int64?] = [:]
  /// The names of sources that this run has made.
  private(set) var newNames: Set<ExactText> = []
  private var storedNextLines: [Int64: Int64] = [:]
  /// By source: when its files have records, as far as they were read; only of those that were asked for.
  private var times: [Int64: FileTimes] = [:]
  private var nextFile: Int64
  private var nextSource: Int64

  init(reading db: borrowing Connection) throws(SQLiteError) {
    let file = try FileTable().nextID(in: db)
    let source = try SourceTable().nextID(in: db)
    nextFile = file
    nextSource = source
  }

  var isEmpty: Bool {
    !rows.hasChunks && dirtyFiles.isEmpty && rows.closed.isEmpty && rows.emitted.isEmpty
  }

  var isFull: Bool {
    bytes >= Self.maxBytes || dirtyFiles.count >= Self.maxFiles
      || rows.errorBytes >= Self.maxErrorBytes || rows.sharedBytes >= Self.maxSharedBytes
      || rows.turns.count >= Self.maxTurns
  }

  /// The lengths of the heads of uncommitted rows.
  var headLengths: Set<Int> { index.headLengths }

  /// Uncommitted rows that have, or had, one of these keys.
  func uncommitted(_ keys: some Sequence<FileIndex.Key>) -> [FileRow] {
    keys.flatMap { index[$0] }.compactMap { dirtyFiles.contains($0) ? files[$0] : nil }
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

  /// Sets from which line on a source is counted without a rule.
  mutating func count(_ row: SourceRow, from line: Int64?) {
    // What else has become of it in this batch stays.
    var row = sources[row.id] ?? row
    row.countedFrom = line
    newlyCounted[row.id] = .some(line)
    update(row)
  }

  /// When the files of a source have records, those that are not committed yet included.
  mutating func times(
    ofSource id: Int64, reading db: borrowing Connection
  ) throws(SQLiteError) -> FileTimes {
    if let known = times[id] { return known }
    let stored = try FileTimes(source: id, reading: db)
    times[id] = stored
    return stored
  }

  /// Takes in when a file has records, as far as it was read.
  mutating func noteTimes(of row: FileRow) { times[row.source]?.note(row) }

  /// A new source; it is written once a file belongs to it.
  mutating func addSource(name: String, kind: String, family: Path?) -> SourceRow {
    let row = SourceRow(id: nextSource, name: name, kind: kind, family: family)
    nextSource += 1
    newNames.insert(ExactText(name))
    sources[row.id] = row
    return row
  }

  /// Hands over everything, to be written in one transaction; what follows counts on its success.
  ///
  /// Rows are forgotten then, but for that of the file that is being read.
  mutating func take(reading file: Int64?) -> BatchRows {
    var taken = dropLines()
    // A source whose files all turned out to be unreadable is none.
    let used = Set(files.values.map(\.source))
    for id in dirtySources.sorted() {
      guard let row = sources[id], storedNextLines[id] != nil || used.contains(id) else { continue }
      taken.sources.append(
        .init(row: row, expectedLine: storedNextLines[id], countedFrom: newlyCounted[id]))
    }
    taken.uncounted = newlyCounted.filter { $0.value == nil }.map(\.key).sorted()
    taken.files = dirtyFiles.sorted().compactMap { id in
      files[id].map { .init(row: $0, expectedOffset: storedOffsets[id]) }
    }
    for change in taken.sources { storedNextLines[change.row.id] = change.row.nextLine }
    newlyCounted = newlyCounted.filter { storedNextLines[$0.key] == nil }
    dirtySources = dirtySources.filter { storedNextLines[$0] == nil }
    dirtyFiles.removeAll()
    index = FileIndex()
    files = files.filter { $0.key == file }
    storedOffsets = files.mapValues(\.offset)
    return taken
  }

  /// The lines, and what was counted from them; the batch has none then.
  @discardableResult
  mutating func dropLines() -> BatchRows {
    let taken = rows
    rows = BatchRows()
    bytes = 0
    return taken
  }
}
