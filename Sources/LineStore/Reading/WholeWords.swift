import LogModel

/// The words that every text holds which a pattern matches: whole ones, with no part of a word beside
/// them, and long enough for a filter.
enum WholeWords {
  /// Of a literal part of a pattern; the edges say whether a word can go on beyond it.
  static func find(
    in literal: [UInt8], isOpenLeft: Bool, isOpenRight: Bool
  ) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var index = 0
    while index < literal.count {
      let start = index
      while index < literal.count, Word.holds(literal[index]) { index += 1 }
      let isWhole = !(start == 0 && isOpenLeft) && !(index == literal.count && isOpenRight)
      if isWhole && index - start >= WordKeys.minCount {
        words.append(Array(literal[start..<index]))
      }
      index += 1
    }
    return words
  }

  /// Of a regular expression, where it is a literal text between edges of words; no others are taken apart.
  static func find(inRegexp pattern: Span<UInt8>) -> [[UInt8]] {
    let bytes = pattern.indices.map { pattern[$0] }
    let hasLeft = bytes.starts(with: Word.leftEdge.utf8)
    let hasRight = bytes.reversed().starts(with: Word.rightEdge.utf8.reversed())
    let first = hasLeft ? Word.leftEdge.utf8.count : 0
    let last = bytes.count - (hasRight ? Word.rightEdge.utf8.count : 0)
    guard first < last, let literal = literal(bytes[first..<last]) else { return [] }
    return find(in: literal, isOpenLeft: !hasLeft, isOpenRight: !hasRight)
  }

  /// The text that the regular expression stands for; nil where it is more than a text.
  private static func literal(_ pattern: ArraySlice<UInt8>) -> [UInt8]? {
    var text: [UInt8] = []
    var isEscaped = false
    for byte in pattern {
      if isEscaped {
        // `\d` and the like.
        if Word.holds(byte) { return nil }
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
        continue
      } else if byte == 0 || "()*.+?[]$^{}|".utf8.contains(byte) {
        return nil
      }
      isEscaped = false
      text.append(byte)
    }
    return isEscaped ? nil : text
  }
}
