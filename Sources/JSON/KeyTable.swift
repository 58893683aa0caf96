/// A fixed set of short ASCII keys, found regardless of case in the bytes of a line.
///
/// Keys of up to 32 bytes are four words, folded to lower case by setting bit 5 of every byte; a
/// key that differs only in that bit (`` ` `` for `@`) is taken for its sibling.
package struct KeyTable: Sendable {
  @usableFromInline struct Slot {
    @usableFromInline var key = Key()
    @usableFromInline var value: UInt8 = 0
  }

  @usableFromInline struct Key: Equatable {
    @usableFromInline var first: UInt64 = 0
    @usableFromInline var second: UInt64 = 0
    @usableFromInline var third: UInt64 = 0
    @usableFromInline var fourth: UInt64 = 0
    @usableFromInline var count = 0

    @inlinable init() {}

    @inlinable static func == (left: Key, right: Key) -> Bool {
      left.first == right.first && left.second == right.second && left.third == right.third
        && left.fourth == right.fourth && left.count == right.count
    }

    @inlinable @inline(__always)
    var hash: Int {
      let mixed =
        (first ^ second &* 0x9E37_79B9_7F4A_7C15 ^ third &* 0xC2B2_AE3D_27D4_EB4F
          ^ fourth ^ UInt64(truncatingIfNeeded: count)) &* 0xFF51_AFD7_ED55_8CCD
      return Int(truncatingIfNeeded: mixed >> 56)
    }
  }

  @usableFromInline var slots = [Slot](repeating: Slot(), count: 256)
  @inlinable static var longest: Int { 32 }

  /// `entries` are fewer than 200 keys of at most 32 bytes, the values not 0.
  package init(_ entries: [(key: String, value: UInt8)]) {
    for entry in entries {
      let bytes = Array(entry.key.utf8)
      let key = Self.key(bytes.span, 0..<bytes.count)
      var index = key.hash
      while slots[index].value != 0 { index = (index + 1) & 255 }
      slots[index] = Slot(key: key, value: entry.value)
    }
  }

  /// The value of the key that stands in `range`; 0 when it is not in the table.
  @inlinable @inline(__always)
  package func value(_ line: Span<UInt8>, _ range: Range<Int>) -> UInt8 {
    guard range.count <= Self.longest else { return 0 }
    let key = Self.key(line, range)
    var index = key.hash
    while true {
      let slot = slots[index]
      if slot.value == 0 || slot.key == key { return slot.value }
      index = (index &+ 1) & 255
    }
  }

  @inlinable @inline(__always)
  static func key(_ line: Span<UInt8>, _ range: Range<Int>) -> Key {
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

  @inlinable @inline(__always)
  static func word(_ line: Span<UInt8>, _ start: Int, _ count: Int) -> UInt64 {
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
