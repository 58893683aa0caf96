/// In which buckets a source wrote at all: what can be known of its habits.
struct Activity {
  /// A source is judged after so many buckets with lines in the week before.
  static let historyBuckets = 50
  /// And after so many in the day before: what begins again after a pause is no spike.
  static let dayBuckets = 12

  private let start: Int
  /// How many buckets before each one have lines.
  private var sums: [Int] = [0]

  init(_ course: Course, _ buckets: Range<Int>) {
    start = buckets.lowerBound
    var counts: [Int] = []
    course.copy(from: start, count: buckets.count, into: &counts)
    sums.reserveCapacity(counts.count + 1)
    for count in counts { sums.append(sums[sums.count - 1] + (count > 0 ? 1 : 0)) }
  }

  func count(_ buckets: Range<Int>) -> Int {
    sum(before: buckets.upperBound) - sum(before: buckets.lowerBound)
  }

  func isKnown(before bucket: Int) -> Bool {
    count(bucket - Bucket.week..<bucket) >= Self.historyBuckets
      && count(bucket - Bucket.day..<bucket) >= Self.dayBuckets
  }

  /// Whether the source was there on that day: a day without it says nothing of what is usual, nor
  /// does the time before its first lines.
  func isActive(around bucket: Int) -> Bool {
    count(bucket - Bucket.day..<bucket) > 0
      && count(bucket - Bucket.day / 2..<bucket + Bucket.day / 2) > 0
  }

  private func sum(before bucket: Int) -> Int {
    sums[min(max(0, bucket - start), sums.count - 1)]
  }
}
