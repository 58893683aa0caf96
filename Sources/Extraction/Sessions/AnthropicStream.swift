import JSON
import LogModel

/// The events that Anthropic streams: `message_start` has the prompt's usage, `message_delta` that of
/// the answer so far, without an id.
enum AnthropicStream: WireFormat {
  /// What the start of a response says of the events that follow.
  struct Response: Sendable, Equatable {
    var key: Int64
    /// A hash of the session as the records name it.
    var owner: Int64
    var session: String?
    var model = NamedModel()
    var input: Int64?
    var cacheRead: Int64?
    var cacheWrite: Int64?
    var write5m: Int64?
    var write1h: Int64?
  }

  static func claims(_ record: Members<RecordName>, _ line: Span<UInt8>) -> Bool {
    record.isWhole && event(record, line) != nil
  }

  static func read(
    _ record: Members<RecordName>, _ line: Span<UInt8>, _ state: inout TurnExtractor.State,
    _ findings: inout Findings
  ) {
    guard let event = event(record, line) else { return }
    let isStart = line.equals(event[.type], "message_start")
    let message = isStart ? event.object(.message, line) : event
    guard let message, let usage = message.usage(.usage, line) else { return }
    var reported = ReportedUsage(line, usage)
    guard !reported.isInvalid else {
      findings.reject = .invalidCount
      return
    }
    var turn = Turn(agent: .anthropic)
    turn.takeTime(line, record[.startTime] ?? record[.time], findings.line)
    turn.session = line.text(record[.session])
    turn.model = line.text(message[.model])
    if isStart {
      let id = line.text(message[.id]) ?? ""
      if ProviderRecord.isOfProvider(id) {
        turn.identify(id)
      } else {
        turn.identify("stream", id, turn.session, turn.time.map { String($0) })
      }
      state.stream = Response(
        key: turn.key ?? 0, owner: owner(turn), session: turn.session,
        model: NamedModel(turn.model), input: reported.input, cacheRead: reported.cacheRead,
        cacheWrite: reported.cacheWrite, write5m: reported.write5m, write1h: reported.write1h)
    } else {
      guard let start = state.stream, turn.session == nil || owner(turn) == start.owner else {
        return
      }
      turn.key = start.key
      turn.session = turn.session ?? start.session
      if turn.model == nil {
        turn.model = start.model.name
        turn.billedModel = start.model.billed
      }
      reported.input = reported.input ?? start.input
      reported.cacheRead = reported.cacheRead ?? start.cacheRead
      reported.cacheWrite = reported.cacheWrite ?? start.cacheWrite
      reported.write5m = reported.write5m ?? start.write5m
      reported.write1h = reported.write1h ?? start.write1h
    }
    guard turn.take(reported, .anthropic) else { return }
    turn.isStream = true
    turn.project = line.text(record[.project])
    turn.consumer = line.text(record[.consumer])
    turn.requestID = line.text(record[.requestID])
    let tier = line.text(usage[.serviceTier])
    turn.serviceTier = tier == "standard" ? nil : tier
    turn.rank(turn.usage.total)
    findings.turns.append(turn)
  }

  private static func owner(_ turn: Turn) -> Int64 {
    var hash = StableHash()
    hash.add(turn.session)
    return hash.value
  }

  /// The event: the record, or its `data`.
  private static func event(
    _ record: Members<RecordName>, _ line: Span<UInt8>
  ) -> Members<RecordName>? {
    if isEvent(record, line) { return record }
    return record.object(.data, line).flatMap { isEvent($0, line) ? $0 : nil }
  }

  private static func isEvent(_ record: Members<RecordName>, _ line: Span<UInt8>) -> Bool {
    line.equals(record[.type], "message_delta") || line.equals(record[.type], "message_start")
  }
}
