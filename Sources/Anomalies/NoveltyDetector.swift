import Glibc

/// When a pattern was seen first in a source.
package struct FirstSight: Sendable {
  package var pattern: Int64
  package var source: Int64
  /// The highest that it has there.
  package var level: UInt8
  /// Microseconds since 1970.
  package var time: Int64

  package init(pattern: Int64, source: Int64, level: UInt8, time: Int64) {
    self.pattern = pattern
    self.source = source
    self.level = level
    self.time = time
  }

  var bucket: Int { Bucket.holding(time) }

  static func isBefore(_ left: FirstSight, _ right: FirstSight) -> Bool {
    (left.time, left.source, left.pattern) < (right.time, right.source, right.pattern)
  }
}

/// Finds patterns that no source had before.
struct NoveltyDetector {
  /// Of the patterns that came up in this source and in none before.
  let firsts: [FirstSight]
  let activity: Activity
  let lines: Course

  /// While so many came up in the hours before, all is new, or new ones are nothing special.
  static let usual = 3
  /// These hours are four, up to an hour ago: what a release brings may come bit by bit.
  static let learning = 4 * Bucket.hour
  /// Where more than one of so many lines is of a new kind, one more says little.
  static let rarity = 500.0

  /// - Parameter course: of a pattern of the source.
  func findings(_ range: Range<Int>, course: (Int64) -> Course) -> [Finding] {
    firsts.filter { range.contains($0.bucket) }.compactMap { first in
      let bucket = first.bucket
      let hours = bucket - Bucket.hour - Self.learning..<bucket - Bucket.hour
      guard activity.isKnown(before: bucket), count(hours) < Self.usual else { return nil }
      // How probable it was that a line is of a new kind (Good and Turing).
      let chance = min(
        chance(bucket - Bucket.day..<bucket), chance(bucket - Bucket.week..<bucket))
      guard Self.rarity * chance <= 1 else { return nil }
      let course = course(first.pattern)
      var last = bucket
      var next = bucket
      while next < min(range.upperBound, bucket + Limits.longest), next - last <= Limits.cooldown {
        if course[next] > 0 { last = next }
        next += 1
      }
      return Finding(
        .newPattern, Series(source: first.source, pattern: first.pattern), bucket..<last + 1,
        observed: course.sum(bucket..<last + 1), expected: 0, dispersion: 1,
        // As a deviance.
        score: (2 * max(0, -log(chance))).squareRoot())
    }
  }

  private func chance(_ buckets: Range<Int>) -> Double {
    Double(count(buckets) + 1) / Double(lines.sum(buckets) + 1)
  }

  private func count(_ buckets: Range<Int>) -> Int {
    firsts.count { buckets.contains($0.bucket) }
  }
}
