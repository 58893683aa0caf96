internal import LogModel

/// How far a file was read, with what it takes to recognise the place again.
package struct Checkpoint: Hashable, Sendable {
  /// The anchor is made of at most so many bytes. (With 1,024 no two line ends of the sample logs
  /// collide; with 32 most do.)
  package static let anchorCapacity = 1024

  /// In decompressed bytes.
  package var offset: Int
  /// Of all bytes before `offset`.
  package var crc32: UInt32
  /// `min(1024, offset)`.
  package var anchorLength: Int
  /// Of the `anchorLength` bytes before `offset`.
  package var anchorHash: UInt64
  /// `offset` lies in the rest of an over-long line, whose beginning was handed out.
  package var isInsideOverlong: Bool
  /// How many of the bytes before `offset` were never handed out: NUL holes and what was cut off
  /// over-long lines, line ends included.
  package var bytesSkipped: Int

  package init(
    offset: Int, crc32: UInt32, anchorLength: Int, anchorHash: UInt64,
    isInsideOverlong: Bool = false, bytesSkipped: Int = 0
  ) {
    self.offset = offset
    self.crc32 = crc32
    self.anchorLength = anchorLength
    self.anchorHash = anchorHash
    self.isInsideOverlong = isInsideOverlong
    self.bytesSkipped = bytesSkipped
  }

  /// The beginning of a file.
  package static let start = Checkpoint(
    offset: 0, crc32: 0, anchorLength: 0, anchorHash: SHA256.prefix64(of: [UInt8]().span))

  /// A place to which a source has gone already, and at which nothing will be committed.
  package init(behind offset: Int) {
    self.init(offset: offset, crc32: 0, anchorLength: 0, anchorHash: 0)
  }

  /// The bytes that stand before `offset` now are those that stood there when the checkpoint was
  /// made; `bytes` may be longer than the anchor.
  package func anchorMatches(_ bytes: [UInt8]) -> Bool {
    bytes.count >= anchorLength
      && SHA256.prefix64(of: bytes.span.extracting(last: anchorLength)) == anchorHash
  }

  /// The same for a plain file, by one read of at most 1 KiB.
  ///
  /// False when the file is shorter: that rests on the read and not on a size, which a network file
  /// system may report too small.
  package func anchorMatches(_ descriptor: borrowing FileDescriptor) throws(FileError) -> Bool {
    guard let bytes = try descriptor.bytes(at: offset - anchorLength, count: anchorLength) else {
      return false
    }
    return anchorMatches(bytes)
  }
}
