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

  /// Looks at one complete record; true when `turns` or `reject` hold something.
  ///
  /// `record` is the record's text as it stood in the file, `body` the message that its format found
  /// in it (`LineHead.body`): JSON counts that is the record, or its message behind the prefix that a
  /// container runtime writes, or the `log` of Docker's json-file. A record that is still open must
  /// not be shown, since the state would be that of a record which may change.
  package mutating func read(
    _ record: Span<UInt8>, body: Range<Int>, state: inout State
  ) -> Bool {
    findings.reset()
    guard record.count > 1 else { return false }
    if record[0] == 0x7B { return read(record, state: &state, isEmbedded: false) }
    guard body.lowerBound >= 0, body.upperBound <= record.count, body.count > 1,
      record[body.lowerBound] == 0x7B
    else { return false }
    return read(record.extracting(body), state: &state, isEmbedded: false)
  }

  /// The same for a record without a prefix.
  package mutating func read(_ record: Span<UInt8>, state: inout State) -> Bool {
    read(record, body: 0..<record.count, state: &state)
  }

  private mutating func read(
    _ line: Span<UInt8>, state: inout State, isEmbedded: Bool
  ) -> Bool {
    guard Prefilter.mayMatter(line), let record = Members<RecordName>(line) else { return false }
    if !isEmbedded, let log = record[.log], log.isString, line[log.range.lowerBound] == 0x7B {
      var text: [UInt8] = []
      let count = JSONText.unescape(line, log.range, into: &text)
      return read(text.span.extracting(0..<count), state: &state, isEmbedded: true)
    }
    for format in WireFormats.all where format.claims(record, line) {
      format.read(record, line, &state, &findings)
      for index in findings.turns.indices where findings.turns[index].key == nil {
        state.copies.identify(&findings.turns[index], line)
      }
      return !findings.turns.isEmpty || findings.reject != nil
    }
    if !record.isWhole, Self.isUsage(record, line) { findings.reject = .brokenRecord }
    return findings.reject != nil
  }

  /// Whether a record that breaks off would have held usage.
  private static func isUsage(_ record: Members<RecordName>, _ line: Span<UInt8>) -> Bool {
    if let usage = record[.usage] ?? record[.geminiUsage] { return usage.isObject }
    if line.equals(record[.type], "assistant") { return line.contains("\"usage\"") }
    return line.equals(record[.type], "token_usage_record")
      || line.equals(record[.type], "event_msg") && line.contains("\"total_token_usage\"")
  }
}
