import LogModel
import SQLite
import Storage
import TestSupport
import Testing

@Suite struct FileTableTests {
  private let scratch = Scratch()
  private let files = FileTable()

  private func row(_ id: Int64, _ change: (inout FileRow) -> Void = { _ in }) -> FileRow {
    var row = FileRow(source: 1, path: Path("/log/\(id)"), device: 8, inode: 100 + id, birth: id)
    row.id = id
    change(&row)
    return row
  }

  private func insert(_ rows: FileRow..., into store: borrowing Store) throws {
    for row in rows {
      try store.write { db throws(SQLiteError) in try files.insert(row, seen: 5, in: db) }
    }
  }

  /// Each column at random, its ends included.
  private func randomRow(_ id: Int64, _ random: inout SeededRandom) -> FileRow {
    var row = FileRow(
      source: .random(in: 1...2, using: &random),
      path: Path(bytes: (0..<9).map { _ in .random(in: 1...255, using: &random) }),
      device: .random(in: .min ... .max, using: &random), inode: .max - id,
      birth: Bool.random(using: &random) ? nil : .random(in: -9...9, using: &random))
    row.id = id
    row.size = .random(in: 0 ... .max, using: &random)
    row.modified = .random(in: -1 ... .max, using: &random)
    row.changed = .random(in: 0 ... .max, using: &random)
    row.headLength = .random(in: 0...1024, using: &random)
    row.headHash = .random(in: 0 ... .max, using: &random)
    row.start = .random(in: 0...99, using: &random)
    row.origin = Bool.random(using: &random) ? nil : .random(in: 1 ... .max, using: &random)
    row.offset = .random(in: 0 ... .max, using: &random)
    row.anchorLength = .random(in: 0...1024, using: &random)
    row.anchorHash = .random(in: 0 ... .max, using: &random)
    row.crc32 = .random(in: 0 ... .max, using: &random)
    row.isOverlong = .random(using: &random)
    row.compression = Bool.random(using: &random) ? nil : "gzip"
    let states: [FileRow.State] = [.active, .finished, .copy, .superseded, .missing, .error]
    row.state = states.randomElement(using: &random) ?? .active
    row.openLine = Bool.random(using: &random) ? nil : .random(in: 1 ... .max, using: &random)
    row.openBytes = .random(in: 0...99, using: &random)
    row.openIsWhole = .random(using: &random)
    row.openLines = .random(in: 0...99, using: &random)
    row.openUnparsed = .random(in: 0...99, using: &random)
    row.openSanitized = .random(in: 0...99, using: &random)
    row.openCRC32 = .random(in: 0 ... .max, using: &random)
    row.openAnchorLength = .random(in: 0...1024, using: &random)
    row.openAnchorHash = .random(in: 0 ... .max, using: &random)
    row.lastTime = Bool.random(using: &random) ? nil : .random(in: 0 ... .max, using: &random)
    row.bytesStored = .random(in: 0...99, using: &random)
    row.bytesSkipped = .random(in: 0...99, using: &random)
    row.bytesCut = .random(in: 0...99, using: &random)
    row.lostBytes = .random(in: 0...99, using: &random)
    row.lines = .random(in: 0...99, using: &random)
    row.unparsed = .random(in: 0...99, using: &random)
    row.sanitized = .random(in: 0...99, using: &random)
    row.rejects = .random(in: 0...99, using: &random)
    row.error = Bool.random(using: &random) ? nil : "too bad: 100 % of it"
    return row
  }

  @Test func `every column comes back as it was inserted and as it was updated`() throws {
    let seed = Seed.value
    var random = SeededRandom(seed: seed)
    let store = try makeStore(scratch)
    for id in 1...40 as ClosedRange<Int64> {
      let first = randomRow(id, &random)
      try insert(first, into: store)
      #expect(try files.row(id: id, in: store.db) == first, "seed \(seed)")
      let second = randomRow(id, &random)
      let isWritten = try store.write { db throws(SQLiteError) in
        try files.update(second, expectedOffset: first.offset, seen: 6, in: db)
      }
      #expect(isWritten)
      #expect(try files.row(id: id, in: store.db) == second, "seed \(seed)")
    }
    #expect(try files.nextID(in: store.db) == 41)
  }

  @Test func `an update is refused when the offset has moved`() throws {
    let store = try makeStore(scratch)
    try insert(row(1) { $0.offset = 10 }, into: store)
    let isWritten = try store.write { db throws(SQLiteError) in
      try files.update(row(1) { $0.offset = 30 }, expectedOffset: 20, seen: 6, in: db)
    }
    #expect(!isWritten)
    #expect(try files.row(id: 1, in: store.db)?.offset == 10)
  }

