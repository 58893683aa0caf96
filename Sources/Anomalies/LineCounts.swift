/// How many lines each series has in each bucket, and since when: what anomalies are found in.
///
/// It is filled from the sums that the store keeps, hour by hour in ascending order; which runs or files
/// the lines came from plays no part.
package struct LineCounts: Sendable {
  var courses: [Series: Course] = [:]
  /// Lines of level error and fatal, by source.
  var errors: [Int64: Course] = [:]
  /// Of all sources.
  private(set) var store = Course()
  private(set) var firsts: [FirstSight] = []
  /// The pattern of all lines whose own are not kept apart: that it comes up says nothing.
  package var catchAll: Int64?

  package init() {}

  /// - Parameters:
  ///   - hour: since 1970; not before the one added last.
  ///   - level: 0 for none.
  ///   - slots: the lines of its twelve buckets.
  package mutating func add(
    hour: Int, source: Int64, level: UInt8, pattern: Int64, _ slots: borrowing Span<UInt32>
  ) {
    store.add(hour: hour, slots)
    courses[Series(source: source), default: Course()].add(hour: hour, slots)
    courses[Series(source: source, pattern: pattern), default: Course()].add(hour: hour, slots)
    if level > 0 {
      courses[Series(source: source, level: level), default: Course()].add(hour: hour, slots)
    }
    if level >= Self.error { errors[source, default: Course()].add(hour: hour, slots) }
  }

  package mutating func add(_ first: FirstSight) { firsts.append(first) }

  static let error: UInt8 = 5

  func course(_ series: Series) -> Course { courses[series] ?? Course() }
}
