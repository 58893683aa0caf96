import CBytes
import CLinux
import Deflate
import Glibc
import LogModel
import SQLite

/// Holds one inflated chunk at a time and renders its rows; the buffers are reused.
struct ChunkReader: ~Copyable {
  struct Header {
    var id: Int64 = 0
    var layout = TimeLayout.none
    var count = 0
    var scale = TimeScale(minimum: 0, unit: 1)
  }

  private var packed = PackedChunk()
  private var columns = ColumnReader()
  /// Whether `rows` are those of the chunk; then its columns may be those of another one.
  private(set) var isIndexed = false
  /// Nil while nothing is loaded.
  private(set) var header: Header?
  private(set) var rows = IndexedRows()
  /// Of the row at hand; -1 before the first one.
  private(set) var index = -1
  private(set) var row = IndexedRows.Row()
  /// The rows between the row at hand and the one before it of which a record of several lines is gone, and how
  /// many lines it had but the first.
  private(set) var dropped: [(index: Int, feeds: Int64)] = []
  /// Of the row at hand, in microseconds since 1970.
  private(set) var time: Int64 = 0
  private var clock = RenderedTime()
  private var unescaped: [UInt8] = []
  private var kept: [(header: Header, rows: IndexedRows)] = []
  static let maxKept = 64

  /// The years 1970 to 9999, with room for a zone.
  static let times: Range<Int64> = 0..<253_402_400_000_000_000

  /// Inflates a chunk and stands before its first row; false when there is no such chunk.
  mutating func load(
    _ id: Int64, _ catalog: StoreCatalog, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    header = nil
    guard try packed.fetch(id, catalog, db) else { return false }
    try open(packed)
    return true
  }

  /// Inflates a chunk and stands before its first row.
  mutating func open(_ chunk: PackedChunk) throws(SQLiteError) {
    header = nil
    rewind()
    let data = chunk.data.span
    guard Int64(crc32(data)) == chunk.checksum else {
      throw SQLiteError(.checksum(chunk: chunk.header.id))
    }
    guard columns.inflate(data, size: chunk.size) else {
      throw SQLiteError(.notInflatable(chunk: chunk.header.id))
    }
    isIndexed = false
    header = chunk.header
  }

  /// The columns of the chunk that was opened, until they are indexed: what stands in a parameter of a row
  /// stands in them.
  var columnText: Span<UInt8> {
    @_lifetime(borrow self) get { columns.text }
  }

  /// Makes rows of the columns, if that has not been done.
  mutating func indexRows() throws(SQLiteError) {
    guard let header, !isIndexed else { return }
    guard columns.index(into: &rows) else { throw SQLiteError(.columns(chunk: header.id)) }
    isIndexed = true
  }

  /// Takes a chunk that another reader has inflated, and gives away the buffers of the last one.
  mutating func adopt(_ header: Header, rows: inout IndexedRows) {
    exchange(rows: &rows)
    isIndexed = true
    self.header = header
  }

  /// Gives the buffers of rows for others; nothing is loaded then.
  mutating func exchange(rows: inout IndexedRows) {
    swap(&self.rows, &rows)
    rewind()
    header = nil
  }

  /// Goes to the row of that index.
  mutating func next(at index: Int) throws(SQLiteError) -> Bool {
    self.index = index - 1
    return try next()
  }

  mutating func unload() {
    header = nil
    kept = []
  }

  /// Puts the chunk that is loaded aside, so that another one does not overwrite it.
  mutating func keep() {
    guard let header, isIndexed else { return }
    kept.append((header, rows))
    if kept.count > Self.maxKept { kept.removeFirst() }
    rows = IndexedRows()
    self.header = nil
  }

  /// Takes a chunk that was put aside, in place of the one at hand; false where it is not there.
  mutating func takeKept(_ id: Int64) -> Bool {
    guard let index = kept.firstIndex(where: { $0.header.id == id }) else { return false }
    let found = kept.remove(at: index)
    header = found.header
    isIndexed = true
    rows = found.rows
    rewind()
    return true
  }

  /// Stands before the first row again.
  mutating func rewind() { index = -1 }

