package import Formats
package import LogModel
import RegularExpressions

/// Shows records to rules, and adds up what they count until `take` fetches it.
///
/// One pass over a record tells which rules' texts stand in it; the others cost nothing. A record that
/// no rule counts allocates nothing, unless a rule asks for parsed fields.
package struct MetricReader {
  /// Series of a rule, by labels; what has other ones is counted as `__other__`.
  package static let maxSeries = 1000
  /// A rule that takes too many steps on so many lines sees no more of them.
  package static let maxLimitHits: Int64 = 1000
  /// Steps that an expression may take in all lines together that need more than others.
  package static let patienceAtFirst = 10_000_000_000
  /// Buckets that are held before somebody should fetch them.
  package static let manyBuckets = 1 << 15

  /// What is asked of a rule for each line.
  private struct State {
    /// As of the rule; none once it sees no more lines.
    var levels: UInt8
    /// As of the rule, like the next one.
    let isWholeText: Bool
    let countsMatches: Bool
    /// Of the fields; none where the pattern comes first.
    let conditions: Range<Int>
    let step: Int64
    /// Where the bucket begins that was added to last.
    var bucketStart = Int64.max
    /// Of a rule without labels: where its series is added up, and whose lines; -1 where it is not yet.
    var slot = -1
    var source: Int64 = 0
  }

  /// A value that is no number, or one that is too large.
  package struct Reject: Sendable, Equatable {
    package var metric: String
    package var isTooLarge: Bool
  }

  let rules: [CompiledRule]
  private let borrowed: BorrowedRules
  /// Those of the rules one behind the other.
  private let conditions: [Int]
  private var states: [State]
  private let ids: [Int64]
  private var labelHashes: [Set<Int64>]
  private var limitHits: [Int64]
  private let formerLimitHits: [Int64]
  /// Bytes of the longest line that took too many steps.
  private var longestHits: [Int]
  private var buckets = SeriesBuckets()
  /// Empty between two records.
  private var apart = SeriesBuckets()
  /// By rule and the number of its labels, of one source: 1 + the slot, 0 where it is not known.
  private var slots: [Int32]
  private var slotSource: Int64 = 0
  /// Rules that have labels of other series than are kept apart.
  private var withOthers: Set<Int> = []

  /// Since the last `take`.
  private var failures: [MetricFailures] = []
  /// Of the record that was read last.
  package private(set) var rejects: [Reject] = []

  private var candidates: CandidateRules
  /// Of the record.
  var line = LineText()
  /// Of the record.
  var fields: RuleFields

  /// Rules that cannot be used are left out: they were refused when they were configured.
  package init(_ active: [ActiveMetricRule], patience: Int = patienceAtFirst) {
    var rules: [CompiledRule] = []
    var known: [ActiveMetricRule] = []
    var shared = CompiledRule.Shared()
    shared.patience = patience
    for entry in active {
      guard let rule = try? CompiledRule(entry.rule, &shared) else { continue }
      rules.append(rule)
      known.append(entry)
    }
    self.rules = rules
    borrowed = BorrowedRules(rules)
    fields = RuleFields(shared.fields)
    var conditions: [Int] = []
    states = zip(rules, known).map { rule, entry in
      let start = conditions.count
      if rule.pattern == nil || rule.isWholeText { conditions += rule.fieldConditions }
      return State(
        levels: entry.limitHits < Self.maxLimitHits ? rule.levels : 0,
        isWholeText: rule.isWholeText, countsMatches: rule.countsMatches,
        conditions: start..<conditions.count, step: rule.rule.step)
    }
    self.conditions = conditions
    ids = known.map(\.id)
    candidates = CandidateRules(rules, starts: known.map(\.starts))
    labelHashes = known.map(\.labelHashes)
    limitHits = known.map(\.limitHits)
    formerLimitHits = limitHits
    longestHits = limitHits.map { _ in 0 }
    slots = [Int32](repeating: 0, count: rules.count * RuleLabels.mostNumbers)
  }

  /// The number of the selection for the records of a file; nil where no rule is for it.
  package mutating func select(source: String, id: Int64, file: Path) -> Int? {
    candidates.select(rules, source: source, id: id, file: file)
  }

  /// Shows a complete record, as it is stored, to the rules of a selection.
  package mutating func read(
    _ text: Span<UInt8>, id: Int64, source: Int64, time: Int64, severity: Severity?,
    selection: Int, parser: LineParser
  ) {
    if !rejects.isEmpty { rejects.removeAll() }
    fields.begin()
    line.begin(text)
    candidates.search(text, severity, isASCII: line.isASCII, selection: selection)
    let level = CompiledRule.bit(severity)
    for place in 0..<candidates.count {
      let (rule, hasText) = candidates[place]
      guard states[rule].levels & level != 0,
        candidates.mayMatter(rule, hasText: hasText, id: id, selection: selection)
      else { continue }
      if !states[rule].countsMatches {
        guard mayHold(states[rule].conditions, text, parser) else { continue }
        show(text, to: rule, hasText, source, time, severity, parser)
      } else if hasText && states[rule].isWholeText || isMatch(rule, text, source: source) {
        add(nil, rule, source: source, time: time)
      }
    }
  }

  /// Returns what a record adds, instead of adding it to what `take` fetches.
  package mutating func readApart(
    _ text: Span<UInt8>, id: Int64, source: Int64, time: Int64, severity: Severity?,
    selection: Int, parser: LineParser
  ) -> [MetricIncrement] {
    exchangeBuckets()
    defer { exchangeBuckets() }
    read(
      text, id: id, source: source, time: time, severity: severity, selection: selection,
      parser: parser)
    return buckets.take()
  }

  private mutating func exchangeBuckets() {
    swap(&buckets, &apart)
    for index in states.indices { states[index].slot = -1 }
    forgetSlots(slotSource)
  }

  /// False where one of the conditions does not hold.
  @inline(__always)
  private mutating func mayHold(
    _ places: Range<Int>, _ text: Span<UInt8>, _ parser: LineParser
  ) -> Bool {
    for place in places {
      guard (try? fields.holds(conditions[place], text, parser)) ?? true else { return false }
    }
    return true
  }

  /// Of a rule that asks for no more.
  @inline(__always)
  private mutating func isMatch(_ index: Int, _ text: Span<UInt8>, source: Int64) -> Bool {
    let isMatch = borrowed.with(index) { rule in
      do throws(RegularExpressionError) { return try rule.pattern?.isFound(in: text, line) } catch {
        return nil
      }
    }
    if isMatch == nil { noteTooManySteps(index, text, source: source) }
    return isMatch ?? false
  }

  private mutating func noteTooManySteps(_ index: Int, _ text: Span<UInt8>, source: Int64) {
    // A rule that is not worth the time counts as if it had taken too many steps on as many lines as are too many.
    let isExhausted = borrowed.with(index) { $0.isExhausted }
    let hits = isExhausted ? max(1, Self.maxLimitHits - limitHits[index]) : 1
    limitHits[index] += hits
    longestHits[index] = max(longestHits[index], text.count)
    failures[failure(index, source: source)].limitHits += hits
    if limitHits[index] >= Self.maxLimitHits { states[index].levels = 0 }
  }

  private mutating func show(
    _ text: Span<UInt8>, to index: Int, _ hasText: Bool, _ source: Int64, _ time: Int64,
    _ severity: Severity?, _ parser: LineParser
  ) {
    let verdict = borrowed.with(index) { rule in
      self.verdict(of: rule, text, severity, parser, hasText: hasText)
    }
    switch verdict {
    case .counted(let number): add(number, index, source: source, time: time)
    case .notANumber, .noGroup: reject(index, source: source, isTooLarge: false)
    case .tooLarge: reject(index, source: source, isTooLarge: true)
    case .tooManySteps: noteTooManySteps(index, text, source: source)
    case .noMatch, .excluded, .condition, .noField: break
    }
  }

  private mutating func reject(_ rule: Int, source: Int64, isTooLarge: Bool) {
    failures[failure(rule, source: source)].rejects += 1
    rejects.append(Reject(metric: rules[rule].rule.name, isTooLarge: isTooLarge))
  }

  /// The place among the failures.
  private mutating func failure(_ rule: Int, source: Int64) -> Int {
    let known = failures.lastIndex { $0.rule == ids[rule] && $0.source == source }
    if let known { return known }
    failures.append(MetricFailures(rule: ids[rule], source: source))
    return failures.count - 1
  }

  private mutating func add(
    _ number: MetricNumber?, _ index: Int, source: Int64, time: Int64
  ) {
    var slot = states[index].slot
    if slot < 0 || states[index].source != source {
      slot = findSlot(index, source)
    }
    let start = states[index].bucketStart
    if time < start || time &- start >= states[index].step {
      states[index].bucketStart = rules[index].rule.bucket(time)
    }
    buckets.add(number, to: slot, time: states[index].bucketStart)
  }

  private mutating func findSlot(_ index: Int, _ source: Int64) -> Int {
    let number = borrowed.with(index) { $0.labels.number }
    let place = number.map { index &* RuleLabels.mostNumbers &+ $0 }
    if source != slotSource { forgetSlots(source) }
    if let place, slots[place] > 0 { return Int(slots[place]) &- 1 }
    let slot = borrowed.with(index) { rule in
      buckets.slot(ids[index], source, rule.labels.text, rule.labels.hash)
        ?? newSlot(index, source, rule.labels.text, rule.labels.hash)
    }
    if let place { slots[place] = Int32(slot + 1) }
    if rules[index].rule.labels.isEmpty {
      states[index].slot = slot
      states[index].source = source
    }
    return slot
  }

  private mutating func forgetSlots(_ source: Int64) {
    for place in slots.indices { slots[place] = 0 }
    slotSource = source
  }

  /// For labels, or for those of all other series where there are too many.
  private mutating func newSlot(
    _ index: Int, _ source: Int64, _ labels: [UInt8], _ hash: Int64
  ) -> Int {
    let id = ids[index]
    let isHistogram = rules[index].isHistogram
    if !labelHashes[index].contains(hash) {
      guard labelHashes[index].count < Self.maxSeries else {
        withOthers.insert(index)
        let others = rules[index].labels
        return buckets.slot(id, source, others.others, others.otherHash)
          ?? buckets.insert(id, source, others.others, others.otherHash, isHistogram: isHistogram)
      }
      labelHashes[index].insert(hash)
    }
    return buckets.insert(id, source, labels, hash, isHistogram: isHistogram)
  }

  /// The rules that have taken too many steps, or that are not used any more since they did before.
  package var overLimit: [MetricLimitHits] {
    rules.indices.compactMap { index in
      let lines = limitHits[index] - formerLimitHits[index]
      let isSuspended = limitHits[index] >= Self.maxLimitHits
      guard lines > 0 || isSuspended else { return nil }
      return MetricLimitHits(
        metric: rules[index].rule.name, lines: lines, isSuspended: isSuspended,
        longest: longestHits[index])
    }
  }

  /// Metrics that had labels of other series than are kept apart.
  package var overflowing: [String] { withOthers.sorted().map { rules[$0].rule.name } }

  package var hasManyBuckets: Bool { buckets.count >= Self.manyBuckets }

  /// What was added up since the last time; a bucket may come more than once.
  package mutating func take() -> MetricIncrements {
    defer { failures = [] }
    for index in states.indices { states[index].slot = -1 }
    forgetSlots(slotSource)
    return MetricIncrements(increments: buckets.take(), failures: failures)
  }
}
