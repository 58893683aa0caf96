import JSON
import LogModel

/// The session files of Codex ("rollouts"): `{"timestamp":…,"type":…,"payload":{…}}`.
///
/// A request is a `token_usage_record`, or in older files a `token_count` whose running total has
/// moved.
enum CodexSession: WireFormat {
  static func claims(_ record: Members<RecordName>, _ line: Span<UInt8>) -> Bool {
    guard record.isWhole, let payload = record[.payload], payload.isObject else { return false }
    return kinds.contains { line.equals(record[.type], $0) }
  }

  private static let kinds = [
    "event_msg", "response_item", "turn_context", "session_meta", "token_usage_record", "compacted",
    "inter_agent_communication", "inter_agent_communication_metadata",
  ]

  static func read(
    _ record: Members<RecordName>, _ line: Span<UInt8>, _ state: inout TurnExtractor.State,
    _ findings: inout Findings
  ) {
    guard let place = record[.payload],
      let payload = Members<CodexName>(line, at: place.range.lowerBound)
    else { return }
    var thread = state.codex ?? CodexThread()
    defer { state.codex = thread }
    var turn = Turn(agent: .codex)
    turn.takeTime(line, record[.time], findings.line)
    thread.pass(turn.time, ordinal: line.integer(record[.ordinal]))
    if line.equals(record[.type], "session_meta") {
      begin(payload, line, turn.time, &thread)
    } else if line.equals(record[.type], "turn_context") {
      if let model = line.text(payload[.model]) { thread.model = NamedModel(model) }
      thread.project = line.text(payload[.folder]) ?? thread.project
    } else if line.equals(record[.type], "token_usage_record") {
      readRecord(payload, line, turn, &thread, &findings)
    } else if line.equals(record[.type], "response_item") {
      if isToolCall(line, payload[.type]) { thread.toolCalls += 1 }
    } else if line.equals(record[.type], "event_msg") {
      if line.equals(payload[.type], "token_count") {
        readCount(payload, line, turn, &thread, &findings)
      } else if line.equals(payload[.type], "task_started") {
        thread.tasks += 1
      } else if line.equals(payload[.type], "thread_settings_applied") {
        takeSettings(payload, line, &thread)
      }
    } else if line.isTrue(payload[.trigger]), thread.isReplaying {
      // A subagent is told what to do: what follows is its own.
      thread.setReplaying(false)
    }
  }

  private static func begin(
    _ payload: Members<CodexName>, _ line: Span<UInt8>, _ time: Int64?, _ thread: inout CodexThread
  ) {
    guard let id = line.text(payload[.id]) else { return }
    let spawn = payload.object(.source, line)?.object(.subagent, line)?.object(.threadSpawn, line)
    let isFirst = thread.id == nil
    thread.begin(
      id, forkedFrom: line.text(payload[.forkedFrom]),
      spawnedBy: spawn.flatMap { line.text($0[.parentThread]) }
        ?? line.text(payload[.parentThread]), time: time)
    guard isFirst else { return }
    thread.isTriggered = thread.isReplaying && line.equals(payload[.multiAgent], "v2")
    thread.project = line.text(payload[.folder])
    thread.historyStart =
      line.integer(payload[.historyStart]) ?? spawn.flatMap { line.integer($0[.historyStart]) }
      ?? payload.object(.historyBase, line).flatMap { line.integer($0[.historyEnd]) }
  }

  private static func takeSettings(
    _ payload: Members<CodexName>, _ line: Span<UInt8>, _ thread: inout CodexThread
  ) {
    guard let settings = payload.object(.settings, line) else { return }
    if let model = line.text(settings[.model]) { thread.model = NamedModel(model) }
    // A missing key keeps the tier, `null` and an unknown one clear it.
    guard let tier = settings[.tier] else { return }
    switch line.text(tier) {
    case "priority"?, "fast"?: thread.tier = "priority"
    case "flex"?: thread.tier = "flex"
    default: thread.tier = nil
    }
  }

  private static func isToolCall(_ line: Span<UInt8>, _ type: Member?) -> Bool {
    ["function_call", "custom_tool_call", "local_shell_call", "web_search_call"].contains {
      line.equals(type, $0)
    }
  }

