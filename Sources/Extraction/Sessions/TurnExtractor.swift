import JSON
package import LogModel

/// Finds the requests to language models that the records of a log file show.
///
/// Records go in one by one, in the order of their file, with the file's `State`. One extractor
/// serves any number of files and sources; it keeps no more than scratch space between two records.
///
///     var state = TurnExtractor.State(encoded: row.turnState) ?? TurnExtractor.State()
///     if extractor.read(record, body: head.body, state: &state) {
///       for turn in extractor.turns { … }      // insert, or replace a turn of equal key and lower rank
///       if let reason = extractor.reject { … } // count it with the file, its offset and the reason
///     }
///     row.turnState = state.encoded            // in the transaction that moves the offset
package struct TurnExtractor {
  /// What the last record gave: mostly nothing or one turn, for a record of Claude Code sometimes more.
  package var turns: [Turn] { findings.turns }
  /// Why the last record, which looks like usage, gave no turn.
  package var reject: TurnReject? { findings.reject }

  private var findings = Findings()

  package init() {}

  /// Whether the record or the message in it begins or ends as JSON does.
  ///
  /// Nearly all records of other logs are told here.
  package static func mayMatter(_ record: Span<UInt8>, body: Range<Int>) -> Bool {
    guard record.count > 1 else { return false }
    if record[0] == 0x7B || record[record.count - 1] == 0x7D { return true }
    return body.lowerBound >= 0 && body.lowerBound < record.count
      && record[body.lowerBound] == 0x7B
  }

  /// Looks at one complete record; true when `turns` or `reject` hold something.
  ///
  /// `record` is the record's text as it stood in the file, `body` the message that its format found
  /// in it (`LineHead.body`): JSON counts that is the record, or its message behind the prefix that a
  /// container runtime writes, or the `log` of Docker's json-file. A record that is still open must
  /// not be shown, since the state would be that of a record which may change.
  ///
  /// `time` is what the format read in the record (`LineHead.time`), with the zone of its source;
  /// `isJoined` tells that it stood in front of the text.
  package mutating func read(
    _ record: Span<UInt8>, body: Range<Int>, time: Int64? = nil, isJoined: Bool = false,
    state: inout State
  ) -> Bool {
    findings.reset()
    guard record.count > 1 else { return false }
    findings.line = LineTime(time: time, isOwn: !isJoined && record[0] == 0x7B)
    if record[0] == 0x7B { return read(record, state: &state, isEmbedded: false) }
    if body.lowerBound >= 0, body.upperBound <= record.count, body.count > 1,
      record[body.lowerBound] == 0x7B
    {
      return read(record.extracting(body), state: &state, isEmbedded: false)
    }
    guard record[record.count - 1] == 0x7D, let start = Self.prefixEnd(record) else { return false }
    return read(record.extracting(start..<record.count), state: &state, isEmbedded: false)
  }

  /// The same for the texts that a record's lines are parts of, together.
  package mutating func read(
    joined texts: [[UInt8]], time: Int64?, state: inout State
  ) -> Bool {
    var turns: [Turn] = []
    var reject: TurnReject?
    for text in texts
    where read(text.span, body: 0..<text.count, time: time, isJoined: true, state: &state) {
      turns += findings.turns
      reject = reject ?? findings.reject
    }
    findings.turns = turns
    findings.reject = reject
    return !turns.isEmpty || reject != nil
  }

  /// Behind the name that `docker compose` writes in front of a line, or that of an event's data.
  private static func prefixEnd(_ record: Span<UInt8>) -> Int? {
    if record.hasPrefix("data: {", at: 0) { return 6 }
    return record.firstIndex(of: "| {", in: 0..<min(longestPrefix, record.count)).map { $0 + 2 }
  }

  private static let longestPrefix = 160

  /// The same for a record without a prefix.
  package mutating func read(_ record: Span<UInt8>, state: inout State) -> Bool {
    read(record, body: 0..<record.count, state: &state)
  }

  private mutating func read(
    _ line: Span<UInt8>, state: inout State, isEmbedded: Bool
  ) -> Bool {
    guard Prefilter.mayMatter(line), let record = Members<RecordName>(line) else { return false }
    if !isEmbedded, let log = record[.log], Self.isDocument(log, line) {
      return read(inside: log, line, state: &state)
    }
    for format in WireFormats.all where format.claims(record, line) {
      format.read(record, line, &state, &findings)
      for index in findings.turns.indices where findings.turns[index].key == nil {
        state.copies.identify(&findings.turns[index], line, lineTime: findings.line.time)
      }
      return !findings.turns.isEmpty || findings.reject != nil
    }
    if !isEmbedded, record.isWhole {
      for name in [RecordName.message, .text] {
        guard let text = record[name], Self.isDocument(text, line) else { continue }
        return read(inside: text, line, state: &state)
      }
    }
    if !record.isWhole, Self.isUsage(record, line) { findings.reject = .brokenRecord }
    return findings.reject != nil
  }

  private static func isDocument(_ member: Member, _ line: Span<UInt8>) -> Bool {
    member.isString && member.range.count > 1 && line[member.range.lowerBound] == 0x7B
  }

  /// Looks at the record that stands in a string of another one.
  private mutating func read(
    inside member: Member, _ line: Span<UInt8>, state: inout State
  ) -> Bool {
    findings.line.isOwn = false
    var text: [UInt8] = []
    let count = JSONText.unescape(line, member.range, into: &text)
    return read(text.span.extracting(0..<count), state: &state, isEmbedded: true)
  }

  /// Whether a record that breaks off would have held usage.
  private static func isUsage(_ record: Members<RecordName>, _ line: Span<UInt8>) -> Bool {
    if let usage = record[.usage] ?? record[.geminiUsage] { return usage.isObject }
    if line.equals(record[.type], "assistant") { return line.contains("\"usage\"") }
    return line.equals(record[.type], "token_usage_record")
      || line.equals(record[.type], "event_msg") && line.contains("\"total_token_usage\"")
  }
}
