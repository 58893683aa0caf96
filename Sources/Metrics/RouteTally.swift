import LogModel

/// What the answers to requests come to.
struct RouteTally {
  private(set) var count: Int64 = 0
  // Of the answers whose size is known; sizes are below 10¹², so that a batch of them adds up.
  private var sized: Int64 = 0
  private var bytes: Int64 = 0
  private var least = Int64.max
  private var most: Int64 = 0
  // Of those whose duration is known, in microseconds.
  private var timed: Int64 = 0
  private var time: Int128 = 0
  private var shortest = Int64.max
  private var longest: Int64 = 0
  /// Of the durations.
  private(set) var classes: [Int: Int64] = [:]

  /// Below 0 for an answer of unknown size.
  @inline(__always)
  mutating func add(size: Int64) {
    count &+= 1
    guard size >= 0 else { return }
    sized &+= 1
    bytes &+= size
    least = min(least, size)
    most = max(most, size)
  }

  /// Takes microseconds, and the class of as many milliseconds.
  mutating func add(duration: Int64, class number: Int) {
    timed &+= 1
    time &+= Int128(duration)
    shortest = min(shortest, duration)
    longest = max(longest, duration)
    classes[number, default: 0] += 1
  }

  mutating func merge(_ other: Self) {
    guard count > 0 else {
      self = other
      return
    }
    count += other.count
    sized += other.sized
    bytes += other.bytes
    least = min(least, other.least)
    most = max(most, other.most)
    timed += other.timed
    time += other.time
    shortest = min(shortest, other.shortest)
    longest = max(longest, other.longest)
    classes.merge(other.classes, uniquingKeysWith: +)
  }

  var sizes: MetricSummary? {
    guard sized > 0 else { return nil }
    return MetricSummary(
      count: sized, sum: Int128(bytes) * MetricNumber.one, min: Double(least), max: Double(most))
  }

  /// In milliseconds.
  var durations: MetricSummary? {
    guard timed > 0 else { return nil }
    return MetricSummary(
      count: timed, sum: time * 1_000_000, min: DurationClasses.milliseconds(shortest)?.real,
      max: DurationClasses.milliseconds(longest)?.real)
  }
}

/// The classes of durations; of most that come again the logarithm is not taken once more.
struct DurationClasses {
  private static let count = 1 << 12

  private var durations = [Int64](repeating: -1, count: count)
  private var classes = [Int32](repeating: 0, count: count)

  /// Of a number of microseconds, which is not below 0.
  static func milliseconds(_ duration: Int64) -> MetricNumber? {
    MetricNumber(billionths: Int128(duration) * 1_000_000)
  }

  @inline(__always)
  mutating func number(of duration: Int64) -> Int? {
    // Most are whole milliseconds.
    let place = Int(truncatingIfNeeded: duration ^ duration / 1000) & (Self.count &- 1)
    if durations[place] != duration {
      guard let milliseconds = Self.milliseconds(duration) else { return nil }
      durations[place] = duration
      classes[place] = Int32(MetricClass.of(milliseconds))
    }
    return Int(classes[place])
  }
}
