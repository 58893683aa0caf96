import JSON
import LogModel

/// The session files of Claude Code: one line for each block of a response, with the usage so far.
///
/// Responses are logged again by resumed and forked sessions, by side questions, and as the progress
/// of subagents. A response's id tells; of its lines the one of the original session with the most
/// tokens counts, whole.
enum ClaudeCodeSession: WireFormat {
  /// What the lines before say about the next one.
  struct State: Sendable, Equatable {
    /// The response of the last line, its tool calls so far, and its last content.
    var response: Int64 = 0
    var toolCalls: Int64 = 0
    var content: Int64 = 0
    /// How often the user has asked for something, in what the session has copied as well.
    var rounds: Int64 = 0
    /// Of responses whose ids Anthropic did not make, the latest last.
    var runs: [Run] = []

    static let mostRuns = 8

    /// The lines of one response.
    struct Run: Sendable, Equatable {
      /// Of its id, and of its request's.
      var hash: Int64
      var prompt: Int64
      /// How often the user had asked for something.
      var round: Int64
      /// The times of its first line and of its last one.
      var first: Int64
      var last: Int64
    }

    /// The time of the first line of the response that a line at `time` is of.
    ///
    /// Without the id of a request it is one as long as the prompt stays the same, the user says nothing
    /// in between, and its lines are at most a minute apart.
    mutating func start(
      of id: String, request: String?, prompt: Int64, at time: Int64
    ) -> Int64 {
      var hash = StableHash()
      hash.add(id)
      hash.add(request)
      var run = Run(hash: hash.value, prompt: prompt, round: rounds, first: time, last: time)
      if let index = runs.firstIndex(where: { $0.hash == run.hash }) {
        let known = runs.remove(at: index)
        if request != nil
          || known.prompt == prompt && known.round == rounds
            && (0...60_000_000).contains(time - known.last)
        {
          run.first = known.first
        }
      }
      if runs.count == Self.mostRuns { runs.removeFirst() }
      runs.append(run)
      return run.first
    }
  }

  static func claims(_ record: Members<RecordName>, _ line: Span<UInt8>) -> Bool {
    guard record.isWhole else { return false }
    if line.equals(record[.type], "assistant") { return record[.message]?.isObject == true }
    if line.equals(record[.type], "user") { return isPrompt(record, line) }
    return line.equals(record[.type], "progress") && record[.data]?.isObject == true
  }

  static func read(
    _ record: Members<RecordName>, _ line: Span<UInt8>, _ state: inout TurnExtractor.State,
    _ findings: inout Findings
  ) {
    if line.equals(record[.type], "user") {
      state.claude.rounds += 1
      return
    }
    guard line.equals(record[.type], "assistant") else {
      // A subagent's line within the line that reports it.
      guard let data = record[.data],
        let progress = Members<RecordName>(line, at: data.range.lowerBound),
        let message = progress[.message], message.isObject,
        let inner = Members<RecordName>(line, at: message.range.lowerBound),
        line.equals(inner[.type], "assistant")
      else { return }
      return read(inner, outer: record, line, isReplay: true, &state.claude, &findings)
    }
    let isSidechain = line.isTrue(record[.isSidechain])
    read(record, outer: record, line, isReplay: isSidechain, &state.claude, &findings)
  }

  /// Whether the user said something in the line: it may only hold the results of tools, or what the
  /// agent puts there by itself.
  private static func isPrompt(_ record: Members<RecordName>, _ line: Span<UInt8>) -> Bool {
    guard record[.session] != nil, !line.isTrue(record[.isSidechain]),
      !line.isTrue(record[.isMeta]), !line.isTrue(record[.isCompactSummary]),
      let content = record.object(.message, line)?[.content]
    else { return false }
    if content.isString { return !content.range.isEmpty }
    guard content.isArray, var parts = JSONElements(line, at: content.range.lowerBound) else {
      return false
    }
    while parts.next(line) {
      guard let part = Members<RecordName>(line, at: parts.value.lowerBound) else { continue }
      if !line.equals(part[.type], "tool_result") { return true }
    }
    return false
  }

