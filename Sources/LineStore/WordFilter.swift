/// A Bloom filter of a chunk's words (`WordKeys`): it says of a word that the chunk does not hold it,
/// or that it may.
///
/// A row of `chunk_word`: bit `n` is bit `n & 7` of byte `n >> 3`. No bytes at all hold no word, and
/// set bits alone any.
package enum WordFilter {
  /// Together with `hashes`: one word in a hundred that is not there passes.
  private static let bitsPerKey = 10
  private static let hashes = 4
  /// A chunk with many words has fewer bits for each: no filter is more than this part of its chunk.
  private static let maxShare = 16
  private static let minLimit = 256

  /// The filter of `keys` for a chunk that is stored in `size` bytes.
  static func bits(_ keys: borrowing WordKeys, chunkSize size: Int) -> [UInt8] {
    // Then the keys are not all.
    if keys.touchTime { return [0xFF] }
    let wanted = (keys.count * bitsPerKey + 7) / 8
    var bits = [UInt8](repeating: 0, count: min(wanted, max(size / maxShare, minLimit)))
    let count = UInt64(bits.count) * 8
    keys.forEach { key in
      for hash in 0..<hashes {
        let place = place(key, hash, of: count)
        bits[place >> 3] |= 1 << UInt8(place & 7)
      }
    }
    return bits
  }

  /// Whether the chunk may hold the word with this key.
  static func mayHold(_ key: UInt64, _ bits: Span<UInt8>) -> Bool {
    guard bits.count > 0 else { return false }
    let count = UInt64(bits.count) * 8
    for hash in 0..<hashes {
      let place = place(key, hash, of: count)
      guard bits[place >> 3] & 1 << UInt8(place & 7) != 0 else { return false }
    }
    return true
  }

  /// How many of the words the filter denies.
  package static func missing(_ keys: borrowing WordKeys, in bits: Span<UInt8>) -> Int {
    var missing = 0
    if keys.touchTime, !bits.indices.allSatisfy({ bits[$0] == 0xFF }) || bits.isEmpty {
      missing += 1
    }
    keys.forEach { if !mayHold($0, bits) { missing += 1 } }
    return missing
  }

  /// Double hashing: two halves of the key make all places.
  private static func place(_ key: UInt64, _ hash: Int, of count: UInt64) -> Int {
    let step = key >> 32 | 1
    let sum = UInt32(truncatingIfNeeded: key &+ UInt64(hash) &* step)
    return Int(truncatingIfNeeded: (UInt64(sum) &* count) >> 32)
  }
}
