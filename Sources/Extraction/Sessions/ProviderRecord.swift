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
    guard record.isWhole else { return nil }
    var response = record
    if record[.usage] == nil, record[.geminiUsage] == nil {
      guard let inner = record[.response], inner.isObject,
        let members = Members<RecordName>(line, at: inner.range.lowerBound)
      else { return nil }
      response = members
    }
    guard let object = response[.geminiUsage] ?? response[.usage], object.isObject,
      let usage = Members<UsageName>(line, at: object.range.lowerBound)
    else { return nil }
    // What Claude Code prints at the end of a run sums up requests that it has printed before, and
    // what Anthropic streams is the usage so far of a response that is named elsewhere.
    if line.equals(record[.type], "result"), record[.summary] != nil { return nil }
    if line.equals(record[.type], "message_delta") { return nil }
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
    turn.takeTime(line, record[.startTime] ?? record[.time] ?? record[.created])
    if record[.time] == nil { turn.takeTime(line, response[.created]) }
    turn.latency = line.integer(record[.latency])
    turn.firstToken = line.integer(record[.firstToken])
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
    let id = line.text(response[.id])
    turn.requestID = line.text(record[.requestID]) ?? id
    if let id, Self.isUnique(id) {
      turn.identify(id)
      turn.rank(turn.usage.total)
    }
    findings.turns.append(turn)
  }

  /// Whether the id looks random: small gateways and examples count, or repeat one.
  private static func isUnique(_ id: String) -> Bool {
    id.utf8.count >= 20 && id.utf8.contains { $0.isDigit }
  }

  /// The name of an error: a text, or the type, code or message of an object.
  static func error(_ line: Span<UInt8>, _ member: Member?) -> String? {
    guard let member else { return nil }
    guard member.isObject, var cursor = JSONCursor(line, at: member.range.lowerBound) else {
      return line.text(member, most: 200)
    }
    var found: (Int, String)?
    let names = ["type", "code", "message"]
    while case .member = cursor.next(line) {
      let value = Member(range: cursor.value, kind: cursor.kind)
      for (index, name) in names.enumerated()
      where cursor.key.count == name.utf8.count && line.hasPrefix(name, at: cursor.key.lowerBound)
        && index < found?.0 ?? names.count
      {
        if let text = line.text(value, most: 200) { found = (index, text) }
      }
    }
    return found?.1 ?? "error"
  }
}
