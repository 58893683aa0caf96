/// SHA-256 (FIPS 180-4), for short inputs: the head and the anchor of a file, the text of a pattern.
package struct SHA256 {
  /// The first eight bytes of the digest, big-endian.
  package static func prefix64(of bytes: Span<UInt8>) -> UInt64 {
    var blocks = Blocks()
    return blocks.prefix64(of: bytes, length: bytes.count)
  }

  /// The same of the bytes before each of `lengths`, which ascend, at about the cost of the longest.
  package static func prefixes64(of bytes: Span<UInt8>, lengths: [Int]) -> [UInt64] {
    var blocks = Blocks()
    var hashes: [UInt64] = []
    hashes.reserveCapacity(lengths.count)
    for length in lengths { hashes.append(blocks.prefix64(of: bytes, length: length)) }
    return hashes
  }

  /// The whole blocks hashed so far.
  private struct Blocks {
    var state = initialState
    var end = 0

    mutating func prefix64(of bytes: Span<UInt8>, length: Int) -> UInt64 {
      while end + 64 <= length {
        compress(&state, bytes.extracting(end..<end + 64))
        end += 64
      }
      return finish(state, bytes.extracting(end..<length), length)
    }
  }

  /// Hashes the rest, a one bit, zeros, and the length in bits in the last eight bytes of a block.
  private static func finish(
    _ blocks: InlineArray<8, UInt32>, _ rest: Span<UInt8>, _ length: Int
  ) -> UInt64 {
    var state = blocks
    let end = rest.count < 56 ? 64 : 128
    var padded = InlineArray<128, UInt8>(repeating: 0)
    for index in rest.indices { padded[index] = rest[index] }
    padded[rest.count] = 0x80
    let bitCount = UInt64(length) * 8
    for index in 0..<8 {
      padded[end - 8 + index] = UInt8(truncatingIfNeeded: bitCount >> (56 - 8 * index))
    }
    compress(&state, padded.span.extracting(0..<64))
    if end == 128 { compress(&state, padded.span.extracting(64..<128)) }
    return UInt64(state[0]) << 32 | UInt64(state[1])
  }

  package static func prefix64(of text: String) -> UInt64 { prefix64(of: Array(text.utf8).span) }

  private static func compress(_ state: inout InlineArray<8, UInt32>, _ block: Span<UInt8>) {
    var schedule = InlineArray<64, UInt32>(repeating: 0)
    for index in 0..<16 {
      schedule[index] =
        UInt32(block[4 * index]) << 24 | UInt32(block[4 * index + 1]) << 16
        | UInt32(block[4 * index + 2]) << 8 | UInt32(block[4 * index + 3])
    }
    for index in 16..<64 {
      let early = schedule[index - 15]
      let late = schedule[index - 2]
      schedule[index] =
        schedule[index - 16] &+ (rotate(early, 7) ^ rotate(early, 18) ^ early >> 3)
        &+ schedule[index - 7] &+ (rotate(late, 17) ^ rotate(late, 19) ^ late >> 10)
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for index in 0..<64 {
      let first =
        h &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) &+ (e & f ^ ~e & g)
        &+ constants[index] &+ schedule[index]
      let second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ (a & b ^ a & c ^ b & c)
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ second)
    }
    state[0] &+= a
    state[1] &+= b
    state[2] &+= c
    state[3] &+= d
    state[4] &+= e
    state[5] &+= f
    state[6] &+= g
    state[7] &+= h
  }

  private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word >> count | word << (32 - count)
  }

  private static let initialState: InlineArray<8, UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
    0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]

  private static let constants: InlineArray<64, UInt32> = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
  ]
}
