import Glibc

/// Where text goes: a file descriptor behind a buffer, or memory.
///
/// The process has to ignore SIGPIPE for `isClosed` to be seen. Nothing is flushed by `deinit`.
package final class TextSink {
  /// The reader has gone away: nothing more is written, and the caller may stop with success.
  package private(set) var isClosed = false
  /// `errno` of the first write that failed for another reason; nothing more is written after it.
  package private(set) var failure: Int32?
  private let descriptor: Int32?
  private let capacity: Int
  private var buffer: [UInt8] = []

  /// Writes to `descriptor`, which stays the caller's to close.
  package init(descriptor: Int32, capacity: Int = 1 << 16) {
    self.descriptor = descriptor
    self.capacity = capacity
    buffer.reserveCapacity(capacity + capacity / 4)
  }

  /// Keeps everything in memory.
  package init() {
    descriptor = nil
    capacity = 0
  }

  /// What has been written and not been flushed; of a sink in memory, everything.
  package var text: String { String(decoding: buffer, as: UTF8.self) }

  package func write(_ text: String) {
    buffer.append(contentsOf: text.utf8)
    flushIfFull()
  }

  package func write(_ bytes: some Sequence<UInt8>) {
    buffer.append(contentsOf: bytes)
    flushIfFull()
  }

  package func write(_ byte: UInt8) { buffer.append(byte) }

  package func flush() {
    guard let descriptor else { return }
    if !isClosed, failure == nil { writeAll(to: descriptor) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func flushIfFull() {
    if descriptor != nil, buffer.count >= capacity { flush() }
  }

  private func writeAll(to descriptor: Int32) {
    unsafe buffer.withUnsafeBytes { bytes in
      var rest = unsafe bytes[...]
      while unsafe !rest.isEmpty {
        let written = unsafe Glibc.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written >= 0 {
          unsafe rest = unsafe rest.dropFirst(written)
          continue
        }
        switch errno {
        case EINTR: continue
        case EAGAIN: waitUntilWritable(descriptor)
        case EPIPE:
          isClosed = true
          return
        default:
          failure = errno
          return
        }
      }
    }
  }

  private func waitUntilWritable(_ descriptor: Int32) {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = unsafe poll(&request, 1, -1)
  }
}
