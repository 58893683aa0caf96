import LogModel
import Testing

@Suite struct SHA256Tests {
  /// The first two are FIPS 180-4's examples; all were checked against sha256sum.
  static let cases: [(text: String, prefix: UInt64)] = [
    ("abc", 0xba78_16bf_8f01_cfea),
    ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 0x248d_6a61_d206_38b8),
    ("", 0xe3b0_c442_98fc_1c14),
    (String(repeating: "a", count: 55), 0x9f4390f8d30c2dd9),
    (String(repeating: "a", count: 64), 0xffe054fe7ae0cb6d),
  ]

  @Test(arguments: cases) func `the digest begins as the standard says`(
    _ example: (text: String, prefix: UInt64)
  ) {
    #expect(SHA256.prefix64(of: example.text) == example.prefix)
  }

  @Test func `the hashes of all beginnings are those of each`() {
    let bytes = (0..<1024).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    let lengths = Array(0...1024)
    let each = lengths.map { SHA256.prefix64(of: bytes.span.extracting(first: $0)) }
    #expect(SHA256.prefixes64(of: bytes.span, lengths: lengths) == each)
  }
}
