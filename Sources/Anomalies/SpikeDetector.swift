/// Finds buckets with many more lines than the two hours before, the season, and the usual peaks.
struct SpikeDetector {
  let series: Series
  let season: Season
  /// From which bucket on the series is known well enough.
  let knownFrom: Int

  private struct Start {
    var bucket: Int
    var expectation: Expectation
    var spread: Double
    /// Whether the source was there in a week before.
    var hasWeeks: Bool
  }

  /// - Parameter counts: of the buckets of `range`, and of `RecentWindow.length` before them.
  func findings(_ counts: [Int], _ range: Range<Int>) -> [Finding] {
    var findings: [Finding] = []
    var recent = RecentWindow()
    for count in counts.prefix(RecentWindow.length) { recent.append(count) }
    var next = range.lowerBound
    for bucket in range {
      let count = counts[bucket - range.lowerBound + RecentWindow.length]
      if bucket >= next, let start = start(bucket, count, recent) {
        let finding = follow(start, end: range.upperBound)
        if start.hasWeeks || finding.buckets.count < Limits.firstWeek { findings.append(finding) }
        next = finding.buckets.upperBound + Limits.cooldown
      }
      recent.append(count)
    }
    return findings
  }

  private func start(_ bucket: Int, _ count: Int, _ recent: RecentWindow) -> Start? {
    guard count >= Limits.lines, bucket >= knownFrom else { return nil }
    var mean = recent.center
    guard Expectation(mean: mean).surprise(Double(count)) >= Limits.surprise,
      season.activity.isKnown(before: bucket)
    else { return nil }
    mean = max(mean, season.highest(at: bucket))
    if season.days(before: bucket).isEmpty {
      // What is rising since half an hour may be the day that begins.
      mean = max(mean, recent.latest)
    }
    let spread = recent.spread
    let expectation = Expectation(mean: mean, spread: spread)
    guard expectation.surprise(Double(count)) >= Limits.surprise,
      Double(count) > Limits.abovePeak * season.usualPeak(at: bucket)
    else { return nil }
    return Start(
      bucket: bucket, expectation: expectation, spread: spread,
      hasWeeks: !season.weeks(before: bucket).isEmpty)
  }

  private func follow(_ start: Start, end: Int) -> Finding {
    var first = start.bucket
    let before = season.course[first - 1]
    if start.expectation.surprise(Double(before)) >= Limits.continuation { first -= 1 }
    var last = start.bucket
    var score = 0.0
    var bucket = start.bucket
    while bucket < min(end, start.bucket + Limits.longest), bucket - last <= Limits.cooldown {
      let surprise = expectation(start, at: bucket).surprise(Double(season.course[bucket]))
      if surprise >= Limits.continuation { last = bucket }
      score = max(score, surprise)
      bucket += 1
    }
    let buckets = first..<last + 1
    var expected = 0.0
    for bucket in buckets { expected += expectation(start, at: bucket).mean }
    return Finding(
      .spike, series, buckets, observed: season.course.sum(buckets), expected: expected,
      // Buckets that lie together differ together.
      dispersion: start.expectation.dispersion * Double(buckets.count), score: score)
  }

  /// As when it began, or what is usual by now.
  private func expectation(_ start: Start, at bucket: Int) -> Expectation {
    Expectation(
      mean: max(start.expectation.mean, season.highest(at: bucket)), spread: start.spread)
  }
}
