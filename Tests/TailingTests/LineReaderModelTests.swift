import Glibc
import LogModel
import TestSupport
import Testing

@testable import Tailing

/// What a file's lines should be, computed over the whole content at once.
private struct LineModel {
  var lines: [ReadLine] = []
  /// The bytes of each byte's fate: true when handed out.
  var isKept: [Bool]

  init(_ content: [UInt8], maxLine: Int) {
    isKept = Array(repeating: true, count: content.count)
    var start = 0
    let mark = content.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < content.count {
      let feed = content[start...].firstIndex(of: 0x0A)
      var text: [(offset: Int, byte: UInt8)] = []
      var index = start == 0 ? mark : start
      let end = feed ?? content.count
      var stop = end
      while index < end {
        var run = index
        while run < end && content[run] == 0 { run += 1 }
        if run - index >= LineReader.holeLength {
          if feed == nil && run == end {
            stop = index
            break
          }
          if text.count <= maxLine + 1 {
            for hole in index..<run { isKept[hole] = false }
            if index == start { start = run }
            index = run
            continue
          }
        }
        let next = max(run, index + 1)
        for offset in index..<next { text.append((offset, content[offset])) }
        index = next
      }
      if feed == nil && text.isEmpty { break }
      var line = ReadLine(text: [], start: start, end: feed.map { $0 + 1 } ?? stop)
      line.isTerminated = feed != nil
      let hasReturn = feed != nil && text.last?.byte == 0x0D
      if hasReturn { text.removeLast() }
      line.originalLength = nil
      if text.count > maxLine {
        line.isCut = true
        var cut = maxLine
        let whole = text.prefix(maxLine + 4).map(\.byte)
        for back in 1...3 where whole[cut] & 0xC0 == 0x80 {
          let lead = whole[maxLine - back]
          if lead & 0xC0 == 0x80 { continue }
          let length = lead >= 0xF0 && lead <= 0xF4 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1
          if lead < 0xF5 && length > back { cut = maxLine - back }
          break
        }
        for offset in text[cut].offset..<(feed ?? stop) { isKept[offset] = false }
        text.removeSubrange(cut...)
      }
      line.text = text.map(\.byte)
      lines.append(line)
      guard let feed else { break }
      start = feed + 1
    }
  }
}

@Suite struct LineReaderModelTests {
  let scratch = Scratch()

  /// Pieces that meet each other at every kind of border.
  static func content(_ random: inout SeededRandom, withNULs: Bool = true) -> [UInt8] {
    var bytes: [UInt8] = Bool.random(using: &random) ? [] : [0xEF, 0xBB, 0xBF]
    for _ in 0..<Int.random(in: 0...30, using: &random) {
      switch Int.random(in: 0..<12, using: &random) {
      case 0: bytes += [0x0A]
      case 1: bytes += [0x0D, 0x0A]
      case 2: bytes += [0x0D]
      case 3 where withNULs: bytes += [0]
      case 4 where withNULs:
        let length = [4094, 4095, 4096, 4097, 9000].randomElement(using: &random) ?? 0
        bytes += Array(repeating: 0, count: length)
      case 5: bytes += Array("日本語é😀".utf8)
      case 6: bytes += [0xFF, 0x80, 0xC3]
      case 7, 8:
        let length = [30, 31, 32, 33, 34, 100, 5000].randomElement(using: &random) ?? 0
        bytes += Array(repeating: UInt8(ascii: "x"), count: length)
      default:
        bytes += Array("line \(Int.random(in: 0..<1000, using: &random))\n".utf8)
      }
    }
    return bytes
  }

