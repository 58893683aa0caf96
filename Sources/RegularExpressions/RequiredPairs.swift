/// Neighbouring bytes that every match of a regular expression has, so that what has no such bytes need not be
/// searched.
///
/// Where a construct is not known to be harmless there is no answer: a pair may be missed, never wrong.
package struct RequiredPairs: Equatable, Sendable {
  /// Every match has a byte of `first` and one of `second` behind it.
  package struct Pair: Hashable, Sendable {
    package var first: Set<UInt8>
    package var second: Set<UInt8>
  }

  package var pairs: [Pair]

  /// Nil where nothing can be said.
  package init?(of pattern: String) {
    var reader = PairReader(pattern: Array(pattern.unicodeScalars))
    guard let found = reader.branch(), reader.isAtEnd, !found.pairs.isEmpty else { return nil }
    pairs = found.pairs
  }
}

/// Reads a pattern from its beginning to its end.
private struct PairReader {
  /// What is known of a part of a pattern; a set is nil where the byte there is not known.
  struct Found {
    var pairs: [RequiredPairs.Pair] = []
    var first: Set<UInt8>?
    var last: Set<UInt8>?
  }

  private enum Item {
    case found(Found)
    /// Such as `^`: it has no byte.
    case place
  }

  private let pattern: [Unicode.Scalar]
  private var index = 0

  init(pattern: [Unicode.Scalar]) { self.pattern = pattern }

  var isAtEnd: Bool { index == pattern.count }

  private var next: Unicode.Scalar? { index < pattern.count ? pattern[index] : nil }

  /// Reads to a `|`, a `)` or the end; nil where nothing can be said of the whole pattern.
  mutating func branch() -> Found? {
    var result = Found()
    var isFirst = true
    while let scalar = next, scalar != "|", scalar != ")" {
      guard let item = item() else { return nil }
      guard case .found(let found) = item else { continue }
      guard let least = leastCount() else { return nil }
      if least > 0 {
        if isFirst { result.first = found.first }
        if let last = result.last, let first = found.first {
          result.pairs.append(.init(first: last, second: first))
        }
        result.pairs += found.pairs
        if least > 1, let last = found.last, let first = found.first {
          result.pairs.append(.init(first: last, second: first))
        }
        result.last = found.last
      } else {
        result.last = nil
      }
      isFirst = false
    }
    return result
  }

  /// How often the item is there at least, by the quantifier behind it; nil where that is not known.
  private mutating func leastCount() -> Int? {
    var least = 1
    switch next {
    case "?", "*": least = 0
    case "+": break
    case "{":
      var end = index + 1
      var digits = ""
      while end < pattern.count, ("0"..."9").contains(pattern[end]) {
        digits.unicodeScalars.append(pattern[end])
        end += 1
      }
      // Whether it is a brace that stands for itself depends on PCRE2's version.
      guard let count = Int(digits), let close = pattern[end...].firstIndex(of: "}"),
        pattern[end..<close].allSatisfy({ $0 == "," || ("0"..."9").contains($0) }),
        pattern[end..<close].count(where: { $0 == "," }) < 2
      else { return nil }
      least = count
      index = close
    default: return 1
    }
    index += 1
    if next == "?" || next == "+" { index += 1 }
    return least
  }

  private mutating func item() -> Item? {
    let scalar = pattern[index]
    index += 1
    switch scalar {
    case "^", "$": return .place
    case ".": return Self.found(ByteSets.all.subtracting([0x0A]))
    case "(": return group()
    case "[": return ByteSets.class(pattern, &index).map(Self.found)
    case "?", "*", "+", "{": return nil
    case "\\":
      guard let escaped = next else { return nil }
      index += 1
      if "bBAzZ".unicodeScalars.contains(escaped) { return .place }
      return ByteSets.escape(escaped).map(Self.found)
    default:
      let bytes = Array(String(scalar).utf8)
      return .found(
        Found(first: bytes.first.map { [$0] }, last: bytes.last.map { [$0] }))
    }
  }

  private static func found(_ set: Set<UInt8>) -> Item { .found(Found(first: set, last: set)) }

  /// Reads to behind the `)`; nil for what is more than a group.
  private mutating func group() -> Item? {
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
      } else if next == ":" {
        index += 1
      } else {
        return nil
      }
    }
    guard var found = branch() else { return nil }
    while next == "|" {
      index += 1
      guard branch() != nil else { return nil }
      found = Found()
    }
    guard next == ")" else { return nil }
    index += 1
    return .found(found)
  }
}

/// The bytes that a character of a class begins, ends and consists of.
private enum ByteSets {
  static let all = Set(UInt8.min...UInt8.max)
  private static let beyondASCII = Set(UInt8(0x80)...UInt8.max)
  private static let digits = Set(UInt8(ascii: "0")...UInt8(ascii: "9"))
  private static let spaces: Set<UInt8> = [9, 10, 11, 12, 13, 32]
  private static let words = digits.union(UInt8(ascii: "a")...UInt8(ascii: "z"))
    .union(UInt8(ascii: "A")...UInt8(ascii: "Z")).union([UInt8(ascii: "_")])

  /// What stands behind a backslash.
  static func escape(_ scalar: Unicode.Scalar) -> Set<UInt8>? {
    switch scalar {
    case "d": digits
    case "D": all.subtracting(digits)
    case "w": words
    case "W": all.subtracting(words)
    case "s": spaces
    case "S": all.subtracting(spaces)
    case "t": [9]
    case "n": [10]
    case "r": [13]
    case "a"..."z", "A"..."Z", "0"..."9": nil
    default: scalar.isASCII ? [UInt8(scalar.value)] : nil
    }
  }

  /// Reads to behind the `]`; nil where what it means is not known.
  static func `class`(_ pattern: [Unicode.Scalar], _ index: inout Int) -> Set<UInt8>? {
    var set: Set<UInt8> = []
    let isNegated = index < pattern.count && pattern[index] == "^"
    if isNegated { index += 1 }
    let start = index
    while index < pattern.count {
      let scalar = pattern[index]
      if scalar == "]", index > start {
        index += 1
        return isNegated ? all.subtracting(set).union(beyondASCII) : set
      }
      guard scalar != "[" else { return nil }
      guard let low = member(pattern, &index) else { return nil }
      guard index + 1 < pattern.count, pattern[index] == "-", pattern[index + 1] != "]" else {
        set.formUnion(low)
        continue
      }
      index += 1
      guard pattern[index] != "[", let high = member(pattern, &index), low.count == 1,
        let from = low.first, let to = high.max(), from <= to
      else { return nil }
      set.formUnion(from...to)
    }
    return nil
  }

  private static func member(_ pattern: [Unicode.Scalar], _ index: inout Int) -> Set<UInt8>? {
    let scalar = pattern[index]
    index += 1
    guard scalar == "\\" else {
      return scalar.isASCII ? [UInt8(scalar.value)] : beyondASCII
    }
    guard index < pattern.count else { return nil }
    index += 1
    return escape(pattern[index - 1])
  }
}
