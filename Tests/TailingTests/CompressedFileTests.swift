import LogModel
import TestSupport
import Testing

@testable import Tailing

/// The programs whose files are read.
enum Packer: String, CaseIterable, CustomTestStringConvertible {
  case gzip, zstd
  var testDescription: String { rawValue }

  func pack(_ bytes: [UInt8], _ options: String...) -> [UInt8] {
    Command.run(rawValue, options + ["-qc"], input: bytes).outputBytes
  }
}

@Suite struct CompressedFileTests {
  let scratch = Scratch()

  /// Lines that do not compress away.
  static func lines(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var random = SeededRandom(seed: seed)
    return (0..<count).flatMap { Array("\($0) \(random.next())\n".utf8) }
  }

  func gzip(_ bytes: [UInt8]) -> [UInt8] { Packer.gzip.pack(bytes) }

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

  @Test(arguments: Packer.allCases)
  func `members follow each other, and what is behind them is told`(_ packer: Packer) throws {
    let (first, second) = (Self.lines(5000), Self.lines(3, seed: 2))
    let packed = packer.pack(first) + packer.pack(second, "-1")
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
    let padded = packer.pack(first) + Array(repeating: 0, count: 512) + packer.pack(second)
    #expect(try content(scratch.write("log", padded)).bytes == first + second)
  }

  @Test(arguments: [1, 2, 3, 5, 10, 500, -20, -8, -1], Packer.allCases)
  func `a file that is still being written is incomplete`(_ place: Int, _ packer: Packer) throws {
    let plain = Self.lines(2000)
    let packed = packer.pack(plain)
    let cut = packed.prefix(place > 0 ? place : packed.count + place)
    let name = packer == .gzip ? "log.gz" : "log.zst"
    let result = try content(scratch.write(name, Array(cut)))
    #expect(result.end == .incomplete)
    #expect(plain.starts(with: result.bytes))
    // Of zstd the checksum has four bytes.
    if place >= (packer == .gzip ? -8 : -4) && place < 0 { #expect(result.bytes == plain) }
  }

  @Test(arguments: Packer.allCases)
  func `a member that is being appended is incomplete`(_ packer: Packer) throws {
    let packed = packer.pack(Self.lines(10))
    for length in [1, 2, 5] {
      #expect(
        try content(scratch.write("log", packed + packed.prefix(length))).end == .incomplete)
    }
  }

  @Test(arguments: 1...40, Packer.allCases)
  func `a flipped bit is never taken for the content`(_ seed: Int, _ packer: Packer) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let plain = Self.lines(3000)
    var packed = packer.pack(plain, packer == .gzip ? "-n" : "-3")
    // Behind the header, of which gzip's time and system are not checked.
    let index = Int.random(in: 10..<packed.count, using: &random)
    packed[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    let result = try content(scratch.write("log.gz", packed))
    switch result.end {
    case .corrupt(let offset)?: #expect(offset == result.bytes.count, "seed \(seed)")
    case .refused?: #expect(packer == .zstd, "seed \(seed)")
    default: #expect(result.end == .incomplete, "seed \(seed)")
    }
  }

  @Test(arguments: Packer.allCases, [20, 3000, 60_000])
  func `a wrong checksum keeps nothing back`(_ packer: Packer, _ count: Int) throws {
    let plain = Self.lines(count)
    var packed = packer.pack(plain)
    packed[packed.count - (packer == .gzip ? 8 : 4)] ^= 1
    let result = try content(scratch.write("log", packed))
    #expect(result.bytes == plain && result.end == .corrupt(at: plain.count))
  }

  @Test(arguments: Packer.allCases) func `an empty member has no lines`(_ packer: Packer) throws {
    let path = scratch.write("log.gz", packer.pack([]))
    #expect(try Reading().texts(of: path) == [])
    #expect(try content(path).end == .complete)
  }

  @Test func `the name does not decide`() throws {
    #expect(try Reading().texts(of: scratch.write("a.gz", "plain\n")) == ["plain"])
    for packer in Packer.allCases {
      let packed = packer.pack(Array("x\n".utf8))
      #expect(try Reading().texts(of: scratch.write("a.log", packed)) == ["x"])
    }
  }

  @Test(arguments: [("bzip2", Compression.bzip2), ("xz", .xz)])
  func `other compressions are refused by name`(_ program: String, _ kind: Compression) throws {
    for lines in [Self.lines(10), []] {
      let packed = Command.run(program, ["-c"], input: lines).outputBytes
      for path in [
        scratch.write("log", packed), scratch.write("x" + kind.suffix, Array(packed.prefix(4))),
      ] {
        #expect(throws: SourceError.unsupported(kind)) {
          _ = try ByteSource(FileDescriptor(opening: Path(path))).compression
        }
      }
    }
  }

  @Test(arguments: ["BZh is text", "BZh9", "(", "P*M", "B"])
  func `a text that begins like an archive is text`(_ text: String) throws {
    #expect(try Reading().texts(of: scratch.write("log", text)) == [text])
  }

  /// Level 20 asks for 32 MiB where the size of the content is unknown, level 21 for 64 MiB.
  @Test(arguments: [
    (["-19"], false), (["--ultra", "-20"], false), (["--ultra", "-21"], true),
    (["--long=26"], true),
  ])
  func `a window is bounded`(_ options: [String], _ isRefused: Bool) throws {
    let plain = Self.lines(100)
    let packed = Command.run("zstd", options + ["-qc"], input: plain).outputBytes
    let result = try content(scratch.write("log", packed))
    #expect(result.bytes == (isRefused ? [] : plain))
    #expect(result.end == (isRefused ? .refused(.window(limit: 32 << 20), at: 0) : .complete))
  }

  @Test func `a frame that needs a dictionary is refused`() throws {
    let packed: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x21, 7, 1, 9, 0, 0, 0x78]
    #expect(try content(scratch.write("log", packed)).end == .refused(.dictionary, at: 0))
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

  @Test(arguments: Packer.allCases)
  func `reading goes on in the compressed copy, unless it is another file`(
    _ packer: Packer
  ) throws {
    let plain = Self.lines(20_000)
    var reader = try Reading().open(scratch.write("log", plain))
    for _ in 0..<7000 { _ = try reader.next() }
    let checkpoint = reader.commitPoint(at: reader.lineEnd)
    let path = scratch.write("log.1.gz", packer.pack(plain))

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
    let other = scratch.write("other.gz", packer.pack(Self.lines(20_000, seed: 9)))
    #expect(throws: SourceError.self) { try Reading(checkpoint: checkpoint).lines(of: other) }
    let short = scratch.write("short.gz", packer.pack(Array(plain.prefix(100))))
    #expect(throws: SourceError.shorterThanCheckpoint(end: 100)) {
      try Reading(checkpoint: checkpoint).lines(of: short)
    }
  }
}
