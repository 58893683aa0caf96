/// The bytes of a file as they lie there, one after the other.
struct RawInput: ~Copyable {
  let descriptor: FileDescriptor
  var isStream: Bool { descriptor.isStream }
  /// Of the next byte.
  private(set) var offset = 0
  /// What a look at the beginning took out of a stream.
  let prefix: [UInt8]
  /// A file is read up to here.
  let limit: Int

  init(_ descriptor: consuming FileDescriptor, prefix: [UInt8], limit: Int = .max) {
    self.prefix = descriptor.isStream ? prefix : []
    self.limit = limit
    self.descriptor = descriptor
  }

  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
    let count: Int
    do throws(FileError) {
      if !isStream {
        let wanted = min(buffer.count, max(0, limit - offset))
        count = try unsafe descriptor.read(
          at: offset, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
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
