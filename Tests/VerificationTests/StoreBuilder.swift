import LineStore
import LogModel
import Recomputation
import SQLite
import Storage
import TestSupport

/// Writes stores as an ingest does: lines, counts, extents and offsets in step.
struct StoreBuilder: ~Copyable {
  static let start: Int64 = 1_769_940_000_000_000  // 2026-02-01T10:00:00Z
  static let layout = TimeLayout(
    kind: .iso, separator: UInt8(ascii: "T"), point: UInt8(ascii: "."), digits: 3,
    suffix: TimeLayout.Suffix("Z") ?? TimeLayout.Suffix())

  private let store: Store
  private var encoder = LineEncoder(StoredDictionary())
  private var writer = LineWriter()
  private let deflater = RowDeflater()
  private var sources: [SourceRow] = []
  private var files: [FileRow] = []
  private var extents: [(Extent, isOpen: Bool)] = []
  private var chunks: [ChunkDraft] = []
  private var random = SeededRandom(seed: 7)

  init(path: String) throws {
    store = try Store.openForWriting(path: path, mode: 0o600, now: Self.start)
  }

  mutating func addSource(_ name: String) -> Int64 {
    let id = Int64(sources.count + 1)
    sources.append(SourceRow(id: id, name: name, kind: "file", family: nil))
    return id
  }

  /// A generation of `source` of which nothing has been read.
  mutating func addFile(_ path: String, source: Int64, from start: Int64 = 0) -> Int {
    var row = FileRow(source: source, path: Path(path), device: 1, inode: 100, birth: nil)
    row.id = Int64(files.count + 1)
    row.start = start
    row.offset = start
    row.anchorLength = Int(min(1024, start))
    row.inode += row.id
    files.append(row)
    return files.count - 1
  }

  mutating func change(_ file: Int, _ body: (inout FileRow) -> Void) { body(&files[file]) }

  /// Passes over bytes, as over a hole.
  mutating func skip(_ file: Int, bytes: Int64) {
    files[file].offset += bytes
    files[file].bytesSkipped += bytes
    files[file].anchorLength = Int(min(1024, files[file].offset))
  }

  /// Stores `count` lines of several shapes in one chunk; they take the bytes behind the offset.
  mutating func addLines(_ file: Int, count: Int, sealed: Bool = false, isOpen: Bool = false) {
    let source = files[file].source
    let first = sources[Int(source) - 1].nextLine
    let id = LineIdentifier.make(source: source, number: first)
    encoder.begin(source: source)
    var bytes: Int64 = 0
    for number in first..<first + Int64(count) {
      let (line, time, severity) = line(number)
      encoder.append(
        line.span, timeRange: time == nil ? 0..<0 : 0..<24,
        layout: time == nil ? .none : Self.layout,
        body: (time == nil ? 0 : 25)..<line.count, time: time ?? Self.start, severity: severity)
      bytes += Int64(line.count + 1)
    }
    if let chunk = encoder.finishChunk(firstID: id, sealed: sealed, counting: !isOpen) {
      chunks.append(chunk)
    }
    sources[Int(source) - 1].nextLine += Int64(count)
    extents.append(
      (
        Extent(
          firstID: id, count: Int64(count), file: files[file].id, offset: files[file].offset,
          bytes: bytes), isOpen
      ))
    files[file].lines += Int64(count)
    if isOpen {
      files[file].openLine = id
      files[file].openBytes = bytes
      files[file].openLines = 1
      files[file].openAnchorLength = Int(min(1024, files[file].offset + bytes))
    } else {
      files[file].offset += bytes
      files[file].bytesStored += bytes
      files[file].anchorLength = Int(min(1024, files[file].offset))
    }
  }

  private mutating func line(_ number: Int64) -> (text: [UInt8], time: Int64?, Severity?) {
    let value = random.next() % 100_000
    let time = Self.start + number * 250_000 + Int64(value % 200) * 1000
    var text: [UInt8] = []
    Self.layout.render(time, into: &text)
    switch number % 10 {
    case 9: return (Array("no time, 100% \"quoted\"\tand \u{1} marked \(value)".utf8), nil, nil)
    case 4: text += Array(" ERROR request /shop_\(value) failed: 50% of \u{00E9}\\\(number)".utf8)
    default: text += Array(" INFO worker-\(value % 8) finished job \(value) in \(number) ms".utf8)
    }
    return (text, time, number % 10 == 4 ? .error : .info)
  }

  /// Commits everything in one transaction.
  mutating func write() throws {
    let dictionary = encoder.takeDictionary()
    let (sources, files, extents, chunks) = (self.sources, self.files, self.extents, self.chunks)
    var writer = exchange(&self.writer, with: LineWriter())
    let stored = chunks.map { $0.encode(deflater) }
    try store.write { db throws(SQLiteError) in
      for row in sources { try SourceTable().insert(row, in: db) }
      for row in files { try FileTable().insert(row, seen: Self.start, in: db) }
      try writer.write(dictionary, to: db)
      try writer.write(chunks.map(\.header), encoded: { stored[$0] }, to: db)
      for (extent, isOpen) in extents {
        if isOpen {
          try ExtentTable().addOpen(extent, in: db)
        } else {
          try ExtentTable().add(extent, in: db)
        }
      }
      for row in files { try Self.writeErrors(of: row, in: db) }
    }
    try store.finish()
  }
}

extension StoreBuilder {
  private static func writeErrors(
    of file: FileRow, in db: borrowing Connection
  ) throws(SQLiteError) {
    var replay = try ErrorReplay(format: nil, reading: db)
    var rows: [ErrorRow] = []
    for extent in try ExtentTable().extents(file: file.id, before: file.offset, in: db) {
      for id in extent.firstID..<extent.firstID + extent.count where id != file.openLine {
        if let row = try replay.row(id, file: file.id, in: db) { rows.append(row) }
      }
    }
    var table = ErrorTable()
    var keys = ErrorKeys()
    try table.insert(rows, in: db) { line, db throws(SQLiteError) in
      try keys.key(ofLine: line, in: db)
    }
  }

  /// Makes a store with everything that a store may have.
  ///
  /// | file | what it is | ids |
  /// |---|---|---|
  /// | 1 `/var/log/app.log.1` | a sealed chunk, a hole, a small chunk | source 1, 1–600, 601–620 |
  /// | 2 `/var/log/app.log` | a small chunk and an open line | source 1, 621–640, 641 |
  /// | 3 `/var/log/app.log.2` | a copy of the first | – |
  /// | 4 `/var/log/access.log` | read from byte 812 on | source 2, 1–20 |
  static func makeStore(_ path: String) throws {
    var builder = try StoreBuilder(path: path)
    let app = builder.addSource("app.log")
    let access = builder.addSource("access.log")
    let old = builder.addFile("/var/log/app.log.1", source: app)
    builder.addLines(old, count: 600, sealed: true)
    builder.skip(old, bytes: 8192)
    builder.addLines(old, count: 20)
    let new = builder.addFile("/var/log/app.log", source: app)
    builder.addLines(new, count: 20)
    builder.addLines(new, count: 1, isOpen: true)
    let copy = builder.addFile("/var/log/app.log.2", source: app, from: 4000)
    builder.change(copy) { $0.state = .copy }
    let rest = builder.addFile("/var/log/access.log", source: access, from: 812)
    builder.addLines(rest, count: 20)
    try builder.write()
  }
}
