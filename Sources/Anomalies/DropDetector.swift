/// Finds silences: buckets without lines, where the two hours before and the season had many.
struct DropDetector {
  let series: Series
  let season: Season
  let knownFrom: Int
  /// Where no source writes, nobody can be missed.
  let store: Course

  /// A bucket is silent up to this part of what was expected.
  static let rest = 0.05
  /// How long a silence is at least, in buckets; parts of the first and the last one count.
  static let shortest = 2.5
  /// Of a series that is irregular enough a short silence is nothing special.
  static let surprise = -5.0
  /// What all but two of the last 24 buckets reached.
  static let low = 3
  /// Lines in a bucket of a source, and how many are missing before it is told where they are few.
  static let leastOfSource = 2.0
  static let missing = 25.0

  private struct Silence {
    var first: Int
    var mean: Double
    var spread: Double
    /// One after the last silent bucket.
    var end: Int
    /// How long it is while lines were expected, in buckets.
    var length = 0.0
    var aliveLength = 0.0
    var observed = 0
    var expected = 0.0
  }

  func findings(_ counts: [Int], _ range: Range<Int>) -> [Finding] {
    var findings: [Finding] = []
    var recent = RecentWindow()
    for count in counts.prefix(RecentWindow.length) { recent.append(count) }
    var silence: Silence?
    var next = range.lowerBound
    for bucket in range {
      let count = counts[bucket - range.lowerBound + RecentWindow.length]
      if silence == nil, bucket >= next { silence = start(bucket, count, recent) }
      if var going = silence {
        if isSilent(count, mean: going.mean), bucket - going.first < Limits.longest {
          add(bucket, count, to: &going)
          silence = going
        } else {
          going.length += part(missing: count, of: going.mean)
          let after = bucket..<min(bucket + Bucket.hour / 2, range.upperBound)
          if hasReturned(going, after), let finding = finding(going, length: going.length) {
            findings.append(finding)
            next = going.end + Limits.cooldown
          }
          silence = nil
        }
      }
      recent.append(count)
    }
    // Nobody knows yet when it ends: only what others wrote meanwhile shows that time went on.
    if let silence, let finding = finding(silence, length: silence.aliveLength) {
      findings.append(finding)
    }
    return findings
  }

  private func start(_ bucket: Int, _ count: Int, _ recent: RecentWindow) -> Silence? {
    guard isSilent(count, mean: recent.center), bucket >= knownFrom,
      recent.center >= least, season.activity.isKnown(before: bucket)
    else { return nil }
    var mean = min(recent.center, season.lowest(at: bucket))
    let hasDays = !season.days(before: bucket).isEmpty
    // What is falling since half an hour may be the night that begins.
    if !hasDays { mean = min(mean, recent.latestLow) }
    guard mean >= least, isSilent(count, mean: mean),
      recent.low >= Self.low || mean < Limits.missing && hasDays
    else { return nil }
    let before = part(missing: season.course[bucket - 1], of: mean)
    return Silence(
      first: bucket, mean: mean, spread: recent.spread, end: bucket, length: before,
      aliveLength: before)
  }

  /// A source that writes little is missed as well, after a while.
  private var least: Double {
    series == Series(source: series.source) ? Self.leastOfSource : Limits.missing
  }

  private func add(_ bucket: Int, _ count: Int, to silence: inout Silence) {
    let usual = season.lowest(at: bucket)
    let mean = min(silence.mean, usual)
    silence.end = bucket + 1
    silence.observed += count
    // What was before it says nothing of an hour later.
    silence.expected += silence.end - silence.first > Bucket.hour && usual.isFinite ? usual : mean
    guard mean >= least else { return }
    silence.length += 1
    if store[bucket] > 0 { silence.aliveLength += 1 }
  }

  private func isSilent(_ count: Int, mean: Double) -> Bool { Double(count) <= Self.rest * mean }

  /// On the first day it may be the night that has begun: until lines come again nobody knows.
  private func hasReturned(_ silence: Silence, _ after: Range<Int>) -> Bool {
    !season.days(before: silence.first).isEmpty
      || 2 * Double(season.course.peak(after)) >= silence.mean
  }

  private func part(missing count: Int, of mean: Double) -> Double {
    max(0, 1 - Double(count) / mean)
  }

  private func finding(_ silence: Silence, length: Double) -> Finding? {
    let buckets = silence.first..<silence.end
    var sum = Expectation(mean: silence.expected)
    sum.dispersion = Expectation(mean: silence.mean, spread: silence.spread).dispersion
    let score = sum.surprise(Double(silence.observed))
    guard length >= Self.shortest, buckets.count >= 2, score <= Self.surprise,
      silence.mean >= Limits.missing || silence.expected >= Self.missing,
      buckets.count < Limits.firstWeek || !season.weeks(before: silence.first).isEmpty
    else { return nil }
    return Finding(
      .drop, series, buckets, observed: silence.observed, expected: silence.expected,
      dispersion: sum.dispersion, score: score)
  }
}
