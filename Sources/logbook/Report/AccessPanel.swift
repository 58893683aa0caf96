import Glibc

extension Int64 {
  /// No more than the greatest number: what a log says may be any.
  func addingSaturated(_ other: Int64) -> Int64 {
    let (sum, isTooLarge) = addingReportingOverflow(other)
    return isTooLarge ? .max : sum
  }
}

/// What requests have in common: a path, a client, an agent or a referrer, with their sums.
///
/// Keys are kept as bytes in one buffer. At most `limit` are: of more, those that come later count as
/// others.
struct AccessPanel: Sendable {
  struct Sum: Sendable {
    var hits: Int64 = 0
    var bytes: Int64 = 0
    /// Of 4xx and 5xx, and of 5xx.
    var (refused, failed): (Int64, Int64) = (0, 0)
    /// Microseconds, and of how many requests they are.
    var (time, longest, timed): (Int64, Int64, Int64) = (0, 0, 0)

    mutating func add(_ other: Sum) {
      hits += other.hits
      bytes = bytes.addingSaturated(other.bytes)
      refused += other.refused
      failed += other.failed
      time = time.addingSaturated(other.time)
      longest = max(longest, other.longest)
      timed += other.timed
    }
  }

  static let limit = 1_000_000

  /// What is known of a key without looking at its text: of one of 16 bytes or less, all.
  private struct Sign: Sendable {
    let hash: UInt64
    /// The first and the last eight bytes, which may overlap; of a shorter key all of it.
    let (first, last): (UInt64, UInt64)
    let count: Int

    func isEqual(_ other: Sign) -> Bool {
      (hash ^ other.hash) | (first ^ other.first) | (last ^ other.last)
        | UInt64(truncatingIfNeeded: count ^ other.count) == 0
    }
  }

  /// What each line asks for stands together: it is seldom in the processor's cache.
  private struct Entry: Sendable {
    let sign: Sign
    /// In `text`.
    let start: Int
    var sum: Sum
  }

  private var text: [UInt8] = []
  private var entries: [Entry] = []
  /// By the low bits of hashes: 1 + the place of a key, below the high bits of its hash; 0 for none.
  private var table = [UInt32](repeating: 0, count: 1024)
  private(set) var others = Sum()
  /// Keys that are not looked for yet, with their texts.
  private var waiting: [Entry] = []
  private var waitingText: [UInt8] = []
  private static let batch = 256
  /// What `fetch` has seen, so that it is not left out.
  private var seen: UInt64 = 0

  var count: Int { entries.count }

  func key(_ index: Int) -> String { String(decoding: text[range(index)], as: UTF8.self) }

  func sum(_ index: Int) -> Sum { entries[index].sum }

  private func range(_ index: Int) -> Range<Int> {
    entries[index].start..<entries[index].start + entries[index].sign.count
  }

  /// Counts the key once `settle` is called: many that are looked for one behind the other are fetched from memory at
  /// the same time.
  mutating func add(_ sum: Sum, _ line: Span<UInt8>, _ range: Range<Int>) {
    let bytes = line.extracting(range)
    waiting.append(Entry(sign: Self.sign(bytes), start: waitingText.count, sum: sum))
    waitingText.append(bytes)
    if waiting.count == Self.batch { settle() }
  }

  mutating func settle() {
    var (entries, text) = (exchange(&waiting, with: []), exchange(&waitingText, with: []))
    fetch(entries)
    add(entries, text)
    entries.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
    (waiting, waitingText) = (entries, text)
  }

  /// Asks memory for what `add` will look at, without a branch that waits for it.
  private mutating func fetch(_ waiting: [Entry]) {
    let filter = table.count &- 1
    let places = UInt32(1) << Self.placeBits &- 1
    var seen: UInt64 = 0
    for entry in waiting {
      let place = Int(table[Int(truncatingIfNeeded: entry.sign.hash) & filter] & places)
      guard place > 0 else { continue }
      // The first, the middle and the last bytes: it lies on three lines of the cache.
      seen ^= entries[place &- 1].sign.hash
      seen ^= UInt64(truncatingIfNeeded: entries[place &- 1].sum.hits)
      seen ^= UInt64(truncatingIfNeeded: entries[place &- 1].sum.timed)
    }
    self.seen ^= seen
  }

  /// Those of another one that wait for nothing.
  mutating func add(_ other: AccessPanel) {
    add(other.entries, other.text)
    others.add(other.others)
  }

