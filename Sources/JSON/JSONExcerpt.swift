/// What is left of a JSON object of any length when its long texts and lists are cut: an object with
/// the same members, whose length is bounded.
///
/// A text of its members that is cut keeps the line end that it ends in.
/// It comes in pieces, split anywhere, of which nothing is kept but the excerpt. An object that stands in
/// a text of the object's members is cut in the same way.
package struct JSONExcerpt: Sendable {
  /// So many bytes of a text are kept.
  package static let longestText = 2048
  /// A list ends with the element that makes its excerpt longer.
  static let longestList = 128 << 10
  static let longestDocument = 256 << 10
  package static let longest = 1 << 20
  private static let longestPrefix = 512

  /// The excerpt so far, with what stands before the object; empty where there is none, or where it
  /// has too many members.
  package private(set) var bytes: [UInt8] = []
  private var hasBegun = false
  private var isHopeless = false
  private var outer = JSONLayer()
  /// Of the object in the text that is being read.
  private var inner: JSONLayer?
  private var innerStart = 0
  /// The byte before is the end of an escaped line end behind the object in a text.
  private var isBehindLine = false

  package init() {}

  /// Takes the next bytes.
  package mutating func append(_ piece: Span<UInt8>) {
    var index = 0
    while index < piece.count, !isHopeless {
      if inner == nil, outer.isPassing {
        index = outer.pass(piece, from: index)
        guard index < piece.count else { return }
      } else if inner?.isPassing == true, !outer.isEscaped {
        isBehindLine = false
        while index < piece.count, piece[index] != 0x5C, piece[index] != 0x22 { index &+= 1 }
        guard index < piece.count else { return }
      }
      take(piece[index])
      index &+= 1
    }
  }

  private mutating func take(_ byte: UInt8) {
    if !hasBegun {
      hasBegun = byte == 0x7B
      if !hasBegun { bytes.append(byte) }
    }
    if inner != nil {
      takeInner(byte)
    } else if hasBegun, byte == 0x7B, outer.depth == 1, outer.beginsText {
      inner = JSONLayer()
      innerStart = bytes.count
      takeInner(byte)
    } else if hasBegun {
      if byte == 0x22, outer.lacksLineEnd { bytes += [0x5C, 0x6E] }
      outer.take(byte, isEscaped: false, &bytes)
    }
    guard
      bytes.count > (hasBegun ? Self.longest : Self.longestPrefix) || outer.isTooDeep
    else { return }
    isHopeless = true
    bytes = []
  }

  /// Takes a byte of an object in a text, whose quotes and backslashes are escaped.
  private mutating func takeInner(_ byte: UInt8) {
    if outer.isEscaped {
      outer.isEscaped = false
      // A line break or a tab; in a text it would be escaped once more.
      let isBlank = byte == 0x6E || byte == 0x72 || byte == 0x74
      if !isBlank || inner?.isInText == true { inner?.take(byte, isEscaped: true, &bytes) }
      isBehindLine = byte == 0x6E
    } else if byte == 0x5C {
      outer.isEscaped = true
    } else if byte == 0x22 {
      inner = nil
      if isBehindLine { bytes += [0x5C, 0x6E] }
      outer.take(byte, isEscaped: false, &bytes)
    } else {
      inner?.take(byte, isEscaped: false, &bytes)
      isBehindLine = false
    }
    if let inner, bytes.count - innerStart > Self.longestDocument || inner.isTooDeep {
      self.inner = nil
      outer.cutText()
    }
  }
}

/// Where reading stands in one object.
private struct JSONLayer {
  private struct Container {
    let isList: Bool
    /// Of its excerpt.
    let start: Int
  }

  private var containers: [Container] = []
  /// The rest of the innermost container, a list, is left out; so many that are in it have not ended.
  private var isSkipping = false
  private var skipped = 0
  private(set) var isInText = false
  private var textLength = 0
  /// The byte before is a backslash in a text; it is kept if what it escapes is.
  var isEscaped = false
  private var keepsEscaped = false
  /// The text's last character so far is an escaped line end.
  private var endsInLine = false
  private var literalLength = 0

