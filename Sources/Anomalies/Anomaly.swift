/// What is unlike what was before.
package enum AnomalyKind: String, Sendable, CaseIterable {
  /// A kind of line that no source had before.
  case newPattern = "new-pattern"
  /// Many more lines than the last hours, the days and the weeks before had.
  case spike
  /// No lines, where there were many.
  case drop
  /// For half an hour or longer more, or fewer, lines than the season has.
  case drift
  /// A larger share of lines of level error or fatal.
  case errorRate = "error-rate"
}

/// Lines that are counted together.
package struct Series: Hashable, Sendable {
  package var source: Int64
  /// Nil: all.
  package var level: UInt8?
  /// Nil: all.
  package var pattern: Int64?

  package init(source: Int64, level: UInt8? = nil, pattern: Int64? = nil) {
    self.source = source
    self.level = level
    self.pattern = pattern
  }
}

/// Something unlike what was before, once, however many series show it.
package struct Anomaly: Sendable, Equatable {
  package var kind: AnomalyKind
  /// The series that says most of it.
  ///
  /// Of an error rate, `level` is that of errors, fatal ones included.
  package var series: Series
  /// Buckets in which it is, half open.
  package var buckets: Range<Int>
  /// Lines in these buckets.
  package var observed: Int
  /// How many of them were to be expected, and what three standard deviations leave.
  package var expected: Double
  package var expectedRange: ClosedRange<Double>
  /// By how many standard deviations its most telling bucket is off; negative: too few lines.
  package var score: Double
  /// How many series show it.
  package var seriesCount = 1
}

/// Time is counted in buckets of five minutes since 1970.
package enum Bucket {
  package static let minutes = 5
  package static let microseconds: Int64 = 300_000_000
  package static let hour = 12
  static let day = 288
  static let week = 7 * day

  package static func holding(_ instant: Int64) -> Int {
    Int(instant / microseconds) - (instant % microseconds < 0 ? 1 : 0)
  }
}
