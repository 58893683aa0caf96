/// The text of a pattern: a shape's message with `<*>` in place of every hole.
enum PatternText {
  /// The pattern that takes over when there are too many.
  static let other = "<other>"
  /// A longer pattern is cut here and marked with `<…>`.
  static let maxCount = 1024

  /// Of the body only; header fields such as time, level and thread do not make a pattern.
  static func text(
    _ scanner: borrowing LineScanner, _ line: Span<UInt8>
  ) -> String {
    var bytes: [UInt8] = []
    let first = scanner.bodyStart
    let last = scanner.bodyEnd
    var piece = first.piece
    var position = (piece > 0 ? scanner.piece(piece - 1).end : 0) + first.offset
    while bytes.count < maxCount {
      let isLast = piece >= last.piece
      let before = piece > 0 ? scanner.piece(piece - 1).end : 0
      let end = isLast ? before + last.offset : scanner.piece(piece).start
      while position < end && bytes.count < maxCount {
        append(line[position], to: &bytes)
        position += 1
      }
      guard !isLast else { break }
      if piece != scanner.timePiece && piece != scanner.plainTimePiece {
        bytes.append(contentsOf: "<*>".utf8)
      }
      position = scanner.piece(piece).end
      piece += 1
    }
    if bytes.count >= maxCount {
      while let byte = bytes.last, byte & 0xC0 == 0x80 { bytes.removeLast() }
      if let byte = bytes.last, byte >= 0xC0 { bytes.removeLast() }
      bytes.append(contentsOf: "<…>".utf8)
    }
    while bytes.last == 0x20 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Blanks and line ends in a row count as one blank.
  private static func append(_ byte: UInt8, to bytes: inout [UInt8]) {
    if byte <= 0x20 {
      if let last = bytes.last, last != 0x20 { bytes.append(0x20) }
    } else {
      bytes.append(byte)
    }
  }
}
