import LogModel
import SQLite
import Storage
import Tailing

// The rows of the store as this run has left them.

extension IngestRun {
  func rows(
    device: Int64, inode: Int64, _ store: borrowing Store
  ) throws -> [FileRow] {
    let stored = try store.wrap { db throws(SQLiteError) in
      try FileTable().rows(device: device, inode: inode, in: db)
    }
    return current(stored, [.inode(inode, device: device)]) {
      $0.device == device && $0.inode == inode && $0.state != .superseded
    }
  }

  func rows(trailer: GzipTrailer, _ store: borrowing Store) throws -> [FileRow] {
    let stored = try store.wrap { db throws(SQLiteError) in
      try FileTable().rows(crc32: trailer.crc32, size: trailer.size, in: db)
    }
    return current(stored, [.content(crc32: trailer.crc32)]) { row in
      row.state != .copy
        && (row.crc32 == trailer.crc32 && UInt32(truncatingIfNeeded: row.offset) == trailer.size
          || row.openLine != nil && row.openCRC32 == trailer.crc32
            && UInt32(truncatingIfNeeded: row.offset + row.openBytes) == trailer.size)
    }
  }

  mutating func rows(head: HeadSample, _ store: borrowing Store) throws -> [FileRow] {
    let heads = try shortHeads(store)
    var isAsked = [Bool](repeating: false, count: HeadSample.capacity + 1)
    for length in heads.keys where isAsked.indices.contains(length) { isAsked[length] = true }
    for length in batch.headLengths where isAsked.indices.contains(length) {
      isAsked[length] = true
    }
    isAsked[HeadSample.capacity] = true
    let lengths = (1...head.bytes.count).filter { isAsked[$0] }
    let hashes = head.hashes(lengths: lengths)
    var stored: [FileRow] = []
    for length in lengths.reversed() {
      guard let hash = hashes[length],
        length == HeadSample.capacity || heads[length]?.contains(hash) ?? false
      else { continue }
      stored += try store.wrap { db throws(SQLiteError) in
        try FileTable().rows(headLength: length, headHash: hash, in: db)
      }
    }
    let keys = lengths.compactMap { length in
      hashes[length].map { FileIndex.Key.head($0, length: length) }
    }
    let found = current(stored, keys) { $0.state != .copy && hashes[$0.headLength] == $0.headHash }
    // What was a copy once, and is gone, tells only how far its original went then.
    return found.filter(\.hasOwnLines) + found.filter { !$0.hasOwnLines }
  }

  /// The files that were found to say what `row` says, as far as they go.
  func copies(of row: FileRow, _ store: borrowing Store) throws -> [FileRow] {
    let stored = try store.wrap { db throws(SQLiteError) in
      try FileTable().copies(of: row.id, in: db)
    }
    let known = Set(stored.map(\.id))
    return
      (stored.map { batch.files[$0.id] ?? $0 }
      + batch.files.values.filter { !known.contains($0.id) })
      .filter { $0.state == .copy && $0.origin == row.id }
      .sorted { $0.id > $1.id }
  }

  /// Read once a commit: a query a length and file costs seconds where thousands of files are short.
  private mutating func shortHeads(_ store: borrowing Store) throws -> [Int: Set<UInt64>] {
    if let knownHeads { return knownHeads }
    let heads = try store.wrap { db throws(SQLiteError) in try FileTable().shortHeads(in: db) }
    knownHeads = heads
    return heads
  }

  /// The rows as this run has left them, those among them that still fit.
  func current(
    _ stored: [FileRow], _ keys: [FileIndex.Key], _ fits: (FileRow) -> Bool
  ) -> [FileRow] {
    var ids: Set<Int64> = []
    var found: [FileRow] = []
    for row in batch.uncommitted(keys) + stored.map({ batch.files[$0.id] ?? $0 }) {
      if fits(row), ids.insert(row.id).inserted { found.append(row) }
    }
    return found.sorted { $0.id > $1.id }
  }

  /// A row as it is now, uncommitted or stored.
  func row(_ id: Int64, _ store: borrowing Store) throws -> FileRow? {
    if let row = batch.files[id] { return row }
    return try store.wrap { db throws(SQLiteError) in try FileTable().row(id: id, in: db) }
  }
}
