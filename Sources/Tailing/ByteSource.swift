internal import CLinux
internal import Glibc
package import LogModel

/// How the content of a file ended.
package enum SourceEnd: Hashable, Sendable {
  /// Of a compressed file: its checksum was verified. A plain file has nothing that says so, and may
  /// grow.
  case complete
  /// A compressed file that stops in the middle: it is still being written, or was cut.
  case incomplete
  /// A compressed file that cannot be decompressed beyond this offset, or whose checksum is wrong.
  case corrupt(at: Int)
  /// A compressed file that may be sound, and is not decompressed beyond this offset.
  case refused(Refusal, at: Int)
}

/// The content of a file in order, decompressed where need be.
///
/// Offsets are decompressed bytes.
package struct ByteSource: ~Copyable {
  /// Nil for a plain file.
  package let compression: Compression?
  /// Of the byte that `read` gives next.
  package private(set) var position = 0
  /// Nil until `read` has returned 0.
  package private(set) var end: SourceEnd?
  /// The last bytes before `position`, at most 1,024, after `skip` and until the next `read`.
  private(set) var history: [UInt8] = []

  /// `history` is as long as an anchor.
  var hasHistory: Bool { history.count == min(Checkpoint.anchorCapacity, position) }

  private var raw: RawInput
  private let decompressor: Decompressor?
  private var head: HeadSample?
  /// The head, as long as it was decompressed but not read yet.
  private var pending: ArraySlice<UInt8> = []

  /// Chooses by the first bytes.
  ///
  /// An archive ends where it ended when it was opened: one that is still being written says the same
  /// each time it is read.
  ///
  /// Standard input can be read once, from its beginning. A stream's own bytes may have others before them,
  /// which are not compressed.
  package init(
    _ descriptor: consuming FileDescriptor, behind text: [UInt8]? = nil
  ) throws(SourceError) {
    try self.init(descriptor, behind: text, endingAt: nil)
  }

  private init(
    _ descriptor: consuming FileDescriptor, behind text: [UInt8]?, endingAt limit: Int?
  ) throws(SourceError) {
    if let text, descriptor.isStream {
      (compression, decompressor) = (nil, nil)
      head = HeadSample(bytes: text.prefix(HeadSample.capacity))
      raw = RawInput(descriptor, prefix: text)
      return
    }
    var size = Int.max
    if !descriptor.isStream {
      let status: FileStatus
      do throws(FileError) { status = try descriptor.status() } catch { throw .file(error) }
      guard status.kind == .regular else { throw .notRegular(status.kind) }
      size = Int(status.size)
    }
    let first = try Self.beginning(of: descriptor)
    let compression = Compression(beginning: first.span, name: descriptor.path.bytes)
    decompressor = try compression.map { kind throws(SourceError) in
      guard let codec = kind.codec else { throw .unsupported(kind) }
      guard let decompressor = Decompressor(kind, codec) else {
        throw .file(FileError(code: ENOMEM, operation: .read, path: descriptor.path))
      }
      return decompressor
    }
    self.compression = compression
    head = compression == nil ? HeadSample(bytes: first) : nil
    raw = RawInput(descriptor, prefix: first, limit: compression == nil ? .max : limit ?? size)
  }

  private static func beginning(
    of descriptor: borrowing FileDescriptor
  ) throws(SourceError) -> [UInt8] {
    do throws(FileError) {
      return descriptor.isStream
        ? try descriptor.next(Self.streamBeginning, atLeast: 16)
        : try descriptor.upTo(HeadSample.capacity, at: 0)
    } catch { throw .file(error) }
  }

  /// What a pipe gave at the first look, at most this much; nothing of a file.
  package var beginning: [UInt8] { raw.prefix }
  private static let streamBeginning = 64 << 10

  package var isStream: Bool { raw.isStream }
  package var path: Path { raw.descriptor.path }

  package func status() throws(FileError) -> FileStatus { try raw.descriptor.status() }

  /// Whether a plain file says before the checkpoint what it said when that was made.
  package func anchorMatches(_ checkpoint: Checkpoint) throws(FileError) -> Bool {
    try checkpoint.anchorMatches(raw.descriptor)
  }

  func begins(with head: Fingerprint, checkpoint: Checkpoint) throws(FileError) -> Bool {
    guard compression == nil, !raw.isStream else { return true }
    let now = HeadSample(bytes: try raw.descriptor.upTo(head.length, at: 0))
    guard now.continues(head) else { return false }
    if checkpoint.offset <= head.length { return true }
    return try anchorMatches(checkpoint)
  }

  /// The last bytes of the file, as those of a gzip file; nil when it is too short.
  package func gzipTrailer() throws(FileError) -> GzipTrailer? {
    try GzipTrailer(raw.descriptor, endingAt: raw.limit)
  }

  /// The same open file from its beginning; of a stream there is none.
  package func reopened() throws(SourceError) -> ByteSource {
    let descriptor: FileDescriptor
    do throws(FileError) { descriptor = try raw.descriptor.duplicate() } catch {
      throw .file(error)
    }
    return try ByteSource(descriptor, behind: nil, endingAt: raw.limit)
  }

  /// Bytes behind the last member of a compressed file that belong to nothing.
  package var trailingBytes: Int { decompressor?.trailingBytes ?? 0 }

  /// How many compressed members have been read to their end.
  package var members: Int { decompressor?.members ?? 0 }

  /// The first bytes of the content, wherever `position` is.
  package mutating func headSample() throws(SourceError) -> HeadSample {
    if let head { return head }
    var bytes = [UInt8](repeating: 0, count: HeadSample.capacity)
    var filled = 0
    while filled < bytes.count {
      var span = bytes.mutableSpan
      let count = try unsafe span.withUnsafeMutableBytes { buffer throws(SourceError) in
        try unsafe readContent(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      }
      if count == 0 { break }
      filled += count
    }
    let sample = HeadSample(bytes: bytes[..<filled])
    head = sample
    pending = sample.bytes[...]
    return sample
  }

  /// The next bytes; 0 at the end, of which `end` then tells the kind.
  package mutating func read(into buffer: inout MutableSpan<UInt8>) throws(SourceError) -> Int {
    try unsafe buffer.withUnsafeMutableBytes { bytes throws(SourceError) in
      try unsafe read(into: bytes)
    }
  }

  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
    if head == nil { _ = try headSample() }
    if !history.isEmpty { history = [] }
    let count: Int
    if !pending.isEmpty {
      count = min(pending.count, buffer.count)
      unsafe buffer.copyBytes(from: pending.prefix(count))
      pending = pending.dropFirst(count)
    } else {
      count = try unsafe readContent(into: buffer)
      if count == 0 && buffer.count > 0 { end = decompressor?.end ?? .complete }
    }
    position += count
    return count
  }

  private mutating func readContent(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(SourceError) -> Int {
    if let decompressor { return try unsafe decompressor.read(from: &raw, into: buffer) }
    return try unsafe raw.read(into: buffer)
  }

  /// Back to the beginning; a stream must not have been read.
  package mutating func rewind() {
    raw.seek(to: 0)
    decompressor?.rewind()
    head = decompressor == nil ? head : nil
    pending = []
    history = []
    position = 0
    end = nil
  }

  /// Goes to `offset`, backwards too, and returns the position reached: less than `offset` when the
  /// content ends before.
  ///
  /// What is compressed is decompressed on the way; `crc`, which must be that of the bytes before `position` (of
  /// none, after going back), then covers what was passed. A plain file is not read and leaves
  /// `crc` alone.
  package mutating func skip(to offset: Int, crc: inout CRC32) throws(SourceError) -> Int {
    if compression == nil && !raw.isStream {
      let tail = min(Checkpoint.anchorCapacity, offset)
      do throws(FileError) {
        history = try raw.descriptor.upTo(tail, at: offset - tail)
      } catch { throw .file(error) }
      let reached = history.count == tail ? offset : offset - tail + history.count
      raw.seek(to: reached)
      position = reached
      end = nil
      return reached
    }
    if offset < position {
      rewind()
      crc = CRC32()
    }
    return try pass(to: offset, crc: &crc)
  }

  /// Reads up to `offset` and keeps the last 1,024 bytes passed as `history`.
  private mutating func pass(to offset: Int, crc: inout CRC32) throws(SourceError) -> Int {
    var tail = history
    var block = [UInt8](repeating: 0, count: 64 << 10)
    while position < offset {
      let wanted = min(block.count, offset - position)
      var span = block.mutableSpan
      let count = try unsafe span.withUnsafeMutableBytes { buffer throws(SourceError) in
        let part = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
        let count = try unsafe read(into: part)
        unsafe crc.update(UnsafeRawBufferPointer(rebasing: part[..<count]))
        return count
      }
      if count == 0 { break }
      tail.append(contentsOf: block[..<count])
      tail.removeFirst(max(0, tail.count - Checkpoint.anchorCapacity))
    }
    history = tail
    return position
  }

  /// Reads the content from its beginning up to `limit` or its end: the checkpoint there.
  package mutating func content(upTo limit: Int) throws(SourceError) -> Checkpoint {
    rewind()
    var crc = CRC32()
    let length = try pass(to: limit, crc: &crc)
    return Checkpoint(
      offset: length, crc32: crc.value, anchorLength: history.count,
      anchorHash: SHA256.prefix64(of: history.span))
  }

  /// Jumps over a hole of a plain file; the bytes jumped over are NUL.
  ///
  /// Nil when the file has nothing but a hole from here on.
  mutating func skipHole() -> Int? {
    guard compression == nil && !raw.isStream else { return 0 }
    guard let next = raw.descriptor.nextData(from: position) else { return nil }
    let jumped = next - position
    raw.seek(to: next)
    position = next
    return jumped
  }
}
