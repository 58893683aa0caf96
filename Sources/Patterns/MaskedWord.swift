/// A run of letters, digits, holes and the punctuation that stands inside names, paths and addresses.
struct MaskedWord {
  private var bytes: [UInt8]
  /// Punctuation at the end of the run that belongs to the sentence.
  private let tail: ArraySlice<UInt8>
  private let isValue: Bool
  private let isCall: Bool

  /// `after` and `before` are the bytes around the run.
  init(_ run: ArraySlice<UInt8>, after: UInt8, before: UInt8) {
    var end = run.endIndex
    while end > run.startIndex, Self.isTrailing(run[end - 1]) { end -= 1 }
    bytes = Array(run[..<end])
    tail = run[end...]
    isValue = after == UInt8(ascii: "=")
    isCall = before == UInt8(ascii: "(") && tail.isEmpty
  }

  static func contains(_ byte: UInt8) -> Bool {
    switch byte {
    case hole, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"),
      UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "#"), UInt8(ascii: "~"),
      UInt8(ascii: "$"), UInt8(ascii: "*"), UInt8(ascii: "\\"), UInt8(ascii: "%"):
      true
    default: Masks.isWord(byte)
    }
  }

  private static func isTrailing(_ byte: UInt8) -> Bool {
    byte == dot || byte == colon || byte == UInt8(ascii: "-")
  }

  /// The run with at most one hole in it.
  var masked: [UInt8] {
    if isValue && isVaryingValue { return [hole] + tail }
    var word = self
    word.maskDottedNames()
    guard let first = word.bytes.firstIndex(of: hole) else { return word.bytes + tail }
    // `index:5` keeps its name; `example.org:443` is one address.
    guard let place = word.bytes[..<first].lastIndex(of: colon) else { return [hole] + tail }
    let isAddress = place == first - 1 && Self.isHost(word.bytes[..<place])
    return (isAddress ? [] : word.bytes[...place]) + [hole] + tail
  }

  /// Of a value behind `=`: nothing, hexadecimal, or a name of two parts.
  private var isVaryingValue: Bool {
    let nothing = ["null", "nil", "none", "None", "NULL"]
    if nothing.contains(where: { bytes.elementsEqual($0.utf8) }) { return true }
    if bytes.count >= 6, bytes.allSatisfy(Self.isHexadecimal) { return true }
    return bytes.contains(dot)
      && bytes.split(separator: dot).allSatisfy { part in
        part.first.map(Masks.isLower) ?? false
      } && Self.isHost(bytes[...]) && bytes.last.map(Masks.isLower) ?? false
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    Masks.isDigit(byte) || byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "f")
  }

  /// `proxy.example.org`: parts of word bytes, the last of which begins with a letter.
  private static func isHost(_ name: ArraySlice<UInt8>) -> Bool {
    let parts = name.split(separator: dot, omittingEmptySubsequences: false)
    guard parts.count >= 2, let last = parts.last?.first, Masks.isLetter(last) else { return false }
    return parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { Masks.isWord($0) || $0 == UInt8(ascii: "-") }
    }
  }

  /// Names of three parts or more that end in a lower-case letter vary, unlike `intent.SCREEN_ON`.
  private mutating func maskDottedNames() {
    var result: [UInt8] = []
    var start = bytes.startIndex
    while start < bytes.endIndex {
      var end = start
      while end < bytes.endIndex, Self.isInName(bytes[end]) { end += 1 }
      let name = bytes[start..<end]
      let parts = name.split(separator: dot, omittingEmptySubsequences: false)
      let isDotted =
        parts.count >= 3 && parts.allSatisfy { !$0.isEmpty }
        && name.last.map(Masks.isLower) ?? false && !(isCall && end == bytes.endIndex)
      if isDotted { result.append(hole) } else { result.append(contentsOf: name) }
      if end < bytes.endIndex { result.append(bytes[end]) }
      start = end + 1
    }
    bytes = result
  }

  private static func isInName(_ byte: UInt8) -> Bool {
    Masks.isWord(byte) || byte == dot || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "$")
  }
}

private let hole = Skeleton.hole
private let dot = UInt8(ascii: ".")
private let colon = UInt8(ascii: ":")
