import Glibc
import LogModel
import TestSupport
import Testing

@testable import Tailing

@Suite struct IdentityTests {
  let scratch = Scratch()

  @Test func `a status tells files apart and sees them change`() throws {
    let path = scratch.write("log", "abc")
    let byPath = try FileStatus(of: Path(path))
    let byDescriptor = try FileDescriptor(opening: Path(path)).status()
    #expect(byPath == byDescriptor)
    #expect(byPath.size == 3 && byPath.kind == .regular && byPath.linkCount == 1)
    #expect(try FileStatus(of: Path(scratch.path)).kind == .directory)
    #expect(unsafe symlink(path, scratch.file("link")) == 0)
    #expect(try FileStatus(of: Path(scratch.file("link"))) == byPath)
    #expect(try FileStatus(of: Path(scratch.file("link")), followingLinks: false).kind == .other)
    #expect(unsafe link(path, scratch.file("hard")) == 0)
    #expect(try FileStatus(of: Path(path)).linkCount == 2)
  }

  @Test func `missing is told from unobservable`() throws {
    let file = scratch.write("log", "")
    let cases: [(path: String, isMissing: Bool)] = [
      (scratch.file("none"), true), (file + "/below", true),
      (scratch.file(String(repeating: "n", count: 300)), false), (scratch.file("nul\0"), true),
    ]
    for (path, isMissing) in cases {
      let error = #expect(throws: FileError.self) { _ = try FileStatus(of: Path(path)) }
      #expect(error?.isMissing == isMissing, "\(path)")
      #expect(error?.isUnobservable == !isMissing)
      #expect(throws: FileError.self) { _ = try FileDescriptor(opening: Path(path)).path }
    }
  }

  @Test func `only a name that is gone counts as missing`() {
    for (code, isMissing) in [
      (ENOENT, true), (ENOTDIR, true), (EACCES, false), (EMFILE, false), (EIO, false),
      (ESTALE, false), (ELOOP, false),
    ] {
      let error = FileError(code: code, operation: .open, path: Path("/x"))
      #expect(error.isMissing == isMissing)
      #expect(error.isUnobservable != isMissing)
    }
  }

  @Test func `a FIFO and a folder do not hang and are refused`() throws {
    #expect(unsafe mkfifo(scratch.file("fifo"), 0o600) == 0)
    for (path, kind) in [(scratch.file("fifo"), FileStatus.Kind.other), (scratch.path, .directory)]
    {
      #expect(throws: SourceError.notRegular(kind)) {
        _ = try ByteSource(FileDescriptor(opening: Path(path))).compression
      }
    }
  }

  @Test func `a head continues while the file only grows`() throws {
    let text = Array(String(repeating: "0123456789", count: 200).utf8)
    for (known, now) in [(0, 5), (5, 5), (5, 900), (900, 1024), (1024, 2000), (2000, 2000)] {
      let fingerprint = HeadSample(bytes: text.prefix(known)).fingerprint
      #expect(fingerprint.length == min(known, 1024))
      #expect(HeadSample(bytes: text.prefix(now)).continues(fingerprint))
    }
    let fingerprint = HeadSample(bytes: text.prefix(900)).fingerprint
    #expect(!HeadSample(bytes: text.prefix(899)).continues(fingerprint))
    #expect(!HeadSample(bytes: text.prefix(899) + [0] + text).continues(fingerprint))
  }

  @Test(arguments: [1, 500, 1024, 5000])
  func `an anchor sees what was rewritten before the offset`(_ length: Int) throws {
    let text = Array(repeating: UInt8(ascii: "a"), count: length - 1) + [0x0A]
    let (_, checkpoint) = try Reading().lines(of: scratch.write("log", text))
    #expect(checkpoint.anchorLength == min(1024, length))
    func matches(_ content: [UInt8]) throws -> Bool {
      let path = scratch.write("log", content)
      return try checkpoint.anchorMatches(FileDescriptor(opening: Path(path)))
    }
    #expect(try matches(text))
    #expect(try matches(text + Array("more\n".utf8)))
    #expect(try !matches(Array(text.dropLast())))
    var changed = text
    changed[length - 1] ^= 1
    #expect(try !matches(changed))
    changed = text
    changed[length - checkpoint.anchorLength] ^= 1
    #expect(try !matches(changed))
  }

  @Test func `a checkpoint behind the end of the file is an error`() throws {
    let (_, checkpoint) = try Reading().lines(of: scratch.write("log", "one\ntwo\n"))
    let path = scratch.write("log", "one\n")
    #expect(throws: SourceError.shorterThanCheckpoint(end: 4)) {
      try Reading(checkpoint: checkpoint).lines(of: path)
    }
  }

  @Test func `the start of a file needs no anchor`() throws {
    let descriptor = try FileDescriptor(opening: Path(scratch.write("log", "x")))
    #expect(try Checkpoint.start.anchorMatches(descriptor))
  }
}