  private mutating func add(_ entries: [Entry], _ text: [UInt8]) {
    for entry in entries {
      let key = text.span.extracting(entry.start..<entry.start &+ entry.sign.count)
      add(entry.sum, key, entry.sign)
    }
  }

  /// Nil for a key that is not there.
  func sum(of key: String) -> Sum? {
    let bytes = Array(key.utf8)
    guard case .known(let index) = find(bytes.span, Self.sign(bytes.span)) else { return nil }
    return entries[index].sum
  }

  /// Sixteen bytes by one product, as in wyhash; the last ones may overlap.
  private static func sign(_ bytes: Span<UInt8>) -> Sign {
    let count = bytes.count
    func word(_ index: Int) -> UInt64 {
      unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
    }
    func mixed(_ first: UInt64, _ second: UInt64) -> UInt64 {
      let (high, low) = (first ^ 0x8BB8_4B93_962E_ACC9).multipliedFullWidth(
        by: second ^ 0x4B33_A62E_D433_D4A3)
      return high ^ low
    }
    var hash = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
    if count < 8 {
      var all: UInt64 = 0
      for index in 0..<count { all = all << 8 | UInt64(bytes[index]) }
      return Sign(hash: mixed(mixed(all, hash), hash), first: all, last: 0, count: count)
    }
    let (first, last) = (word(0), word(count &- 8))
    var index = 0
    while index &+ 16 < count {
      hash = mixed(word(index) ^ hash, word(index &+ 8))
      index &+= 16
    }
    hash = mixed(mixed((count >= 16 ? word(count &- 16) : first) ^ hash, last), hash)
    return Sign(hash: hash, first: first, last: last, count: count)
  }

  private enum Place {
    case known(Int)
    /// Of the table.
    case free(Int)
  }

  /// Bits of a place in the table: `limit` fits.
  private static let placeBits: UInt32 = 20

  private static func word(_ hash: UInt64, _ index: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: hash >> 52) << placeBits | UInt32(truncatingIfNeeded: index &+ 1)
  }

  private func find(_ key: Span<UInt8>, _ sign: Sign) -> Place {
    let filter = table.count &- 1
    var slot = Int(truncatingIfNeeded: sign.hash) & filter
    let mark = Self.word(sign.hash, -1)
    while table[slot] != 0 {
      let place = table[slot] ^ mark
      if place >> Self.placeBits == 0 {
        let index = Int(place) &- 1
        if isEqual(index, key, sign) { return .known(index) }
      }
      slot = (slot &+ 1) & filter
    }
    return .free(slot)
  }

  private mutating func add(_ sum: Sum, _ key: Span<UInt8>, _ sign: Sign) {
    switch find(key, sign) {
    case .known(let index): entries[index].sum.add(sum)
    case .free(let slot):
      guard entries.count < Self.limit else { return others.add(sum) }
      table[slot] = Self.word(sign.hash, entries.count)
      entries.append(Entry(sign: sign, start: text.count, sum: sum))
      text.append(key)
      if entries.count * 2 > table.count { grow() }
    }
  }

  @inline(__always)
  private func isEqual(_ index: Int, _ key: Span<UInt8>, _ sign: Sign) -> Bool {
    guard entries[index].sign.isEqual(sign) else { return false }
    if sign.count <= 16 { return true }
    let known = text.span.extracting(range(index))
    return unsafe known.withUnsafeBufferPointer { known in
      unsafe key.withUnsafeBufferPointer { key in
        guard let left = known.baseAddress, let right = key.baseAddress else { return true }
        return unsafe memcmp(left, right, key.count) == 0
      }
    }
  }

  private mutating func grow() {
    table = [UInt32](repeating: 0, count: table.count * 2)
    for (index, entry) in entries.enumerated() {
      let hash = entry.sign.hash
      var slot = Int(truncatingIfNeeded: hash) & (table.count - 1)
      while table[slot] != 0 { slot = (slot + 1) & (table.count - 1) }
      table[slot] = Self.word(hash, index)
    }
  }

  /// The places of the first ones by `rank`, which descends; equal ones by their keys.
  func top(_ limit: Int, by rank: (Sum) -> Int64) -> [Int] {
    let ranks = entries.map { rank($0.sum) }
    let bound = ranks.sorted(by: >).prefix(limit).last ?? 0
    let candidates = ranks.indices.filter { ranks[$0] >= max(1, bound) }
    return Array(
      candidates.map { (rank: ranks[$0], key: key($0), index: $0) }
        .sorted { ($1.rank, $0.key) < ($0.rank, $1.key) }.map(\.index).prefix(limit))
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}
