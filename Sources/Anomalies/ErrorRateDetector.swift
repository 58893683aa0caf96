/// Finds buckets in which a larger part of a source's lines are errors than the two hours, the day and
/// the same time of the days before had.
struct ErrorRateDetector {
  let series: Series
  /// The lines of level error or fatal, and all lines.
  let errors: Season
  let lines: Course

  /// No part below it counts as usual.
  static let floor = 0.01
  static let leastLines = 20
  /// How many times the usual part it has to be.
  static let factor = 2.0

  func findings(_ range: Range<Int>) -> [Finding] {
    var findings: [Finding] = []
    var next = range.lowerBound
    for hour in errors.course.hours {
      let first = Int(hour) * Bucket.hour
      for bucket in max(
        first, next, range.lowerBound)..<max(
          first, next, range.lowerBound, min(first + Bucket.hour, range.upperBound))
      where bucket >= next {
        guard let usual = usualPart(at: bucket) else { continue }
        let finding = follow(bucket, usual, end: range.upperBound)
        findings.append(finding)
        next = finding.buckets.upperBound + Limits.cooldown
      }
    }
    return findings
  }

  /// The part of lines that are errors, where the bucket has far more; else nil.
  private func usualPart(at bucket: Int) -> Double? {
    let count = errors.course[bucket]
    guard count >= Limits.lines, lines[bucket] >= Self.leastLines else { return nil }
    let isMore = { (part: Double) in
      let mean = part * Double(lines[bucket])
      return Double(count) >= Self.factor * mean
        && Expectation(mean: mean).surprise(Double(count)) >= Limits.surprise
    }
    var part = max(Self.floor, self.part(bucket - RecentWindow.length..<bucket))
    guard isMore(part), errors.activity.isKnown(before: bucket) else { return nil }
    part = max(part, self.part(bucket - Bucket.day..<bucket))
    let days = errors.days(before: bucket).map { self.part($0 - 6..<$0 + 7) }
    part = max(part, median(days) ?? 0)
    guard isMore(part), Double(count) > Limits.abovePeak * errors.usualPeak(at: bucket) else {
      return nil
    }
    return part
  }

  private func part(_ buckets: Range<Int>) -> Double {
    let all = lines.sum(buckets)
    return all > 0 ? Double(errors.course.sum(buckets)) / Double(all) : 0
  }

  private func follow(_ start: Int, _ usual: Double, end: Int) -> Finding {
    var last = start
    var score = 0.0
    var bucket = start
    while bucket < min(end, start + Limits.longest), bucket - last <= Limits.cooldown {
      let expectation = Expectation(mean: usual * Double(lines[bucket]))
      let surprise = expectation.surprise(Double(errors.course[bucket]))
      if surprise >= Limits.continuation { last = bucket }
      score = max(score, surprise)
      bucket += 1
    }
    let buckets = start..<last + 1
    let expected = usual * Double(lines.sum(buckets))
    let dispersion = Expectation(mean: expected / Double(buckets.count)).dispersion
    return Finding(
      .errorRate, series, buckets, observed: errors.course.sum(buckets), expected: expected,
      dispersion: dispersion * Double(buckets.count), score: score)
  }
}
