import Patterns

/// The skeleton of a line, from its constant text and the places of its holes.
enum SkeletonText {
  /// The skeleton that takes over when there are too many.
  static let other = "<other>"

  /// Of the body only; header fields such as time, level and thread do not make a pattern.
  ///
  /// A nested text is one hole, as any other quoted value is.
  static func text(_ scanner: borrowing LineScanner, _ line: Span<UInt8>) -> String {
    var bytes: [UInt8] = []
    var piece = scanner.bodyStart.piece
    var position = scanner.position(of: scanner.bodyStart)
    let end = scanner.position(of: scanner.bodyEnd)
    var nested = scanner.nested.drop { $0.lowerBound < position }
    while bytes.count <= Skeleton.maxCount {
      let next = piece < scanner.bodyEnd.piece ? scanner.piece(piece).start : end
      let text = nested.first.flatMap { $0.upperBound <= end && $0.lowerBound <= next ? $0 : nil }
      let constantEnd = text?.lowerBound ?? next
      while position < constantEnd && bytes.count <= Skeleton.maxCount {
        bytes.append(line[position] < 0x20 ? 0x20 : line[position])
        position += 1
      }
      if let text {
        bytes.append(Skeleton.hole)
        position = text.upperBound
        nested.removeFirst()
        while piece < scanner.bodyEnd.piece, scanner.piece(piece).start < position { piece += 1 }
      } else if piece < scanner.bodyEnd.piece {
        let isTime = piece == scanner.timePiece || piece == scanner.plainTimePiece
        bytes.append(isTime ? Skeleton.time : Skeleton.hole)
        position = scanner.piece(piece).end
        piece += 1
      } else {
        break
      }
    }
    if bytes.count > Skeleton.maxCount {
      while let byte = bytes.last, byte & 0xC0 == 0x80 { bytes.removeLast() }
      bytes.removeLast()
      bytes.append(contentsOf: Skeleton.cut.utf8)
    }
    return Skeleton.text(of: bytes)
  }
}
