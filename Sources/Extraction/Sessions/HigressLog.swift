import JSON
import LogModel

/// The access log of the Higress gateway: `ai_log` is a JSON object in a JSON string, written by
/// several plugins, in a line that Envoy fills in without escaping the other values.
enum HigressLog: WireFormat {
  static func claims(_ record: Members<RecordName>, _ line: Span<UInt8>) -> Bool {
    record[.aiLog] != nil || !record.isWhole && line.contains("\"ai_log\"")
  }

  static func read(
    _ record: Members<RecordName>, _ line: Span<UInt8>, _ state: inout TurnExtractor.State,
    _ findings: inout Findings
  ) {
    var record = record
    if !record.isWhole { recover(&record, line) }
    guard let log = record[.aiLog], !log.isNull else {
      if record[.aiLog] == nil { findings.reject = .brokenAILog }
      return
    }
    if log.isObject { return take(record, line, line, at: log.range.lowerBound, &findings) }
    guard log.isString else {
      findings.reject = .brokenAILog
      return
    }
    // `-` is Envoy's word for nothing.
    if log.range.isEmpty || log.range.count == 1 && line[log.range.lowerBound] == 0x2D { return }
    var text: [UInt8] = []
    swap(&text, &findings.scratch)
    let count = JSONText.unescape(line, log.range, into: &text)
    take(record, line, text.span.extracting(0..<count), at: 0, &findings)
    swap(&text, &findings.scratch)
  }

  private static func take(
    _ record: Members<RecordName>, _ line: Span<UInt8>, _ text: Span<UInt8>, at start: Int,
    _ findings: inout Findings
  ) {
    guard let log = Members<AILogName>(text, at: start), log.isWhole else {
      findings.reject = .brokenAILog
      return
    }
    guard log.isOfRequest else { return }
    var turn = Turn(agent: .higress)
    guard takeUsage(log, text, &turn, &findings.innerScratch) else {
      findings.reject = .invalidCount
      return
    }
    turn.session = text.text(log[.session])
    turn.model = text.text(log[.model])
    turn.consumer = text.text(log[.consumer])
    turn.chatRound = text.integer(log[.chatRound])
    turn.latency = text.milliseconds(log[.latency]) ?? line.milliseconds(record[.anyDuration])
    turn.firstToken = text.milliseconds(log[.firstToken])
    turn.toolCalls = text.elementCount(log[.toolCalls])
    if let kind = log[.responseType], kind.isString { turn.isStream = text.equals(kind, "stream") }
    turn.takeTime(line, record[.startTime] ?? record[.time], findings.line)
    turn.route = line.text(record[.route]) ?? text.text(log[.api])
    turn.path = line.text(record[.path])
    turn.requestID = line.text(record[.requestID]) ?? text.text(log[.chatID])
    turn.responseFlags = line.text(record[.responseFlags])
    turn.status = line.integer(record[.status])
    turn.hasFailed =
      turn.responseFlags != nil || turn.status.map { $0 == 0 || $0 >= 400 } ?? false
      || !turn.hasUsage && turn.isStream == nil
    findings.turns.append(turn)
  }

  /// False when a count is none.
  private static func takeUsage(
    _ log: Members<AILogName>, _ text: Span<UInt8>, _ turn: inout Turn, _ scratch: inout [UInt8]
  ) -> Bool {
    var reported = ReportedUsage()
    reported.take(text, log)
    for name in [AILogName.inputDetails, .outputDetails] {
      guard let details = log[name] else { continue }
      if details.isObject, let members = Members<UsageName>(text, at: details.range.lowerBound) {
        reported.takeDetails(text, members)
      } else if details.isString, details.range.count > 2 {
        let count = JSONText.unescape(text, details.range, into: &scratch)
        let inner = scratch.span.extracting(0..<count)
        if let members = Members<UsageName>(inner) { reported.takeDetails(inner, members) }
      }
    }
    if reported.isInvalid { return false }
    guard !reported.isEmpty else {
      turn.hasUsage = false
      return true
    }
    let style: UsageStyle =
      if reported.cacheRead != nil || reported.cacheWrite != nil {
        .anthropic
      } else if let model = log[.model], text.hasPrefix("gemini", at: model.range.lowerBound) {
        .gemini
      } else {
        .openAI
      }
    return turn.take(reported, style)
  }

  /// The members behind the place where a value that Envoy did not escape breaks the object.
  private static func recover(_ record: inout Members<RecordName>, _ line: Span<UInt8>) {
    if record[.aiLog] == nil, let text = text(of: "\"ai_log\"", in: 0..<line.count, line) {
      record.recover(.aiLog, text)
    }
    let rest = min(record.end, line.count)..<line.count
    for (name, key) in recoverable where record[name] == nil {
      if let text = text(of: key, in: rest, line) { record.recover(name, text) }
    }
  }

  /// The string behind the first such key and a colon.
  private static func text(
    of key: StaticString, in range: Range<Int>, _ line: Span<UInt8>
  ) -> Range<Int>? {
    guard let place = line.firstIndex(of: key, in: range) else { return nil }
    let colon = JSONCursor.skippingSpace(line, place + key.utf8CodeUnitCount)
    guard colon < line.count, line[colon] == 0x3A else { return nil }
    let quote = JSONCursor.skippingSpace(line, colon + 1)
    guard quote < line.count, line[quote] == 0x22,
      let end = JSONCursor.stringEnd(line, quote + 1)
    else { return nil }
    return quote + 1..<end
  }

  private static let recoverable: [(RecordName, StaticString)] = [
    (.startTime, "\"start_time\""), (.status, "\"response_code\""),
    (.responseFlags, "\"response_flags\""), (.requestID, "\"request_id\""),
    (.route, "\"route_name\""), (.anyDuration, "\"duration\""),
  ]
}
