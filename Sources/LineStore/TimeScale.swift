/// How a chunk's rows tell their times: the time of a row is `minimum + offset * unit` microseconds.
package struct TimeScale: Sendable, Equatable {
  /// The earliest time of the chunk, in microseconds since 1970.
  package let minimum: Int64
  /// What one step is, in microseconds: 1, 1,000 or 1,000,000.
  package let unit: Int64

  package init(minimum: Int64, unit: Int64) {
    self.minimum = minimum
    self.unit = unit
  }

  /// The units are known, and dividing by a constant is quick.
  func offset(of time: Int64) -> Int64 {
    let distance = time - minimum
    return switch unit {
    case 1: distance
    case 1000: distance / 1000
    default: distance / 1_000_000
    }
  }

  /// The time of a row; nil for one that cannot be.
  package func time(offset: Int64) -> Int64? {
    let (distance, isFar) = offset.multipliedReportingOverflow(by: unit)
    let (time, isLate) = minimum.addingReportingOverflow(distance)
    return isFar || isLate ? nil : time
  }
}
