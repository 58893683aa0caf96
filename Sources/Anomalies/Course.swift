/// How many lines a series has in each bucket; hours without a line take no memory.
package struct Course: Sendable {
  /// Ascending.
  private(set) var hours: [Int32] = []
  private var counts: [UInt32] = []
  /// The most lines that a bucket has.
  private(set) var peak = 0

  /// `slots` are the twelve buckets of an hour that is not before the last one added.
  mutating func add(hour: Int, _ slots: borrowing Span<UInt32>) {
    if hours.last != Int32(truncatingIfNeeded: hour) {
      hours.append(Int32(truncatingIfNeeded: hour))
      for _ in 0..<Bucket.hour { counts.append(0) }
    }
    let first = counts.count - Bucket.hour
    for slot in 0..<Bucket.hour {
      let sum = counts[first + slot].addingReportingOverflow(slots[slot])
      counts[first + slot] = sum.overflow ? .max : sum.partialValue
      peak = max(peak, Int(counts[first + slot]))
    }
  }

  subscript(_ bucket: Int) -> Int {
    let (hour, slot) = Self.place(bucket)
    guard let index = index(of: hour) else { return 0 }
    return Int(counts[index * Bucket.hour + slot])
  }

  /// The last bucket with a line.
  var last: Int? {
    guard let hour = hours.last, let slot = counts.suffix(Bucket.hour).lastIndex(where: { $0 > 0 })
    else { return nil }
    return Int(hour) * Bucket.hour + slot - (counts.count - Bucket.hour)
  }

  func sum(_ buckets: Range<Int>) -> Int {
    var sum = 0
    for bucket in buckets { sum += self[bucket] }
    return sum
  }

  func sum(hour: Int) -> Int {
    guard let index = index(of: hour) else { return 0 }
    var sum = 0
    for slot in 0..<Bucket.hour { sum += Int(counts[index * Bucket.hour + slot]) }
    return sum
  }

  func mean(around bucket: Int) -> Double {
    Double(self[bucket - 1] + self[bucket] + self[bucket + 1]) / 3
  }

  func peak(_ buckets: Range<Int>) -> Int {
    var peak = 0
    for bucket in buckets { peak = max(peak, self[bucket]) }
    return peak
  }

  /// In place of the elements of `values`, the counts from `start` on.
  func copy(from start: Int, count: Int, into values: inout [Int]) {
    values.removeAll(keepingCapacity: true)
    values.append(contentsOf: repeatElement(0, count: count))
    var index = lowerBound(Self.place(start).hour)
    while index < hours.count {
      let first = Int(hours[index]) * Bucket.hour - start
      guard first < count else { return }
      for slot in max(0, -first)..<max(max(0, -first), min(Bucket.hour, count - first)) {
        values[first + slot] = Int(counts[index * Bucket.hour + slot])
      }
      index += 1
    }
  }

  private func index(of hour: Int) -> Int? {
    let index = lowerBound(hour)
    return index < hours.count && Int(hours[index]) == hour ? index : nil
  }

  private func lowerBound(_ hour: Int) -> Int {
    var range = 0..<hours.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range =
        Int(hours[middle]) < hour
        ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound
  }

  private static func place(_ bucket: Int) -> (hour: Int, slot: Int) {
    let slot = (bucket % Bucket.hour + Bucket.hour) % Bucket.hour
    return ((bucket - slot) / Bucket.hour, slot)
  }
}
