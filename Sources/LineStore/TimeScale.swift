/// How a chunk's rows tell their times: as distances from a straight line, which log lines follow well
/// enough that a distance has fewer digits than the time itself.
///
/// The time of row `k` is `minimum + (offset + (k * pace >> 16)) * unit` microseconds; the view `log`
/// computes the same.
package struct TimeScale: Sendable, Equatable {
  /// The earliest time of the chunk, in microseconds since 1970.
  package let minimum: Int64
  /// What one step is, in microseconds: 1, 1,000 or 1,000,000.
  package let unit: Int64
  /// Steps from a row to the next, in 65,536ths; not negative.
  package let pace: Int64

  /// A chunk's rows and this stay far from the limits of 64 bits when they are multiplied.
  package static let maxPace: Int64 = 1 << 40

  package init(minimum: Int64, unit: Int64, pace: Int64) {
    self.minimum = minimum
    self.unit = unit
    self.pace = pace
  }

  /// The scale that writes `times` with the fewest digits; `Int64.min` stands for a dropped row.
  init(_ times: Span<Int64>, minimum: Int64, unit: Int64) {
    let flat = TimeScale(minimum: minimum, unit: unit, pace: 0)
    let steady = TimeScale(minimum: minimum, unit: unit, pace: Self.pace(times, unit))
    self = steady.pace > 0 && steady.width(of: times) < flat.width(of: times) ? steady : flat
  }

  /// From the first time to the last.
  private static func pace(_ times: Span<Int64>, _ unit: Int64) -> Int64 {
    guard times.count > 1, times[0] != .min, times[times.count - 1] != .min else { return 0 }
    let steps = (times[times.count - 1] - times[0]) / unit
    guard steps > 0, steps < 1 << 46 else { return 0 }
    return min(steps << 16 / Int64(times.count - 1), maxPace)
  }

  private func width(of times: Span<Int64>) -> Int {
    var width = 0
    for row in times.indices where times[row] != .min {
      let offset = offset(of: times[row], row: row)
      width += offset < 0 ? 1 : 0
      var rest = offset.magnitude
      while rest > 0 {
        rest /= 10
        width += 1
      }
    }
    return width
  }

  /// The units are known, and dividing by a constant is quick.
  func offset(of time: Int64, row: Int) -> Int64 {
    let distance = time - minimum
    let steps =
      switch unit {
      case 1: distance
      case 1000: distance / 1000
      default: distance / 1_000_000
      }
    return steps - (Int64(row) &* pace) >> 16
  }

  /// The time of a row; nil for one that cannot be.
  package func time(offset: Int64, row: Int) -> Int64? {
    let (line, isSteep) = Int64(row).multipliedReportingOverflow(by: pace)
    let (steps, isOut) = offset.addingReportingOverflow(line >> 16)
    let (distance, isFar) = steps.multipliedReportingOverflow(by: unit)
    let (time, isLate) = minimum.addingReportingOverflow(distance)
    return isSteep || isOut || isFar || isLate ? nil : time
  }
}
