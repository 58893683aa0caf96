/// Reading bytes of JSON, in words where that is faster.
extension Span<UInt8> {
  /// The eight bytes from `index` on, the first in the lowest byte; they must lie inside the span.
  @inline(__always)
  func word64(at index: Int) -> UInt64 {
    precondition(index >= 0 && index &+ 8 <= count)
    return unsafe UInt64(
      littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
  }

  /// The byte at `index`, or 0 outside the span.
  @inline(__always)
  func byte(_ index: Int) -> UInt8 { index >= 0 && index < count ? self[index] : 0 }

  /// The first backslash at or behind `start`, or the end.
  package func firstBackslash(from start: Int) -> Int {
    var index = start
    while index &+ 8 <= count {
      let hits = zeroBytes(word64(at: index) ^ 0x5C5C_5C5C_5C5C_5C5C)
      if hits != 0 { return index &+ hits.trailingZeroBitCount >> 3 }
      index &+= 8
    }
    while index < count, self[index] != 0x5C { index &+= 1 }
    return index
  }

  package func hasPrefix(_ text: String, at start: Int) -> Bool {
    guard start >= 0, start + text.utf8.count <= count else { return false }
    var index = start
    for byte in text.utf8 {
      if self[index] != byte { return false }
      index += 1
    }
    return true
  }
}

/// The high bit of each byte that is zero; bits above the lowest one set may be wrong.
@inline(__always)
func zeroBytes(_ word: UInt64) -> UInt64 {
  (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
}

extension UInt8 {
  @inline(__always)
  var isDigit: Bool { self &- 0x30 <= 9 }
}