  @Test(arguments: 1...120)
  func `any chunking gives the lines of the model, and any commit can be resumed`(_ seed: Int)
    throws
  {
    var random = SeededRandom(seed: UInt64(seed))
    let content = Self.content(&random)
    let maxLine = [16, 32, 33, 64, 5000, 1 << 20].randomElement(using: &random) ?? 32
    let model = LineModel(content, maxLine: maxLine)
    let crcs = referenceCRCs(content)
    let path = scratch.write("log", content)
    let compressed = Command.run("gzip", ["-c", path]).outputBytes
    let gzip = scratch.write("log.gz", compressed)

    for file in [path, gzip] {
      var sizes = SeededRandom(seed: UInt64(seed))
      let largest = [1, 7, 300, 5000, 300_000].randomElement(using: &random) ?? 1
      let reading = Reading(
        maxLine: maxLine, readSize: { Int.random(in: 1...largest, using: &sizes) })
      var reader = try reading.open(file)
      var checkpoints: [(Checkpoint, next: Int)] = []
      var count = 0
      while try reader.next() {
        var line = ReadLine(&reader)
        line.originalLength = nil
        let expected = try #require(model.lines.indices.contains(count) ? model.lines[count] : nil)
        #expect(line == expected, "seed \(seed) line \(count) \(file)")
        count += 1
        if line.isTerminated || line.isCut, Bool.random(using: &random) {
          checkpoints.append((reader.commitPoint(at: line.end), count))
        }
      }
      #expect(count == model.lines.count, "seed \(seed)")
      for (checkpoint, next) in checkpoints {
        let before = content[..<checkpoint.offset]
        #expect(checkpoint.crc32 == crcs[before.count], "seed \(seed)")
        let anchor = Array(before.suffix(1024))
        #expect(checkpoint.anchorLength == anchor.count)
        #expect(checkpoint.anchorHash == SHA256.prefix64(of: anchor.span), "seed \(seed)")
        #expect(
          checkpoint.bytesSkipped == model.isKept[..<checkpoint.offset].count { !$0 },
          "seed \(seed)")
        var resumed = reading
        resumed.checkpoint = checkpoint
        let rest = try resumed.lines(of: file)
        let texts = rest.lines.map(\.text)
        #expect(texts == model.lines[next...].map(\.text), "seed \(seed)")
        #expect(rest.lines.map(\.start) == model.lines[next...].map(\.start), "seed \(seed)")
      }
    }
  }

  @Test(arguments: 1...100)
  func `a file that grows is read once, wherever the runs stop`(_ seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let content = Self.content(&random, withNULs: false) + [0x0A]
    let maxLine = [16, 40, 5000].randomElement(using: &random) ?? 16
    let whole = LineModel(content, maxLine: maxLine)
    let crcs = referenceCRCs(content)
    var reading = Reading(maxLine: maxLine)
    var lines: [ReadLine] = []
    var end = 0
    while end < content.count {
      end = min(content.count, end + Int.random(in: 1...max(1, content.count / 3), using: &random))
      let path = scratch.write("log", Array(content[..<end]))
      let (found, checkpoint) = try reading.lines(of: path)
      lines += found.filter { $0.isTerminated || $0.isCut }
      reading.checkpoint = checkpoint
      let before = content[..<checkpoint.offset]
      #expect(checkpoint.crc32 == crcs[before.count], "seed \(seed)")
    }
    #expect(lines.map(\.text) == whole.lines.map(\.text), "seed \(seed)")
    #expect(reading.checkpoint.offset == content.count, "seed \(seed)")
    #expect(reading.checkpoint.bytesSkipped >= whole.isKept.count { !$0 }, "seed \(seed)")
  }

  @Test(arguments: 1...100)
  func `a record in progress is kept over any number of reads`(_ seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let content = Array(repeating: Self.content(&random), count: 5).joined()
    let crcs = referenceCRCs(content)
    let path = scratch.write("log", Array(content))
    var sizes = random
    var reader = try Reading(readSize: { Int.random(in: 1...1200, using: &sizes) }).open(path)
    var parts: [UInt8] = []
    var start = 0
    var hasRecord = false
    while try reader.next() {
      let line = ReadLine(&reader)
      if hasRecord && Int.random(in: 0..<4, using: &random) > 0 {
        let place = reader.contentEnd
        parts += line.text
        let span = reader.bytes(from: start, to: place)
        let record = span.indices.map { span[$0] }
        // Line ends stay in a record; no line of the content holds one inside.
        let bare = record.filter { $0 != 0x0A && $0 != 0x0D }
        #expect(bare == parts.filter { $0 != 0x0D }, "seed \(seed)")
      } else {
        let checkpoint = reader.commitPoint(at: line.start)
        #expect(checkpoint.crc32 == crcs[line.start], "seed \(seed)")
        reader.keep(from: line.start)
        (start, parts, hasRecord) = (line.start, line.text, true)
      }
    }
  }
}
