/// The literal text that every match of a GLOB or LIKE pattern contains.
enum PatternLiterals {
  struct Literal: Equatable {
    var bytes: [UInt8]
    /// Whether something else may stand before it in a match, or behind it.
    var isOpenLeft: Bool
    var isOpenRight: Bool
  }

  static func glob(_ pattern: Span<UInt8>) -> [Literal] {
    literals(pattern) { pattern, index in
      switch pattern[index] {
      case UInt8(ascii: "*"), UInt8(ascii: "?"): return index + 1
      case UInt8(ascii: "["):
        var end = index + 1
        if end < pattern.count, pattern[end] == UInt8(ascii: "^") { end += 1 }
        if end < pattern.count, pattern[end] == UInt8(ascii: "]") { end += 1 }
        while end < pattern.count, pattern[end] != UInt8(ascii: "]") { end += 1 }
        return end + 1
      default: return nil
      }
    }
  }

  static func like(_ pattern: Span<UInt8>) -> [Literal] {
    literals(pattern) { pattern, index in
      pattern[index] == UInt8(ascii: "%") || pattern[index] == UInt8(ascii: "_") ? index + 1 : nil
    }
  }

  /// The runs between wildcards; `wildcard` says where the one at an index ends.
  ///
  /// SQLite ends a pattern at NUL, and reads U+FFFE and U+FFFF as U+FFFD on both sides: these count
  /// as wildcards. Of a pattern that is not UTF-8 nothing is said.
  private static func literals(
    _ pattern: Span<UInt8>, _ wildcard: (Span<UInt8>, Int) -> Int?
  ) -> [Literal] {
    var found: [Literal] = []
    var current = Literal(bytes: [], isOpenLeft: false, isOpenRight: true)
    let next = Literal(bytes: [], isOpenLeft: true, isOpenRight: true)
    var index = 0
    while index < pattern.count, pattern[index] != 0 {
      if let end = wildcard(pattern, index) {
        found.append(current)
        current = next
        index = end
      } else if pattern[index] == 0xEF, index + 2 < pattern.count, pattern[index + 1] == 0xBF,
        pattern[index + 2] >= 0xBD
      {
        found.append(current)
        current = next
        index += 3
      } else {
        current.bytes.append(pattern[index])
        index += 1
      }
    }
    current.isOpenRight = index < pattern.count
    found.append(current)
    let isValid = unsafe pattern.withUnsafeBufferPointer {
      unsafe String(validating: $0, as: UTF8.self) != nil
    }
    return isValid ? found.filter { !$0.bytes.isEmpty } : []
  }
}
