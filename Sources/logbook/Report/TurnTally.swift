import Querying
import Reporting
import SQLite

/// The turns of a group, added up.
struct TurnSum {
  var turns: Int64 = 0
  /// Of the prompt, what went through no cache, what the cache held, and what was written into it.
  var (uncached, cached, written): (Int64, Int64, Int64) = (0, 0, 0)
  /// The answer less reasoning, and reasoning.
  var (visible, reasoning): (Int64, Int64) = (0, 0)
  var nano: Int64 = 0
  var saved: Int64 = 0
  var (unpriced, failed, tools): (Int64, Int64, Int64) = (0, 0, 0)
  /// Milliseconds; `sort` puts them in order.
  var latencies: [Int64] = []
  var firstTokens: [Int64] = []
  /// Tokens of answers whose time is known, and that time.
  var (timedOutput, milliseconds): (Int64, Int64) = (0, 0)
  /// The largest prompt.
  var longest: Int64 = 0
  /// Microseconds since 1970, of the first and of the last turn.
  var (first, last): (Int64, Int64) = (.max, .min)

  var input: Int64 { uncached + cached + written }
  var output: Int64 { visible + reasoning }
  var tokens: Int64 { input + output }
  var microseconds: Int64 { max(0, last - first) }
  /// None where no turn has a price.
  var cost: Quantity { unpriced == turns ? .none : .dollars(nano: nano) }
  var hitShare: Double { input == 0 ? 0 : Double(cached) / Double(input) }

  mutating func add(_ row: borrowing Statement) {
    turns += 1
    (first, last) = (min(first, row.integer(0)), max(last, row.integer(0)))
    uncached += row.integer(6)
    cached += row.integer(7)
    written += row.integer(8)
    visible += row.integer(9)
    reasoning += row.integer(10)
    longest = max(longest, row.integer(6) + row.integer(7) + row.integer(8))
    if let latency = row.optionalInteger(11) {
      latencies.append(latency)
      timedOutput += row.integer(9) + row.integer(10)
      milliseconds += latency
    }
    if let wait = row.optionalInteger(12) { firstTokens.append(wait) }
    if let cost = row.optionalInteger(13) { nano += cost } else { unpriced += 1 }
    saved += row.integer(14)
    tools += row.integer(15)
    if !row.isNull(4) || row.integer(5) >= 400 { failed += 1 }
  }

  mutating func sort() {
    latencies.sort()
    firstTokens.sort()
  }
}

/// The turns of a range, by what they have in common; nil is a group, too.
struct TurnTally {
  private(set) var total = TurnSum()
  private(set) var models: [Int64?: TurnSum] = [:]
  private(set) var consumers: [Int64?: TurnSum] = [:]
  private(set) var sessions: [Int64?: TurnSum] = [:]
  /// By the name of a failure, or the status.
  private(set) var failures: [Failure: Int64] = [:]
  /// Nano-dollars by model and interval.
  private(set) var costs: [Int64?: [Int64]] = [:]
  /// Milliseconds by interval.
  private(set) var latencies: [[Int64]]
  /// How large the prompts of turns 1, 2 to 3, 4 to 7, 8 to 15 and so on of their sessions are, in order.
  private(set) var prompts: [[Int64]] = []

  struct Failure: Hashable {
    /// The id of a row of `turn_label`.
    var name: Int64?
    var status: Int64?
  }

  /// - Parameters:
  ///   - costAxis: of `costs`.
  ///   - latencyAxis: of `latencies`.
  init(
    _ query: ReportQuery, costAxis: TimeAxis, latencyAxis: TimeAxis, _ db: borrowing Connection
  ) throws {
    latencies = [[Int64]](repeating: [], count: latencyAxis.count)
    var dialog: [(session: Int64, time: Int64, input: Int64)] = []
    var row = try db.prepare(query.turnsSQL)
    while try row.step() {
      let time = row.integer(0)
      let model = row.optionalInteger(1)
      total.add(row)
      models[model, default: TurnSum()].add(row)
      consumers[row.optionalInteger(3), default: TurnSum()].add(row)
      sessions[row.optionalInteger(2), default: TurnSum()].add(row)
      let input = row.integer(6) + row.integer(7) + row.integer(8)
      if input > 0, let session = row.optionalInteger(2) { dialog.append((session, time, input)) }
      if let cost = row.optionalInteger(13) {
        costs[model, default: [Int64](repeating: 0, count: costAxis.count)][
          costAxis.index(of: time)] += cost
      }
      if let latency = row.optionalInteger(11) {
        latencies[latencyAxis.index(of: time)].append(latency)
      }
      let status = row.optionalInteger(5)
      if !row.isNull(4) || status ?? 0 >= 400 {
        failures[Failure(name: row.optionalInteger(4), status: status), default: 0] += 1
      }
    }
    dialog.sort { ($0.session, $0.time, $0.input) < ($1.session, $1.time, $1.input) }
    var (session, place) = (Int64.min, 0)
    for turn in dialog {
      if turn.session != session { (session, place) = (turn.session, 0) }
      place += 1
      let power = place.bitWidth - place.leadingZeroBitCount - 1
      if power == prompts.count { prompts.append([]) }
      prompts[power].append(turn.input)
    }
    for power in prompts.indices { prompts[power].sort() }
    total.sort()
    for key in models.keys { models[key]?.sort() }
    for index in latencies.indices { latencies[index].sort() }
  }
}
