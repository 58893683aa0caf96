package import LogModel

/// Splits a file into lines, from a checkpoint on.
///
/// The same bytes give the same lines however they arrive. Memory is bounded by the longest line
/// and by what `keep` holds.
package struct LineReader: ~Copyable {
  /// NULs in a row from this number on are a hole that a writer left, and no text.
  package static let holeLength = 4096

  /// Offsets in the file: of the line's first byte, behind its text, behind its line end.
  package internal(set) var lineStart: Int
  package internal(set) var contentEnd: Int
  package internal(set) var lineEnd: Int
  /// False for the unterminated rest at the end of the file.
  package internal(set) var isTerminated = true
  /// The line was longer than `maxLine`; `line` is its beginning.
  package internal(set) var isCut = false
  /// The length of the whole text in the file's bytes, also when it was cut; of an unterminated
  /// line, so far.
  package internal(set) var originalLength = 0

  /// The line is UTF-16 in which something was replaced; of bytes that are not UTF-8 it says nothing.
  package internal(set) var isRepaired = false
  /// How much was passed of a line at whose inside an earlier run stopped.
  package internal(set) var overlongRest = 0
  /// That line has ended.
  package internal(set) var hasPassedOverlong = false

  package let maxLine: Int
  /// Never `auto`.
  package let encoding: TextEncoding

  var source: ByteSource
  var buffer: LineBuffer
  /// Lines up to this length cannot hold a hole and need not be cut; -1 when the next line needs
  /// care for another reason.
  var shortLine: Int
  var lineIndex: Int
  var contentIndex: Int
  var contentCount = 0
  var scanned: Int
  var nextIndex: Int
  var nextOffset: Int
  var keptFrom: Int?
  var isAtEnd = false
  /// The place inside an over-long line at which reading stopped.
  var overlongStop: Int?
  /// The same of the checkpoint to start from.
  let overlongStart: Int?
  let markLength: Int
  /// UTF-16 lines and records as UTF-8.
  var text: [UInt8] = []
  var recordText: [UInt8] = []

  private static let blockSize = 256 << 10
  /// Is given an over-long line from its beginning to its end, in pieces, before `next` shows what is
  /// left of it; not one of UTF-16, nor one at whose inside an earlier run stopped.
  package var overlong: ((Span<UInt8>) -> Void)?
  /// How much to ask for in the next read.
  package var readSize: () -> Int = { Self.blockSize }

  /// `maxLine` counts bytes of the file and is at least 16; a line is cut at a character.
  ///
  /// The source may stand anywhere. What is compressed is decompressed up to the checkpoint,
  /// unless the source stands there already by `skip`, and its CRC is compared.
  package init(
    _ source: consuming ByteSource, from checkpoint: Checkpoint = .start, maxLine: Int = 1 << 20,
    encoding: TextEncoding = .auto
  ) throws(SourceError) {
    let head = try source.headSample()
    let isThere = source.position == checkpoint.offset && source.hasHistory
    if !isThere { source.rewind() }
    var crc = CRC32()
    let reached = try source.skip(to: checkpoint.offset, crc: &crc)
    guard reached == checkpoint.offset else { throw .shorterThanCheckpoint(end: reached) }
    if source.compression != nil && !isThere && crc.value != checkpoint.crc32 {
      throw .otherThanCheckpoint(crc32: crc.value)
    }
    buffer = LineBuffer(
      capacity: Self.blockSize + 64 << 10, history: source.history, checkpoint: checkpoint)
    self.source = source
    self.maxLine = max(16, maxLine)
    self.encoding = encoding.resolved(by: head)
    markLength = self.encoding.byteOrderMarkLength(in: head)
    overlongStart = checkpoint.isInsideOverlong ? checkpoint.offset : nil
    overlongStop = overlongStart
    lineStart = checkpoint.offset
    contentEnd = checkpoint.offset
    lineEnd = checkpoint.offset
    nextOffset = checkpoint.offset
    nextIndex = buffer.count
    lineIndex = buffer.count
    contentIndex = buffer.count
    scanned = buffer.count
    shortLine = -1
  }

  package var path: Path { source.path }

  /// Another one of the same open file, from a byte on that begins a line.
  package func reopened(at start: Int64) throws(SourceError) -> LineReader {
    try LineReader(source.reopened(), at: start, maxLine: maxLine, encoding: encoding)
  }

  /// Begins at a byte that begins a line.
  package init(
    _ source: consuming ByteSource, at start: Int64, maxLine: Int, encoding: TextEncoding
  ) throws(SourceError) {
    var crc = CRC32()
    _ = try source.skip(to: Int(start), crc: &crc)
    try self.init(
      source, from: Checkpoint(behind: Int(start)), maxLine: maxLine, encoding: encoding)
  }

  /// Whether a plain file, looked at anew, has this head, and this checkpoint's bytes before it; true
  /// of others.
  package func begins(with head: Fingerprint, checkpoint: Checkpoint) throws(FileError) -> Bool {
    try source.begins(with: head, checkpoint: checkpoint)
  }
  package func status() throws(FileError) -> FileStatus { try source.status() }

  /// Bytes behind the last member of a gzip file that belong to nothing.
  package var trailingBytes: Int { source.trailingBytes }

  /// Nil until `next` has returned false.
  package var end: SourceEnd? { isAtEnd ? source.end ?? .complete : nil }

  /// Goes to the next line; false at the end.
  ///
  /// A hole that reaches to the end of the file is left for a later run, for it may be filled yet.
  /// Then `lineEnd` is the place to go on from.
  package mutating func next() throws(SourceError) -> Bool {
    let start = nextIndex
    guard let feed = buffer.firstIndex(of: 0x0A, from: start, to: buffer.count),
      feed - start <= shortLine
    else { return try nextWithCare() }
    lineIndex = start
    contentIndex = start
    lineStart = nextOffset
    lineEnd = nextOffset + (feed - start + 1)
    let hasReturn = feed > start && buffer[feed - 1] == 0x0D
    contentCount = hasReturn ? feed - start - 1 : feed - start
    contentEnd = nextOffset + contentCount
    originalLength = contentCount
    isTerminated = true
    isCut = false
    nextIndex = feed + 1
    nextOffset = lineEnd
    return true
  }

  /// The text of the line in UTF-8 (as far as the file is valid), without line end and byte order
  /// mark.
  ///
  /// NULs and invalid bytes are still in it. Like the counts below it is read through `inout`, for a
  /// borrow would copy the reader.
  package var line: Span<UInt8> {
    @_lifetime(&self) mutating get {
      encoding.unit == 1
        ? buffer.span(contentIndex..<(contentIndex + contentCount)) : text.span
    }
  }

  /// How many bytes were passed over before the line's beginning, and before its end.
  package var skippedBeforeLine: Int { mutating get { buffer.bytesSkipped(before: lineStart) } }
  package var skippedBehindLine: Int { mutating get { buffer.bytesSkipped(before: lineEnd) } }

  /// Holds the bytes from `offset` on, the beginning of a record in progress; nil holds nothing but
  /// the line at hand.
  ///
  /// The caller bounds the length of a record.
  package mutating func keep(from offset: Int?) { keptFrom = offset }

  /// The text between two offsets, of which the first must be kept: line ends as they are in the
  /// file, holes and the rests of over-long lines left out.
  @_lifetime(&self)
  package mutating func bytes(from start: Int, to end: Int) -> Span<UInt8> {
    var first = buffer.index(of: start)
    let last = buffer.index(of: end)
    if start == 0 { first = min(first + markLength, last) }
    if encoding.unit == 1 { return buffer.span(first..<last) }
    recordText = transcoded(first..<last, reusing: exchange(&recordText, with: [])).text
    return recordText.span
  }

  /// What to store once everything before `offset` is stored: the start or end of a line, not
  /// before a place committed earlier.
  package mutating func commitPoint(at offset: Int) -> Checkpoint {
    let crc = buffer.crc(at: offset)
    buffer.rememberCRC(crc, at: offset)
    let anchor = buffer.anchor(at: offset)
    return Checkpoint(
      offset: offset, crc32: crc.value, anchorLength: anchor.count,
      anchorHash: SHA256.prefix64(of: anchor.span),
      isInsideOverlong: overlongStop == offset || overlongStart == offset,
      bytesSkipped: buffer.bytesSkipped(before: offset))
  }
}
