import LogModel
import SQLite
import Storage
import Tailing

extension FileStatus {
  /// Nothing has happened to the file since the row was written.
  func isSame(as row: FileRow) -> Bool {
    row.size == size && row.modified == mtimeMicroseconds && row.changed == ctimeMicroseconds
      && (row.birth == nil || row.birth == birthMicroseconds)
  }
}

extension FileRow {
  /// False for a row that only another program, or a damaged disk, can have written.
  var isPlausible: Bool {
    (0...HeadSample.capacity).contains(headLength)
      && (0...Checkpoint.anchorCapacity).contains(anchorLength) && start >= 0 && offset >= start
      && Int64(anchorLength) <= offset && openBytes >= 0 && bytesSkipped >= 0 && lines >= openLines
      && (0...Checkpoint.anchorCapacity).contains(openAnchorLength) && offset < 1 << 60
      && openBytes < 1 << 60 && Int64(openAnchorLength) <= offset + openBytes
  }

  /// False where all that the row stands for is stored as another generation's.
  var hasOwnLines: Bool { start == 0 || bytesStored > 0 || openLine != nil }

  /// Where the stored lines end, the open one included.
  var storedEnd: Int { Int(offset + openBytes) }
  var storedCRC32: UInt32 { openLine == nil ? crc32 : openCRC32 }

  var checkpoint: Checkpoint {
    Checkpoint(
      offset: Int(offset), crc32: crc32, anchorLength: anchorLength, anchorHash: anchorHash,
      isInsideOverlong: isOverlong, bytesSkipped: Int(bytesSkipped))
  }

  mutating func take(_ checkpoint: Checkpoint) {
    offset = Int64(checkpoint.offset)
    crc32 = checkpoint.crc32
    anchorLength = checkpoint.anchorLength
    anchorHash = checkpoint.anchorHash
    isOverlong = checkpoint.isInsideOverlong
    bytesSkipped = Int64(checkpoint.bytesSkipped)
    bytesStored = offset - start - bytesSkipped
  }

  /// What is before `checkpoint` is stored as `original`'s.
  mutating func goOn(from original: FileRow, after checkpoint: Checkpoint) {
    take(checkpoint)
    start = offset
    origin = original.id
    bytesStored = 0
    bytesSkipped = 0
    lastTime = original.lastTime
  }

  mutating func become(copyOf original: FileRow, upTo checkpoint: Checkpoint) {
    state = .copy
    goOn(from: original, after: checkpoint)
  }

  mutating func take(_ status: FileStatus, at path: Path) {
    self.path = path
    device = status.device
    inode = status.inode
    birth = status.birthMicroseconds
    size = status.size
    modified = status.mtimeMicroseconds
    changed = status.ctimeMicroseconds
  }

  /// Becomes what is stored of the file of `copy`.
  mutating func take(placeOf copy: FileRow) {
    path = copy.path
    device = copy.device
    inode = copy.inode
    birth = copy.birth
    size = copy.size
    modified = copy.modified
    changed = copy.changed
    compression = copy.compression
    state = copy.compression == nil ? .active : .finished
    lostBytes = 0
    error = nil
  }

  mutating func take(_ head: HeadSample) {
    let print = head.fingerprint
    guard print.length > headLength || headLength == 0 else { return }
    headLength = print.length
    headHash = print.hash
  }
}
