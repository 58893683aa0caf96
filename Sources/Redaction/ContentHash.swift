import LogModel

/// A keyed hash of what was said: SHA-256 of the key and the text, its first 64 bits.
///
/// Whoever has the store but not the key can neither guess a short text nor check a guess. The cut
/// leaves nothing of the state that another text could be appended to.
struct ContentHash {
  /// One block of SHA-256.
  private let block: [UInt8]

  init(key: [UInt8]) {
    block = Array(key.prefix(64)) + Array(repeating: 0, count: max(0, 64 - key.count))
  }

  func mark(_ text: ArraySlice<UInt8>) -> ReplacementMark {
    let keyed = block + text
    return .hash(SHA256.prefix64(of: keyed.span))
  }
}
