extension LineCounts {
  /// Before a range the buckets that have to be known for it: those of a season, a day in which
  /// something may have begun that goes on, and one more in which a drift may have.
  package static func needed(for range: Range<Int>) -> [Range<Int>] {
    let start = range.lowerBound - 2 * Limits.longest
    let before = Season.weeksBack.map {
      start - $0 - Season.surroundings..<range.upperBound - $0 + Season.surroundings
    }
    var needed: [Range<Int>] = []
    let last = start - Season.lookback..<range.upperBound
    for part in (before + [last]).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let end = needed.last, part.lowerBound <= end.upperBound {
        needed[needed.count - 1] = end.lowerBound..<max(end.upperBound, part.upperBound)
      } else {
        needed.append(part)
      }
    }
    return needed
  }

  /// What is, at least in part, in `range`; new patterns first, then the most telling.
  package func anomalies(in range: Range<Int>) -> [Anomaly] {
    guard let newest = store.last else { return [] }
    let end = min(range.upperBound, newest + 1)
    let series = Dictionary(grouping: courses.keys, by: \.source)
    let patterns = Dictionary(grouping: firsts, by: \.source)
    let newPatterns = Dictionary(grouping: firsts, by: \.pattern).values
      .compactMap { $0.min(by: FirstSight.isBefore) }.filter { $0.pattern != catchAll }
      .sorted(by: FirstSight.isBefore)
    let novelties = Dictionary(grouping: newPatterns, by: \.source)
    var anomalies: [Anomaly] = []
    for (source, series) in series {
      let examination = SourceExamination(
        source: source, counts: self, series: series, patterns: patterns[source] ?? [],
        novelties: novelties[source] ?? [], newest: newest)
      anomalies += examination.anomalies(from: range.lowerBound - Limits.longest, to: end)
    }
    return anomalies.filter { $0.buckets.overlaps(range) }.sorted(by: Self.isBefore)
  }

  private static func isBefore(_ left: Anomaly, _ right: Anomaly) -> Bool {
    func key(_ anomaly: Anomaly) -> (Int, Double, Int, Int64, Int64, UInt8) {
      (
        anomaly.kind == .newPattern ? 0 : 1, -abs(anomaly.score), -anomaly.buckets.lowerBound,
        anomaly.series.source, anomaly.series.pattern ?? 0, anomaly.series.level ?? 0
      )
    }
    return key(left) < key(right)
  }
}
