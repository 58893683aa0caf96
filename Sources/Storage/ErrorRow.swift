package import LogModel

/// An error that a line shows, as a row of `error_event` before its group became a number.
package struct ErrorRow: Sendable, Equatable {
  package var logID: Int64
  /// The generation that the line came from.
  package var file: Int64
  /// Microseconds since 1970.
  package var time: Int64
  package var severity: Severity?
  package var error: LoggedError
  /// What equal records have in common, where no two events can be equal by chance.
  package var key: Int64?

  package init(
    logID: Int64, file: Int64, time: Int64, severity: Severity?, error: LoggedError, key: Int64?
  ) {
    self.logID = logID
    self.file = file
    self.time = time
    self.severity = severity
    self.error = error
    self.key = key
  }

  var level: Int64 { Int64(severity?.rawValue ?? 0) }

  /// Whether `stored` is this error, or what limits have left of it.
  package func isStored(as stored: ErrorTable.Stored) -> Bool {
    guard stored.time == time, stored.key == key, stored.level == level else { return false }
    if stored.fingerprint == ErrorTable.other.fingerprint { return true }
    guard stored.fingerprint == error.fingerprint else { return false }
    return stored.text == ErrorTable.otherText
      || stored.text == error.text && stored.type == error.type && stored.culprit == error.culprit
  }
}
