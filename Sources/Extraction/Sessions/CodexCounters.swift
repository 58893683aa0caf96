import LogModel

/// The four counts of a Codex usage object.
///
/// Input contains what was cached and written to the cache,
/// output contains reasoning.
struct CodexUsage: Sendable, Equatable {
  var input: Int64 = 0
  var cached: Int64 = 0
  var output: Int64 = 0
  var reasoning: Int64 = 0

  init(input: Int64 = 0, cached: Int64 = 0, output: Int64 = 0, reasoning: Int64 = 0) {
    (self.input, self.cached, self.output, self.reasoning) = (input, cached, output, reasoning)
  }

  init(_ reported: ReportedUsage) {
    self.init(
      input: reported.input ?? 0, cached: reported.cached ?? reported.cacheRead ?? 0,
      output: reported.output ?? 0, reasoning: reported.reasoning ?? 0)
  }

  var total: Int64 { input + output }
  var isZero: Bool { total == 0 }

  var hash: UInt32 {
    var hash = StableHash()
    for count in [input, cached, output, reasoning] { hash.add(UInt64(bitPattern: count)) }
    return UInt32(truncatingIfNeeded: hash.value)
  }

  /// What was used since `earlier`, never less than nothing.
  func since(_ earlier: CodexUsage) -> CodexUsage {
    CodexUsage(
      input: max(0, input - earlier.input), cached: max(0, cached - earlier.cached),
      output: max(0, output - earlier.output), reasoning: max(0, reasoning - earlier.reasoning))
  }

  func contains(_ other: CodexUsage) -> Bool {
    other.input <= input && other.cached <= cached && other.output <= output
      && other.reasoning <= reasoning
  }
}

/// The running totals of a thread, one for each rate limit under which it is reported.
struct CodexCounters: Sendable, Equatable {
  struct Lane: Sendable, Equatable {
    /// The hash of the limit's name; 0 where a line names none.
    var limit: Int64
    var total: CodexUsage
    /// A total below the last one that came without a request, which another may confirm.
    var lower: CodexUsage?
    /// Hashes of the latest totals, the oldest first.
    var known: [UInt32] = []
  }

  static let mostLanes = 4
  /// So many totals are told from new ones when they come late.
  static let mostKnown = 32
  /// The one that was used last is the last.
  var lanes: [Lane] = []
  /// The history of another thread ends here: the counter may begin anew.
  var mayRestart = false

  /// What the request used that moved the counter to `total`; nil when none did.
  ///
  /// Totals are reported again whenever a display refreshes, and older ones come late: a total that is
  /// known is no request. One that is below the last and is not known is that of a counter which
  /// began anew: at once where it comes with its `last` request, else as soon as the next one confirms it.
  mutating func advance(to total: CodexUsage, last: CodexUsage?, limit: Int64) -> CodexUsage? {
    let wasRestarting = mayRestart
    if let lane = lanes.first(where: { $0.total == total }) {
      use(lane, limit)
      return nil
    }
    mayRestart = false
    guard var lane = lane(of: limit) else {
      use(Lane(limit: limit, total: total), limit)
      return last ?? total
    }
    defer { use(lane, limit) }
    let mayBeNew = wasRestarting && !total.contains(lane.total)
    let isBelow = total.total < lane.total.total
    if isBelow, !mayBeNew {
      if lane.known.contains(total.hash) { return nil }
      if last == nil, !lane.isConfirmed(by: total) {
        lane.lower = total
        return nil
      }
    }
    let base = isBelow || mayBeNew ? CodexUsage() : lane.total
    lane.advance(to: total)
    return last ?? total.since(base)
  }

  /// Limits have counters of their own; lines that name none are of the one that was used last.
  private func lane(of limit: Int64) -> Lane? {
    lanes.first { $0.limit == limit } ?? (limit == 0 ? lanes.last : lanes.first { $0.limit == 0 })
  }

  private mutating func use(_ lane: Lane, _ limit: Int64) {
    var named = lane
    if limit != 0 { named.limit = limit }
    lanes.removeAll { $0.limit == named.limit || $0.limit == 0 && lane.limit == 0 }
    if lanes.count == Self.mostLanes { lanes.removeFirst() }
    lanes.append(named)
  }
}

extension CodexCounters.Lane {
  /// Whether `later` goes on from a total that was below the last one.
  fileprivate func isConfirmed(by later: CodexUsage) -> Bool {
    guard let lower else { return false }
    return later != lower && later.contains(lower)
  }

  fileprivate mutating func advance(to next: CodexUsage) {
    if known.count == CodexCounters.mostKnown { known.removeFirst() }
    known.append(total.hash)
    total = next
    lower = nil
  }
}
