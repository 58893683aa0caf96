import LogModel
import TestSupport
import Testing

@testable import Tailing

@Suite struct GzipTests {
  let scratch = Scratch()

  /// Lines that do not compress away.
  static func lines(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var random = SeededRandom(seed: seed)
    return (0..<count).flatMap { Array("\($0) \(random.next())\n".utf8) }
  }

  func gzip(_ bytes: [UInt8], _ options: String...) -> [UInt8] {
    Command.run("gzip", options + ["-c"], input: bytes).outputBytes
  }

  /// All bytes that can be had, and how they ended.
  func content(_ path: String) throws -> (bytes: [UInt8], end: SourceEnd?, trailing: Int) {
    var source = try ByteSource(FileDescriptor(opening: Path(path)))
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 10_000)
    while true {
      var span = block.mutableSpan
      let count = try source.read(into: &span)
      if count == 0 { break }
      bytes += block[..<count]
    }
    return (bytes, source.end, source.trailingBytes)
  }

  @Test func `members follow each other, and what is behind them is told`() throws {
    let (first, second) = (Self.lines(5000), Self.lines(3, seed: 2))
    let packed = gzip(first) + gzip(second, "-1")
    let cases: [(name: String, tail: [UInt8], trailing: Int)] = [
      ("clean", [], 0), ("padded", Array(repeating: 0, count: 700_000), 0),
      ("garbage", Array("some garbage".utf8), 12),
      ("padded garbage", Array(repeating: 0, count: 9) + [0x1F, 0x8C, 1], 3),
    ]
    for (name, tail, trailing) in cases {
      let result = try content(scratch.write("log", packed + tail))
      #expect(result.bytes == first + second, "\(name)")
      #expect(result.end == .complete, "\(name)")
      #expect(result.trailing == trailing, "\(name)")
    }
    let padded = gzip(first) + Array(repeating: 0, count: 512) + gzip(second)
    #expect(try content(scratch.write("log", padded)).bytes == first + second)
  }

  @Test(arguments: [1, 2, 3, 5, 10, 500, -20, -8, -1])
  func `a file that is still being written is incomplete`(_ place: Int) throws {
    let plain = Self.lines(2000)
    let packed = gzip(plain)
    let cut = packed.prefix(place > 0 ? place : packed.count + place)
    let result = try content(scratch.write("log.gz", Array(cut)))
    #expect(result.end == .incomplete)
    #expect(plain.starts(with: result.bytes))
    if place >= -8 && place < 0 { #expect(result.bytes == plain) }
  }

  @Test func `a member that is being appended is incomplete`() throws {
    let packed = gzip(Self.lines(10))
    for length in [1, 2, 5] {
      #expect(
        try content(scratch.write("log", packed + packed.prefix(length))).end == .incomplete)
    }
  }

  @Test(arguments: 1...40) func `a flipped bit is never taken for the content`(_ seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let plain = Self.lines(3000)
    var packed = gzip(plain, "-n")
    // Behind the header, whose time and system nobody checks.
    let index = Int.random(in: 10..<packed.count, using: &random)
    packed[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    let result = try content(scratch.write("log.gz", packed))
    switch result.end {
    case .corrupt(let offset)?: #expect(offset == result.bytes.count, "seed \(seed)")
    default: #expect(result.end == .incomplete, "seed \(seed)")
    }
  }

  @Test func `an empty member has no lines`() throws {
    let path = scratch.write("log.gz", gzip([]))
    #expect(try Reading().texts(of: path) == [])
    #expect(try content(path).end == .complete)
  }

  @Test func `the name does not decide`() throws {
    #expect(try Reading().texts(of: scratch.write("a.gz", "plain\n")) == ["plain"])
    #expect(try Reading().texts(of: scratch.write("a.log", gzip(Array("x\n".utf8)))) == ["x"])
  }

  @Test(arguments: [("zstd", Compression.zstd), ("bzip2", .bzip2), ("xz", .xz)])
  func `other compressions are refused by name`(_ program: String, _ kind: Compression) throws {
    let packed = Command.run(program, ["-c"], input: Self.lines(10)).outputBytes
    let path = scratch.write("log", packed)
    #expect(throws: SourceError.unsupported(kind)) {
      _ = try ByteSource(FileDescriptor(opening: Path(path))).kind
    }
    #expect(try Reading().texts(of: scratch.write("b", "BZh is text\n")) == ["BZh is text"])
  }

  @Test func `the trailer tells a file that was read to its end`() throws {
    let plain = Self.lines(1000)
    let (_, whole) = try Reading().lines(of: scratch.write("log", plain))
    let (_, part) = try Reading().lines(of: scratch.write("part", Array(plain.prefix(5000))))
    let descriptor = try FileDescriptor(opening: Path(scratch.write("log.1", gzip(plain))))
    let trailer = try #require(try GzipTrailer(descriptor))
    #expect(trailer.matches(whole))
    #expect(!trailer.matches(part))
    let short = try FileDescriptor(opening: Path(scratch.write("short", "x")))
    #expect(try GzipTrailer(short) == nil)
  }

  @Test func `reading goes on in the compressed copy, unless it is another file`() throws {
    let plain = Self.lines(20_000)
    var reader = try Reading().open(scratch.write("log", plain))
    for _ in 0..<7000 { _ = try reader.next() }
    let checkpoint = reader.commitPoint(at: reader.lineEnd)
    let path = scratch.write("log.1.gz", gzip(plain))

    var source = try ByteSource(FileDescriptor(opening: Path(path)))
    #expect(try source.headSample() == HeadSample(bytes: plain))
    var crc = CRC32()
    #expect(try source.skip(to: checkpoint.offset, crc: &crc) == checkpoint.offset)
    #expect(crc.value == checkpoint.crc32)
    #expect(try source.skip(to: 100, crc: &crc) == 100)
    #expect(crc.value == referenceCRCs(plain.prefix(100)).last)
    #expect(try source.skip(to: 1 << 40, crc: &crc) == plain.count)
    #expect(try source.content(upTo: checkpoint.offset).crc32 == checkpoint.crc32)
    #expect(try source.content(upTo: plain.count + 1).offset == plain.count)
    _ = try source.content(upTo: checkpoint.offset)
    var resumed = try LineReader(source, from: checkpoint)
    #expect(try resumed.next())
    #expect(ReadLine(&resumed).text.starts(with: Array("7000 ".utf8)))

    #expect(try Reading(checkpoint: checkpoint).lines(of: path).lines.count == 13_000)
    let other = scratch.write("other.gz", gzip(Self.lines(20_000, seed: 9)))
    #expect(throws: SourceError.self) { try Reading(checkpoint: checkpoint).lines(of: other) }
    let short = scratch.write("short.gz", gzip(Array(plain.prefix(100))))
    #expect(throws: SourceError.shorterThanCheckpoint(end: 100)) {
      try Reading(checkpoint: checkpoint).lines(of: short)
    }
  }
}
