import LogModel

/// What the lines of a Codex session file say about the next one.
///
/// A file that was forked from another, or that of a subagent, may begin with a copy of that one's lines, at
/// their own times or all at the time of the fork. Copies at one time are left out: they come in a burst, in
/// which an own request shows by the time that its answer took. Copies at their
/// own times have the keys of the originals, since both are named by the first thread of the line of
/// forks, by the thread's running total and by their time.
struct CodexThread: Sendable, Equatable {
  /// The thread of this file.
  var id: String?
  /// The first of the threads that were forked from each other up to this one.
  var root: String?
  /// How many threads lie between, at most 7.
  var depth: UInt8 = 0
  /// The lines are a copy of another thread's, written in a burst.
  var isReplaying = false
  /// The thread's own lines begin where it is told what to do, or after a pause that no copy makes.
  var isTriggered = false
  /// The lines with a smaller ordinal are a copy.
  var historyStart: Int64?
  /// Of the last line, while replaying.
  var lastTime: Int64?
  /// While replaying, the lines since the last request have paused for as long as an answer takes.
  var hasPaused = false
  /// The time of the file's head.
  var start: Int64?
  /// The last line is a copy at its own time.
  var isBeforeStart = false
  var model = NamedModel()
  var project: String?
  var tier: String?
  /// Since the last request.
  var toolCalls: Int64 = 0
  /// What the user has asked for so far, copies included.
  var tasks: Int64 = 0
  /// Of the last request that was reported without a running total.
  var lastUsage: CodexUsage?
  var counters = CodexCounters()
  /// Requests whose running total is still to come.
  var pending: [Pending] = []
  /// Whether any usage was seen.
  var hasUsage = false

  /// A request that had a record of its own.
  struct Pending: Sendable, Equatable {
    var usage: CodexUsage
    /// The thread's total after it; -1 where the record does not say.
    var threadTotal: Int64
  }

  static let mostPending = 8
  /// Within a burst, lines are at most this far apart, in microseconds.
  private static let burst: Int64 = 1_000_000
  /// An answer takes at least as long; the lines of a copy follow each other faster.
  private static let answer: Int64 = 500_000

  /// Every line comes by, with its time and its ordinal.
  mutating func pass(_ time: Int64?, ordinal: Int64?) {
    if let historyStart, let ordinal {
      setReplaying(ordinal < historyStart)
      return
    }
    if let time, let start, root != id { setBeforeStart(time < start) }
    guard isReplaying, let time else { return }
    let pause = lastTime.map { abs(time - $0) } ?? 0
    if pause > Self.burst { setReplaying(false) }
    if pause >= Self.answer, !isTriggered { hasPaused = true }
    lastTime = time
  }

  mutating func setReplaying(_ replays: Bool) {
    if isReplaying, !replays { beginOwn() }
    isReplaying = replays
  }

  private mutating func setBeforeStart(_ isBefore: Bool) {
    if isBeforeStart, !isBefore { beginOwn() }
    isBeforeStart = isBefore
  }

  /// What follows is no copy.
  private mutating func beginOwn() {
    counters.mayRestart = true
    lastUsage = nil
    pending.removeAll()
    toolCalls = 0
  }

  /// Takes the head of the file, or that of a copied thread behind it.
  mutating func begin(_ head: String, forkedFrom: String?, spawnedBy: String?, time: Int64?) {
    guard id != nil else {
      id = head
      root = forkedFrom ?? spawnedBy ?? head
      depth = root == head ? 0 : 1
      // Copies are told by their times.
      isReplaying = time != nil && forkedFrom ?? spawnedBy != nil
      lastTime = time
      start = time
      return
    }
    guard head != id, !hasUsage else { return }
    let ancestor = forkedFrom ?? spawnedBy ?? head
    if head != root || ancestor != head { depth = min(depth + 1, 7) }
    root = ancestor
    // A copy at its own, earlier times is told from a burst by the first of them.
    if !isReplaying {
      isReplaying = true
      hasPaused = false
      lastTime = time
    }
  }

  /// A request with a record of its own; false when it is a copy that does not count.
  mutating func record(_ usage: CodexUsage, thread: String?, threadTotal: Int64?) -> Bool {
    if isReplaying, historyStart == nil, thread == id { setReplaying(false) }
    noteUsage()
    if pending.count == Self.mostPending { pending.removeFirst() }
    pending.append(Pending(usage: usage, threadTotal: threadTotal ?? -1))
    return !isReplaying
  }

  /// A running total; what the request used that moved it, nil when none did, or one that is counted
  /// by its record, or a copy.
  mutating func count(
    total: CodexUsage, last: CodexUsage?, limit: Int64
  ) -> CodexUsage? {
    if isReplaying, hasPaused { beginOwn() }
    guard let usage = counters.advance(to: total, last: last, limit: limit) else { return nil }
    let isCopy = isReplaying && !hasPaused
    noteUsage()
    if let index = pending.lastIndex(where: { $0.threadTotal == total.total }) {
      pending.removeSubrange(...index)
      return nil
    }
    return unrecorded(usage, isCopy)
  }

  /// A request without a running total; nil when it was reported before, is counted by its record, or
  /// is a copy.
  mutating func count(last usage: CodexUsage) -> CodexUsage? {
    guard usage != lastUsage else { return nil }
    lastUsage = usage
    let isCopy = isReplaying && !hasPaused
    noteUsage()
    return unrecorded(usage, isCopy)
  }

  private mutating func noteUsage() {
    hasUsage = true
    hasPaused = false
  }

  private mutating func unrecorded(_ usage: CodexUsage, _ isCopy: Bool) -> CodexUsage? {
    if let index = pending.firstIndex(where: { $0.usage == usage }) {
      pending.remove(at: index)
      return nil
    }
    return isCopy || usage.isZero ? nil : usage
  }
}
