import Extraction
import Formats
package import LogModel
import Recomputation
package import Redaction
import Storage
import Tailing

// Records without what their source's settings say must not be stored.

/// Which redactor the records of a source's file go through; nil where everything is kept.
package typealias RedactorChoice = (_ source: String, _ file: Path) -> Redactor?

extension IngestRun {
  /// A record's text as it may be stored, with a head that fits it; nil where the text may stay.
  ///
  /// Time and level are those of the record, whatever is left of them in the text.
  mutating func redacted(
    _ text: Span<UInt8>, _ file: borrowing OpenFile, _ head: LineHead, isOpen: Bool
  ) -> (replacement: Redactor.Replacement, head: LineHead)? {
    guard let redactor = file.redactor else { return nil }
    // Of what may go on, the stream may not be known yet, or be two.
    let isInside =
      file.turns.unfinished?.stream != nil && (isOpen || head.part?.continues == true)
    let (parts, isCut) = Self.parts(
      of: text, head, file.parser, isOpen: isOpen, isInside: isInside)
    guard
      let replacement = redactor.replacement(
        for: text, body: head.body.lowerBound, parts: parts, isOpen: isOpen || isCut,
        isInside: isInside)
    else { return nil }
    batch.rows.marked.insert(file.row.source)
    let stored = replacement.text.span
    var parser = file.parser
    var found = LineHead()
    _ = parser.parse(stored.extracting(0..<Self.lineEnd(stored, from: 0)), into: &found)
    if found.time != head.time {
      found.layout = .none
      found.timeRange = 0..<0
    }
    found.time = head.time
    found.severity = head.severity
    return (replacement, found)
  }

  /// The parts of each stream's text, where the runtime of a container has cut it into lines, or may
  /// yet do so; and whether the last of them is missing.
  private static func parts(
    of text: Span<UInt8>, _ record: LineHead, _ parser: LineParser, isOpen: Bool, isInside: Bool
  ) -> (lists: [[Redactor.Part]], isCut: Bool) {
    let isSingle = lineEnd(text, from: 0) == text.count
    guard isOpen || !isSingle || record.part != nil else { return ([], false) }
    var parser = parser
    var head = LineHead()
    var output: [Redactor.Part] = []
    var errors: [Redactor.Part] = []
    var start = 0
    while start <= text.count {
      let end = lineEnd(text, from: start)
      let line = text.extracting(start..<end)
      _ = parser.parse(line, into: &head)
      if let part = head.part {
        let body = start + head.body.lowerBound..<start + min(head.body.upperBound, line.count)
        let found = Redactor.Part(range: body, isEscaped: !line.isEmpty && line[0] == 0x7B)
        if part.stream == .output { output.append(found) } else { errors.append(found) }
      } else if isOpen, end == text.count, let found = cutPart(line, at: start) {
        // Whose part it is, stands behind it.
        output.append(found)
        errors.append(found)
      }
      start = end + 1
    }
    let isCut = head.part != nil && (head.role == .begins || head.role == .continues)
    if isSingle, !isOpen, !isCut, !isInside { return ([], false) }
    return ([output, errors].filter { !$0.isEmpty }, isCut)
  }

  /// The text of a line of Docker's that is not all there yet; `log` is its first member.
  private static func cutPart(_ line: Span<UInt8>, at start: Int) -> Redactor.Part? {
    let lead = Array(#"{"log":""#.utf8)
    guard line.count > lead.count, lead.indices.allSatisfy({ line[$0] == lead[$0] }) else {
      return nil
    }
    var end = lead.count
    while end < line.count, line[end] != UInt8(ascii: "\"") {
      end += line[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    return Redactor.Part(range: start + lead.count..<start + min(end, line.count), isEscaped: true)
  }

  private static func lineEnd(_ text: Span<UInt8>, from start: Int) -> Int {
    var end = start
    while end < text.count, text[end] != 0x0A { end += 1 }
    return end
  }

  /// The names of the turns that the extractor found in the record as it is, as they stand in the
  /// record as it is stored; the numbers are those of the record.
  ///
  /// `state` is that from before the record.
  mutating func redactTurns(
    _ turns: [Turn], stored: Span<UInt8>, _ head: LineHead, _ parser: LineParser, time: Int64,
    _ state: TurnExtractor.State, by redactor: Redactor
  ) -> [Turn] {
    var before = state
    var other = TurnExtractor()
    let parts = parser.joinedParts(of: stored, head)
    _ = other.read(stored, head, joined: parts, time: time, state: &before)
    let isComplete = other.turns.count == turns.count
    var result = turns
    for index in result.indices {
      let names = isComplete ? other.turns[index] : nil
      result[index].takeNames(names)
      result[index].replaceNames { redactor.label($0) }
    }
    return result
  }
}

extension Turn {
  /// Takes the names that another form of the same record shows; without one, those that cannot
  /// quote what was said.
  fileprivate mutating func takeNames(_ other: Turn?) {
    if error != nil { error = other == nil ? ReplacementMark.dropped.text : other?.error }
    guard let other else { return }
    session = other.session
    project = other.project
    model = other.model
    serviceTier = other.serviceTier
    responseFlags = other.responseFlags
    consumer = other.consumer
    route = other.route
    path = other.path
    requestID = other.requestID
  }

  fileprivate mutating func replaceNames(_ replace: (String) -> String) {
    session = session.map(replace)
    project = project.map(replace)
    model = model.map(replace)
    serviceTier = serviceTier.map(replace)
    responseFlags = responseFlags.map(replace)
    error = error.map(replace)
    consumer = consumer.map(replace)
    route = route.map(replace)
    path = path.map(replace)
    requestID = requestID.map(replace)
  }
}
