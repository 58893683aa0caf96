import LogModel

/// The text of a pattern, with `<*>` where values stand.
package struct PatternText: Sendable {
  package let text: String
  private let pieces: [[UInt8]]

  package init(_ text: String) {
    self.text = text
    var pieces: [[UInt8]] = [[]]
    var rest = Array(text.utf8)[...]
    while let byte = rest.first {
      if rest.starts(with: Skeleton.wildcard.utf8) {
        pieces.append([])
        rest = rest.dropFirst(Skeleton.wildcard.utf8.count)
      } else {
        pieces[pieces.count - 1].append(byte)
        rest = rest.dropFirst()
      }
    }
    self.pieces = pieces
  }

  /// The first 52 bits of SHA-256 of the text.
  package static func id(of text: String) -> Int64 { Int64(SHA256.prefix64(of: text) >> 12) }

  /// How many bytes are constant.
  package var constantCount: Int { pieces.reduce(0) { $0 + $1.count } }

  /// The values that `text` has in place of the wildcards, each as short as it can be; nil where it
  /// is no instance.
  package func values(in text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>]? {
    guard let first = pieces.first, text.starts(with: first) else { return nil }
    guard pieces.count > 1, let last = pieces.last else {
      return text.count == first.count ? [] : nil
    }
    var values: [ArraySlice<UInt8>] = []
    var position = text.startIndex + first.count
    for piece in pieces.dropFirst().dropLast() {
      guard let found = Self.find(piece, in: text[position...]) else { return nil }
      values.append(text[position..<found])
      position = found + piece.count
    }
    let end = text.endIndex - last.count
    guard end >= position, text[end...].elementsEqual(last) else { return nil }
    values.append(text[position..<end])
    return values
  }

  package var wildcards: Int { pieces.count - 1 }

  /// The text with `value` in place of each wildcard.
  func filled(_ value: (_ slot: Int) -> String) -> String {
    var text = String(decoding: pieces[0], as: UTF8.self)
    for (slot, piece) in pieces.dropFirst().enumerated() {
      text += value(slot) + String(decoding: piece, as: UTF8.self)
    }
    return text
  }

  /// The values in a whole line, which has a header before the pattern's first word.
  ///
  /// A pattern that begins with a wildcard may begin anywhere: its first value is one word.
  func values(inMessage message: [UInt8]) -> [ArraySlice<UInt8>]? {
    guard let first = pieces.first, let start = Self.find(first, in: message[...]) else {
      return nil
    }
    guard var values = values(in: message[start...]) else { return nil }
    if first.isEmpty, let value = values.first,
      let blank = value.lastIndex(of: UInt8(ascii: " "))
    {
      values[0] = value[(blank + 1)...]
    }
    return values
  }

  package func matches(_ text: String) -> Bool { values(in: Array(text.utf8)[...]) != nil }

  private static func find(_ piece: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
    guard let first = piece.first else { return text.startIndex }
    var index = text.startIndex
    while index + piece.count <= text.endIndex {
      if text[index] == first, text[index...].starts(with: piece) { return index }
      index += 1
    }
    return nil
  }

  /// Of `patterns` that which says most of what `text` says; of two alike the first in the order of the text.
  package static func best(for text: String, among patterns: [PatternText]) -> PatternText? {
    var best: PatternText?
    for pattern in patterns where pattern.matches(text) {
      guard let known = best else {
        best = pattern
        continue
      }
      let (count, other) = (pattern.constantCount, known.constantCount)
      if count > other || count == other && pattern.text < known.text { best = pattern }
    }
    return best
  }
}
