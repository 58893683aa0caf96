import Patterns

/// The skeleton of a line, from its constant text and the places of its holes.
enum SkeletonText {
  /// The skeleton that takes over when there are too many.
  static let other = "<other>"

  /// Of the body only; header fields such as time, level and thread do not make a pattern.
  static func text(_ scanner: borrowing LineScanner, _ line: Span<UInt8>) -> String {
    var bytes: [UInt8] = []
    let first = scanner.bodyStart
    let last = scanner.bodyEnd
    var piece = first.piece
    var position = (piece > 0 ? scanner.piece(piece - 1).end : 0) + first.offset
    while bytes.count < Skeleton.maxCount {
      let isLast = piece >= last.piece
      let before = piece > 0 ? scanner.piece(piece - 1).end : 0
      let end = isLast ? before + last.offset : scanner.piece(piece).start
      while position < end && bytes.count <= Skeleton.maxCount {
        bytes.append(line[position] < 0x20 ? 0x20 : line[position])
        position += 1
      }
      guard !isLast else { break }
      let isTime = piece == scanner.timePiece || piece == scanner.plainTimePiece
      bytes.append(isTime ? Skeleton.time : Skeleton.hole)
      position = scanner.piece(piece).end
      piece += 1
    }
    if bytes.count > Skeleton.maxCount {
      while let byte = bytes.last, byte & 0xC0 == 0x80 { bytes.removeLast() }
      bytes.removeLast()
      bytes.append(contentsOf: Skeleton.cut.utf8)
    }
    return Skeleton.text(of: bytes)
  }
}
