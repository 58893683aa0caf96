package import LogModel
import SQLite

/// A row of `file`: one generation of a log file, and how far it has been read.
package struct FileRow: Sendable, Equatable {
  package enum State: String, Sendable {
    /// At a path, and read as it grows.
    case active
    /// Complete and not going to change: a `.gz` read to its trailer.
    case finished
    /// Holds the same bytes as another generation; nothing of it is stored.
    case copy
    /// The file was rewritten or truncated; these bytes are at no path any more.
    case superseded
    /// No path leads to it any more.
    case missing
    case error
  }

  package var id: Int64 = 0
  package var source: Int64
  package var path: Path
  package var device: Int64
  package var inode: Int64
  package var birth: Int64?
  package var size: Int64 = 0
  package var modified: Int64 = 0
  package var changed: Int64 = 0
  package var headLength = 0
  package var headHash: UInt64 = 0
  package var start: Int64 = 0
  /// The generation that the bytes before `start` were read as.
  package var origin: Int64?
  package var offset: Int64 = 0
  package var anchorLength = 0
  package var anchorHash: UInt64 = 0
  package var crc32: UInt32 = 0
  package var isOverlong = false
  package var compression: String?
  package var state = State.active
  package var openLine: Int64?
  package var openBytes: Int64 = 0
  package var openIsWhole = false
  package var openLines: Int64 = 0
  package var openUnparsed: Int64 = 0
  package var openSanitized: Int64 = 0
  package var openCRC32: UInt32 = 0
  package var openAnchorLength = 0
  package var openAnchorHash: UInt64 = 0
  package var lastTime: Int64?
  /// Of its JSON records.
  package var minTime: Int64?
  package var maxTime: Int64?
  package var bytesStored: Int64 = 0
  package var bytesSkipped: Int64 = 0
  /// Of those skipped: what was cut off lines that are too long.
  package var bytesCut: Int64 = 0
  package var lostBytes: Int64 = 0
  package var lines: Int64 = 0
  package var unparsed: Int64 = 0
  package var sanitized: Int64 = 0
  package var rejects: Int64 = 0
  package var error: String?

  package init(source: Int64, path: Path, device: Int64, inode: Int64, birth: Int64?) {
    self.source = source
    self.path = path
    self.device = device
    self.inode = inode
    self.birth = birth
  }

  /// Every column but `id` and `seen_us`, in the order of `bind`.
  static let writtenColumns = """
    source, path, device, inode, birth_us, size, mtime_us, ctime_us, head_length, head_hash, \
    start, offset, anchor_length, anchor_hash, crc32, overlong, compression, state, open_line, \
    open_bytes, open_whole, open_lines, open_crc32, open_anchor_length, open_anchor_hash, last_us, \
    bytes_stored, bytes_skipped, lost_bytes, lines, unparsed, sanitized, rejects, error, \
    origin, open_unparsed, open_sanitized, bytes_cut, min_us, max_us
    """
  static let writtenCount = 40
  static let columns = "id, " + writtenColumns

  static func parameters(_ count: Int) -> String {
    (1...count).map { "?\($0)" }.joined(separator: ", ")
  }

  init(_ row: borrowing Statement) {
    id = row.integer(0)
    source = row.integer(1)
    var bytes: [UInt8] = []
    let stored = row.bytes(2)
    bytes.reserveCapacity(stored.count)
    for index in stored.indices { bytes.append(stored[index]) }
    path = Path(bytes: bytes)
    device = row.integer(3)
    inode = row.integer(4)
    birth = row.optionalInteger(5)
    size = row.integer(6)
    modified = row.integer(7)
    changed = row.integer(8)
    headLength = row.int(9)
    headHash = UInt64(bitPattern: row.integer(10))
    start = row.integer(11)
    offset = row.integer(12)
    anchorLength = row.int(13)
    anchorHash = UInt64(bitPattern: row.integer(14))
    crc32 = UInt32(truncatingIfNeeded: row.integer(15))
    isOverlong = row.integer(16) != 0
    compression = row.optionalText(17)
    state = State(rawValue: row.text(18)) ?? .error
    openLine = row.optionalInteger(19)
    openBytes = row.integer(20)
    openIsWhole = row.integer(21) != 0
    openLines = row.integer(22)
    openCRC32 = UInt32(truncatingIfNeeded: row.integer(23))
    openAnchorLength = row.int(24)
    openAnchorHash = UInt64(bitPattern: row.integer(25))
    lastTime = row.optionalInteger(26)
    bytesStored = row.integer(27)
    bytesSkipped = row.integer(28)
    lostBytes = row.integer(29)
    lines = row.integer(30)
    unparsed = row.integer(31)
    sanitized = row.integer(32)
    rejects = row.integer(33)
    error = row.optionalText(34)
    origin = row.optionalInteger(35)
    openUnparsed = row.integer(36)
    openSanitized = row.integer(37)
    bytesCut = row.integer(38)
    minTime = row.optionalInteger(39)
    maxTime = row.optionalInteger(40)
  }

  /// Binds every column but `id` from parameter 1 on; returns the next free parameter.
  @discardableResult
  func bind(to statement: inout Statement) throws(SQLiteError) -> Int32 {
    try statement.bind(1, source)
    if let text = path.text {
      try statement.bind(2, text)
    } else {
      try statement.bind(2, blob: path.bytes.span)
    }
    try statement.bind(3, device)
    try statement.bind(4, inode)
    try statement.bind(5, birth)
    try statement.bind(6, size)
    try statement.bind(7, modified)
    try statement.bind(8, changed)
    try statement.bind(9, headLength)
    try statement.bind(10, Int64(bitPattern: headHash))
    try statement.bind(11, start)
    try statement.bind(12, offset)
    try statement.bind(13, anchorLength)
    try statement.bind(14, Int64(bitPattern: anchorHash))
    try statement.bind(15, Int64(crc32))
    try statement.bind(16, isOverlong)
    try statement.bind(17, compression)
    try statement.bind(18, state.rawValue)
    try statement.bind(19, openLine)
    try statement.bind(20, openBytes)
    try statement.bind(21, openIsWhole)
    try statement.bind(22, openLines)
    try statement.bind(23, Int64(openCRC32))
    try statement.bind(24, openAnchorLength)
    try statement.bind(25, Int64(bitPattern: openAnchorHash))
    try statement.bind(26, lastTime)
    try statement.bind(27, bytesStored)
    try statement.bind(28, bytesSkipped)
    try statement.bind(29, lostBytes)
    try statement.bind(30, lines)
    try statement.bind(31, unparsed)
    try statement.bind(32, sanitized)
    try statement.bind(33, rejects)
    try statement.bind(34, error)
    try statement.bind(35, origin)
    try statement.bind(36, openUnparsed)
    try statement.bind(37, openSanitized)
    try statement.bind(38, bytesCut)
    try statement.bind(39, minTime)
    try statement.bind(40, maxTime)
    return 41
  }
}

extension FileRow {
  /// Makes the open record part of what has been read: it is complete as it stands.
  package mutating func closeOpenRecord() {
    guard openLine != nil else { return }
    offset += openBytes
    bytesStored += openBytes
    crc32 = openCRC32
    anchorLength = openAnchorLength
    anchorHash = openAnchorHash
    forgetOpenRecord()
  }

  package mutating func forgetOpenRecord() {
    openLine = nil
    openBytes = 0
    openIsWhole = false
    openLines = 0
    openUnparsed = 0
    openSanitized = 0
    openCRC32 = 0
    openAnchorLength = 0
    openAnchorHash = 0
  }
}

extension Path {
  /// Nil where the bytes are not UTF-8 or hold NUL.
  package var text: String? { String(validating: bytes, as: UTF8.self) }
}
