/// The request that a line of an access log is about; ranges count bytes of that line.
package struct LoggedRequest: Sendable, Equatable {
  /// Empty where the method stands before the target, with a blank between them.
  package var method: Range<Int> = 0..<0
  /// With its query, and with whatever stands behind a blank.
  package var target: Range<Int>
  /// Of the answer; 0 where there was none.
  package var status: Int
  /// Bytes of the answer; below 0 where the line does not say.
  package var size: Int64 = -1
  /// Microseconds; below 0 where the line does not say.
  package var duration: Int64 = -1

  package init(target: Range<Int>, status: Int) {
    self.target = target
    self.status = status
  }
}
