/// What a series had at the same time of the days and the weeks before.
///
/// Only what lies before the time in question is looked at, and of it only what is as far back as
/// `lookback`: so a finding is the same whatever range it is asked for in.
struct Season {
  static let days = 7
  static let weeks = 4
  /// How far back it looks without a gap.
  static let lookback = days * Bucket.day + surroundings
  /// The weeks before that, of which it looks at the surroundings only.
  static let weeksBack = (2...weeks).map { $0 * Bucket.week }
  static let surroundings = Bucket.day + Bucket.hour

  let course: Course
  let activity: Activity

  /// The buckets at this time of the last days on which the source was there.
  func days(before bucket: Int) -> [Int] {
    (1...Self.days).map { bucket - $0 * Bucket.day }.filter(activity.isActive)
  }

  func weeks(before bucket: Int) -> [Int] {
    (1...Self.weeks).map { bucket - $0 * Bucket.week }.filter(activity.isActive)
  }

  /// What is usual at this time of the day, and of the week; nil where nothing is known.
  func levels(at bucket: Int) -> (daily: Double?, weekly: Double?) {
    (
      median(days(before: bucket).map(course.mean(around:))),
      median(weeks(before: bucket).map(course.mean(around:)))
    )
  }

  func highest(at bucket: Int) -> Double {
    let levels = levels(at: bucket)
    return max(levels.daily ?? 0, levels.weekly ?? 0)
  }

  func lowest(at bucket: Int) -> Double {
    let levels = levels(at: bucket)
    return min(levels.daily ?? .infinity, levels.weekly ?? .infinity)
  }

  /// A height that is nothing special.
  ///
  /// Four hours of the last 24 reached it, or the hour around this time on most days or in most weeks:
  /// jobs that write much every hour or every night do.
  func usualPeak(at bucket: Int) -> Double {
    var hours: [Double] = []
    for hour in 1...24 {
      let start = bucket - hour * Bucket.hour
      hours.append(Double(course.peak(start..<start + Bucket.hour)))
    }
    hours.sort(by: >)
    let around = { (bucket: Int) in Double(course.peak(bucket - 6..<bucket + 7)) }
    return max(
      hours[3], median(days(before: bucket).map(around)) ?? 0,
      median(weeks(before: bucket).map(around)) ?? 0)
  }
}
