import LineStore
import SQLite

/// Extents say of every line which bytes of which generation it is: all lines have one, and no byte
/// is two lines.
struct ExtentCheck {
  private let places: Places
  private var faults = Faults()
  private var extents = 0

  static func run(
    _ db: borrowing Connection, _ places: Places, _ audit: borrowing ChunkAudit
  ) throws(SQLiteError) -> Check {
    var check = ExtentCheck(places: places)
    try check.compareLines(db, audit.ranges, known: audit.ranges.union(places.pruned))
    try check.compareBytes(db)
    try check.compareOpenLines(db)
    return check.faults.check("extents", scope: counted(check.extents, "extent"))
  }

  private init(places: Places) { self.places = places }

  /// The lines of the extents are those of the chunks, and of `known` ones that were there.
  private mutating func compareLines(
    _ db: borrowing Connection, _ chunks: LineRanges, known: LineRanges
  ) throws(SQLiteError) {
    var ranges = LineRanges()
    var row = try db.prepare("SELECT first_id, count, file FROM extent ORDER BY first_id")
    while try row.step() {
      let id = row.integer(0)
      let count = row.integer(1)
      extents += 1
      if let file = places.files[row.integer(2)] {
        let source = LineIdentifier.source(of: id)
        if file.source != source {
          faults.add(
            "extent \(id) holds \(places.lines(id..<(id + 1))) and names a file of \(places.source(file.source))"
          )
        }
      } else {
        faults.add("extent \(id) names file \(row.integer(2)), which does not exist")
      }
      guard LineIdentifier.isRun(id, count: count) else {
        faults.add("extent \(id) cannot hold \(counted(count, "line"))")
        continue
      }
      if let shared = ranges.add(id..<(id + count)) {
        faults.add("extent \(id) shares \(places.lines(shared)) with the extent before it")
      }
    }
    for lines in chunks.subtracting(ranges) { faults.add("\(places.lines(lines)): in no extent") }
    for lines in ranges.subtracting(known) {
      faults.add("\(places.lines(lines)): in an extent, but in no chunk")
    }
  }

  /// The closed extents of a file lie between its start and its offset, and are what it stored.
  private mutating func compareBytes(_ db: borrowing Connection) throws(SQLiteError) {
    var stored: [Int64: Int64] = [:]
    var row = try db.prepare(
      "SELECT file, offset, bytes, first_id, count FROM extent ORDER BY file, offset, first_id")
    var previous: (file: Int64, id: Int64, end: Int64)?
    while try row.step() {
      let id = row.integer(3)
      guard let file = places.files[row.integer(0)] else { continue }
      let offset = row.integer(1)
      let bytes = row.integer(2)
      let (end, isPastAll) = offset.addingReportingOverflow(bytes)
      guard offset >= 0, bytes >= 0, !isPastAll else {
        faults.add("extent \(id) cannot hold \(bytes) bytes from \(offset) on")
        continue
      }
      if let previous, previous.file == row.integer(0), offset < previous.end {
        faults.add("extent \(id) begins at byte \(offset), inside extent \(previous.id)")
      }
      previous = (row.integer(0), id, end)
      if id == file.openLine {
        if row.integer(4) != 1 || offset != file.offset || bytes != file.openBytes {
          let name = places.file(row.integer(0), db)
          faults.add(
            "extent \(id) is not the open line of \(name): \(counted(row.integer(4), "line")), \(bytes) bytes from \(offset) on, not 1 line, \(file.openBytes) bytes from \(file.offset) on"
          )
        }
        continue
      }
      stored[row.integer(0), default: 0] &+= bytes
      if offset < file.start || end > file.offset {
        faults.add(
          "extent \(id) holds bytes \(offset) to \(end) of \(places.file(row.integer(0), db)), which was read from \(file.start) to \(file.offset)"
        )
      }
    }
    for (id, file) in places.files.sorted(by: { $0.key < $1.key }) {
      let bytes = stored[id] ?? 0
      if bytes != file.bytesStored {
        faults.add(
          "\(places.file(id, db)): \(file.bytesStored) bytes stored, but its extents hold \(bytes)")
      }
    }
  }

  /// An open line is a chunk and an extent of its own: it will be replaced.
  private mutating func compareOpenLines(_ db: borrowing Connection) throws(SQLiteError) {
    var owners: [Int64: Int64] = [:]
    for (id, file) in places.files.sorted(by: { $0.key < $1.key }) {
      guard let line = file.openLine else { continue }
      let name = places.file(id, db)
      if let owner = owners.updateValue(id, forKey: line) {
        faults.add("\(name): its open line \(line) is that of file \(owner) too")
      }
      if try db.integer("SELECT file FROM extent WHERE first_id = ?", line) != id {
        faults.add("\(name): its open line \(line) has no extent")
      }
      if try db.integer("SELECT count FROM chunk WHERE first_id = ?", line) != 1 {
        faults.add("\(name): its open line \(line) is no chunk of its own")
      }
    }
  }
}
