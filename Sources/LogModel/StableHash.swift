/// A 64-bit hash that is stored: equal for equal input in every version of the program.
///
/// Words are folded by 128-bit products as in wyhash (Wang Yi, https://github.com/wangyi-fudan/wyhash).
/// It is fast and no protection against an adversary; SHA-256 is for content that must be told apart.
package struct StableHash: Sendable {
  private var state: UInt64 = 0x2D35_8DCC_AA6C_78A5

  package init() {}

  package mutating func add(_ word: UInt64) {
    let (high, low) = (state ^ 0x8BB8_4B93_962E_ACC9).multipliedFullWidth(
      by: word ^ 0x4B33_A62E_D433_D4A3)
    state = high ^ low ^ state &* 0x9E37_79B9_7F4A_7C15
  }

  /// Two words in one product.
  private mutating func add(_ first: UInt64, _ second: UInt64) {
    let (high, low) = (state ^ first ^ 0x8BB8_4B93_962E_ACC9).multipliedFullWidth(
      by: second ^ 0x4B33_A62E_D433_D4A3)
    state = high ^ low ^ state &* 0x9E37_79B9_7F4A_7C15
  }

  /// Long texts go in by four pairs of words at a time, which do not wait for each other.
  package mutating func add(_ bytes: Span<UInt8>) {
    func word(_ index: Int) -> UInt64 {
      unsafe UInt64(
        littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }
    var index = 0
    if bytes.count >= 128 {
      var lanes = (StableHash(), StableHash(), StableHash(), StableHash())
      while index &+ 64 <= bytes.count {
        lanes.0.add(word(index), word(index &+ 8))
        lanes.1.add(word(index &+ 16), word(index &+ 24))
        lanes.2.add(word(index &+ 32), word(index &+ 40))
        lanes.3.add(word(index &+ 48), word(index &+ 56))
        index &+= 64
      }
      add(lanes.0.state)
      add(lanes.1.state)
      add(lanes.2.state)
      add(lanes.3.state)
    }
    while index &+ 8 <= bytes.count {
      add(word(index))
      index &+= 8
    }
    var rest: UInt64 = 0
    while index < bytes.count {
      rest = rest << 8 | UInt64(bytes[index])
      index &+= 1
    }
    add(rest)
    add(UInt64(truncatingIfNeeded: bytes.count))
  }

  /// Nil is something else than an empty text.
  package mutating func add(_ text: String?) {
    guard let text else { return add(UInt64.max) }
    var word: UInt64 = 0
    var count: UInt64 = 0
    for byte in text.utf8 {
      word = word << 8 | UInt64(byte)
      count &+= 1
      if count & 7 == 0 { add(word) }
    }
    add(word)
    add(count)
  }

  package var value: Int64 {
    var hash = self
    hash.add(0)
    return Int64(bitPattern: hash.state)
  }
}