  private static func read(
    _ record: Members<RecordName>, outer: Members<RecordName>, _ line: Span<UInt8>,
    isReplay: Bool, _ state: inout State, _ findings: inout Findings
  ) {
    guard let object = record[.message], object.isObject,
      let message = Members<RecordName>(line, at: object.range.lowerBound),
      let usageObject = message[.usage], usageObject.isObject,
      let usage = Members<UsageName>(line, at: usageObject.range.lowerBound)
    else { return }
    var turn = Turn(agent: .claudeCode)
    turn.session = line.text(record[.session]) ?? line.text(outer[.session])
    turn.project = line.text(record[.project]) ?? line.text(outer[.project])
    turn.takeTime(line, record[.time] ?? outer[.time], findings.line)
    turn.requestID = line.text(record[.requestID])
    let id = line.text(message[.id])
    if line.isTrue(record[.isAPIError]) || line.equals(message[.model], "<synthetic>") {
      turn.chatRound = state.rounds > 0 ? state.rounds : nil
      return readError(record, message, line, id, turn, &findings)
    }
    let reported = ReportedUsage(line, usage)
    if reported.isEmpty, !reported.isInvalid { return }
    guard turn.take(reported, .anthropic) else {
      findings.reject = .invalidCount
      return
    }
    turn.model = line.text(message[.model])
    if isOld(line.text(outer[.version])) { turn.isSuspect = true }
    turn.toolCalls = toolCalls(message[.content], id, line, &state)
    turn.chatRound = state.rounds > 0 ? state.rounds : nil
    turn.serviceTier = tier(usage, line)
    identify(&turn, id, &state)
    turn.rank(weight(turn, isReplay))
    let advisors = readAdvisors(usage, id, &turn, line, isReplay, &findings)
    findings.turns.append(turn)
    findings.turns += advisors
  }

  /// The id of a response is unique where Anthropic made it.
  ///
  /// Some gateways use theirs again, at another time. A side question repeats responses at their times, under requests of its own.
  private static func identify(_ turn: inout Turn, _ id: String?, _ state: inout State) {
    guard let id else { return }
    if id.hasPrefix("msg_") {
      turn.identify(id)
    } else if let time = turn.time {
      let start = state.start(
        of: id, request: turn.requestID, prompt: turn.usage.input, at: time)
      turn.identify(id, String(start))
    } else {
      turn.identify(id, turn.requestID ?? turn.session)
    }
  }

  /// A line of the original session before one of a side conversation, then the most tokens, then
  /// the most tool calls.
  private static func weight(_ turn: Turn, _ isReplay: Bool) -> Int64 {
    (isReplay ? 0 : 1 << 60) | min(turn.usage.total, 1 << 43) << 16
      | min(turn.toolCalls ?? 0, 0xFFFF)
  }

  /// Requests that the agent made of another model on the way; the usage beside them leaves them out.
  ///
  /// Of several lines that show one, that counts which is the response's line: both have one session
  /// and one time.
  private static func readAdvisors(
    _ usage: Members<UsageName>, _ id: String?, _ parent: inout Turn, _ line: Span<UInt8>,
    _ isReplay: Bool, _ findings: inout Findings
  ) -> [Turn] {
    guard let member = usage[.iterations],
      var elements = JSONElements(line, at: member.range.lowerBound)
    else { return [] }
    var advisors: [Turn] = []
    var number = 0
    while elements.next(line) {
      guard let iteration = Members<UsageName>(line, at: elements.value.lowerBound),
        line.equals(iteration[.type], "advisor_message")
      else { continue }
      number += 1
      let reported = ReportedUsage(line, iteration)
      if reported.isEmpty, !reported.isInvalid { continue }
      var turn = Turn(agent: .claudeCode)
      guard turn.take(reported, .anthropic) else {
        findings.reject = .invalidCount
        continue
      }
      turn.session = parent.session
      turn.project = parent.project
      turn.time = parent.time
      turn.hasInvalidTime = parent.hasInvalidTime
      turn.requestID = parent.requestID
      turn.model = line.text(iteration[.model])
      if let key = parent.key, id != nil { turn.identify(String(key), "advisor", String(number)) }
      turn.rank.weight =
        (isReplay ? 0 : 1 << 60) | min(turn.usage.total, 1 << 22 - 1) << 37
        | min(parent.usage.total, 1 << 21 - 1) << 16 | min(parent.toolCalls ?? 0, 0xFFFF)
      advisors.append(turn)
    }
    guard !advisors.isEmpty else { return [] }
    var hash = StableHash()
    hash.add(line.extracting(member.range))
    parent.rank(parent.rank.weight, more: hash.value)
    for index in advisors.indices { advisors[index].rank.tie = parent.rank.tie }
    return advisors
  }

