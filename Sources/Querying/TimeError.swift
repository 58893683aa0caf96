/// Why a time or a length of time cannot be read; the data is the text that was given.
package enum TimeError: Error, Equatable {
  case notATime(String)
  case notAnInterval(String)
}

extension TimeError: CustomStringConvertible {
  /// One line without a full stop.
  package var description: String {
    switch self {
    case .notATime(let text): "'\(text)' is not a time"
    case .notAnInterval(let text): "'\(text)' is not a length of time"
    }
  }

  /// What is accepted.
  package var hint: String {
    switch self {
    case .notATime:
      "2026-02-01, 2026-02-01T10:00:00Z, 10:30, 2h (ago), yesterday, today, now or @1769940000"
    case .notAnInterval: "a number and s, m, h, d or w, as in 90s, 5m or 1h30m"
    }
  }
}
