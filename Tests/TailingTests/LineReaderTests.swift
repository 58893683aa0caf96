import LogModel
import TestSupport
import Testing

@testable import Tailing

@Suite struct LineReaderTests {
  let scratch = Scratch()

  struct Case: Sendable, CustomTestStringConvertible {
    var content: String
    var lines: [String]
    var testDescription: String { content.debugDescription }
    init(_ content: String, _ lines: [String]) { (self.content, self.lines) = (content, lines) }
  }

  static let cases = [
    Case("", []),
    Case("\n", [""]),
    Case("\n\n\n", ["", "", ""]),
    Case("a", ["a"]),
    Case("a\nb", ["a", "b"]),
    Case("a\r\nb\r\n", ["a", "b"]),
    Case("a\r\r\nb\rc\n", ["a\r", "b\rc"]),
    Case("\r\n\n\r", ["", "", "\r"]),
    Case("\u{FEFF}a\n\u{FEFF}b\n", ["a", "\u{FEFF}b"]),
    Case("\u{FEFF}", []),
    Case("\u{FEFF}\nx", ["", "x"]),
    Case("a\0b\n", ["a\0b"]),
  ]

  @Test(arguments: cases) func `lines end at a line feed or at the end of the file`(_ example: Case)
    throws
  {
    let path = scratch.write("log", example.content)
    #expect(try Reading().texts(of: path) == example.lines)
    #expect(try Reading(readSize: { 1 }).texts(of: path) == example.lines)
  }

  @Test(arguments: 1...6) func `lines across the blocks of a large file stay whole`(_ seed: Int)
    throws
  {
    var random = SeededRandom(seed: UInt64(seed))
    var texts: [String] = []
    var content = ""
    while content.utf8.count < 1 << 20 {
      // Seldom a line longer than a block.
      let limit = Int.random(in: 0..<400, using: &random) == 0 ? 400_000 : 300
      let text = String(repeating: "k", count: Int.random(in: 0...limit, using: &random))
      texts.append(text)
      content += text + (Bool.random(using: &random) ? "\r\n" : "\n")
    }
    let path = scratch.write("log", content)
    var reader = try Reading().open(path)
    var count = 0
    while try reader.next() {
      let length = reader.line.count
      #expect(length == texts[count].utf8.count, "seed \(seed) line \(count)")
      count += 1
    }
    #expect(count == texts.count, "seed \(seed)")
    let whole = reader.commitPoint(at: reader.lineEnd)
    #expect(whole.crc32 == referenceCRCs(Array(content.utf8)).last)
  }
}
