/// Makes one anomaly of what is seen in a pattern, in its level and in its source.
struct Attribution {
  /// The highest level of each pattern of the source.
  let levels: [Int64: UInt8]

  /// Series of one kind that begin so close to each other show the same thing.
  static let sameStart = 3

  func anomalies(of findings: [Finding]) -> [Anomaly] {
    let novelties = findings.filter { $0.kind == .newPattern }
    var anomalies = novelties.map { anomaly($0, [$0]) }
    for isUpward in [true, false] {
      let others = findings.filter { $0.kind != .newPattern && $0.isUpward == isUpward }
      for group in groups(others) {
        // What a new pattern alone explains has been said.
        let excess = group.map(\.excess).max() ?? 0
        let explaining = novelties.firstIndex { new in
          isUpward && group.contains { isNear($0, new) } && 2 * new.excess >= excess
        }
        if let explaining {
          anomalies[explaining].seriesCount += Set(group.map(\.series)).count
        } else {
          anomalies.append(anomaly(isUpward ? spokesman(group) : silent(group), group))
        }
      }
    }
    return anomalies
  }

  private func anomaly(_ finding: Finding, _ group: [Finding]) -> Anomaly {
    Anomaly(
      kind: finding.kind, series: finding.series, buckets: finding.buckets,
      observed: finding.observed, expected: finding.expected, expectedRange: finding.range,
      score: finding.score, seriesCount: Set(group.map(\.series)).count)
  }

  // MARK: - What belongs together

  /// In the order of their beginnings; what has ended long before one begins is not looked at again.
  private func groups(_ findings: [Finding]) -> [[Finding]] {
    let findings = findings.sorted(by: Self.isBefore)
    var groups = Groups(count: findings.count)
    var open: [Int] = []
    var wholes: [Int] = []
    var latest: [Series: Int] = [:]
    for (index, finding) in findings.enumerated() {
      let hasEnded = { (other: Int) in
        findings[other].buckets.upperBound <= finding.buckets.lowerBound
      }
      open.removeAll(where: hasEnded)
      wholes.removeAll(where: hasEnded)
      if let other = latest[finding.series], isNear(findings[other], finding) {
        groups.join(other, index)
      }
      latest[finding.series] = index
      let isWhole = finding.series.pattern == nil
      for other in isWhole ? open : wholes where isSame(findings[other], finding) {
        groups.join(other, index)
      }
      open.append(index)
      if isWhole { wholes.append(index) }
    }
    return peers(groups.members.map { $0.map { findings[$0] } })
  }

  /// Groups that begin together and have nothing but parts, or nothing but levels, are one.
  private func peers(_ groups: [[Finding]]) -> [[Finding]] {
    var joined: [[Finding]] = []
    /// The last one with a series of this kind.
    var last: [Bool: Int] = [:]
    for group in groups {
      guard group.allSatisfy({ $0.series.pattern != nil || $0.series.level != nil }) else {
        joined.append(group)
        continue
      }
      let isPattern = group.allSatisfy { $0.series.pattern != nil }
      if let other = last[isPattern],
        group[0].buckets.lowerBound - joined[other][0].buckets.lowerBound <= Self.sameStart
      {
        joined[other] += group
      } else {
        last[isPattern] = joined.count
        joined.append(group)
      }
    }
    return joined
  }

  /// Whether a part and its whole show the same: they last equally long, or begin together; drifts
  /// begin slowly.
  private func isSame(_ left: Finding, _ right: Finding) -> Bool {
    guard isWithin(left.series, right.series) || isWithin(right.series, left.series) else {
      return false
    }
    let common = 2 * left.buckets.clamped(to: right.buckets).count
    let counts = [left.buckets.count, right.buckets.count]
    if common >= counts.max() ?? 0 { return true }
    let begin = abs(left.buckets.lowerBound - right.buckets.lowerBound)
    return common >= counts.min() ?? 0
      && (begin <= Self.sameStart || left.kind == .drift && right.kind == .drift)
  }

  /// Whether lines of a pattern are among those of a level, or of a source.
  private func isWithin(_ part: Series, _ whole: Series) -> Bool {
    guard whole.pattern == nil else { return false }
    guard let level = whole.level else { return true }
    guard let pattern = part.pattern, let own = levels[pattern] else { return false }
    return level == own || level == LineCounts.error && own >= level
  }

  private func isNear(_ left: Finding, _ right: Finding) -> Bool {
    left.buckets.lowerBound < right.buckets.upperBound + Limits.cooldown
      && right.buckets.lowerBound < left.buckets.upperBound + Limits.cooldown
  }

  // MARK: - Who says most of it

  /// The pattern that has most of the lines too many, else the errors or the level, else the source;
  /// a part that always has most of the lines says nothing that the whole does not.
  private func spokesman(_ group: [Finding]) -> Finding {
    let source = most(group) { $0.series.level == nil && $0.series.pattern == nil }
    let errors = most(group) { $0.kind == .errorRate }
    let level = most(group) { $0.series.level != nil && $0.kind != .errorRate }
    let pattern = most(group) { $0.series.pattern != nil }
    func explains(_ part: Finding, _ whole: Finding?) -> Bool {
      guard let whole else { return true }
      let share = part.excess / max(1, whole.excess)
      return share >= 0.5 && part.rate / max(1, whole.rate) <= 0.5 * min(1, share)
    }
    if let pattern, explains(pattern, source), 2 * pattern.excess >= level?.excess ?? 0 {
      return pattern
    }
    if let level, explains(level, source) {
      return level.series == errors?.series ? errors ?? level : level
    }
    return source ?? errors ?? level ?? pattern ?? group[0]
  }

  /// Of silences the widest one; where most of what is missing is a silence, it is no drift.
  private func silent(_ group: [Finding]) -> Finding {
    let drops = group.filter { $0.kind == .drop }
    let group = group.filter { finding in
      finding.kind == .drop
        || !drops.contains {
          $0.buckets.overlaps(finding.buckets) && 2 * $0.excess >= finding.excess
            && ($0.series == finding.series || isWithin(finding.series, $0.series))
        }
    }
    let source = most(group) { $0.series.level == nil && $0.series.pattern == nil }
    let level = most(group) { $0.series.level != nil }
    let pattern = most(group) { $0.series.pattern != nil }
    if let source { return source }
    if let level, let pattern, 2 * pattern.excess >= level.excess { return pattern }
    return level ?? pattern ?? group[0]
  }

  private func most(_ group: [Finding], where isMeant: (Finding) -> Bool) -> Finding? {
    group.filter(isMeant).max {
      ($0.excess, abs($0.score), -$0.buckets.lowerBound, $1.series.pattern ?? 0)
        < ($1.excess, abs($1.score), -$1.buckets.lowerBound, $0.series.pattern ?? 0)
    }
  }

  private static func isBefore(_ left: Finding, _ right: Finding) -> Bool {
    func key(_ finding: Finding) -> (Int, Int, Int64, String) {
      (
        finding.buckets.lowerBound, Int(finding.series.level ?? 0), finding.series.pattern ?? 0,
        finding.kind.rawValue
      )
    }
    return key(left) < key(right)
  }
}
