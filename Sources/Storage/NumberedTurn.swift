import LogModel
import Pricing
import SQLite

/// The numbers of a turn's names, and its bill.
struct NumberedTurn {
  var id: Int64
  /// Among the turns that are inserted.
  var index = 0
  var session: Int64?
  var model: Int64?
  var agent: Int64?
  var failure: Int64?
  var consumer: Int64?
  var route: Int64?
  var tier: Int64?
  var project: Int64?
  var bill: Bill

  init(
    id: Int64, session: Int64?, model: Int64?, agent: Int64?, failure: Int64?, consumer: Int64?,
    route: Int64?, tier: Int64?, project: Int64?, bill: Bill
  ) {
    (self.id, self.session, self.model, self.agent) = (id, session, model, agent)
    (self.failure, self.consumer, self.route) = (failure, consumer, route)
    (self.tier, self.project, self.bill) = (tier, project, bill)
  }

  /// The turn as chunks have it, which has a key.
  func packed(_ turn: TurnRow) -> PackedTurn {
    var packed = PackedTurn(id: id, logID: turn.logID, time: turn.time, key: turn.key ?? 0)
    packed[.session] = session
    packed[.model] = model
    packed[.agent] = agent
    packed[.input] = turn.tokens.uncachedInput
    packed[.cache_read] = turn.tokens.cacheRead
    packed[.cache_write_5m] = turn.tokens.cacheWrite5m
    packed[.cache_write_1h] = turn.tokens.cacheWrite1h
    packed[.output] = turn.tokens.visibleOutput
    packed[.reasoning] = turn.tokens.reasoning
    packed[.claimed_reasoning] = turn.claimedReasoning
    packed[.suspect] = turn.isSuspect ? 1 : 0
    packed[.invalid_time] = turn.hasInvalidTime ? 1 : 0
    packed[.tool_calls] = Int64(turn.toolCalls)
    packed[.latency_ms] = turn.latencyMilliseconds
    packed[.first_token_ms] = turn.firstTokenMilliseconds
    packed[.stream] = turn.isStream.map { $0 ? 1 : 0 }
    packed[.status] = turn.status
    packed[.failure] = failure
    packed[.consumer] = consumer
    packed[.route] = route
    packed[.tier] = tier
    packed[.round] = turn.round
    packed[.rank] = turn.rank
    packed[.tie] = turn.tie
    packed.take(bill)
    return packed
  }

  func bind(
    _ turn: TurnRow, to statement: inout Statement, from first: Int32
  ) throws(SQLiteError) {
    try statement.bind(first, turn.logID)
    try statement.bind(first + 1, turn.time)
    try statement.bind(first + 2, session)
    try statement.bind(first + 3, model)
    try statement.bind(first + 4, agent)
    try statement.bind(first + 5, turn.tokens.uncachedInput)
    try statement.bind(first + 6, turn.tokens.cacheRead)
    try statement.bind(first + 7, turn.tokens.cacheWrite5m)
    try statement.bind(first + 8, turn.tokens.cacheWrite1h)
    try statement.bind(first + 9, turn.tokens.visibleOutput)
    try statement.bind(first + 10, turn.tokens.reasoning)
    try statement.bind(first + 11, turn.isSuspect)
    try statement.bind(first + 12, turn.toolCalls)
    try statement.bind(first + 13, turn.latencyMilliseconds)
    try statement.bind(first + 14, turn.firstTokenMilliseconds)
    try statement.bind(first + 15, turn.isStream.map { $0 ? 1 : 0 } as Int64?)
    try statement.bind(first + 16, turn.status)
    try statement.bind(first + 17, failure)
    try statement.bind(first + 18, consumer)
    try statement.bind(first + 19, route)
    try statement.bind(first + 20, turn.round)
    try statement.bind(first + 21, turn.requestID)
    try statement.bind(first + 22, turn.key)
    try statement.bind(first + 23, turn.rank)
    try statement.bind(first + 24, bill.price)
    try statement.bind(first + 25, bill.match?.rawValue)
    try statement.bind(first + 26, bill.nanoUSD)
    try statement.bind(first + 27, bill.savedNanoUSD)
    try statement.bind(first + 28, turn.tie)
    try statement.bind(first + 29, turn.hasInvalidTime)
    try statement.bind(first + 30, turn.claimedReasoning)
    try statement.bind(first + 31, tier)
    try statement.bind(first + 32, project)
    try statement.bind(first + 33, id)
  }
}