  /// A response that the agent made up: a failure of the API is a turn that failed, anything else none.
  private static func readError(
    _ record: Members<RecordName>, _ message: Members<RecordName>, _ line: Span<UInt8>,
    _ id: String?, _ turn: Turn, _ findings: inout Findings
  ) {
    guard line.isTrue(record[.isAPIError]) else { return }
    var turn = turn
    turn.hasUsage = false
    turn.hasFailed = true
    let said = text(message[.content], line)
    let known = said.flatMap { ErrorClass($0) }
    turn.status = known?.status
    turn.errorClass = known?.text
    // Behind the bar stands when the limit is lifted.
    let isLimit = said?.contains("limit reached|") == true
    turn.error =
      (isLimit ? said : nil) ?? ProviderRecord.error(line, record[.error]) ?? said ?? "error"
    if id != nil { turn.identify(id, "error", line.text(record[.time])) }
    turn.rank(0)
    findings.turns.append(turn)
  }

  /// The text of the first block.
  private static func text(_ content: Member?, _ line: Span<UInt8>) -> String? {
    guard let content, content.isArray,
      var blocks = JSONElements(line, at: content.range.lowerBound), blocks.next(line),
      var cursor = JSONCursor(line, at: blocks.value.lowerBound)
    else { return line.text(content, most: 200) }
    while case .member = cursor.next(line) {
      guard cursor.key.count == 4, line.hasPrefix("text", at: cursor.key.lowerBound) else {
        continue
      }
      return line.text(Member(range: cursor.value, kind: cursor.kind), most: 200)
    }
    return nil
  }

  /// The calls of the response up to this line, since every block has a line of its own.
  private static func toolCalls(
    _ content: Member?, _ id: String?, _ line: Span<UInt8>, _ state: inout State
  ) -> Int64? {
    guard let content, let calls = AnthropicResponse.toolCalls(content, line) else { return nil }
    guard let id else { return calls }
    var hash = StableHash()
    hash.add(id)
    let response = hash.value
    hash.add(line.extracting(content.range))
    if response != state.response {
      state.response = response
      state.toolCalls = calls
      state.content = hash.value
    } else if hash.value != state.content {
      state.toolCalls += calls
      state.content = hash.value
    }
    return state.toolCalls
  }

  private static func tier(_ usage: Members<UsageName>, _ line: Span<UInt8>) -> String? {
    if line.equals(usage[.speed], "fast") { return "fast" }
    let tier = line.text(usage[.serviceTier])
    return tier == "standard" ? nil : tier
  }

  /// Before 2.1.97 a line may hold counts of the response's beginning, for good.
  private static func isOld(_ version: String?) -> Bool {
    guard let version else { return false }
    let parts = version.split(separator: ".").map { Int($0.prefix { $0.isASCII && $0.isNumber }) }
    guard parts.count >= 3, let major = parts[0], let minor = parts[1], let patch = parts[2] else {
      return false
    }
    return (major, minor, patch) < (2, 1, 97)
  }
}
