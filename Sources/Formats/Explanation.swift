package import LogModel

/// How one line is read, for people.
package struct Explanation: Sendable {
  package var format: String
  package var head: LineHead
  package var outcome: LineParser.Outcome
  /// One sentence.
  package var why: String
}

extension LineParser {
  /// Reads a line as `parse` does and says why it came out so.
  package mutating func explain(_ line: Span<UInt8>) -> Explanation {
    var head = LineHead()
    let outcome = parse(line, into: &head)
    let name: String
    var why: String
    switch outcome {
    case .parsed:
      name = format
      why =
        head.role == .continues && head.part == nil
        ? "it shows no time, so it continues the record before it"
        : "it is of the format \(format)"
    case .fallback:
      name = format == Generic.name ? JSONLines.name : Generic.name
      why = "it is not of the format \(format), but shows a time"
      if format == Raw.name { why = "no format was given, but it shows a time" }
    case .raw:
      name = Raw.name
      why = format == Raw.name ? "no format fits" : "it is not of the format \(format)"
    }
    if head.time == nil, head.role != .continues { why += "; no time that can be read" }
    return Explanation(format: name, head: head, outcome: outcome, why: why)
  }
}
