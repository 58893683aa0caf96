/// Where a batch's lines are counted; in the order of `skeleton_count`, a view.
package struct SkeletonBucket: Hashable, Comparable, Sendable {
  package var minute: Int64
  package var source: Int64
  package var level: UInt8
  package var skeleton: Int64

  package static func < (left: Self, right: Self) -> Bool {
    (left.minute, left.source, left.level, left.skeleton)
      < (right.minute, right.source, right.level, right.skeleton)
  }
}

/// How many lines a batch has of a bucket, and when the first and the last of them were.
package struct SkeletonCount: Sendable {
  package var count = 0
  package var first = Int64.max
  package var last = Int64.min

  mutating func add(_ other: SkeletonCount) {
    count += other.count
    first = min(first, other.first)
    last = max(last, other.last)
  }
}

/// What a batch counts.
///
/// To look for the bucket at each addition takes longer than to sort them at the end.
package struct SkeletonCounts: Sendable {
  package typealias Entry = (bucket: SkeletonBucket, count: SkeletonCount)

  /// A bucket may come several times.
  private var entries: [Entry] = []
  private var limit = leastLimit
  /// From so many on they are added up, so that they never are many more than there are buckets.
  private static let leastLimit = 1 << 15

  package init() {}

  mutating func add(_ count: SkeletonCount, to bucket: SkeletonBucket) {
    if entries.count >= limit {
      entries = sums()
      limit = max(Self.leastLimit, 2 * entries.count)
    }
    entries.append((bucket, count))
  }

  /// Each bucket once, ascending.
  func sums() -> [Entry] {
    var sums: [Entry] = []
    for entry in entries.sorted(by: { $0.bucket < $1.bucket }) {
      if let last = sums.last, last.bucket == entry.bucket {
        sums[sums.count - 1].count.add(entry.count)
      } else {
        sums.append(entry)
      }
    }
    return sums
  }
}
