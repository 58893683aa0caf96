/// Reading bytes of a line: words for the loops that must be fast, and the classes of ASCII.
extension Span<UInt8> {
  /// The eight bytes from `index` on, the first in the lowest byte; they must lie inside the span.
  @inline(__always)
  func word64(at index: Int) -> UInt64 {
    precondition(index >= 0 && index &+ 8 <= count)
    return unsafe UInt64(
      littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
  }

  @inline(__always)
  func word16(at index: Int) -> UInt16 {
    precondition(index >= 0 && index &+ 2 <= count)
    return unsafe UInt16(
      littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt16.self))
  }

  /// Whether the other one, of the same length, has the same bytes.
  package func isEqual(to other: Span<UInt8>) -> Bool {
    var index = 0
    while index &+ 8 <= count {
      if word64(at: index) != other.word64(at: index) { return false }
      index &+= 8
    }
    while index < count {
      if self[index] != other[index] { return false }
      index &+= 1
    }
    return true
  }

  /// The byte at `index`, or 0 outside the span.
  @inline(__always)
  func byte(_ index: Int) -> UInt8 { index >= 0 && index < count ? self[index] : 0 }

  /// The two digits at `index`; nil when there are none.
  @inline(__always)
  func twoDigits(at index: Int) -> Int? {
    let tens = byte(index) &- 0x30
    let ones = byte(index &+ 1) &- 0x30
    return tens <= 9 && ones <= 9 ? Int(tens) &* 10 &+ Int(ones) : nil
  }

  func fourDigits(at index: Int) -> Int? {
    guard let high = twoDigits(at: index), let low = twoDigits(at: index + 2) else { return nil }
    return high * 100 + low
  }

  /// The first place of `byte` in `range`.
  func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
    var index = range.lowerBound
    let pattern = 0x0101_0101_0101_0101 &* UInt64(byte)
    while index &+ 8 <= range.upperBound {
      let hits = zeroBytes(word64(at: index) ^ pattern)
      if hits != 0 { return index &+ hits.trailingZeroBitCount >> 3 }
      index &+= 8
    }
    while index < range.upperBound {
      if self[index] == byte { return index }
      index &+= 1
    }
    return nil
  }

  /// Where `text` first begins in `range`.
  func firstIndex(of text: String, in range: Range<Int>) -> Int? {
    guard let first = text.utf8.first else { return range.lowerBound }
    var start = range.lowerBound
    while let place = firstIndex(of: first, in: start..<range.upperBound) {
      if place + text.utf8.count > range.upperBound { return nil }
      if hasPrefix(text, at: place) { return place }
      start = place + 1
    }
    return nil
  }

  func hasPrefix(_ text: String, at index: Int) -> Bool {
    guard index >= 0, index + text.utf8.count <= count else { return false }
    var place = index
    for byte in text.utf8 {
      if self[place] != byte { return false }
      place += 1
    }
    return true
  }

  /// The index of the first byte at or behind `index` that is neither space nor tab.
  @inline(__always)
  func skippingBlanks(_ index: Int) -> Int {
    var index = index
    while index < count, self[index] == 0x20 || self[index] == 0x09 { index &+= 1 }
    return index
  }

  /// The index of the next space at or behind `index`, or the end.
  @inline(__always)
  func tokenEnd(_ index: Int) -> Int {
    var index = index
    while index < count, self[index] != 0x20 { index &+= 1 }
    return index
  }

  /// The line without one trailing carriage return.
  @inline(__always)
  var textEnd: Int { count > 0 && self[count &- 1] == 0x0D ? count &- 1 : count }

  func array(_ range: Range<Int>) -> [UInt8] {
    let part = extracting(range)
    return unsafe part.withUnsafeBufferPointer { unsafe Array($0) }
  }

  /// The bytes of `range` as text; what is not UTF-8 becomes U+FFFD.
  func text(_ range: Range<Int>) -> String { String(decoding: array(range), as: UTF8.self) }
}

/// The high bit of each byte that is zero; bits above the lowest one set may be wrong.
@inline(__always)
func zeroBytes(_ word: UInt64) -> UInt64 {
  (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
}

extension UInt8 {
  @inline(__always)
  var isDigit: Bool { self &- 0x30 <= 9 }

  @inline(__always)
  var isLetter: Bool { (self | 0x20) &- 0x61 <= 25 }

  @inline(__always)
  var isUppercase: Bool { self &- 0x41 <= 25 }

  /// Whether the byte can be part of an identifier or of a word outside ASCII.
  @inline(__always)
  var isWord: Bool { isLetter || isDigit || self == 0x5F || self >= 0x80 }
}