  @Test func `a path that is text is readable in the shell, one that is not is a blob`() throws {
    let store = try makeStore(scratch)
    let names: [(path: Path, type: String)] = [
      (Path("/log/größe.log"), "text"), (Path(bytes: [0x2F, 0xFF, 0xFE]), "blob"),
    ]
    for (index, name) in names.enumerated() {
      try insert(row(Int64(index) + 1) { $0.path = name.path }, into: store)
      let found = try files.row(id: Int64(index) + 1, in: store.db)
      #expect(found?.path == name.path)
      let type = try store.db.text("SELECT typeof(path) FROM file WHERE id = ?", index + 1)
      #expect(type == name.type)
    }
  }

  @Test func `an inode has the generations that it still owns, the newest first`() throws {
    let store = try makeStore(scratch)
    let states: [FileRow.State] = [.active, .superseded, .copy, .missing, .finished, .error]
    for (index, state) in states.enumerated() {
      let generation = row(Int64(index) + 1) {
        $0.inode = 7
        $0.state = state
      }
      try insert(generation, into: store)
    }
    try insert(row(9) { $0.inode = 8 }, into: store)
    #expect(try files.rows(device: 8, inode: 7, in: store.db).map(\.id) == [6, 5, 4, 3, 1])
    #expect(try files.rows(device: 9, inode: 7, in: store.db) == [])
    #expect(try files.present(in: store.db).map(\.id) == [9, 6, 5, 3, 1])
  }

  @Test func `a head finds the generations that begin so, but no copies`() throws {
    let store = try makeStore(scratch)
    let hash = UInt64.max - 5
    func head(_ id: Int64, _ length: Int, _ state: FileRow.State = .active) -> FileRow {
      row(id) {
        $0.headLength = length
        $0.headHash = hash
        $0.state = state
      }
    }
    try insert(
      head(1, 1024), head(2, 40), head(3, 1024, .copy), head(4, 1024, .superseded), head(5, 7),
      head(6, 40), into: store)
    #expect(try files.rows(headLength: 1024, headHash: hash, in: store.db).map(\.id) == [4, 1])
    #expect(try files.rows(headLength: 1024, headHash: 1, in: store.db) == [])
    #expect(try files.shortHeads(in: store.db) == [7: [hash], 40: [hash]])
  }

  @Test func `a gzip trailer finds what was read, with the open record or without it`() throws {
    let store = try makeStore(scratch)
    let crc32 = UInt32.max - 1
    let large = row(1) {
      $0.crc32 = crc32
      // The trailer has the size modulo 2^32.
      $0.offset = 1 << 32 + 500
    }
    let open = row(2) {
      $0.offset = 400
      $0.openLine = 9
      $0.openBytes = 100
      $0.openCRC32 = crc32
    }
    let closed = row(3) {
      $0.offset = 400
      $0.openBytes = 100
      $0.openCRC32 = crc32
    }
    let copy = row(4) {
      $0.crc32 = crc32
      $0.offset = 500
      $0.state = .copy
    }
    let other = row(5) {
      $0.crc32 = crc32
      $0.offset = 501
    }
    try insert(large, open, closed, copy, other, into: store)
    #expect(try files.rows(crc32: crc32, size: 500, in: store.db).map(\.id) == [2, 1])
    #expect(try files.rows(crc32: crc32 - 1, size: 500, in: store.db) == [])
  }

  @Test func `the open lines of a source are its own`() throws {
    let store = try makeStore(scratch)
    try insert(
      row(1) { $0.openLine = 11 }, row(2), row(3) { $0.openLine = 13 },
      row(4) {
        $0.source = 2
        $0.openLine = 14
      }, into: store)
    #expect(try files.openLines(source: 1, in: store.db) == [11, 13])
    #expect(try files.openLines(source: 2, in: store.db) == [14])
  }

  @Test func `closing an open record moves everything behind it`() {
    var open = row(1) {
      $0.offset = 400
      $0.bytesStored = 390
      $0.crc32 = 1
      $0.openLine = 9
      $0.openBytes = 100
      $0.openLines = 3
      $0.openIsWhole = true
      $0.openCRC32 = 2
      $0.openAnchorLength = 500
      $0.openAnchorHash = 3
    }
    open.closeOpenRecord()
    let closed = row(1) {
      $0.offset = 500
      $0.bytesStored = 490
      $0.crc32 = 2
      $0.anchorLength = 500
      $0.anchorHash = 3
    }
    #expect(open == closed)
    open.closeOpenRecord()
    #expect(open == closed, "closing twice is closing once")
  }
}
