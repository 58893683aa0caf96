internal import CLinux
internal import Glibc
package import LogModel

/// A file open for reading; closed when the value goes away.
package struct FileDescriptor: ~Copyable {
  package let path: Path
  let number: Int32
  /// A pipe or a terminal, which can be read only once.
  let isStream: Bool

  /// Never blocks, not even on a FIFO without a writer.
  package init(opening path: Path) throws(FileError) {
    var number: Int32
    repeat {
      number = unsafe path.withCString {
        unsafe logbook_open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0)
      }
    } while number < 0 && errno == EINTR
    guard number >= 0 else { throw FileError(code: errno, operation: .open, path: path) }
    self.path = path
    self.number = number
    isStream = false
  }

  /// A descriptor of its own for standard input, which stays open.
  package static func standardInput() throws(FileError) -> FileDescriptor {
    let number = dup(STDIN_FILENO)
    guard number >= 0 else { throw FileError(code: errno, operation: .open, path: Path("-")) }
    return FileDescriptor(stream: number, path: Path("-"))
  }

  /// One of a pipe that gives nothing.
  package static func empty() throws(FileError) -> FileDescriptor {
    let path = Path("/dev/null")
    let number = unsafe path.withCString { unsafe logbook_open($0, O_RDONLY | O_CLOEXEC, 0) }
    guard number >= 0 else { throw FileError(code: errno, operation: .open, path: path) }
    return FileDescriptor(stream: number, path: path)
  }

  init(stream number: Int32, path: Path) {
    self.number = number
    self.path = path
    isStream = true
  }

  deinit { close(number) }

  /// The same open file, whatever its name leads to by now.
  package func duplicate() throws(FileError) -> FileDescriptor {
    let number = fcntl(number, F_DUPFD_CLOEXEC, 0)
    guard number >= 0 else { throw FileError(code: errno, operation: .open, path: path) }
    return FileDescriptor(number: number, path: path, isStream: isStream)
  }

  private init(number: Int32, path: Path, isStream: Bool) {
    self.number = number
    self.path = path
    self.isStream = isStream
  }

  package func status() throws(FileError) -> FileStatus {
    try FileStatus(descriptor: number, path: path)
  }

  /// Up to `buffer.count` bytes from `offset` on; 0 at the end of the file.
  package func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws(FileError) -> Int
  {
    try unsafe buffer.withUnsafeMutableBytes { bytes throws(FileError) in
      try unsafe read(at: offset, into: bytes)
    }
  }

  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    while true {
      let count = unsafe pread(number, buffer.baseAddress, buffer.count, offset)
      if count >= 0 { return count }
      if errno != EINTR { throw FileError(code: errno, operation: .read, path: path) }
    }
  }

  /// Exactly `count` bytes; nil when the file ends before.
  func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8]? {
    let bytes = try upTo(count, at: offset)
    return bytes.count == count ? bytes : nil
  }

  /// `count` bytes, or as many as there are before the end of the file.
  func upTo(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] {
    try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled throws(FileError) in
      filled = 0
      while filled < count {
        let rest = unsafe UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[filled..<count])
        let read = try unsafe read(at: offset + filled, into: rest)
        if read == 0 { break }
        filled += read
      }
    }
  }

  /// The next bytes of a pipe, at most `count`; fewer than `atLeast` only at its end.
  func next(_ count: Int, atLeast: Int) throws(FileError) -> [UInt8] {
    try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled throws(FileError) in
      filled = 0
      while filled < atLeast {
        let rest = unsafe UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[filled..<count])
        let read = try unsafe readNext(into: rest)
        if read == 0 { break }
        filled += read
      }
    }
  }

  /// The next bytes of a pipe or terminal; waits for them.
  func readNext(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    while true {
      let count = unsafe Glibc.read(number, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        var wait = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&wait, 1, -1)
      default: throw FileError(code: errno, operation: .read, path: path)
      }
    }
  }

  /// The offset of the next byte at or after `offset` that lies in no hole; nil when there is none.
  ///
  /// Where the file system cannot tell, `offset` itself.
  func nextData(from offset: Int) -> Int? {
    let found = logbook_seek_data(number, offset)
    if found >= 0 { return Int(found) }
    return errno == ENXIO ? nil : offset
  }
}
