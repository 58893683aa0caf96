import LogModel
import SQLite
import Storage
import TestSupport
import Testing

@Suite struct ExtentTableTests {
  private let scratch = Scratch()
  private let extents = ExtentTable()

  /// A store with the generations 1 and 2.
  private func store() throws -> Store {
    let store = try makeStore(scratch)
    for id in 1...2 as ClosedRange<Int64> {
      var file = FileRow(source: 1, path: Path("/log/\(id)"), device: 8, inode: id, birth: nil)
      file.id = id
      try store.write { db throws(SQLiteError) in try FileTable().insert(file, seen: 5, in: db) }
    }
    return store
  }

  private func stored(_ store: borrowing Store) throws -> [Extent] {
    var statement = try store.db.prepare(
      "SELECT first_id, count, file, offset, bytes FROM extent ORDER BY first_id")
    var found: [Extent] = []
    while try statement.step() {
      found.append(
        Extent(
          firstID: statement.integer(0), count: statement.integer(1), file: statement.integer(2),
          offset: statement.integer(3), bytes: statement.integer(4)))
    }
    return found
  }

  static let pairs: [(name: String, second: Extent, isMerged: Bool)] = [
    ("next lines, next bytes", Extent(firstID: 13, count: 2, file: 1, offset: 90, bytes: 7), true),
    ("a gap in lines", Extent(firstID: 14, count: 2, file: 1, offset: 90, bytes: 7), false),
    ("a gap in bytes", Extent(firstID: 13, count: 2, file: 1, offset: 91, bytes: 7), false),
    ("another file", Extent(firstID: 13, count: 2, file: 2, offset: 90, bytes: 7), false),
  ]

  @Test(arguments: pairs) func `extents that follow each other are one`(
    _ example: (name: String, second: Extent, isMerged: Bool)
  ) throws {
    let store = try store()
    let first = Extent(firstID: 10, count: 3, file: 1, offset: 50, bytes: 40)
    try store.write { db throws(SQLiteError) in
      try extents.add(first, in: db)
      try extents.add(example.second, in: db)
    }
    let merged = Extent(firstID: 10, count: 5, file: 1, offset: 50, bytes: 47)
    let expected = example.isMerged ? [merged] : [first, example.second]
    #expect(try stored(store) == expected, "\(example.name)")
  }

  @Test func `an open record's extent stays alone and goes alone`() throws {
    let store = try store()
    let first = Extent(firstID: 10, count: 3, file: 1, offset: 50, bytes: 40)
    let open = Extent(firstID: 13, count: 1, file: 1, offset: 90, bytes: 5)
    try store.write { db throws(SQLiteError) in
      try extents.add(first, in: db)
      try extents.addOpen(open, in: db)
    }
    #expect(try stored(store) == [first, open])
    try store.write { db throws(SQLiteError) in
      try extents.removeOpen(13, in: db)
      try extents.add(Extent(firstID: 13, count: 2, file: 1, offset: 90, bytes: 30), in: db)
    }
    #expect(
      try stored(store) == [Extent(firstID: 10, count: 5, file: 1, offset: 50, bytes: 70)])
  }

  @Test func `however lines are cut into batches, the extents are the same`() throws {
    let seed = Seed.value
    var random = SeededRandom(seed: seed)
    // What was read: runs of lines, each of one file and without a gap.
    var whole: [Extent] = []
    var id: Int64 = 1
    var offsets: [Int64: Int64] = [1: 0, 2: 0]
    var file: Int64 = 1
    for _ in 0..<30 {
      let skipped = Int64.random(in: 0...1, using: &random)
      // Without a gap in the bytes the next run must be of the other file.
      if skipped == 0 { file = 3 - file }
      let count = Int64.random(in: 1...5, using: &random)
      let offset = (offsets[file] ?? 0) + skipped
      whole.append(Extent(firstID: id, count: count, file: file, offset: offset, bytes: count * 10))
      offsets[file] = offset + count * 10
      id += count
    }
    let store = try store()
    for extent in whole {
      var done: Int64 = 0
      while done < extent.count {
        let count = Int64.random(in: 1...extent.count - done, using: &random)
        let piece = Extent(
          firstID: extent.firstID + done, count: count, file: extent.file,
          offset: extent.offset + done * 10, bytes: count * 10)
        try store.write { db throws(SQLiteError) in try extents.add(piece, in: db) }
        done += count
      }
    }
    #expect(try stored(store) == whole, "seed \(seed)")
  }
}
