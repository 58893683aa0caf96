/// Reads a pattern as PCRE2 does that has compiled it; of what is not surely meant so, nothing.
struct FinitePatternReader {
  private typealias Part = FinitePattern.Part

  private let pattern: [Unicode.Scalar]
  private var index = 0
  private var ignoresCase = false
  private var dotMatchesLineEnds = false

  /// Nil for what is not all ASCII.
  init?(_ pattern: String) {
    guard pattern.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    self.pattern = Array(pattern.unicodeScalars)
  }

  private var next: Unicode.Scalar? { index < pattern.count ? pattern[index] : nil }

  mutating func read() -> FinitePattern.Part? {
    takeLeadingOptions()
    guard let part = alternatives(), index == pattern.count else { return nil }
    return part
  }

  private mutating func takeLeadingOptions() {
    guard pattern.starts(with: "(?".unicodeScalars), let end = pattern.firstIndex(of: ")") else {
      return
    }
    let options = pattern[2..<end]
    guard !options.isEmpty, options.allSatisfy({ $0 == "i" || $0 == "s" }) else { return }
    ignoresCase = options.contains("i")
    dotMatchesLineEnds = options.contains("s")
    index = end + 1
  }

  private mutating func alternatives() -> Part? {
    var branches: [Part] = []
    while true {
      guard let branch = branch() else { return nil }
      branches.append(branch)
      guard next == "|" else { return branches.count == 1 ? branch : .choice(branches) }
      index += 1
    }
  }

  private mutating func branch() -> Part? {
    var parts: [Part] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      guard let item = item(), let part = quantified(item) else { return nil }
      parts.append(part)
    }
    return .sequence(parts)
  }

  private mutating func item() -> Part? {
    let scalar = pattern[index]
    index += 1
    switch scalar {
    case "^": return .place(.beginning)
    case "$": return .place(.end)
    case ".": return .bytes(FinitePattern.mask { dotMatchesLineEnds || $0 != 0x0A })
    case "(": return group()
    case "[": return bracket()
    case "?", "*", "+", "{": return nil
    case "\\":
      guard let escaped = next else { return nil }
      index += 1
      switch escaped {
      case "b": return .place(.wordEdge)
      case "B": return .place(.noWordEdge)
      case "A": return .place(.beginning)
      case "z": return .place(.end)
      default: return ByteSets.escape(escaped).map { bytes($0, isNegated: false) }
      }
    default: return bytes([UInt8(scalar.value)], isNegated: false)
    }
  }

  private mutating func bracket() -> Part? {
    let isNegated = next == "^"
    return ByteSets.class(pattern, &index).map { bytes($0, isNegated: isNegated) }
  }

  private func bytes(_ set: Set<UInt8>, isNegated: Bool) -> Part {
    .bytes(
      FinitePattern.mask { byte in
        guard ignoresCase, (byte | 0x20) &- 0x61 < 26 else { return set.contains(byte) }
        let (own, other) = (set.contains(byte), set.contains(byte ^ 0x20))
        return isNegated ? own && other : own || other
      })
  }

  private mutating func group() -> Part? {
    if next == "*" { return nil }
    if next == "?" {
      index += 1
      if next == "P" { index += 1 }
      if next == "<" {
        index += 1
        guard let letter = next, letter != "=", letter != "!",
          let end = pattern[index...].firstIndex(of: ">")
        else { return nil }
        index = end + 1
      } else if next == ":", pattern[index - 1] == "?" {
        index += 1
      } else {
        return nil
      }
    }
    guard let part = alternatives(), next == ")" else { return nil }
    index += 1
    return part
  }

  /// The item as often as the quantifier behind it says.
  private mutating func quantified(_ item: Part) -> Part? {
    var (least, most): (Int, Int?) = (0, nil)
    switch next {
    case "?": most = 1
    case "*": break
    case "+": least = 1
    case "{":
      guard let count = count() else { return nil }
      (least, most) = count
    default: return item
    }
    index += 1
    if next == "?" { index += 1 }
    // Possessive, and twice.
    if let next, "+*?{".unicodeScalars.contains(next) { return nil }
    if case .place = item { return nil }
    guard most == 1 || !item.repeats else { return nil }
    return .repetition(item, least: least, most: most)
  }

  /// `{2}`, `{2,}` or `{2,3}`; the index is then at its end.
  private mutating func count() -> (Int, Int?)? {
    // Whether others are braces that stand for themselves depends on PCRE2's version.
    guard let close = pattern[index...].firstIndex(of: "}") else { return nil }
    let parts = pattern[(index + 1)..<close].split(separator: ",", omittingEmptySubsequences: false)
      .map { String(String.UnicodeScalarView($0)) }
    guard let first = parts.first, let least = Self.number(first) else { return nil }
    index = close
    switch parts.count {
    case 1: return (least, least)
    case 2 where parts[1].isEmpty: return (least, nil)
    case 2: return Self.number(parts[1]).map { (least, $0) }
    default: return nil
    }
  }

  private static func number(_ text: String) -> Int? {
    text.utf8.allSatisfy { $0 &- 0x30 < 10 } ? Int(text) : nil
  }
}
