import CDeflate
import CZstd
import Tailing

extension FuzzTarget {
  /// Any bytes as a file, plain or compressed: what is decompressed is what the libraries make of it
  /// in one go, and the lines are the bytes, from the beginning and from any checkpoint.
  static let files = FuzzTarget("files") { input in
    let file = try NamelessFile(input)
    guard let content = try content(of: file) else { return }
    if content.compression == nil {
      try require(content.bytes == input, "a plain file has other content than its bytes")
    }
    try expectAsInOneGo(input, content)
    try expectLines(file, content, maxLine: 1 << 20)
    try expectLines(file, content, maxLine: 16 + input.count % 50)
  }

  private struct Content {
    var bytes: [UInt8]
    var compression: Compression?
    var end: SourceEnd?
    var members: Int
    var trailing: Int
  }

  /// Small inputs may hold large contents: there is no need to look at more of them.
  private static let enough = 1 << 20

  /// Nil for what is refused, and for more than enough.
  private static func content(of file: NamelessFile) throws -> Content? {
    guard let source = try file.source() else { return nil }
    var bytes = source
    let compression = bytes.compression
    let head = try bytes.headSample()
    var content: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 + file.size * 7 % 5000)
    while content.count <= enough {
      var span = block.mutableSpan
      let count = try bytes.read(into: &span)
      if count == 0 { break }
      content += block[..<count]
      try require(bytes.position == content.count, "the position is not what was read")
    }
    if content.count > enough { return nil }
    try require(head == HeadSample(bytes: content), "the head is not the content's beginning")
    switch bytes.end {
    case .corrupt(let place)?, .refused(_, let place)?:
      try require(place == content.count, "damage at \(place) of \(content.count) bytes")
    case .complete?, .incomplete?: break
    case nil: throw Violation(description: "the end is not known at the end")
    }
    return Content(
      bytes: content, compression: compression, end: bytes.end, members: bytes.members,
      trailing: bytes.trailingBytes)
  }

  // MARK: The libraries, all at once

  private static func expectAsInOneGo(_ input: [UInt8], _ content: Content) throws {
    guard content.members == 1, content.end == .complete else { return }
    var whole = [UInt8](repeating: 0, count: content.bytes.count + 1)
    var count = 0
    switch content.compression {
    case .gzip?:
      let decompressor = unsafe libdeflate_alloc_decompressor()
      defer { unsafe libdeflate_free_decompressor(decompressor) }
      var consumed = 0
      let result = unsafe libdeflate_gzip_decompress_ex(
        decompressor, input, input.count, &whole, whole.count, &consumed, &count)
      try require(result == LIBDEFLATE_SUCCESS, "a gzip member that libdeflate refuses")
    case .zstd?:
      let size = unsafe ZSTD_findFrameCompressedSize(input, input.count)
      try require(ZSTD_isError(size) == 0, "a frame whose size libzstd cannot find")
      let result = unsafe ZSTD_decompress(&whole, whole.count, input, size)
      try require(ZSTD_isError(result) == 0, "a frame that libzstd refuses")
      count = Int(result)
    default: return
    }
    try require(Array(whole[..<count]) == content.bytes, "another content than in one go")
  }

  // MARK: Lines

  private struct Line: Equatable {
    var text: [UInt8]
    var start: Int
    var end: Int
    var isWhole: Bool

    init(_ reader: inout LineReader) {
      do {
        let span = reader.line
        text = span.indices.map { span[$0] }
      }
      start = reader.lineStart
      end = reader.lineEnd
      isWhole = reader.isTerminated || reader.isCut
    }
  }

  private static func expectLines(
    _ file: NamelessFile, _ content: Content, maxLine: Int
  ) throws {
    guard let source = try file.source() else { return }
    var reader = try LineReader(source, maxLine: maxLine)
    var lines: [Line] = []
    var checkpoint: Checkpoint?
    var known = 0
    let middle = file.size % 7
    while try reader.next() {
      let line = Line(&reader)
      try require(
        line.start >= (lines.last?.end ?? 0) && line.end >= line.start
          && line.end <= content.bytes.count, "lines overlap")
      if reader.encoding == .utf8, !reader.isCut, reader.skippedBehindLine == 0, line.start > 0 {
        let bytes = content.bytes[line.start..<reader.contentEnd]
        try require(line.text.elementsEqual(bytes), "a line is not its bytes")
      }
      lines.append(line)
      if lines.count == middle, line.isWhole {
        checkpoint = reader.commitPoint(at: line.end)
        known = lines.count
      }
    }
    guard let checkpoint, let source = try file.source() else { return }
    var resumed = try LineReader(source, from: checkpoint, maxLine: maxLine)
    var index = known
    while try resumed.next() {
      try require(index < lines.count, "more lines from a checkpoint on")
      try require(lines[index] == Line(&resumed), "another line from a checkpoint on")
      index += 1
    }
    try require(index == lines.count, "fewer lines from a checkpoint on")
  }
}
