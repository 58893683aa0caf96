/// Whether the steps that PCRE2 counts tell how long a search from one place takes.
///
/// A greedy repetition takes one step, however many bytes it passes. Where it is the first one, it does that once from a
/// place; behind another repetition it does so from many bytes on, and in `\w*J\w*=` over the same bytes again and
/// again. Where a character stands before it that it does not pass, as in `.*?took (\d+)`, it does not.
enum CountedSteps {
  /// False also for what is not looked into: alternatives, options, assertions, classes in brackets but for those that
  /// are all but some characters, and repeated groups.
  static func suffice(for pattern: String) -> Bool {
    var bytes = Array(pattern.utf8)[...]
    var before: UInt8?
    var isFirst = true
    while let atom = Atom(&bytes) {
      switch (atom, Repetition(&bytes)) {
      case (.unknown, _): return false
      case (.byte(let byte), .none): before = byte
      case (.border, .none): break
      case (.border, _): return false
      case (_, .none): before = nil
      case (_, .few), (_, .lazy):
        (before, isFirst) = (nil, false)
      case (_, .greedy):
        guard isFirst || before.map({ !atom.passes($0) }) ?? false else { return false }
        (before, isFirst) = (nil, false)
      }
    }
    return true
  }

  private enum Repetition {
    case none, few, lazy, greedy

    init(_ bytes: inout ArraySlice<UInt8>) {
      switch bytes.first {
      case UInt8(ascii: "*"), UInt8(ascii: "+"): self = .greedy
      case UInt8(ascii: "?"): self = .few
      case UInt8(ascii: "{"):
        // As if it were unbounded.
        self = .greedy
        bytes = bytes.drop { $0 != UInt8(ascii: "}") }
      default:
        self = .none
        return
      }
      bytes = bytes.dropFirst()
      guard let next = bytes.first, next == UInt8(ascii: "?") || next == UInt8(ascii: "+") else {
        return
      }
      bytes = bytes.dropFirst()
      if next == UInt8(ascii: "?") { self = .lazy }
    }
  }

  private enum Atom {
    case byte(UInt8)
    case anything
    /// What a letter behind a backslash stands for.
    case kind(UInt8)
    case anyBut([UInt8])
    /// The beginning or the end of a group, of the text or of a word.
    case border
    case unknown

    /// Nil at the end.
    init?(_ bytes: inout ArraySlice<UInt8>) {
      guard let byte = bytes.popFirst() else { return nil }
      switch byte {
      case UInt8(ascii: "."): self = .anything
      case UInt8(ascii: "^"), UInt8(ascii: "$"), UInt8(ascii: ")"): self = .border
      case UInt8(ascii: "("): self = Self.group(&bytes)
      case UInt8(ascii: "\\"): self = Self.escape(&bytes)
      case UInt8(ascii: "["): self = Self.brackets(&bytes)
      case UInt8(ascii: "|"): self = .unknown
      default: self = .byte(byte)
      }
    }

    private static func group(_ bytes: inout ArraySlice<UInt8>) -> Self {
      if bytes.starts(with: "*".utf8) { return .unknown }
      guard bytes.starts(with: "?".utf8) else { return .border }
      if bytes.starts(with: "?:".utf8) {
        bytes = bytes.dropFirst(2)
        return .border
      }
      let names = ["?<", "?P<"].first { bytes.starts(with: $0.utf8) }
      guard let names, let first = bytes.dropFirst(names.utf8.count).first,
        (first | 0x20) &- 0x61 < 26
      else { return .unknown }
      bytes = bytes.drop { $0 != UInt8(ascii: ">") }.dropFirst()
      return .border
    }

    private static func escape(_ bytes: inout ArraySlice<UInt8>) -> Self {
      guard let byte = bytes.popFirst() else { return .unknown }
      switch byte {
      case UInt8(ascii: "d"), UInt8(ascii: "w"), UInt8(ascii: "s"), UInt8(ascii: "D"),
        UInt8(ascii: "W"), UInt8(ascii: "S"):
        return .kind(byte)
      case UInt8(ascii: "b"): return .border
      default:
        let isLetter = (byte | 0x20) &- 0x61 < 26
        return isLetter || byte &- 0x30 < 10 ? .unknown : .byte(byte)
      }
    }

    private static func brackets(_ bytes: inout ArraySlice<UInt8>) -> Self {
      guard bytes.popFirst() == UInt8(ascii: "^") else { return .unknown }
      var members: [UInt8] = []
      while let byte = bytes.popFirst(), byte != UInt8(ascii: "]") || members.isEmpty {
        // Ranges and what is escaped are not looked into.
        guard ![UInt8(ascii: "\\"), UInt8(ascii: "-"), UInt8(ascii: "[")].contains(byte) else {
          return .unknown
        }
        members.append(byte)
      }
      return .anyBut(members)
    }

    /// Whether it may stand for a byte, or for a part of what the byte is part of.
    func passes(_ byte: UInt8) -> Bool {
      guard byte < 0x80 else { return true }
      let isDigit = byte &- 0x30 < 10
      let isWord = isDigit || (byte | 0x20) &- 0x61 < 26 || byte == 0x5F
      let isBlank = byte == 0x20 || byte &- 0x09 < 5
      switch self {
      case .byte(let own): return own == byte
      case .kind(UInt8(ascii: "d")): return isDigit
      case .kind(UInt8(ascii: "D")): return !isDigit
      case .kind(UInt8(ascii: "w")): return isWord
      case .kind(UInt8(ascii: "W")): return !isWord
      case .kind(UInt8(ascii: "s")): return isBlank
      case .kind: return !isBlank
      case .anyBut(let members): return !members.contains(byte)
      case .anything, .border, .unknown: return true
      }
    }
  }
}
