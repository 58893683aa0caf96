import TestSupport
import Testing

@testable import Deflate

@Suite struct `Buffers and zlib streams` {
  private static func inflated(_ data: [UInt8], size: Int) -> [UInt8]? {
    let inflater = Inflater()
    var output: [UInt8] = [1, 2, 3]
    return inflater.inflate(data.span, size: size, into: &output) ? output : nil
  }

  /// Of few kinds of bytes, of all, or of one.
  private static func buffer(_ count: Int, kinds: UInt64, _ random: inout SeededRandom) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() % kinds) }
  }

  @Test(arguments: [0, 1, 2, 3, 7, 8, 64, 4095, 4096, 65_535, 65_536, 262_145, 3_000_000])
  func `come back as they were, however long`(_ count: Int) {
    var random = SeededRandom(seed: Seed.value)
    let quick = QuickDeflater()
    let first = Deflater(level: 1)
    let fourth = Deflater(level: 4)
    for kinds in [1, 3, 40, 256] as [UInt64] {
      let bytes = Self.buffer(count, kinds: kinds, &random)
      for stream in [
        quick.compress(bytes.span), first.compress(bytes.span), fourth.compress(bytes.span),
      ] {
        #expect(Self.inflated(stream, size: count) == bytes, "\(count) of \(kinds) kinds")
        #expect(stream.count <= count)
      }
    }
  }

  @Test func `are as good after one that did not become shorter`() {
    var random = SeededRandom(seed: Seed.value)
    let quick = QuickDeflater()
    for _ in 0..<50 {
      let noise = Self.buffer(Int(random.next() % 5000), kinds: 256, &random)
      #expect(quick.compress(noise.span) == noise)
      let text = Array(repeating: Array("a line of a log, ".utf8), count: 300).flatMap { $0 }
      let stream = quick.compress(text.span)
      #expect(stream.count < text.count / 20)
      #expect(Self.inflated(stream, size: text.count) == text)
    }
  }
}