  private static func readRecord(
    _ payload: Members<CodexName>, _ line: Span<UInt8>, _ turn: Turn, _ thread: inout CodexThread,
    _ findings: inout Findings
  ) {
    guard let reported = usage(.usage, payload, line) else { return }
    guard !reported.isInvalid else {
      findings.reject = .invalidCount
      return
    }
    let owner = line.text(payload[.thread]) ?? thread.id
    let total = usage(.threadUsage, payload, line).flatMap { $0.total }
    guard thread.record(CodexUsage(reported), thread: owner, threadTotal: total) else { return }
    var turn = turn
    take(reported, &turn, &thread)
    turn.session = owner
    turn.requestID = line.text(payload[.response])
    if let response = turn.requestID { turn.identify(owner, response) }
    turn.rank((owner == thread.id ? 1 << 40 : 0) | Int64(7 - thread.depth) << 32)
    findings.turns.append(turn)
  }

  private static func readCount(
    _ payload: Members<CodexName>, _ line: Span<UInt8>, _ turn: Turn, _ thread: inout CodexThread,
    _ findings: inout Findings
  ) {
    // `"info":null` tells of rate limits only.
    guard let info = payload.object(.info, line) else { return }
    let total = usage(.total, info, line)
    let last = usage(.last, info, line)
    guard total?.isInvalid != true, last?.isInvalid != true else {
      findings.reject = .invalidCount
      return
    }
    if let model = line.text(info[.model]) ?? line.text(payload[.model]) {
      thread.model = NamedModel(model)
    }
    var limit: Int64 = 0
    if let name = payload.object(.limits, line).flatMap({ line.text($0[.limitID]) }) {
      var hash = StableHash()
      hash.add(name)
      limit = hash.value
    }
    let sum = total.map { CodexUsage($0) }
    let lastUsage = last.flatMap { $0.isEmpty ? nil : CodexUsage($0) }
    // Of a fork that shows nothing of its history, it may hold what the other thread has used.
    let mayHoldMore = thread.root != thread.id && thread.counters.lanes.isEmpty && lastUsage == nil
    let request =
      if let sum {
        thread.count(total: sum, last: lastUsage, limit: limit)
      } else {
        lastUsage.flatMap { thread.count(last: $0) }
      }
    guard let used = request else { return }
    var reported = ReportedUsage()
    reported.input = used.input
    reported.cached = used.cached
    reported.output = used.output
    reported.reasoning = used.reasoning
    if let last, lastUsage == used { reported.cacheWriteInside = last.cacheWriteInside }
    var turn = turn
    take(reported, &turn, &thread)
    if mayHoldMore { turn.isSuspect = true }
    turn.session = thread.id
    if let root = thread.root {
      let counts = sum ?? used
      turn.identify(
        root, String(counts.input), String(counts.cached), String(counts.output),
        String(counts.reasoning), turn.time.map { String($0) }, sum == nil ? "last" : nil)
    }
    turn.rank(Int64(7 - thread.depth) << 32 | (lastUsage == nil ? 0 : 1))
    findings.turns.append(turn)
  }

  private static func take(
    _ reported: ReportedUsage, _ turn: inout Turn, _ thread: inout CodexThread
  ) {
    let result = reported.classes(.openAI)
    turn.usage = result.usage
    turn.isSuspect = result.isSuspect
    turn.reportedReasoning = reported.reasoning ?? 0
    turn.model = thread.model.name
    turn.billedModel = thread.model.billed
    turn.project = thread.project
    turn.serviceTier = thread.tier
    turn.toolCalls = thread.toolCalls
    turn.chatRound = thread.tasks > 0 ? thread.tasks : nil
    thread.toolCalls = 0
  }

  private static func usage(
    _ name: CodexName, _ members: Members<CodexName>, _ line: Span<UInt8>
  ) -> ReportedUsage? {
    guard let member = members[name], member.isObject,
      let usage = Members<UsageName>(line, at: member.range.lowerBound)
    else { return nil }
    return ReportedUsage(line, usage)
  }
}
