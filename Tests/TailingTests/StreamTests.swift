import Glibc
import LogModel
import TestSupport
import Testing

@testable import Tailing

@Suite struct StreamTests {
  /// The lines that a program's output gives.
  func lines(of program: String, _ arguments: [String], input: [UInt8]) throws -> [String] {
    var ends: [Int32] = [0, 0]
    let isPiped = unsafe pipe(&ends) == 0
    #expect(isPiped)
    let scratch = Scratch()
    let file = unsafe open(scratch.write("input", input), O_RDONLY)
    let child = Command.spawn(program, arguments, input: file, output: ends[1], errorOutput: 2)
    close(ends[1])
    close(file)
    let source = try ByteSource(FileDescriptor(stream: ends[0], path: Path("-")))
    var reader = try LineReader(source)
    var lines: [String] = []
    while try reader.next() {
      lines.append(String(decoding: ReadLine(&reader).text, as: UTF8.self))
    }
    let ended = waitpid(child, nil, 0)
    #expect(ended == child)
    return lines
  }

  @Test(arguments: [0, 1, 15, 100_000]) func `a pipe is read to its end`(_ count: Int) throws {
    let expected = (0..<count).map { "line \($0)" }
    let input = Array(expected.map { $0 + "\n" }.joined().utf8)
    #expect(try lines(of: "cat", [], input: input) == expected)
    #expect(try lines(of: "gzip", ["-c"], input: input) == expected)
  }
}
