import JSON

// Texts in whose midst documents may stand, and escapes.

extension RecordScan {
  /// Looks for patterns in a text as it reads without escapes, and in the documents in its midst;
  /// where these stand in the record.
  mutating func search(_ view: TextView, _ range: Range<Int>) -> [Range<Int>] {
    guard !redactor.patterns.isEmpty,
      // What reads as it stands was searched, and where nothing is replaced no document breaks.
      !matches.isEmpty || view.bytes[range].contains(UInt8(ascii: "\\"))
    else { return [] }
    let drops = dropsContent
    dropsContent = false
    defer { dropsContent = drops }
    var found: [Range<Int>] = []
    var start = range.lowerBound
    var index = start
    var broken = 0
    while broken < Self.mostBroken,
      let open = Self.document(view.bytes.span, index..<range.upperBound)
    {
      let known = leaves.count
      guard let end = Self.end(of: view.bytes.span, open..<range.upperBound) else {
        index = open + 1
        broken += 1
        continue
      }
      let walk = DocumentWalk.run(view, at: open, &self)
      index = max(walk.end, end)
      guard walk.isWhole else {
        leaves.removeSubrange(known...)
        continue
      }
      found += searchUnescaped(view, start..<open)
      found.append(view.hull(open..<end))
      start = end
    }
    return found + searchUnescaped(view, start..<range.upperBound)
  }

  /// So many places where no document begins are looked at in a text, since each may take as long as
  /// all of it.
  private static let mostBroken = 16

  private mutating func searchUnescaped(_ view: TextView, _ range: Range<Int>) -> [Range<Int>] {
    guard view.level < Self.deepest, view.bytes[range].contains(UInt8(ascii: "\\")) else {
      return []
    }
    let inside = view.decoded(range, isOpen: view.isOpen && range.upperBound == view.count)
    match(inside)
    return search(inside, 0..<inside.count)
  }

  /// Where an object or a list begins that has a string or an object in it: `[12]` is a part of a text.
  private static func document(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    range.first { index in
      guard opens(text[index]) else { return false }
      let next = JSONCursor.skippingSpace(text, index + 1)
      guard next < range.upperBound else { return false }
      return text[next] == UInt8(ascii: "\"")
        || text[index] == UInt8(ascii: "[") && text[next] == UInt8(ascii: "{")
    }
  }

  private static func end(of text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    guard let end = JSONCursor.valueEnd(text, range.lowerBound), end <= range.upperBound,
      JSONValidator.isValid(text, range.lowerBound..<end)
    else { return nil }
    return end
  }
}
