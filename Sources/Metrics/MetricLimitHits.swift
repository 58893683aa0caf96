/// Lines that took too many steps.
package struct MetricLimitHits: Sendable, Equatable {
  package var metric: String
  package var lines: Int64
  /// It sees no more lines.
  package var isSuspended: Bool
  /// Bytes of the longest one.
  package var longest: Int
}
