/// How many requests took how long: sixty-four classes from a power of two to the next, so that a percentile is
/// within 1 %.
struct RequestTimes: Sendable {
  /// By class, up to the longest.
  private var counts: [Int64] = []

  mutating func add(_ microseconds: Int64) {
    let place = Self.place(of: microseconds)
    if place >= counts.count { grow(to: place + 1) }
    counts[place] += 1
  }

  mutating func add(_ other: RequestTimes) {
    if other.counts.count > counts.count { grow(to: other.counts.count) }
    for place in other.counts.indices { counts[place] += other.counts[place] }
  }

  private mutating func grow(to count: Int) {
    counts.append(contentsOf: repeatElement(0, count: count - counts.count))
  }

  /// In milliseconds, by the nearest rank; nil without a request whose time is known.
  func percentile(_ percent: Int64) -> Double? {
    let total = counts.reduce(0, +)
    if total == 0 { return nil }
    var reached: Int64 = 0
    let place = counts.firstIndex { count in
      reached += count
      return count > 0 && reached * 100 >= total * percent
    }
    return place.map { Self.middle(of: $0) / 1000 }
  }

  private static func place(of microseconds: Int64) -> Int {
    if microseconds < 64 { return Int(max(0, microseconds)) }
    let power = 63 - microseconds.leadingZeroBitCount
    return (power - 5) * 64 + Int(microseconds >> Int64(power - 6)) - 64
  }

  private static func middle(of place: Int) -> Double {
    if place < 64 { return Double(place) }
    let power = Int64(place / 64 + 5)
    let start = (64 + Int64(place % 64)) << (power - 6)
    return Double(start) + Double(Int64(1) << (power - 6)) / 2
  }
}
