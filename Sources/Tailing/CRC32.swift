internal import CDeflate
internal import CZlib

/// The running CRC-32 that gzip puts in its trailer; of no bytes it is 0.
@safe package struct CRC32: Hashable, Sendable {
  package private(set) var value: UInt32

  package init(_ value: UInt32 = 0) { self.value = value }

  package mutating func update(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { unsafe update($0) }
  }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    value = unsafe libdeflate_crc32(value, start, bytes.count)
  }

  /// The same as `count` NUL bytes, in O(log count): they only shift the register, which is the
  /// inverted CRC, and that shift is the first step of zlib's combination.
  package mutating func update(zeros count: Int) {
    guard count > 0 else { return }
    value = ~UInt32(truncatingIfNeeded: crc32_combine(uLong(~value), 0, count))
  }
}
