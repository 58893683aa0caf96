/// The path of a request as it stands in a line, without its query, and whose it is.
struct PathKey {
  private static let words = 8

  fileprivate let bytes: [8 of UInt64]
  fileprivate let owner: UInt64
  /// Not 0.
  fileprivate let hash: UInt64

  /// Takes the bytes up to a blank or a question mark; nil where they are too many.
  ///
  /// Paths with equal keys have one route: what stands behind belongs to none.
  @inline(__always)
  init?(_ line: Span<UInt8>, _ path: Range<Int>, of owner: UInt64) {
    var bytes = [8 of UInt64](repeating: 0)
    var hash = owner
    var index = path.lowerBound
    var count = 0
    while index < path.upperBound, count < Self.words {
      var word: UInt64 = 0
      if index &+ 8 <= line.count {
        word = unsafe line.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
        word = UInt64(littleEndian: word)
      } else {
        for place in (index..<line.count).reversed() { word = word << 8 | UInt64(line[place]) }
      }
      let left = path.upperBound &- index
      if left < 8 { word &= 1 << UInt64(8 &* left) &- 1 }
      let ends = Self.places(of: 0x20, in: word) | Self.places(of: 0x3F, in: word)
      if ends != 0 { word &= Self.below(ends) }
      bytes[count] = word
      let (high, low) = (hash ^ word).multipliedFullWidth(by: 0x8BB8_4B93_962E_ACC9)
      hash = high ^ low
      count &+= 1
      index &+= 8
      if ends != 0 { index = path.upperBound }
    }
    guard index >= path.upperBound else { return nil }
    self.bytes = bytes
    self.owner = owner
    self.hash = hash | 1 << 63
  }

  /// The highest bit of each byte that has this value; beyond the first one others may be marked, too.
  @inline(__always)
  private static func places(of byte: UInt64, in word: UInt64) -> UInt64 {
    let rest = word ^ byte &* 0x0101_0101_0101_0101
    return (rest &- 0x0101_0101_0101_0101) & ~rest & 0x8080_8080_8080_8080
  }

  /// All bits of the bytes before the first one that is marked.
  @inline(__always)
  private static func below(_ marks: UInt64) -> UInt64 {
    1 << UInt64(marks.trailingZeroBitCount &- 7) &- 1
  }
}

/// Remembers the routes of paths: most requests are for few paths.
///
/// A path that comes to the place of another one is remembered in its stead.
struct PathTable {
  private static let count = 1 << 11

  /// 0 where there is none.
  private var hashes = [UInt64](repeating: 0, count: count)
  private var owners = [UInt64](repeating: 0, count: count)
  private var bytes = [[8 of UInt64]](repeating: .init(repeating: 0), count: count)
  private var routes = [Int32](repeating: 0, count: count)

  /// The number of the route; nil where the path is not known.
  @inline(__always)
  func route(_ key: borrowing PathKey) -> Int? {
    let place = Self.place(of: key)
    guard hashes[place] == key.hash, owners[place] == key.owner else { return nil }
    for index in 0..<8 where bytes[place][index] != key.bytes[index] { return nil }
    return Int(routes[place])
  }

  mutating func remember(_ key: borrowing PathKey, route: Int) {
    let place = Self.place(of: key)
    hashes[place] = key.hash
    owners[place] = key.owner
    bytes[place] = key.bytes
    routes[place] = Int32(route)
  }

  @inline(__always)
  private static func place(of key: borrowing PathKey) -> Int {
    Int(truncatingIfNeeded: key.hash) & (count &- 1)
  }

  mutating func removeAll() {
    for place in hashes.indices { hashes[place] = 0 }
  }
}
