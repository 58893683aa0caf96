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

  /// Buckets in which the smoothed surprise is beyond the limit, with at most an hour between them.
  private struct Run {
    var start: Int
    var last: Int
    /// Of those in a row.
    var length = 1
    var score: Double
    var dispersion = 1.0

    mutating func extend(_ surprise: Double, _ expectation: Expectation) {
      if abs(surprise) > abs(score) { score = surprise }
      dispersion = max(dispersion, expectation.dispersion)
    }

    var isLong: Bool { length >= DriftDetector.shortest }
  }

  /// What is off again within a day is still the same, told from its beginning up to a day later.
  func findings(_ range: Range<Int>) -> [Finding] {
    var findings: [Finding] = []
    let runs = runs(range.lowerBound - Limits.longest..<range.upperBound)
    for (index, run) in runs.enumerated() {
      let isFirst = !runs[..<index].contains {
        ($0.score > 0) == (run.score > 0) && run.start - $0.last <= Limits.longest
      }
      guard isFirst, run.start >= range.lowerBound else { continue }
      let end = run.start + Limits.longest
      let last = runs[index...].filter { ($0.score > 0) == (run.score > 0) && $0.start < end }
      findings.append(finding(run, end: min(end, (last.last ?? run).last + 1)))
    }
    return findings
  }

  private func runs(_ range: Range<Int>) -> [Run] {
    var runs: [Run] = []
    var isGoing = false
    var smoothed = 0.0
    var bucket = range.lowerBound
    while bucket < range.upperBound {
      let hour = Int((Double(bucket) / Double(Bucket.hour)).rounded(.down))
      let end = min(range.upperBound, (hour + 1) * Bucket.hour)
      guard isSuspect(hour) else {
        (smoothed, isGoing, bucket) = (0, false, end)
        continue
      }
      while bucket < end {
        let (surprise, expectation) = surprise(at: bucket)
        smoothed += Self.smoothing * (max(-Self.most, min(Self.most, surprise)) - smoothed)
        if let last = runs.last, isGoing {
          isGoing = bucket - last.last <= Limits.cooldown && (last.score > 0) == (smoothed > 0)
        }
        if abs(smoothed) >= Limits.continuation {
          if isGoing, let last = runs.last, last.isLong || last.last == bucket - 1 {
            if !last.isLong { runs[runs.count - 1].length += 1 }
            runs[runs.count - 1].last = bucket
          } else {
            if isGoing { runs.removeLast() }
            runs.append(Run(start: bucket, last: bucket, score: smoothed))
            isGoing = true
          }
          runs[runs.count - 1].extend(smoothed, expectation)
        }
        bucket += 1
      }
    }
    return runs.filter(\.isLong)
  }

  private func finding(_ run: Run, end: Int) -> Finding {
    let buckets = run.start..<end
    let expected = buckets.reduce(0.0) { $0 + surprise(at: $1).expectation.mean }
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
