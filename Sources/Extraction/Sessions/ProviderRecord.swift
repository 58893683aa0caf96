import JSON
import LogModel

/// A record with a provider's usage object in it: the response itself, or what a program logged of it.
struct ProviderRecord {
  /// Where usage, model and id stand: the record, or an object in it.
  var response: Members<RecordName>
  var usage: Members<UsageName>
  var reported: ReportedUsage
  var agent: Turn.Agent

  /// Nil where no member says anything about tokens.
  init?(_ record: Members<RecordName>, _ line: Span<UInt8>) {
    // What Claude Code prints at the end of a run sums up requests that it has printed before.
    guard record.isWhole, !(line.equals(record[.type], "result") && record[.summary] != nil),
      let response = Self.response(record, line, depth: 0),
      let usage = response.usage(.geminiUsage, line) ?? response.usage(.usage, line)
    else { return nil }
    reported = ReportedUsage(line, usage)
    guard !reported.isEmpty || reported.isInvalid else { return nil }
    self.response = response
    self.usage = usage
    if response[.geminiUsage] != nil {
      agent = .gemini
    } else if line.equals(response[.type], "message")
      || usage[.total] == nil
        && (usage[.cacheRead] != nil || usage[.cacheWrite] != nil || Self.isClaude(response, line))
    {
      agent = .anthropic
    } else {
      agent = .openai
    }
  }

  /// The outermost object with a usage object: the record, or what it says of the response.
  private static func response(
    _ record: Members<RecordName>, _ line: Span<UInt8>, depth: Int
  ) -> Members<RecordName>? {
    if record[.usage]?.isObject == true || record[.geminiUsage]?.isObject == true { return record }
    guard depth < 3 else { return nil }
    for name in [RecordName.response, .result, .message, .data] {
      if let inner = record.object(name, line),
        let found = response(inner, line, depth: depth + 1)
      {
        return found
      }
    }
    return nil
  }

  private static func isClaude(_ response: Members<RecordName>, _ line: Span<UInt8>) -> Bool {
    guard let model = response[.model] else { return false }
    return line.hasPrefix("claude", at: model.range.lowerBound)
  }

  /// Adds the turn, or says why there is none.
  func read(
    _ record: Members<RecordName>, _ line: Span<UInt8>, _ likely: UsageStyle,
    toolCalls: Int64?, _ findings: inout Findings
  ) {
    var turn = Turn(agent: agent)
    guard turn.take(reported, likely) else {
      findings.reject = .invalidCount
      return
    }
    turn.session = line.text(record[.session]) ?? line.text(record[.thread])
    turn.project = line.text(record[.project])
    turn.model = line.text(response[.model]) ?? line.text(record[.model])
    turn.takeTime(line, record[.startTime] ?? record[.time] ?? record[.created], findings.line)
    if record[.time] == nil { turn.takeTime(line, response[.created], findings.line) }
    turn.latency = line.milliseconds(record[.latency])
    turn.firstToken = line.milliseconds(record[.firstToken])
    turn.isStream = line.flag(record[.stream])
    turn.status = line.integer(record[.status]) ?? line.integer(record[.anyStatus])
    turn.error = Self.error(line, record[.error])
    turn.hasFailed = turn.error != nil || (turn.status ?? 0) >= 400
    turn.consumer = line.text(record[.consumer])
    turn.route = line.text(record[.route])
    turn.path = line.text(record[.path])
    turn.toolCalls = toolCalls
    let tier = line.text(response[.serviceTier]) ?? line.text(usage[.serviceTier])
    turn.serviceTier = tier == "standard" || tier == "default" ? nil : tier
    if line.text(record[.id])?.hasPrefix("batch_req_") == true { turn.serviceTier = "batch" }
    let id = line.text(response[.id])
    turn.requestID = line.text(record[.requestID]) ?? id
    if let id, id.utf8.count >= Self.shortestID {
      if Self.isOfProvider(id) {
        turn.identify(id)
      } else if id.utf8.contains(where: { $0.isDigit }) {
        turn.identify(id, turn.model, String(turn.usage.input))
      }
      turn.rank(turn.usage.total)
    }
    findings.turns.append(turn)
  }

  /// Small gateways and examples count, or repeat an id: one that looks random is long.
  private static let shortestID = 20

  /// Whether an id is of a form in which providers name a response; any other one may be that of a
  /// request, which covers several responses where a client sets it.
  static func isOfProvider(_ id: String) -> Bool {
    id.utf8.count >= shortestID
      && ["chatcmpl-", "cmpl-", "resp_", "msg_", "gen-"].contains { id.hasPrefix($0) }
  }

  /// The name of an error: a text, or the type, code or message of an object.
  static func error(_ line: Span<UInt8>, _ member: Member?) -> String? {
    guard let member else { return nil }
    var isEmpty = true
    guard member.isObject, var cursor = JSONCursor(line, at: member.range.lowerBound) else {
      return line.text(member, most: 200)
    }
    var found: (Int, String)?
    let names = ["type", "code", "message"]
    while case .member = cursor.next(line) {
      isEmpty = false
      let value = Member(range: cursor.value, kind: cursor.kind)
      for (index, name) in names.enumerated()
      where cursor.key.count == name.utf8.count && line.hasPrefix(name, at: cursor.key.lowerBound)
        && index < found?.0 ?? names.count
      {
        if let text = line.text(value, most: 200) { found = (index, text) }
      }
    }
    return found?.1 ?? (isEmpty ? nil : "error")
  }
}
