import LogModel
import TestSupport

@testable import Tailing

/// A line as a test compares it.
struct ReadLine: Equatable, CustomStringConvertible {
  var text: [UInt8]
  var start: Int
  var end: Int
  var isTerminated = true
  var isCut = false
  var originalLength: Int?

  var description: String {
    let shown = String(decoding: text.prefix(60), as: UTF8.self)
    return "\(start)..<\(end) \(shown.debugDescription)[\(text.count)]"
      + (isTerminated ? "" : " unterminated") + (isCut ? " cut" : "")
  }
}

/// How a test reads a file.
struct Reading {
  var maxLine = 1 << 20
  var encoding = TextEncoding.auto
  var checkpoint = Checkpoint.start
  var readSize: (() -> Int)?

  func open(_ path: String) throws -> LineReader {
    let source = try ByteSource(FileDescriptor(opening: Path(path)))
    var reader = try LineReader(source, from: checkpoint, maxLine: maxLine, encoding: encoding)
    if let readSize { reader.readSize = readSize }
    return reader
  }

  /// Every line, and the checkpoint behind the last terminated or cut one.
  func lines(of path: String) throws -> (lines: [ReadLine], checkpoint: Checkpoint) {
    var reader = try open(path)
    var lines: [ReadLine] = []
    var place = checkpoint.offset
    while try reader.next() {
      lines.append(ReadLine(&reader))
      if reader.isTerminated || reader.isCut { place = reader.lineEnd }
    }
    if lines.isEmpty { place = reader.lineEnd }
    return (lines, reader.commitPoint(at: place))
  }

  func texts(of path: String) throws -> [String] {
    try lines(of: path).lines.map { String(decoding: $0.text, as: UTF8.self) }
  }
}

extension ReadLine {
  init(_ reader: inout LineReader) {
    do {
      let span = reader.line
      text = span.indices.map { span[$0] }
    }
    start = reader.lineStart
    end = reader.lineEnd
    isTerminated = reader.isTerminated
    isCut = reader.isCut
    originalLength = reader.originalLength
  }
}

/// The CRC-32 of every prefix by the bitwise definition (RFC 1952 §8), as an oracle.
func referenceCRCs(_ bytes: some Sequence<UInt8>) -> [UInt32] {
  let table: [UInt32] = (0..<256).map { index in
    var entry = UInt32(index)
    for _ in 0..<8 { entry = entry & 1 == 1 ? (entry >> 1) ^ 0xEDB8_8320 : entry >> 1 }
    return entry
  }
  var crc = ~UInt32(0)
  var all: [UInt32] = [0]
  for byte in bytes {
    let low = UInt8(truncatingIfNeeded: crc) ^ byte
    crc = (crc >> 8) ^ table[Int(low)]
    all.append(~crc)
  }
  return all
}

/// `#expect` cannot hold a span.
func isClean(_ bytes: [UInt8]) -> Bool { TextSanitizer.isClean(bytes.span) }
func cleaned(_ bytes: [UInt8]) -> [UInt8] { TextSanitizer.clean(bytes.span) }
