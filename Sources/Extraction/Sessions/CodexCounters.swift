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
    var limit: Int64
    var total: CodexUsage
    /// A total below the last one, which another may confirm.
    var lower: CodexUsage?
  }

  static let mostLanes = 4
  /// The one that was used last is the last.
  var lanes: [Lane] = []
  /// The history of another thread ends here: the counter may begin anew.
  var mayRestart = false

  /// What the request used that moved the counter to `total`; nil when none did.
  ///
  /// Totals are reported again whenever a display refreshes, and older ones come late: a total that
  /// is known, or is below the last one, is no request unless `last` shows that the counter began
  /// anew.
  mutating func advance(to total: CodexUsage, last: CodexUsage?, limit: Int64) -> CodexUsage? {
    let wasRestarting = mayRestart
    if lanes.contains(where: { $0.total == total }) {
      setLane(limit, total)
      return nil
    }
    mayRestart = false
    guard let lane = lanes.first(where: { $0.limit == limit }) else {
      let base = lanes.last { total.contains($0.total) }?.total ?? CodexUsage()
      setLane(limit, total)
      return last ?? total.since(base)
    }
    let isRestarted = wasRestarting && !total.contains(lane.total)
    if total.total >= lane.total.total, !isRestarted {
      setLane(limit, total)
      return last ?? total.since(lane.total)
    }
    if isRestarted || last == total {
      setLane(limit, total)
      return last ?? total
    }
    if let last, let lower = lane.lower, total.total == lower.total + last.total {
      setLane(limit, total)
      return last
    }
    setLane(limit, lane.total, lower: total)
    return nil
  }

  private mutating func setLane(_ limit: Int64, _ total: CodexUsage, lower: CodexUsage? = nil) {
    lanes.removeAll { $0.limit == limit }
    if lanes.count == Self.mostLanes { lanes.removeFirst() }
    lanes.append(Lane(limit: limit, total: total, lower: lower))
  }
}
