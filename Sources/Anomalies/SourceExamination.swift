/// Looks through all series of a source.
struct SourceExamination {
  let source: Int64
  let counts: LineCounts
  let series: [Series]
  /// All that the source has.
  let patterns: [FirstSight]
  /// Those that came up in this source and in none before.
  let novelties: [FirstSight]
  /// The bucket of the store's last line, into which more may come.
  let newest: Int

  func anomalies(from start: Int, to end: Int) -> [Anomaly] {
    let whole = counts.course(Series(source: source))
    let levels = Dictionary(patterns.map { ($0.pattern, $0.level) }, uniquingKeysWith: max)
    return parts(whole, start..<end).flatMap { part in
      Attribution(levels: levels).anomalies(of: findings(in: part, whole))
    }
  }

  /// Times in which the source writes, each with the day after its last lines: of a pause of more than
  /// a day nothing is to be found in the rest.
  private func parts(_ whole: Course, _ range: Range<Int>) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    for hour in whole.hours {
      let first = Int(hour) * Bucket.hour
      let part = (first..<first + Bucket.hour + Limits.longest).clamped(to: range)
      guard !part.isEmpty else { continue }
      if let last = parts.last, part.lowerBound <= last.upperBound {
        parts[parts.count - 1] = last.lowerBound..<max(last.upperBound, part.upperBound)
      } else {
        parts.append(part)
      }
    }
    return parts
  }

  private func findings(in part: Range<Int>, _ whole: Course) -> [Finding] {
    let activity = Activity(
      whole, part.lowerBound - Bucket.week * (Season.weeks + 1)..<part.upperBound)
    // What is missing in the newest bucket may be still to come.
    let closed = part.lowerBound..<max(part.lowerBound, min(part.upperBound, newest))
    let lookbehind = part.lowerBound - RecentWindow.length
    let firstBuckets = Dictionary(
      patterns.map { ($0.pattern, $0.bucket) }, uniquingKeysWith: min)
    var values: [Int] = []
    var findings: [Finding] = []
    for series in series {
      let course = counts.course(series)
      // A spike has that many lines in a bucket, and before a silence of a part there were that many.
      guard course.peak >= Int(Limits.missing) || series == Series(source: source) else { continue }
      let season = Season(course: course, activity: activity)
      let first = series.pattern.flatMap { firstBuckets[$0] } ?? .min / 2
      let knownFrom = first + Activity.historyBuckets
      course.copy(from: lookbehind, count: part.upperBound - lookbehind, into: &values)
      findings += SpikeDetector(series: series, season: season, knownFrom: knownFrom)
        .findings(values, part)
      findings += DropDetector(
        series: series, season: season, knownFrom: knownFrom, store: counts.store
      ).findings(values, closed)
      findings += DriftDetector(series: series, season: season, store: counts.store)
        .findings(closed)
    }
    if let errors = counts.errors[source] {
      findings += ErrorRateDetector(
        series: Series(source: source, level: LineCounts.error),
        errors: Season(course: errors, activity: activity), lines: whole
      ).findings(part)
    }
    findings += NoveltyDetector(firsts: novelties, activity: activity, lines: whole)
      .findings(part) { counts.course(Series(source: source, pattern: $0)) }
    return findings
  }
}
