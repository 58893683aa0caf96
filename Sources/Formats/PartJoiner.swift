import LogModel

/// Which lines of a container's log are parts of one record, though the two streams interleave.
///
/// From the first part on that is not the last until no stream owes one, all lines are one group, in
/// which each stream has records of its own.
package struct PartJoiner {
  /// How many lines of the other stream may stand between two parts.
  package static let patience = 64

  /// Of each stream with an unfinished record: the lines since its last part.
  private var output: Int?
  private var errors: Int?

  mutating func join(
    _ stream: LineHead.Stream, isComplete: Bool, into head: inout LineHead
  ) {
    let wasOpen = output != nil || errors != nil
    let own = isComplete ? nil : 0
    switch stream {
    case .output:
      head.part = LineHead.Part(stream: stream, continues: output != nil, isLast: isComplete)
      (output, errors) = (own, Self.later(errors))
    case .errors:
      head.part = LineHead.Part(stream: stream, continues: errors != nil, isLast: isComplete)
      (output, errors) = (Self.later(output), own)
    }
    let isOpen = output != nil || errors != nil
    head.role =
      switch (wasOpen, isOpen) {
      case (false, false): .whole
      case (false, true): .begins
      case (true, true): .continues
      case (true, false): .ends
      }
  }

  private static func later(_ lines: Int?) -> Int? {
    guard let lines, lines < patience else { return nil }
    return lines + 1
  }

  /// A line of another kind stands between the parts.
  mutating func interrupt() { (output, errors) = (nil, nil) }
}