  /// Goes to the next row that is not dropped; false at the end of the chunk.
  mutating func next() throws(SQLiteError) -> Bool {
    guard let header else { return false }
    try indexRows()
    if !dropped.isEmpty { dropped.removeAll() }
    while index + 1 < rows.rows.count {
      index += 1
      row = rows.rows[index]
      if row.isDropped {
        if row.droppedLines > 1 { dropped.append((index, row.droppedLines - 1)) }
        continue
      }
      guard let time = header.scale.time(offset: row.offset), Self.times.contains(time) else {
        throw SQLiteError(.time(chunk: header.id, row: index))
      }
      self.time = time
      return true
    }
    guard rows.rows.count == header.count else {
      throw SQLiteError(
        .rowCount(chunk: header.id, expected: header.count, found: rows.rows.count))
    }
    return false
  }

  var rowID: Int64 { (header?.id ?? 0) &+ Int64(index) }

  /// Puts the line of the row at hand into `message`, byte for byte.
  mutating func render(
    _ template: StoreCatalog.Template, of catalog: StoreCatalog, into message: inout ByteBuffer
  ) throws(SQLiteError) {
    guard let header else { return }
    message.removeAll()
    let text = rows.text
    let constants = catalog.constants
    var position = Int(row.start)
    let end = Int(row.end)
    for piece in 0..<template.pieces {
      message.append(constants.span.extracting(catalog.segment(template, piece)))
      if piece == template.timePiece {
        clock.append(time, header.layout, to: &message)
        continue
      }
      guard position < end else {
        throw SQLiteError(
          .parameterCount(chunk: header.id, row: index, template: template.id))
      }
      let next = ChunkRows.endOfValue(text.span, position + 1)
      guard appendValue(text.span.extracting(position + 1..<next), to: &message) else {
        throw SQLiteError(.malformed(chunk: header.id, row: index))
      }
      position = next
    }
    guard position == end else {
      throw SQLiteError(.parameterCount(chunk: header.id, row: index, template: template.id))
    }
    message.append(constants.span.extracting(catalog.segment(template, template.pieces)))
  }

  private mutating func appendValue(_ value: Span<UInt8>, to message: inout ByteBuffer) -> Bool {
    guard value.count > 0 else { return false }
    guard value[0] == quote else {
      message.append(value)
      return true
    }
    guard value.count >= 2, value[value.count - 1] == quote else { return false }
    let inside = value.extracting(1..<value.count - 1)
    if inside.contains(backslash) {
      unescaped.removeAll(keepingCapacity: true)
      JSONText.appendUnescaped(inside, to: &unescaped)
      message.append(unescaped.span)
    } else {
      message.append(inside)
    }
    return true
  }
}

extension [UInt8] {
  mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}

extension Span<UInt8> {
  func contains(_ byte: UInt8) -> Bool {
    unsafe withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      return unsafe memchr(base, Int32(byte), buffer.count) != nil
    }
  }

  /// Up to 18 decimal digits from `start` on, 0 for none, and the place behind them.
  @inline(__always)
  func decimal(from start: Int) -> (value: Int64, end: Int) {
    precondition(start >= 0 && start <= count)
    var value: Int64 = 0
    let end = unsafe withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return start }
      return unsafe logbook_decimal(base, start, buffer.count, &value)
    }
    return (value, end)
  }

  /// Where the byte stands first from `start` on; the span's end for nowhere.
  func place(of byte: UInt8, from start: Int) -> Int {
    precondition(start >= 0 && start <= count)
    return unsafe withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress,
        let found = unsafe memchr(base + start, Int32(byte), buffer.count - start)
      else { return buffer.count }
      return unsafe UnsafePointer(base).distance(to: found.assumingMemoryBound(to: UInt8.self))
    }
  }

  /// Whether `bytes`, which are not empty, occur in the span.
  func contains(_ bytes: [UInt8]) -> Bool { place(of: bytes, from: 0) < count }

  /// Where `bytes`, which are not empty, occur first from `start` on; the span's end for nowhere.
  func place(of bytes: [UInt8], from start: Int) -> Int {
    precondition(start >= 0 && start <= count)
    return unsafe withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress,
        let found = unsafe memmem(base + start, buffer.count - start, bytes, bytes.count)
      else { return buffer.count }
      return unsafe base.distance(to: found.assumingMemoryBound(to: UInt8.self))
    }
  }
}

private let quote = UInt8(ascii: "\"")
private let backslash = UInt8(ascii: "\\")
