import LineStore
import LogModel
import SQLite
import Storage
import Tailing

/// The files that are still there say what is stored of them, record by record.
///
/// A file that is gone or was rewritten since is no fault: it is counted. One record at a time is in
/// memory.
struct FileCheck {
  /// A line that is stored is no longer than this allows, whatever the columns say.
  private static let maxLine = 1 << 28
  /// What marks stand for may be longer than all that is stored; a longer line is held in memory no further.
  private static let maxMarkedLine = 1 << 25

  private let places: Places
  private let encoding: (String) -> TextEncoding
  private let lineLimit: Int
  private var faults = Faults()
  private var compared = Count()
  private var left = Count()

  private struct Count {
    var files = 0
    var bytes: Int64 = 0

    mutating func add(_ row: FileRow) {
      files += 1
      bytes &+= row.bytesStored &+ row.openBytes
    }

    var text: String { "\(counted(files, "file")), \(counted(bytes, "byte"))" }
  }

  /// `encoding` is how a source's files are read.
  static func run(
    _ db: borrowing Connection, _ places: Places, encoding: @escaping (String) -> TextEncoding
  ) throws(SQLiteError) -> Check {
    // A record is no longer than its chunk's rows and its template's text.
    let rows = try db.integer("SELECT max(size) FROM chunk") ?? 0
    let texts = try db.integer("SELECT max(length(CAST(text AS BLOB))) FROM template") ?? 0
    let limit = min(max(0, rows), Int64(maxLine)) + min(max(0, texts), Int64(maxLine)) + 65_536
    var check = FileCheck(places: places, encoding: encoding, lineLimit: Int(limit))
    for id in places.files.keys.sorted() {
      guard let row = try FileTable().row(id: id, in: db), row.bytesStored > 0 || row.openBytes > 0
      else { continue }
      try check.compare(row, db)
    }
    let rest =
      check.left.files == 0
      ? "" : "; not compared: \(check.left.text), gone, rewritten or unreadable"
    return check.faults.check("files", scope: "\(check.compared.text)\(rest)")
  }

  private init(
    places: Places, encoding: @escaping (String) -> TextEncoding, lineLimit: Int
  ) {
    self.places = places
    self.encoding = encoding
    self.lineLimit = lineLimit
  }

  private mutating func compare(
    _ row: FileRow, _ db: borrowing Connection
  ) throws(SQLiteError) {
    do {
      guard let source = try Self.open(row) else { return left.add(row) }
      let name = places.sources[row.source]?.name ?? ""
      let marks = try SourceTable().isMarked(id: row.source, in: db)
      let limit = marks ? max(lineLimit, Self.maxMarkedLine) : lineLimit
      var comparison = FileComparison(
        row, try Self.reader(row, source, encoding: encoding(name), limit: limit),
        try StoredLines(reading: db), marks: marks)
      if let fault = try comparison.run(db) {
        faults.add("\(places.file(row.id, db)): \(fault)")
      } else {
        compared.add(row)
      }
    } catch let error as SQLiteError {
      guard error.isDamage else { throw error }
      faults.add("\(places.file(row.id, db)): \(error.message)")
    } catch {
      left.add(row)
    }
  }

  /// The file that `row` was read from; nil where another one, or another content, is at its path.
  private static func open(_ row: FileRow) throws -> ByteSource? {
    guard row.state == .active || row.state == .finished || row.state == .error,
      row.path.isAbsolute
    else { return nil }
    var source = try ByteSource(FileDescriptor(opening: row.path))
    let status = try source.status()
    let head = try source.headSample()
    guard status.device == row.device, status.inode == row.inode,
      row.birth == nil || status.birthMicroseconds == row.birth,
      (0...HeadSample.capacity).contains(row.headLength),
      head.continues(Fingerprint(length: row.headLength, hash: row.headHash)),
      source.compression?.rawValue == row.compression
    else { return nil }
    // The end of what was read tells a plain file; an archive is written once.
    let isSame =
      source.compression == nil
      ? try row.offset == 0 || source.anchorMatches(row.anchor)
      : status.size == row.size && status.mtimeMicroseconds == row.modified
    return isSame ? consume source : nil
  }

  /// Stands before the first line that was read as `row`.
  private static func reader(
    _ row: FileRow, _ source: consuming ByteSource, encoding: TextEncoding, limit: Int
  ) throws -> LineReader {
    let start = Int(row.start)
    source.rewind()
    var crc = CRC32()
    guard try source.skip(to: start, crc: &crc) == start else {
      throw SourceError.shorterThanCheckpoint(end: source.position)
    }
    var place = Checkpoint.start
    place.offset = start
    return try LineReader(source, from: place, maxLine: limit, encoding: encoding)
  }
}

extension FileRow {
  fileprivate var anchor: Checkpoint {
    Checkpoint(
      offset: Int(offset), crc32: crc32, anchorLength: anchorLength, anchorHash: anchorHash)
  }
}
