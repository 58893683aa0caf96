import JSON
import LogModel

/// What `codex exec --json` prints: the usage of a whole thread at the end of each of its turns, also
/// across runs, without a model or a time.
///
/// The thread is one turn, and the largest total is its usage: a run that resumes the thread prints
/// into another file, where differences could not be told.
enum CodexOutput: WireFormat {
  static func claims(_ record: Members<RecordName>, _ line: Span<UInt8>) -> Bool {
    record.isWhole
      && (line.equals(record[.type], "turn.completed") && record[.usage]?.isObject == true
        || line.equals(record[.type], "thread.started"))
  }

  static func read(
    _ record: Members<RecordName>, _ line: Span<UInt8>, _ state: inout TurnExtractor.State,
    _ findings: inout Findings
  ) {
    if line.equals(record[.type], "thread.started") {
      state.outputThread = line.text(record[.thread])
      state.outputTotal = nil
      return
    }
    guard let object = record[.usage],
      let usage = Members<UsageName>(line, at: object.range.lowerBound)
    else { return }
    var reported = ReportedUsage(line, usage)
    guard !reported.isInvalid else {
      findings.reject = .invalidCount
      return
    }
    let total = CodexUsage(reported)
    if state.outputThread == nil, let earlier = state.outputTotal, total.contains(earlier) {
      let used = total.since(earlier)
      reported.input = used.input
      reported.cached = used.cached
      reported.output = used.output
      reported.reasoning = used.reasoning
      reported.cacheWriteInside = nil
    }
    state.outputTotal = total
    let result = reported.classes(.openAI)
    if result.usage.total == 0 { return }
    var turn = Turn(agent: .codex)
    turn.usage = result.usage
    turn.isSuspect = result.isSuspect
    turn.reportedReasoning = reported.reasoning ?? 0
    turn.takeTime(line, record[.time], findings.line)
    turn.session = state.outputThread
    if let thread = state.outputThread { turn.identify("exec", thread) }
    turn.rank(result.usage.total)
    findings.turns.append(turn)
  }
}
