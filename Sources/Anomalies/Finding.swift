/// One series that is unlike what it was before.
struct Finding {
  var kind: AnomalyKind
  var series: Series
  var buckets: Range<Int>
  var observed: Int
  var expected: Double
  /// What three standard deviations leave for `observed`.
  var range: ClosedRange<Double>
  var score: Double

  var excess: Double { abs(Double(observed) - expected) }
  var isUpward: Bool { score > 0 }
  /// Lines that were expected in each bucket.
  var rate: Double { expected / Double(max(1, buckets.count)) }

  /// - Parameter dispersion: of the sum over all buckets.
  init(
    _ kind: AnomalyKind, _ series: Series, _ buckets: Range<Int>, observed: Int, expected: Double,
    dispersion: Double, score: Double
  ) {
    self.kind = kind
    self.series = series
    self.buckets = buckets
    self.observed = observed
    self.expected = expected
    self.score = score
    var sum = Expectation(mean: expected)
    sum.dispersion = max(1, dispersion)
    range = expected > 0 ? sum.range(within: Limits.continuation) : 0...0
  }
}

/// From where on something is told.
enum Limits {
  /// By chance alone once in a thousand million buckets.
  static let surprise = 6.0
  /// What has begun goes on while it is this unlike.
  static let continuation = 3.0
  /// Lines in a bucket of a spike, and in one where a drift is looked for.
  static let lines = 10
  /// Lines that were expected in a bucket of a silence: what has ten shows nine now and then.
  static let missing = 9.0
  /// How much higher than a usual peak.
  static let abovePeak = 1.5
  /// Buckets until the same series is told of again.
  static let cooldown = Bucket.hour
  /// Before a week is known, what lasts so long may be the day, the night or the weekend that begins.
  static let firstWeek = 6 * Bucket.hour
  /// What lasts longer is how things are now.
  static let longest = Bucket.day
}
