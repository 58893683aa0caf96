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
}
