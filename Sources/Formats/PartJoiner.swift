import LogModel

/// Which lines of a container's log are parts of one record.
struct PartJoiner {
  /// What tells the stream of an unfinished record; nil when none is.
  private var open: UInt8?

  /// `stream` is any byte in which the streams' names differ.
  mutating func role(stream: UInt8, isComplete: Bool) -> LineHead.Role {
    let continues = open == stream
    open = isComplete ? nil : stream
    return switch (continues, isComplete) {
    case (false, true): .whole
    case (false, false): .begins
    case (true, false): .continues
    case (true, true): .ends
    }
  }

  /// A line of another kind stands between the parts.
  mutating func interrupt() { open = nil }
}
