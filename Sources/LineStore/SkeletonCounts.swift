/// A row of `skeleton_minute` and of `skeleton_hour`, in their order.
struct SkeletonHour: Hashable, Comparable {
  var skeleton: Int64
  /// Since 1970.
  var hour: Int32
  var source: Int32
  var level: UInt8

  init(ofMinute minute: Int64, source: Int64, level: UInt8, skeleton: Int64) {
    hour = Int32(truncatingIfNeeded: minute / 60)
    self.source = Int32(truncatingIfNeeded: source)
    self.level = level
    self.skeleton = skeleton
  }

  static func < (left: Self, right: Self) -> Bool {
    if left.hour != right.hour { return left.hour < right.hour }
    if left.source != right.source { return left.source < right.source }
    if left.level != right.level { return left.level < right.level }
    return left.skeleton < right.skeleton
  }
}

/// How many lines a batch has of a kind, and when the first and the last of them were.
struct SkeletonCount {
  var count = 0
  var first = Int64.max
  var last = Int64.min

  mutating func add(_ entry: SkeletonCounts.Entry) {
    count += Int(entry.count)
    first = min(first, entry.first)
    last = max(last, entry.last)
  }
}

/// What a batch counts, by minute and kind.
///
/// To look for the entry at each addition takes longer than to sort them at the end.
package struct SkeletonCounts: Sendable {
  /// The lines of a kind in a minute, in 32 bytes: of rare lines a batch has as many entries as lines.
  struct Entry: Sendable {
    private(set) var hour: SkeletonHour
    /// Of the hour.
    private(set) var minute: UInt8
    private(set) var count: Int32
    /// Microseconds from the beginning of the minute.
    private var firstOffset: Int32
    private var lastOffset: Int32

    /// The lines of a minute, which counts from 1970.
    init(
      minute: Int64, source: Int64, level: UInt8, skeleton: Int64, count: Int32, first: Int64,
      last: Int64
    ) {
      hour = SkeletonHour(ofMinute: minute, source: source, level: level, skeleton: skeleton)
      self.minute = UInt8(truncatingIfNeeded: minute % 60)
      self.count = count
      firstOffset = Int32(truncatingIfNeeded: first - minute * 60_000_000)
      lastOffset = Int32(truncatingIfNeeded: last - minute * 60_000_000)
    }

    /// Since 1970.
    var minuteOfAll: Int64 { Int64(hour.hour) * 60 + Int64(minute) }
    var first: Int64 { minuteOfAll * 60_000_000 + Int64(firstOffset) }
    var last: Int64 { minuteOfAll * 60_000_000 + Int64(lastOffset) }

    func precedes(_ other: Entry) -> Bool {
      hour == other.hour ? minute < other.minute : hour < other.hour
    }

    /// Adds the lines of `other`, if they are of the same kind and minute.
    fileprivate mutating func absorb(_ other: Entry) -> Bool {
      guard minute == other.minute, hour == other.hour else { return false }
      count += other.count
      firstOffset = min(firstOffset, other.firstOffset)
      lastOffset = max(lastOffset, other.lastOffset)
      return true
    }
  }

  /// An hour's kind and minute may come several times, until `sum`.
  private(set) var entries: [Entry] = []
  private var limit = leastLimit
  /// From so many on they are added up, so that they never are many more than there are kinds and minutes.
  private static let leastLimit = 1 << 15
  private static let many = 1 << 16

  package init() {}

  /// They take some MiB: it is time to write them.
  var areMany: Bool { entries.count >= Self.many }

  mutating func add(_ entry: Entry) {
    if entries.count >= limit {
      sum()
      limit = max(Self.leastLimit, 2 * entries.count)
    }
    entries.append(entry)
  }

  /// Leaves each minute of a kind once, ascending.
  mutating func sum() {
    entries.sort { $0.precedes($1) }
    var end = 0
    for index in entries.indices where end == 0 || !entries[end - 1].absorb(entries[index]) {
      entries[end] = entries[index]
      end += 1
    }
    entries.removeLast(entries.count - end)
  }
}
