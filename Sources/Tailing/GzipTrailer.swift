/// The last eight bytes of a gzip file (RFC 1952 §2.3.1).
///
/// They speak for the whole content only if the file has one member; of several, they describe the
/// last.
package struct GzipTrailer: Hashable, Sendable {
  package var crc32: UInt32
  /// Modulo 2³².
  package var size: UInt32

  /// Nil when the file is too short to be a gzip file.
  ///
  /// Does not look at its beginning, nor at what it has behind `limit`.
  package init?(
    _ descriptor: borrowing FileDescriptor, endingAt limit: Int = .max
  ) throws(FileError) {
    let end = min(limit, Int(try descriptor.status().size))
    guard end >= 18, let bytes = try descriptor.bytes(at: end - 8, count: 8) else { return nil }
    crc32 = Self.word(bytes, at: 0)
    size = Self.word(bytes, at: 4)
  }

  /// The file holds exactly the bytes before the checkpoint (but for a chance of 2⁻⁶⁴).
  package func matches(_ checkpoint: Checkpoint) -> Bool {
    crc32 == checkpoint.crc32 && size == UInt32(truncatingIfNeeded: checkpoint.offset)
  }

  private static func word(_ bytes: [UInt8], at index: Int) -> UInt32 {
    UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
      | UInt32(bytes[index + 3]) << 24
  }
}
