/// A stored text with marks in it, compared with the text that it was made from.
///
/// A mark stands for any bytes of its line, the quotes around it included, since it takes the place
/// of a number as well. What stands between the marks must be the same, in the same order. No
/// setting is needed for that, so it holds for what was replaced by settings long gone.
package struct MarkedText {
  /// The texts between the marks, line by line.
  private var lines: [[Range<Int>]] = []

  /// Nil where there is no mark.
  package init?(_ stored: Span<UInt8>) {
    var pieces: [Range<Int>] = []
    var start = 0
    var index = 0
    var hasMark = false
    while index < stored.count {
      if stored[index] == 0x0A {
        lines.append(pieces + [start..<index])
        pieces = []
        start = index + 1
      } else if let length = ReplacementMark.length(in: stored, at: index) {
        hasMark = true
        let place = Self.withQuotes(stored, index..<index + length, after: start)
        pieces.append(start..<place.lowerBound)
        start = place.upperBound
        index = place.upperBound
        continue
      }
      index += 1
    }
    guard hasMark else { return nil }
    lines.append(pieces + [start..<stored.count])
  }

  /// A mark that is a whole string stands for a value that may have had no quotes.
  private static func withQuotes(
    _ text: Span<UInt8>, _ mark: Range<Int>, after limit: Int
  ) -> Range<Int> {
    let quote = UInt8(ascii: "\"")
    let backslash = UInt8(ascii: "\\")
    var lower = mark.lowerBound
    var upper = mark.upperBound
    guard lower > limit, text[lower - 1] == quote else { return mark }
    lower -= 1
    while lower > limit, text[lower - 1] == backslash { lower -= 1 }
    while upper < text.count, text[upper] == backslash { upper += 1 }
    guard upper < text.count, text[upper] == quote else { return mark }
    return lower..<upper + 1
  }

  /// How much of a text the stored one must cover.
  package enum Extent {
    case whole
    /// The text goes on behind what was stored.
    case beginning
    /// The text breaks off, and what was stored went on.
    case cutShort
  }

  /// Whether `stored`, of which this was made, may have been made from `text`.
  package func mayBe(_ stored: Span<UInt8>, from text: Span<UInt8>, _ extent: Extent) -> Bool {
    var start = 0
    for (number, pieces) in lines.enumerated() {
      let isLast = number + 1 == lines.count
      var end = start
      while end < text.count, text[end] != 0x0A { end += 1 }
      let hasMore = end < text.count
      if !isLast && !hasMore {
        return extent == .cutShort
          && Self.isLine(pieces, stored, text.extracting(start..<end), .cutShort)
      }
      if isLast && hasMore && extent != .beginning { return false }
      let kind: Extent = isLast && !(hasMore && extent == .beginning) ? extent : .whole
      guard Self.isLine(pieces, stored, text.extracting(start..<end), kind) else { return false }
      start = end + 1
    }
    return true
  }

  private static func isLine(
    _ pieces: [Range<Int>], _ stored: Span<UInt8>, _ line: Span<UInt8>, _ extent: Extent
  ) -> Bool {
    var position = 0
    for (number, piece) in pieces.enumerated() {
      let text = stored.extracting(piece)
      let isLast = number + 1 == pieces.count
      if number == 0 {
        let common = min(text.count, line.count)
        guard isEqual(line, at: 0, text, common) else { return false }
        if common < text.count { return extent == .cutShort }
        position = common
        if isLast { return extent != .whole || position == line.count }
      } else if isLast, extent == .whole {
        return line.count - position >= text.count
          && isEqual(line, at: line.count - text.count, text, text.count)
      } else {
        guard let place = find(text, line, from: position) else { return extent == .cutShort }
        position = place + text.count
      }
    }
    return true
  }

  private static func find(_ text: Span<UInt8>, _ line: Span<UInt8>, from start: Int) -> Int? {
    var place = start
    while place + text.count <= line.count {
      if isEqual(line, at: place, text, text.count) { return place }
      place += 1
    }
    return nil
  }

  private static func isEqual(
    _ line: Span<UInt8>, at start: Int, _ text: Span<UInt8>, _ count: Int
  ) -> Bool {
    var index = 0
    while index < count {
      if line[start + index] != text[index] { return false }
      index += 1
    }
    return true
  }
}
