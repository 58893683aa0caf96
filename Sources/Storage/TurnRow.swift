package import LogModel

/// One answer of a model, as a row of `turn` before names became numbers and tokens money.
package struct TurnRow: Sendable, Equatable {
  /// The line that it came from, which says what its source is.
  package var logID: Int64
  /// Microseconds since 1970.
  package var time: Int64
  package var session: String?
  package var agent: String?
  package var project: String?
  package var model: String?
  /// By whose price it is billed where that is not `model`; not a column.
  package var billedModel: String?
  package var tokens: TokenUsage
  /// Such as `fast`, `priority`, `batch`; nil for the standard one.
  package var serviceTier: String?
  /// What the log says of reasoning where that is more than the answer has.
  package var claimedReasoning: Int64?
  /// The numbers in the log contradict each other.
  package var isSuspect = false
  /// The record has a time that cannot be read; `time` is that of its line.
  package var hasInvalidTime = false
  package var toolCalls = 0
  package var latencyMilliseconds: Int64?
  package var firstTokenMilliseconds: Int64?
  package var isStream: Bool?
  /// Of HTTP.
  package var status: Int64?
  /// The kind of error in a word or two; nil where all went well.
  package var failure: String?
  package var consumer: String?
  package var route: String?
  package var round: Int64?
  /// Costs its bytes in every row: the line has it, too.
  package var requestID: String?
  /// What the same answer has in common where it is logged again; nil where nothing is known to be.
  package var key: Int64?
  /// Whether records of other sources may have the same key.
  package var isShared = false
  /// Of two with one key the higher one is the turn; of equals the one that came first.
  package var rank: Int64 = 0
  /// Decides between two of one rank.
  package var tie: Int64 = 0

  package init(logID: Int64, time: Int64, model: String? = nil, tokens: TokenUsage) {
    self.logID = logID
    self.time = time
    self.model = model
    self.tokens = tokens
  }
}

extension TurnRow {
  /// The turn that line `line` shows; `time` is the line's.
  package init(_ turn: Turn, line: Int64, source: Int64, time: Int64) {
    self.init(
      logID: line, time: turn.time ?? time, model: turn.model, tokens: turn.usage)
    session = turn.session
    agent = turn.agent.rawValue
    project = turn.project
    billedModel = turn.billedModel
    serviceTier = turn.serviceTier
    if turn.reportedReasoning > turn.usage.reasoning { claimedReasoning = turn.reportedReasoning }
    isSuspect = turn.isSuspect
    hasInvalidTime = turn.hasInvalidTime
    toolCalls = Int(turn.toolCalls ?? 0)
    latencyMilliseconds = turn.latency
    firstTokenMilliseconds = turn.firstToken
    isStream = turn.isStream
    status = turn.status
    failure = turn.error ?? turn.responseFlags ?? (turn.hasFailed ? "failed" : nil)
    consumer = turn.consumer
    route = turn.route
    round = turn.chatRound
    key = turn.storedKey(source: source)
    isShared = turn.scope == .everywhere
    rank = turn.rank.weight
    tie = turn.rank.tie
  }
}
