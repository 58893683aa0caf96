import Glibc
import LogModel
import TestSupport
import Testing

@testable import Tailing

@Suite struct HoleTests {
  let scratch = Scratch()

  @Test func `a sparse head of 10 GB is passed without being read`() throws {
    let path = scratch.write("log", "")
    let hole = 10 << 30
    #expect(unsafe truncate(path, hole) == 0)
    scratch.append("log", "after\n")
    let started = ContinuousClock.now
    let (lines, checkpoint) = try Reading().lines(of: path)
    #expect(ContinuousClock.now - started < .seconds(2))
    #expect(lines.map(\.text) == [Array("after".utf8)])
    #expect(lines.map(\.start) == [hole])
    #expect(checkpoint.offset == hole + 6)
    #expect(checkpoint.bytesSkipped == hole)
    var crc = CRC32()
    crc.update(zeros: hole)
    crc.update(Array("after\n".utf8).span)
    #expect(checkpoint.crc32 == crc.value)
  }

  @Test func `a hole at the end of the file is left alone, for it may be filled`() throws {
    let path = scratch.write("log", "first\nsecond")
    #expect(unsafe truncate(path, 5 << 30) == 0)
    var reader = try Reading().open(path)
    #expect(try reader.next())
    #expect(try reader.next())
    #expect(ReadLine(&reader).text == Array("second".utf8))
    let (isTerminated, end) = (reader.isTerminated, reader.lineEnd)
    #expect(!isTerminated)
    #expect(end == 12)
    #expect(try !reader.next())
    let endAfter = reader.lineEnd
    #expect(endAfter == 12)
    #expect(reader.commitPoint(at: 12).bytesSkipped == 0)
  }

  @Test(arguments: [4095, 4096, 100_000, 300_000])
  func `a long run of NULs inside a line is a hole, a short one is text`(_ count: Int) throws {
    let content = Array("ab".utf8) + Array(repeating: 0, count: count) + Array("c\r\nd\n".utf8)
    let path = scratch.write("log", content)
    let (lines, checkpoint) = try Reading().lines(of: path)
    #expect(lines.map(\.text.count) == [count < 4096 ? count + 3 : 3, 1])
    #expect(checkpoint.bytesSkipped == (count < 4096 ? 0 : count))
    #expect(checkpoint.crc32 == referenceCRCs(content).last)
  }

  @Test(arguments: [0, 1, 7, 4096, 1_000_003])
  func `NULs are added to a CRC without being there`(_ count: Int) {
    let head = Array("head".utf8)
    var crc = CRC32()
    crc.update(head.span)
    crc.update(zeros: count)
    #expect(crc.value == referenceCRCs(head + Array(repeating: 0, count: count)).last)
  }

  @Test func `a line without end takes no memory beyond its limit`() throws {
    let path = scratch.write("log", "")
    // 1 GiB of a sparse file would be a hole; so a real 64 MiB line.
    let chunk = String(repeating: "0123456789abcdef", count: 1 << 16)
    for _ in 0..<64 { scratch.append("log", chunk) }
    var reader = try Reading(maxLine: 1000).open(path)
    #expect(try reader.next())
    let line = ReadLine(&reader)
    #expect(line.isCut && !line.isTerminated)
    #expect(line.originalLength == 64 << 20)
    let capacity = reader.buffer.capacity
    #expect(capacity < 1 << 20)
    let inside = reader.commitPoint(at: reader.lineEnd)
    #expect(inside.isInsideOverlong)
    #expect(inside.bytesSkipped == 64 << 20 - 1000)
    scratch.append("log", "rest\nnext\n")
    let (lines, _) = try Reading(maxLine: 1000, checkpoint: inside).lines(of: path)
    #expect(lines.map(\.text) == [Array("next".utf8)])
  }

  @Test(arguments: [31, 32, 33, 34, 320])
  func `a line is cut only beyond the limit, its line end apart`(_ length: Int) throws {
    for end in ["\n", "\r\n", ""] {
      let path = scratch.write("log", String(repeating: "y", count: length) + end)
      let line = try #require(try Reading(maxLine: 32).lines(of: path).lines.first)
      #expect(line.text.count == min(32, length))
      #expect(line.isCut == (length > 32))
      #expect(line.originalLength == length)
      #expect(line.isTerminated == (end != ""))
    }
  }

  @Test func `a line is cut at a character`() throws {
    for (text, kept) in [("é", 31), ("日", 30), ("😀", 29)] {
      for lead in 0..<text.utf8.count where lead > 0 {
        let content =
          String(repeating: "z", count: 32 - lead) + text + String(repeating: "z", count: 40)
        let path = scratch.write("log", content + "\n")
        let line = try #require(try Reading(maxLine: 32).lines(of: path).lines.first)
        #expect(line.text.count == 32 - lead, "\(text) \(kept)")
      }
    }
  }
}
