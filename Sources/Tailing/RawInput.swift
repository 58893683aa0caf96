/// The bytes of a file as they lie there, one after the other.
struct RawInput: ~Copyable {
  let descriptor: FileDescriptor
  /// Whether the descriptor is a pipe or a terminal, which can be read only once.
  let isStream: Bool
  /// Of the next byte.
  private(set) var offset = 0
  /// What a look at the beginning took out of a stream.
  private let prefix: [UInt8]

  init(_ descriptor: consuming FileDescriptor, isStream: Bool, prefix: [UInt8]) {
    self.descriptor = descriptor
    self.isStream = isStream
    self.prefix = prefix
  }

  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
    let count: Int
    do throws(FileError) {
      if !isStream {
        count = try unsafe descriptor.read(at: offset, into: buffer)
      } else if offset < prefix.count {
        count = min(prefix.count - offset, buffer.count)
        unsafe buffer.copyBytes(from: prefix[offset..<(offset + count)])
      } else {
        count = try unsafe descriptor.readNext(into: buffer)
      }
    } catch { throw .file(error) }
    offset += count
    return count
  }

  /// Without meaning for a stream that has been read past its prefix.
  mutating func seek(to offset: Int) { self.offset = offset }
}
