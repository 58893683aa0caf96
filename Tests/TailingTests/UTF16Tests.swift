import LogModel
import TestSupport
import Testing

@testable import Tailing

@Suite struct UTF16Tests {
  let scratch = Scratch()

  static func encode(_ text: String, _ encoding: TextEncoding, mark: Bool = true) -> [UInt8] {
    ((mark ? "\u{FEFF}" : "") + text).utf16.flatMap { unit -> [UInt8] in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
      return encoding == .utf16be ? [high, low] : [low, high]
    }
  }

  @Test(arguments: [TextEncoding.utf16le, .utf16be])
  func `lines come out as UTF-8, and reading resumes in the middle`(_ encoding: TextEncoding) throws
  {
    // U+0A0A and U+0D0A hold the bytes of line ends and are none.
    let texts = ["plain", "日本語 😀", "\u{0A0A}\u{0D0A}\u{010A}", "", "last \u{0100}"]
    let path = scratch.write("log", Self.encode(texts.joined(separator: "\r\n") + "\n", encoding))
    for size in [1, 2, 3, 7, 1000] {
      var reader = try Reading(readSize: { size }).open(path)
      var checkpoints: [Checkpoint] = []
      var found: [String] = []
      while try reader.next() {
        found.append(String(decoding: ReadLine(&reader).text, as: UTF8.self))
        checkpoints.append(reader.commitPoint(at: reader.lineEnd))
      }
      #expect(found == texts)
      let used = reader.encoding
      #expect(used == encoding)
      for (index, checkpoint) in checkpoints.enumerated() {
        let rest = try Reading(checkpoint: checkpoint).texts(of: path)
        #expect(rest == Array(texts[(index + 1)...]))
      }
    }
  }

  @Test func `a configured encoding needs no mark`() throws {
    let path = scratch.write("log", Self.encode("a\nb", .utf16be, mark: false))
    #expect(try Reading(encoding: .utf16be).texts(of: path) == ["a", "b"])
  }

  @Test func `unpaired surrogates and an odd last byte are replaced`() throws {
    let path = scratch.write("log", [0xFF, 0xFE, 0x41, 0, 0, 0xD8, 0x42, 0, 0, 0xDC, 0x43])
    #expect(try Reading().texts(of: path) == ["A\u{FFFD}B\u{FFFD}\u{FFFD}"])
  }

  @Test func `a record of several lines is transcoded with its line ends`() throws {
    let path = scratch.write("log", Self.encode("one\ntwo\nthree\n", .utf16le))
    var reader = try Reading().open(path)
    reader.keep(from: 0)
    while try reader.next(), reader.lineStart < 18 {}
    let end = reader.contentEnd
    let span = reader.bytes(from: 0, to: end)
    #expect(String(decoding: span.indices.map { span[$0] }, as: UTF8.self) == "one\ntwo\nthree")
  }

  @Test func `a cut leaves surrogate pairs whole and a hole is skipped`() throws {
    let long = String(repeating: "x", count: 15) + "😀 and so on"
    let content =
      Self.encode(long + "\nab", .utf16le) + Array(repeating: 0, count: 5000)
      + Self.encode("c\n", .utf16le, mark: false)
    let path = scratch.write("log", content)
    let (lines, checkpoint) = try Reading(maxLine: 32).lines(of: path)
    #expect(
      lines.map { String(decoding: $0.text, as: UTF8.self) } == [
        String(repeating: "x", count: 15), "abc",
      ])
    #expect(checkpoint.offset == content.count)
    #expect(checkpoint.crc32 == referenceCRCs(content).last)
  }
}
