/// A fixed set of short ASCII keys, found regardless of case in the bytes of a line.
///
/// Keys of up to 32 bytes are four words, folded to lower case by setting bit 5 of every byte; a
/// key that differs only in that bit (`` ` `` for `@`) is taken for its sibling.
package struct KeyTable: Sendable {
  private struct Key: Equatable {
    var first: UInt64 = 0
    var second: UInt64 = 0
    var third: UInt64 = 0
    var fourth: UInt64 = 0
    var count = 0

    @inline(__always)
    var hash: Int {
      let mixed =
        (first ^ second &* 0x9E37_79B9_7F4A_7C15 ^ third &* 0xC2B2_AE3D_27D4_EB4F
          ^ fourth ^ UInt64(truncatingIfNeeded: count)) &* 0xFF51_AFD7_ED55_8CCD
      return Int(truncatingIfNeeded: mixed >> 56)
    }
  }

  /// Which of `keys` stands where, from 1 on: most of the keys that are asked for are not in the table,
  /// and 256 bytes tell.
  private var slots = [UInt8](repeating: 0, count: 256)
  private var keys: [(key: Key, value: UInt8)] = []
  private static let longest = 32

  /// `entries` are fewer than 200 keys of at most 32 bytes, the values not 0.
  package init(_ entries: [(key: String, value: UInt8)]) {
    precondition(entries.count < 200)
    for entry in entries {
      let bytes = Array(entry.key.utf8)
      let key = Self.key(bytes.span, 0..<bytes.count)
      keys.append((key, entry.value))
      var index = key.hash
      while slots[index] != 0 { index = (index + 1) & 255 }
      slots[index] = UInt8(keys.count)
    }
  }

  /// The value of the key that stands in `range`; 0 when it is not in the table.
  package func value(_ line: Span<UInt8>, _ range: Range<Int>) -> UInt8 {
    guard range.count <= Self.longest else { return 0 }
    let key = Self.key(line, range)
    var index = key.hash
    while slots[index] != 0 {
      let found = keys[Int(slots[index]) - 1]
      if found.key == key { return found.value }
      index = (index &+ 1) & 255
    }
    return 0
  }

  @inline(__always)
  private static func key(_ line: Span<UInt8>, _ range: Range<Int>) -> Key {
    var key = Key()
    key.count = range.count
    key.first = word(line, range.lowerBound, min(range.count, 8))
    if range.count > 8 { key.second = word(line, range.lowerBound &+ 8, min(range.count &- 8, 8)) }
    if range.count > 16 {
      key.third = word(line, range.lowerBound &+ 16, min(range.count &- 16, 8))
    }
    if range.count > 24 { key.fourth = word(line, range.lowerBound &+ 24, range.count &- 24) }
    return key
  }

  @inline(__always)
  private static func word(_ line: Span<UInt8>, _ start: Int, _ count: Int) -> UInt64 {
    if count == 0 { return 0 }
    let mask = UInt64.max >> (64 &- 8 &* UInt64(count))
    if start &+ 8 <= line.count {
      return (line.word64(at: start) | 0x2020_2020_2020_2020) & mask
    }
    var result: UInt64 = 0
    for index in 0..<count { result |= UInt64(line[start + index]) << (8 * UInt64(index)) }
    return (result | 0x2020_2020_2020_2020) & mask
  }
}
