/// Finds whose texts stand in a line, in one pass over it.
///
/// Three bytes of each text are looked for by a hash that is the same for letters of either case; only where
/// they may stand is the text compared.
struct LiteralFilter {
  private static let bits: UInt32 = 12

  /// Holds no reference: to hold each anew takes longer than to compare.
  private struct Text {
    /// Where it begins among the bytes.
    let start: Int
    let count: Int
    let ignoresCase: Bool
    /// No letter, digit or `_` stands before it, or behind it.
    let isWord: (start: Bool, end: Bool)
    /// Where the three bytes stand in it.
    let offset: Int
    /// The next one with the same hash; -1 for none.
    let next: Int32
    /// The first one of those to tell; -1 for none.
    var listener: Int32 = -1
  }

  private struct Listener {
    let owner: Int32
    /// The next one of the same text; -1 for none.
    let next: Int32
  }

  private struct Key: Hashable {
    var text: [UInt8]
    var ignoresCase: Bool
    var isWordStart: Bool
    var isWordEnd: Bool
  }

  private var texts: [Text] = []
  private var places: [Key: Int] = [:]
  private var listeners: [Listener] = []
  /// Of all texts; in small letters where case is ignored.
  private var bytes: [UInt8] = []
  /// By hash: whether there is a text.
  ///
  /// It is all that most of a line is looked up in, and stays in the cache.
  private var isUsed = [Bool](repeating: false, count: 1 << Int(bits))
  /// By hash: the first text; -1 for none.
  private var heads = [Int32](repeating: -1, count: 1 << Int(bits))
  /// By text: the line that it was last found in.
  private var seen: [UInt32] = []
  /// By owner: the line that one of its texts was last found in.
  private var told: [UInt32] = []
  /// By owner: where the texts stand among `others` without which nothing is its own.
  private var needs: [Range<Int32>] = []
  private var others: [Int32] = []
  private var line: UInt32 = 0

  var isEmpty: Bool { texts.isEmpty }

  /// A text has three bytes or more, and is ASCII where it ignores case; owners are numbered from 0 on.
  mutating func add(
    _ text: [UInt8], ignoresCase: Bool = false, isWord: (start: Bool, end: Bool) = (false, false),
    for owner: Int32
  ) {
    prepare(owner)
    let place = place(of: text, ignoresCase, isWord)
    listeners.append(Listener(owner: owner, next: texts[place].listener))
    texts[place].listener = Int32(listeners.count - 1)
  }

  /// Lines are the owner's only where all of these texts stand in them, too.
  mutating func require(_ texts: [[UInt8]], ignoresCase: Bool = false, of owner: Int32) {
    prepare(owner)
    let start = Int32(others.count)
    others += texts.map { Int32(place(of: $0, ignoresCase, (false, false))) }
    needs[Int(owner)] = start..<Int32(others.count)
  }

  private mutating func prepare(_ owner: Int32) {
    while told.count <= owner {
      told.append(0)
      needs.append(0..<0)
    }
  }

  /// Of a text that is looked for already, or is from now on.
  private mutating func place(
    of text: [UInt8], _ ignoresCase: Bool, _ isWord: (start: Bool, end: Bool)
  ) -> Int {
    let text = ignoresCase ? text.map(Self.small) : text
    precondition(text.count >= 3)
    let key = Key(
      text: text, ignoresCase: ignoresCase, isWordStart: isWord.start, isWordEnd: isWord.end)
    if let known = places[key] { return known }
    places[key] = texts.count
    let offset = Self.rarest(of: text)
    let hash = Self.hash(
      (UInt32(text[offset]) | UInt32(text[offset + 1]) << 8 | UInt32(text[offset + 2]) << 16)
        | 0x20_2020)
    texts.append(
      Text(
        start: bytes.count, count: text.count, ignoresCase: ignoresCase, isWord: isWord,
        offset: offset, next: heads[hash]))
    seen.append(0)
    bytes += text
    isUsed[hash] = true
    heads[hash] = Int32(texts.count - 1)
    return texts.count - 1
  }

  /// Those of whom a text stands in the line, and all that they require, each once.
  mutating func search(_ line: Span<UInt8>, into result: inout [Int32]) {
    result.removeAll(keepingCapacity: true)
    guard line.count >= 3, !texts.isEmpty else { return }
    self.line &+= 1
    if self.line == 0 {
      for index in told.indices { told[index] = 0 }
      for index in seen.indices { seen[index] = 0 }
      self.line = 1
    }
    var start = 0
    while let (hash, place) = next(from: start, in: line) {
      compare(heads[hash], line, at: place, &result)
      start = place + 1
    }
    if !others.isEmpty, !result.isEmpty { result.removeAll { !hasOthers($0) } }
  }

  private func hasOthers(_ owner: Int32) -> Bool {
    for index in needs[Int(owner)] where seen[Int(others[Int(index)])] != line { return false }
    return true
  }

  /// The next three bytes with whose hash there are texts, from `start` on.
  @inline(__always)
  private func next(from start: Int, in line: Span<UInt8>) -> (hash: Int, place: Int)? {
    guard start &+ 3 <= line.count else { return nil }
    return unsafe line.withUnsafeBufferPointer { bytes in
      unsafe isUsed.withUnsafeBufferPointer { isUsed in
        var window =
          unsafe (UInt32(bytes[start]) << 8 | UInt32(bytes[start &+ 1]) << 16) | 0x20_2020
        for index in start &+ 2..<bytes.count {
          window = unsafe window >> 8 | (UInt32(bytes[index]) | 0x20) << 16
          let hash = Self.hash(window)
          if unsafe isUsed[hash] { return (hash, index &- 2) }
        }
        return nil
      }
    }
  }

  @inline(never)
  private mutating func compare(
    _ head: Int32, _ line: Span<UInt8>, at place: Int, _ result: inout [Int32]
  ) {
    var next = head
    while next >= 0 {
      let index = Int(next)
      let text = texts[index]
      next = text.next
      guard seen[index] != self.line, stands(text, in: line, at: place &- text.offset) else {
        continue
      }
      seen[index] = self.line
      tell(text.listener, &result)
    }
  }

  private mutating func tell(_ first: Int32, _ result: inout [Int32]) {
    var next = first
    while next >= 0 {
      let listener = listeners[Int(next)]
      next = listener.next
      guard told[Int(listener.owner)] != line else { continue }
      told[Int(listener.owner)] = line
      result.append(listener.owner)
    }
  }

  @inline(__always)
  private func stands(_ text: Text, in line: Span<UInt8>, at start: Int) -> Bool {
    let end = start &+ text.count
    guard start >= 0, end <= line.count else { return false }
    let difference = text.start &- start
    if text.ignoresCase {
      for index in start..<end where Self.small(line[index]) != bytes[index &+ difference] {
        return false
      }
    } else {
      for index in start..<end where line[index] != bytes[index &+ difference] { return false }
    }
    if text.isWord.start, start > 0, Self.isOfWord(line[start &- 1]) { return false }
    return !(text.isWord.end && end < line.count && Self.isOfWord(line[end]))
  }

  @inline(__always)
  private static func small(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
  }

  @inline(__always)
  private static func isOfWord(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5F
  }

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
