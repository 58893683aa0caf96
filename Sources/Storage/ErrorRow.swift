package import LogModel

/// An error that a line shows, before what it says became a number.
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

  /// Whether `stored` is what this says, or what limits have left of it.
  package func isStored(as stored: ErrorVariant) -> Bool {
    guard stored.level == level else { return false }
    if stored.error == ErrorTable.other.fingerprint { return true }
    guard stored.error == error.fingerprint else { return false }
    return stored.text == ErrorTable.otherText
      || stored.text == error.text && stored.type == error.type && stored.culprit == error.culprit
  }
}

/// What events of one group say, and how severe they are: a row of `error_variant`.
package struct ErrorVariant: Sendable, Hashable {
  /// A fingerprint.
  package var error: Int64
  /// 0: none.
  package var level: Int64
  package var type: String?
  package var culprit: String?
  package var text: String

  package init(error: Int64, level: Int64, type: String?, culprit: String?, text: String) {
    self.error = error
    self.level = level
    self.type = type
    self.culprit = culprit
    self.text = text
  }
}
