// Pattern text → components.

extension Glob {
  /// Innermost braces last; braces without a comma or without a partner stand for themselves.
  static func expandBraces(_ pattern: [UInt8]) -> [[UInt8]]? {
    var finished: [[UInt8]] = []
    var waiting = [pattern]
    while let next = waiting.popLast() {
      if let alternatives = expandFirstBrace(next) {
        waiting.append(contentsOf: alternatives.reversed())
      } else {
        finished.append(next)
      }
      if finished.count + waiting.count > maximumAlternatives { return nil }
    }
    return finished
  }

  private static func expandFirstBrace(_ pattern: [UInt8]) -> [[UInt8]]? {
    for open in pattern.indices
    where pattern[open] == UInt8(ascii: "{") && !isEscaped(open, in: pattern) {
      guard let (parts, close) = parts(of: pattern, from: open), parts.count > 1 else { continue }
      return parts.map { Array(pattern[..<open] + $0 + pattern[(close + 1)...]) }
    }
    return nil
  }

  private static func parts(
    of pattern: [UInt8], from open: Int
  ) -> (parts: [ArraySlice<UInt8>], close: Int)? {
    var parts: [ArraySlice<UInt8>] = []
    var start = open + 1
    var depth = 0
    for index in start..<pattern.count where !isEscaped(index, in: pattern) {
      switch pattern[index] {
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}") where depth == 0:
        return (parts + [pattern[start..<index]], index)
      case UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: ",") where depth == 0:
        parts.append(pattern[start..<index])
        start = index + 1
      default: break
      }
    }
    return nil
  }

  private static func isEscaped(_ index: Int, in pattern: [UInt8]) -> Bool {
    pattern[..<index].reversed().prefix { $0 == backslash }.count % 2 == 1
  }

  static func components(_ pattern: [UInt8]) -> [Component] {
    var components: [Component] = []
    for name in split(pattern) {
      let component = component(name)
      if component != .anyFolders || components.last != .anyFolders { components.append(component) }
    }
    // `logs/*/` means what is below the folders.
    if pattern.last == slash && components.last != .anyFolders { components.append(.anyFolders) }
    return components
  }

  private static func component(_ name: ArraySlice<UInt8>) -> Component {
    if name.elementsEqual("**".utf8) { return .anyFolders }
    let tokens = tokens(name)
    let bytes: [UInt8] = tokens.compactMap { if case .byte(let byte) = $0 { byte } else { nil } }
    return bytes.count == tokens.count ? .literal(bytes) : .pattern(tokens)
  }

  private static func tokens(_ name: ArraySlice<UInt8>) -> [Token] {
    var tokens: [Token] = []
    var rest = name
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "*"):
        if tokens.last != .anyCharacters { tokens.append(.anyCharacters) }
      case UInt8(ascii: "?"): tokens.append(.anyCharacter)
      case UInt8(ascii: "["):
        if let (set, length) = set(rest) {
          tokens.append(set)
          rest = rest.dropFirst(length)
        } else {
          tokens.append(.byte(byte))
        }
      case backslash: tokens.append(.byte(rest.popFirst() ?? backslash))
      default: tokens.append(.byte(byte))
      }
    }
    return tokens
  }

  /// What stands behind `[`, and its length with the closing bracket; nil without one.
  private static func set(_ text: ArraySlice<UInt8>) -> (Token, length: Int)? {
    var rest = text
    let isNegated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
    if isNegated { rest = rest.dropFirst() }
    var ranges: [ClosedRange<UInt8>] = []
    while let low = rest.popFirst() {
      // A `]` that comes first stands for itself.
      if low == UInt8(ascii: "]") && !ranges.isEmpty {
        return (.set(ranges, isNegated: isNegated), text.count - rest.count)
      }
      let tail = Array(rest.prefix(2))
      if tail.count == 2 && tail[0] == UInt8(ascii: "-") && tail[1] != UInt8(ascii: "]") {
        // A range the wrong way round holds nothing but its ends.
        ranges += low <= tail[1] ? [low...tail[1]] : [low...low, tail[1]...tail[1]]
        rest = rest.dropFirst(2)
      } else {
        ranges.append(low...low)
      }
    }
    return nil
  }

  private static let backslash = UInt8(ascii: "\\")
}
