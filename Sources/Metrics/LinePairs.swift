import RegularExpressions

/// Which bytes of a line stand next to each other, by 64 kinds of bytes: so that expressions without a text to look
/// for (`\d+ms`, `x=\d`) are not tried on lines that have none of their pairs.
struct LinePairs {
  /// One byte of certain kinds, and behind it one of certain others.
  struct Pair: Hashable {
    /// A bit for each kind.
    var first: UInt64
    var second: UInt64

    /// What every line has.
    static let any = Pair(first: 0, second: 0)
  }

  private static let kindCount = 64
  /// Small letters and digits each by itself, capitals by three, and what stands between words.
  private static let kinds: [UInt8] = {
    var kinds = [UInt8](repeating: 63, count: 256)
    for (kind, byte) in "abcdefghijklmnopqrstuvwxyz0123456789".utf8.enumerated() {
      kinds[Int(byte)] = UInt8(kind)
    }
    for letter in UInt8(ascii: "A")...UInt8(ascii: "Z") {
      kinds[Int(letter)] = 36 + (letter - UInt8(ascii: "A")) / 3
    }
    for (kind, byte) in " =:.-/_\"%[](){}<#@".utf8.enumerated() {
      kinds[Int(byte)] = UInt8(45 + kind)
    }
    return kinds
  }()

  /// By kind: the kinds of bytes that stand before it.
  private var before = [UInt64](repeating: 0, count: kindCount)

  /// Two pairs of an expression that are worth a look, the rarer one first.
  static func pairs(of pattern: String?) -> [Pair] {
    let pairs = pattern.flatMap { RequiredPairs(of: $0) }?.pairs ?? []
    let masks = Set(pairs.map { Pair(first: mask($0.first), second: mask($0.second)) })
    // A look takes a step for each second kind; digits stand beside digits in most lines.
    let chosen = masks.filter { $0.second.nonzeroBitCount <= 10 && cost($0) <= 64 }
    return Array((chosen.sorted { cost($0) < cost($1) } + [.any, .any]).prefix(2))
  }

  private static func cost(_ pair: Pair) -> Int {
    pair.first.nonzeroBitCount * pair.second.nonzeroBitCount
  }

  private static func mask(_ bytes: Set<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 | 1 << UInt64(kinds[Int($1)]) }
  }

  mutating func read(_ text: Span<UInt8>) {
    for kind in before.indices { before[kind] = 0 }
    guard var last = text.indices.first.map({ Self.kinds[Int(text[$0])] }) else { return }
    unsafe Self.kinds.withUnsafeBufferPointer { kinds in
      unsafe before.withUnsafeMutableBufferPointer { before in
        for index in 1..<text.count {
          let kind = unsafe kinds[Int(text[index])]
          unsafe before[Int(kind)] |= 1 << UInt64(last)
          last = kind
        }
      }
    }
  }

  /// Whether a pair stands in the line.
  @inline(__always)
  func has(_ pair: Pair) -> Bool {
    if pair == .any { return true }
    var kinds = pair.second
    var found: UInt64 = 0
    while kinds != 0 {
      found |= before[kinds.trailingZeroBitCount]
      kinds &= kinds &- 1
    }
    return found & pair.first != 0
  }
}
