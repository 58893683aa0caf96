/// Finds half hours and longer that are above, or below, all that the season has.
///
/// What tells is the surprise, smoothed exponentially: a series that has risen slowly shows it, though no
/// bucket is unlike the two hours before. Before a week is known nobody can say what a season is.
struct DriftDetector {
  let series: Series
  let season: Season
  /// Where no source writes, nobody can be missed.
  let store: Course

  static let smoothing = 0.3
  /// How many buckets in a row it takes.
  static let shortest = 6
  /// Of one bucket: a spike of a few minutes is none.
  static let most = 6.0

  private struct Run {
    var start: Int
    var last: Int
    var count = 0
    var isUpward: Bool
    var score = 0.0
    var dispersion = 1.0
    var expected: [Double] = []
  }

  func findings(_ range: Range<Int>) -> [Finding] {
    var findings: [Finding] = []
    var smoothed = 0.0
    var run: Run?
    func close() {
      if let run, run.count >= Self.shortest { findings.append(finding(run)) }
      run = nil
    }
    var bucket = range.lowerBound
    while bucket < range.upperBound {
      let hour = Int((Double(bucket) / Double(Bucket.hour)).rounded(.down))
      let end = min(range.upperBound, (hour + 1) * Bucket.hour)
      guard isSuspect(hour) else {
        smoothed = 0
        if let going = run, end - going.last > Limits.cooldown { close() }
        bucket = end
        continue
      }
      while bucket < end {
        let (surprise, expectation) = surprise(at: bucket)
        smoothed += Self.smoothing * (max(-Self.most, min(Self.most, surprise)) - smoothed)
        let isUpward = smoothed > 0
        if let going = run, bucket - going.last > Limits.cooldown || going.isUpward != isUpward {
          close()
        }
        if abs(smoothed) >= Limits.continuation {
          var going = run ?? Run(start: bucket, last: bucket, isUpward: isUpward)
          going.count =
            bucket - going.last <= 1 || going.count >= Self.shortest
            ? going.count + 1 : 1
          if going.count == 1 { (going.start, going.expected, going.score) = (bucket, [], 0) }
          going.last = bucket
          going.score = isUpward ? max(going.score, smoothed) : min(going.score, smoothed)
          going.dispersion = max(going.dispersion, expectation.dispersion)
          run = going
        }
        if run != nil { run?.expected.append(expectation.mean) }
        bucket += 1
      }
    }
    close()
    return findings
  }

  private func finding(_ run: Run) -> Finding {
    let buckets = run.start..<run.last + 1
    let expected = run.expected.prefix(buckets.count).reduce(0, +)
    return Finding(
      .drift, series, buckets, observed: season.course.sum(buckets), expected: expected,
      dispersion: run.dispersion * Double(buckets.count), score: run.score)
  }

  /// Whether the hour as a whole is somewhat unlike: the others need no closer look.
  private func isSuspect(_ hour: Int) -> Bool {
    let bucket = hour * Bucket.hour
    let days = season.days(before: bucket).map { Double(season.course.sum(hour: $0 / Bucket.hour)) }
    let weeks = season.weeks(before: bucket).map {
      Double(season.course.sum(hour: $0 / Bucket.hour))
    }
    guard let daily = median(days), let weekly = median(weeks) else { return false }
    let lines = Double(season.course.sum(hour: hour)) / Double(Bucket.hour)
    let levels = [daily, weekly].map { $0 / Double(Bucket.hour) }
    return abs(surprise(lines, levels, spread: 0).surprise) >= 1
  }

  private func surprise(at bucket: Int) -> (surprise: Double, expectation: Expectation) {
    let days = season.days(before: bucket).map(season.course.mean(around:))
    let weeks = season.weeks(before: bucket).map(season.course.mean(around:))
    guard store[bucket] > 0, let daily = median(days), let weekly = median(weeks) else {
      return (0, Expectation(mean: 1))
    }
    return surprise(Double(season.course[bucket]), [daily, weekly], spread: spread(days + weeks))
  }

  /// Of lines that lie between what the day and what the week have there is none.
  private func surprise(
    _ lines: Double, _ levels: [Double], spread: Double
  ) -> (surprise: Double, expectation: Expectation) {
    let (low, high) = (levels.min() ?? 0, levels.max() ?? 0)
    let above = Expectation(mean: high, spread: spread)
    if lines > high, high >= Double(Limits.lines) { return (above.surprise(lines), above) }
    let below = Expectation(mean: low, spread: spread)
    if lines < low, low >= Double(Limits.lines) { return (below.surprise(lines), below) }
    return (0, below)
  }
}
