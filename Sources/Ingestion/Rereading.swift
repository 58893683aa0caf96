package import LogModel
package import Storage
import Tailing

/// What reading a source again would find: the files that hold it, and what none of them holds.
package struct Rereading {
  /// A generation with bytes that are stored and stand in no file any more.
  package struct Missing: Sendable {
    package var file: FileRow
    package var bytes: Int64
  }

  /// Reads the source's files again.
  package private(set) var request: IngestRequest
  package private(set) var missing: [Missing] = []

  private var candidates: [HeldFile] = []
  private var places: [Survey.FileKey: Int] = [:]

  /// Compares `rows`, all generations of the source, with the files.
  ///
  /// `request` says how it is read, and where it may have moved to since. `own` are the database and
  /// its companions, which are not even opened: closing one would drop SQLite's locks on it.
  package init(of rows: [FileRow], as request: IngestRequest, own: [Path]) {
    self.request = request
    let own = Survey.keys(of: own)
    let known = Set(rows.filter(\.isPresent).map(\.path)).filter(Self.isFile)
    self.request.paths += known.sorted()
    for match in PathExpansion(of: self.request.paths, excluding: request.exclude).files {
      guard let status = try? FileStatus(of: match.path), status.kind == .regular else { continue }
      let key = Survey.FileKey(device: status.device, inode: status.inode)
      guard places[key] == nil, !own.contains(key) else { continue }
      places[key] = candidates.count
      candidates.append(HeldFile(path: match.path, status: status))
    }
    missing = missing(rows)
  }

  private static func isFile(_ path: Path) -> Bool {
    path.isAbsolute && (try? FileStatus(of: path))?.kind == .regular
  }

  private mutating func missing(_ rows: [FileRow]) -> [Missing] {
    var missing: [Missing] = []
    // What was cut off the end of a file is missing, what stands before it is not.
    var ends: [Int64: Int64] = [:]
    for row in rows where row.bytesStored + row.openBytes > 0 || row.origin != nil {
      if isHeld(row) {
        if let origin = row.origin { ends[origin] = max(ends[origin] ?? 0, row.start) }
      } else if row.bytesStored + row.openBytes > 0 {
        missing.append(Missing(file: row, bytes: row.bytesStored + row.openBytes))
      }
    }
    return missing.compactMap { entry in
      var entry = entry
      if let end = ends[entry.file.id], end > entry.file.start {
        entry.bytes = min(entry.bytes, max(0, Int64(entry.file.storedEnd) - end))
      }
      return entry.bytes > 0 ? entry : nil
    }
  }

  /// Whether some file says up to the end of what is stored what `row` was read from.
  private mutating func isHeld(_ row: FileRow) -> Bool {
    guard row.isPlausible else { return false }
    if let index = places[Survey.FileKey(device: row.device, inode: row.inode)],
      candidates[index].isUnchanged(row)
    {
      return true
    }
    for index in candidates.indices where candidates[index].beginsLike(row) {
      if candidates[index].holds(row) { return true }
    }
    return false
  }
}

/// A file as it is now; its head is read when it is first asked for.
private struct HeldFile {
  let path: Path
  let status: FileStatus
  private var head: HeadSample?
  private var prints: [Int: UInt64] = [:]

  init(path: Path, status: FileStatus) {
    self.path = path
    self.status = status
  }

  func isUnchanged(_ row: FileRow) -> Bool {
    row.size == status.size && row.modified == status.mtimeMicroseconds
      && row.changed == status.ctimeMicroseconds
      && (row.birth == nil || row.birth == status.birthMicroseconds)
  }

  mutating func beginsLike(_ row: FileRow) -> Bool {
    if head == nil {
      var source = try? source()
      head = (try? source?.headSample()) ?? HeadSample(bytes: [])
    }
    guard let head, row.headLength <= head.bytes.count else { return false }
    let hash = prints[row.headLength] ?? head.fingerprint(length: row.headLength).hash
    prints[row.headLength] = hash
    return hash == row.headHash
  }

  func holds(_ row: FileRow) -> Bool {
    guard var source = try? source(),
      let content = try? source.content(upTo: row.storedEnd)
    else { return false }
    return content.offset == row.storedEnd && content.crc32 == row.storedCRC32
  }

  private func source() throws -> ByteSource { try ByteSource(FileDescriptor(opening: path)) }
}

extension FileRow {
  /// It was at a path when it was last looked for.
  fileprivate var isPresent: Bool {
    switch state {
    case .active, .finished, .copy, .error: true
    case .superseded, .missing: false
    }
  }
}
