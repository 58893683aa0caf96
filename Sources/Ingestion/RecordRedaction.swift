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
  /// Time and level are those of the record, whatever is left of them in the text. Of a record that
  /// `isOpen` more may follow; `isKept` is one that is not read again.
  mutating func redacted(
    _ text: Span<UInt8>, _ file: inout OpenFile, _ head: LineHead, isOpen: Bool, isKept: Bool
  ) -> (replacement: Redactor.Replacement, head: LineHead)? {
    guard let redactor = file.redactor else { return nil }
    let texts = Self.cutTexts(in: text, file, head, isOpen: isOpen, isKept: isKept)
    if let texts, isKept, redactor.dropsContent { file.turns.insideObject = texts.insideObject }
    return replaced(
      redactor.replacement(
        for: text, body: head.body.lowerBound, texts: texts?.texts ?? [],
        isOpen: isOpen || texts?.texts.contains(where: \.isOpen) ?? false), file, head)
  }

  /// The same of an excerpt of a record, or of what its parts say together.
  mutating func redacted(
    excerpt text: Span<UInt8>, _ file: borrowing OpenFile, _ head: LineHead
  ) -> (replacement: Redactor.Replacement, head: LineHead)? {
    guard let redactor = file.redactor else { return nil }
    return replaced(redactor.replacement(for: text, body: head.body.lowerBound), file, head)
  }

  private mutating func replaced(
    _ replacement: Redactor.Replacement?, _ file: borrowing OpenFile, _ head: LineHead
  ) -> (replacement: Redactor.Replacement, head: LineHead)? {
    guard let replacement else { return nil }
    batch.rows.marked.insert(file.row.source)
    let stored = replacement.text.span
    var parser = file.parser
    var found = LineHead()
    _ = parser.parse(stored.extracting(0..<stored.lineEnd(from: 0)), into: &found)
    if found.time != head.time {
      found.layout = .none
      found.timeRange = 0..<0
    }
    found.time = head.time
    found.severity = head.severity
    return (replacement, found)
  }

  /// Nil where the record is all of one text, as most are.
  private static func cutTexts(
    in text: Span<UInt8>, _ file: borrowing OpenFile, _ head: LineHead, isOpen: Bool, isKept: Bool
  ) -> CutTexts? {
    guard file.parser.cutsTexts else { return nil }
    let inside = file.turns.insideObject
    if !isOpen, let part = head.part, part.isLast, !inside.contains(.init(part.stream)) {
      return nil
    }
    return CutTexts(
      of: text, file.parser, isOpen: isOpen, cut: isKept && isOpen ? head.part : nil, after: inside)
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
      let model = turns[index].model
      if result[index].model != model { result[index].billedModel = model }
    }
    return result
  }
}

extension Turn {
  /// Takes the names that another form of the same record shows; without one, those that cannot
  /// quote what was said.
  fileprivate mutating func takeNames(_ other: Turn?) {
    if error != nil { error = other == nil ? ReplacementMark.dropped.text : other?.error }
    if let text = error, ReplacementMark.isAll(of: text) { error = errorClass ?? text }
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
