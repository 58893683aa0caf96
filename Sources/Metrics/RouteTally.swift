import LogModel

/// What the answers to requests come to.
struct RouteTally {
  private(set) var count: Int64 = 0
  // Of the answers whose size is known; sizes are below 10¹², so that a batch of them adds up.
  private var sized: Int64 = 0
  private var bytes: Int64 = 0
  private var least = Int64.max
  private var most: Int64 = 0
  private(set) var durations: MetricSummary?
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

  /// Takes microseconds.
  mutating func add(duration: Int64) {
    guard let milliseconds = MetricNumber(billionths: Int128(duration) * 1_000_000) else { return }
    durations = durations ?? MetricSummary()
    durations?.add(milliseconds)
    classes[MetricClass.of(milliseconds), default: 0] += 1
  }

  mutating func merge(_ other: Self) {
    count += other.count
    sized += other.sized
    bytes += other.bytes
    least = min(least, other.least)
    most = max(most, other.most)
    if let more = other.durations {
      durations = durations ?? MetricSummary()
      durations?.merge(more)
    }
    classes.merge(other.classes, uniquingKeysWith: +)
  }

  var sizes: MetricSummary? {
    guard sized > 0 else { return nil }
    return MetricSummary(
      count: sized, sum: Int128(bytes) * MetricNumber.one, min: Double(least), max: Double(most))
  }
}