  private static let longestLiteral = 64
  private static let deepest = 1000

  /// How many containers are open; none while a list's rest is left out.
  var depth: Int { isSkipping ? 0 : containers.count }
  var isTooDeep: Bool { containers.count > Self.deepest }
  /// The byte before is the quote that opens a text.
  var beginsText: Bool { isInText && textLength == 0 }
  /// Up to the end of the text nothing is kept.
  var isPassing: Bool { isInText && !isEscaped && !isKeeping }
  /// The text that is about to end does so in a line end that was not kept.
  var lacksLineEnd: Bool { isInText && !isSkipping && !isEscaped && endsInLine && !keepsEscaped }
  private var isKeeping: Bool { !isSkipping && textLength < JSONExcerpt.longestText }

  mutating func cutText() { textLength = JSONExcerpt.longestText }

  /// Passes over what is not kept of a text: where its closing quote stands, or the end of the piece.
  mutating func pass(_ piece: Span<UInt8>, from start: Int) -> Int {
    let end = JSONCursor.stringEnd(piece, start) ?? piece.count
    if end > start {
      keepsEscaped = false
      isEscaped = Self.isOddRun(of: 0x5C, in: piece, from: start, to: end)
      endsInLine =
        piece[end &- 1] == 0x6E && Self.isOddRun(of: 0x5C, in: piece, from: start, to: end &- 1)
    }
    return end
  }

  private static func isOddRun(
    of byte: UInt8, in piece: Span<UInt8>, from start: Int, to end: Int
  ) -> Bool {
    var first = end
    while first > start, piece[first &- 1] == byte { first &-= 1 }
    return (end - first) % 2 == 1
  }

  /// `isEscaped` tells that a backslash of the text around it stands before the byte.
  mutating func take(_ byte: UInt8, isEscaped isQuoted: Bool, _ output: inout [UInt8]) {
    func keep() {
      if isQuoted { output.append(0x5C) }
      output.append(byte)
    }
    if isInText {
      if takesText(byte) { keep() }
      return
    }
    switch byte {
    case 0x20, 0x09, 0x0A, 0x0D:
      // What follows a number or a word is no part of it.
      if literalLength > 0 { output.append(0x20) }
    case 0x22:
      isInText = true
      endsInLine = false
      textLength = 0
      if !isSkipping { keep() }
    case 0x7B, 0x5B:
      if isSkipping {
        skipped += 1
      } else {
        containers.append(Container(isList: byte == 0x5B, start: output.count))
        keep()
      }
    case 0x7D, 0x5D:
      if skipped > 0 {
        skipped -= 1
      } else {
        isSkipping = false
        _ = containers.popLast()
        keep()
      }
    case 0x2C:
      if !isSkipping, !cutsList(&output) { keep() }
    default:
      guard !isSkipping else { return }
      literalLength += 1
      if literalLength <= Self.longestLiteral { keep() }
      return
    }
    literalLength = 0
  }

  /// Reads a byte of a text; whether it is kept.
  private mutating func takesText(_ byte: UInt8) -> Bool {
    if isEscaped {
      isEscaped = false
      textLength += 1
      endsInLine = byte == 0x6E
      return keepsEscaped
    }
    if byte == 0x22 {
      isInText = false
      return !isSkipping
    }
    let isKept = isKeeping
    textLength += 1
    endsInLine = false
    if byte == 0x5C {
      isEscaped = true
      keepsEscaped = isKept
    }
    return isKept
  }

  /// Behind a whole value: leaves out the rest of the outermost list that is too long.
  private mutating func cutsList(_ output: inout [UInt8]) -> Bool {
    let place = containers.firstIndex {
      $0.isList && output.count - $0.start > JSONExcerpt.longestList
    }
    guard let place else { return false }
    for container in containers[(place + 1)...].reversed() {
      output.append(container.isList ? 0x5D : 0x7D)
    }
    skipped = containers.count - place - 1
    isSkipping = true
    containers.removeSubrange((place + 1)...)
    return true
  }
}
