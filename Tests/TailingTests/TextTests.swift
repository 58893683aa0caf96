import LogModel
import TestSupport
import Testing

@testable import Tailing

@Suite struct TextTests {
  @Test(arguments: 1...200) func `sanitized text is what Swift would repair`(_ seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    // Bytes at the borders of UTF-8's ranges, and runs that reach the fast path.
    let borders: [UInt8] = [
      0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC,
      0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
    ]
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 0...40, using: &random) {
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes += Array(repeating: 0x61, count: Int.random(in: 1...40, using: &random))
      case 1: bytes += Array("é日😀".utf8)
      default: bytes.append(borders.randomElement(using: &random) ?? 0)
      }
    }
    let repaired = String(decoding: bytes, as: UTF8.self)
    let expected = repaired.unicodeScalars.flatMap { Array(String($0 == "\0" ? "␀" : $0).utf8) }
    #expect(cleaned(bytes) == expected, "seed \(seed)")
    #expect(isClean(bytes) == (bytes == expected), "seed \(seed)")
  }

  @Test func `one bad byte is seen wherever it stands`() {
    for length in 1...70 {
      for place in 0..<length {
        for bad: UInt8 in [0, 0x80, 0xC3, 0xFF] {
          var bytes = [UInt8](repeating: 0x7F, count: length)
          #expect(isClean(bytes))
          bytes[place] = bad
          #expect(!isClean(bytes), "\(bad) at \(place) of \(length)")
        }
      }
    }
  }

  @Test func `binary files are told from odd logs`() {
    let cases: [(name: String, bytes: [UInt8], isBinary: Bool)] = [
      ("empty", [], false), ("text", Array("hello\n".utf8), false),
      ("ELF", [0x7F, 0x45, 0x4C, 0x46, 2], true), ("PDF", Array("%PDF-1.7".utf8), true),
      ("SQLite", Array("SQLite format 3\0".utf8), true),
      ("controls", Array(repeating: [1, 2, 0x41], count: 300).flatMap { $0 }, true),
      ("few controls", Array(repeating: [1, 0x41, 0x42, 0x43], count: 300).flatMap { $0 }, false),
      ("short", Array(repeating: 1, count: 511), false),
      ("hole", Array(repeating: 0, count: 1024), false),
      ("colours", Array(repeating: [0x1B, 0x5B, 0x6D], count: 300).flatMap { $0 }, false),
      ("UTF-16", [0xFF, 0xFE] + Array(repeating: [0x41, 0], count: 400).flatMap { $0 }, false),
      ("Chinese", Array(String(repeating: "日本", count: 200).utf8), false),
    ]
    for (name, bytes, isBinary) in cases {
      #expect(BinarySniffer.looksBinary(HeadSample(bytes: bytes)) == isBinary, "\(name)")
    }
  }
}
