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

  private var text: [UInt8] = []
  private var ends: [Int] = [0]
  private var hashes: [UInt64] = []
  private(set) var sums: [Sum] = []
  /// By the low bits of hashes: 1 + the place of a key, below the high half of its hash; 0 for none.
  private var table = [UInt64](repeating: 0, count: 1024)
  private(set) var others = Sum()

  var count: Int { sums.count }

  func key(_ index: Int) -> String {
    String(decoding: text[ends[index]..<ends[index + 1]], as: UTF8.self)
  }

  mutating func add(_ sum: Sum, _ line: Span<UInt8>, _ range: Range<Int>) {
    let bytes = line.extracting(range)
    add(sum, bytes, Self.hash(bytes))
  }

  mutating func add(_ other: AccessPanel) {
    let text = other.text.span
    for index in other.sums.indices {
      add(
        other.sums[index], text.extracting(other.ends[index]..<other.ends[index + 1]),
        other.hashes[index])
    }
    others.add(other.others)
  }

  /// Nil for a key that is not there.
  func sum(of key: String) -> Sum? {
    let bytes = Array(key.utf8)
    guard case .known(let index) = find(bytes.span, Self.hash(bytes.span)) else { return nil }
    return sums[index]
  }

  /// Sixteen bytes by one product, as in wyhash; the last ones may overlap.
  private static func hash(_ bytes: Span<UInt8>) -> UInt64 {
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
    if count >= 16 {
      var index = 0
      while index &+ 16 < count {
        hash = mixed(word(index) ^ hash, word(index &+ 8))
        index &+= 16
      }
      return mixed(mixed(word(count &- 16) ^ hash, word(count &- 8)), hash)
    }
    if count >= 8 { return mixed(mixed(word(0) ^ hash, word(count &- 8)), hash) }
    var rest: UInt64 = 0
    for index in 0..<count { rest = rest << 8 | UInt64(bytes[index]) }
    return mixed(mixed(rest, hash), hash)
  }

  private enum Place {
    case known(Int)
    /// Of the table.
    case free(Int)
  }

  private static let highHalf: UInt64 = 0xFFFF_FFFF_0000_0000

  private func find(_ key: Span<UInt8>, _ hash: UInt64) -> Place {
    let filter = table.count &- 1
    var slot = Int(truncatingIfNeeded: hash) & filter
    while table[slot] != 0 {
      let entry = table[slot]
      if (entry ^ hash) & Self.highHalf == 0 {
        let index = Int(entry & ~Self.highHalf) &- 1
        if isEqual(index, key) { return .known(index) }
      }
      slot = (slot &+ 1) & filter
    }
    return .free(slot)
  }

  private mutating func add(_ sum: Sum, _ key: Span<UInt8>, _ hash: UInt64) {
    switch find(key, hash) {
    case .known(let index): sums[index].add(sum)
    case .free(let slot):
      guard sums.count < Self.limit else { return others.add(sum) }
      table[slot] = hash & Self.highHalf | UInt64(sums.count + 1)
      unsafe key.withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
      ends.append(text.count)
      hashes.append(hash)
      sums.append(sum)
      if sums.count * 2 > table.count { grow() }
    }
  }

  private func isEqual(_ index: Int, _ key: Span<UInt8>) -> Bool {
    let (start, end) = (ends[index], ends[index &+ 1])
    guard end &- start == key.count else { return false }
    let known = text.span.extracting(start..<end)
    return unsafe known.withUnsafeBufferPointer { known in
      unsafe key.withUnsafeBufferPointer { key in
        guard let left = known.baseAddress, let right = key.baseAddress else { return true }
        return unsafe memcmp(left, right, key.count) == 0
      }
    }
  }

  private mutating func grow() {
    table = [UInt64](repeating: 0, count: table.count * 2)
    for (index, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & (table.count - 1)
      while table[slot] != 0 { slot = (slot + 1) & (table.count - 1) }
      table[slot] = hash & Self.highHalf | UInt64(index + 1)
    }
  }

  /// The places of the first ones by `rank`, which descends; equal ones by their keys.
  func top(_ limit: Int, by rank: (Sum) -> Int64) -> [Int] {
    let bound = sums.map(rank).sorted(by: >).prefix(limit).last ?? 0
    let candidates = sums.indices.filter { rank(sums[$0]) >= max(1, bound) }
    return Array(
      candidates.map { (rank: rank(sums[$0]), key: key($0), index: $0) }
        .sorted { ($1.rank, $0.key) < ($0.rank, $1.key) }.map(\.index).prefix(limit))
  }
}
