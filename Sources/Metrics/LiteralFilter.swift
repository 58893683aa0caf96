/// Finds whose texts stand in a line, in one pass over it.
///
/// Three bytes of each text are looked for by a hash that is the same for letters of either case; only where
/// they may stand is the text compared.
struct LiteralFilter {
  private static let bits: UInt32 = 12

  private struct Text {
    /// Where it ignores case, in small letters.
    let bytes: [UInt8]
    let ignoresCase: Bool
    /// Where the three bytes stand in it.
    let offset: Int
    /// 1 + the next one with the same hash.
    let next: UInt16
    /// Whom to tell.
    var owners: [Int32]
    /// The line that it was last found in.
    var found: UInt32 = 0
  }

  private var texts: [Text] = []
  /// By hash: 1 + the first text, 0 for none.
  private var heads = [UInt16](repeating: 0, count: 1 << Int(bits))
  /// By owner: the line that one of its texts was last found in.
  private var told: [UInt32] = []
  private var line: UInt32 = 0

  var isEmpty: Bool { texts.isEmpty }

  /// A text has three bytes or more, and is ASCII where it ignores case; owners are numbered from 0 on.
  mutating func add(_ text: [UInt8], ignoresCase: Bool = false, for owner: Int32) {
    while told.count <= owner { told.append(0) }
    let text = ignoresCase ? text.map { Self.isCapital($0) ? $0 | 0x20 : $0 } : text
    if let known = texts.firstIndex(where: { $0.bytes == text && $0.ignoresCase == ignoresCase }) {
      return texts[known].owners.append(owner)
    }
    // One more than this many would need wider indices.
    precondition(text.count >= 3 && texts.count < Int(UInt16.max) - 1)
    let offset = Self.rarest(of: text)
    let hash = Self.hash(
      (UInt32(text[offset]) | UInt32(text[offset + 1]) << 8 | UInt32(text[offset + 2]) << 16)
        | 0x20_2020)
    texts.append(
      Text(
        bytes: text, ignoresCase: ignoresCase, offset: offset, next: heads[hash], owners: [owner]))
    heads[hash] = UInt16(texts.count)
  }

  /// Appends the owners of all texts that stand in the line, each once.
  mutating func search(_ line: Span<UInt8>, into result: inout [Int32]) {
    guard line.count >= 3 else { return }
    self.line &+= 1
    if self.line == 0 {
      for index in texts.indices { texts[index].found = 0 }
      for index in told.indices { told[index] = 0 }
      self.line = 1
    }
    var start = 0
    while let (head, place) = next(from: start, in: line) {
      compare(head, line, at: place, &result)
      start = place + 1
    }
  }

  /// The next three bytes with whose hash there are texts, from `start` on.
  private func next(from start: Int, in line: Span<UInt8>) -> (head: UInt16, place: Int)? {
    guard start &+ 3 <= line.count else { return nil }
    return unsafe line.withUnsafeBufferPointer { bytes in
      unsafe heads.withUnsafeBufferPointer { heads in
        var window =
          unsafe (UInt32(bytes[start]) << 8 | UInt32(bytes[start &+ 1]) << 16) | 0x20_2020
        for index in start &+ 2..<bytes.count {
          window = unsafe window >> 8 | (UInt32(bytes[index]) | 0x20) << 16
          let head = unsafe heads[Self.hash(window)]
          if head != 0 { return (head, index &- 2) }
        }
        return nil
      }
    }
  }

  @inline(never)
  private mutating func compare(
    _ head: UInt16, _ line: Span<UInt8>, at place: Int, _ result: inout [Int32]
  ) {
    var head = head
    while head != 0 {
      let index = Int(head) - 1
      head = texts[index].next
      guard texts[index].found != self.line, stands(index, in: line, at: place) else { continue }
      texts[index].found = self.line
      for owner in texts[index].owners where told[Int(owner)] != self.line {
        told[Int(owner)] = self.line
        result.append(owner)
      }
    }
  }

  /// Whether a text stands in the line so that its three bytes are at `place`.
  private func stands(_ index: Int, in line: Span<UInt8>, at place: Int) -> Bool {
    let start = place - texts[index].offset
    let bytes = texts[index].bytes
    guard start >= 0, start + bytes.count <= line.count else { return false }
    if texts[index].ignoresCase {
      for offset in bytes.indices {
        let byte = line[start + offset]
        guard bytes[offset] == (Self.isCapital(byte) ? byte | 0x20 : byte) else { return false }
      }
      return true
    }
    for offset in bytes.indices where bytes[offset] != line[start + offset] { return false }
    return true
  }

  private static func isCapital(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }

  /// Of bytes of which each has the bit that tells small letters from capitals.
  @inline(__always)
  private static func hash(_ window: UInt32) -> Int {
    Int((window &* 0x9E37_79B1) >> (32 - bits))
  }

  /// Where the three bytes begin that are least likely in logs: digits and common letters stand everywhere.
  private static func rarest(of text: [UInt8]) -> Int {
    func cost(_ byte: UInt8) -> Int {
      switch byte {
      case 0x30...0x39, 0x20: 4
      case 0x61...0x7A: "etaoinsrldcupmh".utf8.contains(byte) ? 3 : 2
      case 0x22, 0x2D, 0x2E, 0x2F, 0x3A, 0x3D: 2
      default: 1
      }
    }
    let starts = 0...text.count - 3
    return starts.min { left, right in
      text[left..<left + 3].reduce(0) { $0 + cost($1) }
        < text[right..<right + 3].reduce(0) { $0 + cost($1) }
    } ?? 0
  }
}
