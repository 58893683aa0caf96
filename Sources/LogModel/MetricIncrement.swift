/// What lines have added to one bucket of a series.
package struct MetricIncrement: Sendable, Equatable {
  /// Of the rule.
  package var rule: Int64
  package var source: Int64
  /// Canonical JSON.
  package var labels: [UInt8]
  /// Where the bucket begins, in microseconds since 1970.
  package var time: Int64
  package var summary: MetricSummary
  /// How many numbers there were in each class; empty but for a histogram.
  package var classes: [Int: Int64] = [:]

  package init(
    rule: Int64, source: Int64, labels: [UInt8], time: Int64, summary: MetricSummary,
    classes: [Int: Int64]
  ) {
    self.rule = rule
    self.source = source
    self.labels = labels
    self.time = time
    self.summary = summary
    self.classes = classes
  }
}

extension MetricIncrement {
  package init(
    _ metric: StandardMetric, source: Int64, labels: [UInt8], time: Int64, summary: MetricSummary,
    classes: [Int: Int64] = [:]
  ) {
    self.init(
      rule: metric.rawValue, source: source, labels: labels, time: time, summary: summary,
      classes: classes)
  }
}

/// The lines of a source that a rule did not count, though it is for them.
package struct MetricFailures: Sendable, Equatable {
  package var rule: Int64
  package var source: Int64
  /// Values that were no numbers.
  package var rejects: Int64 = 0
  /// Lines that took too many steps.
  package var limitHits: Int64 = 0

  package init(rule: Int64, source: Int64) {
    self.rule = rule
    self.source = source
  }
}

/// What lines have added to all series.
package struct MetricIncrements: Sendable {
  package var increments: [MetricIncrement] = []
  /// At most one for each rule and source.
  package var failures: [MetricFailures] = []

  package init(increments: [MetricIncrement] = [], failures: [MetricFailures] = []) {
    self.increments = increments
    self.failures = failures
  }

  package var isEmpty: Bool { increments.isEmpty && failures.isEmpty }

  /// Without buckets that begin before.
  package func from(_ time: Int64) -> MetricIncrements {
    var result = self
    result.increments.removeAll { $0.time < time }
    return result
  }

  /// Leaves out what was counted of a source without a rule.
  package mutating func removeStandard(ofSource source: Int64) {
    increments.removeAll { $0.rule < 0 && $0.source == source }
    failures.removeAll { $0.rule < 0 && $0.source == source }
  }

  private struct Bucket: Hashable {
    var rule: Int64
    var source: Int64
    var labels: [UInt8]
    var time: Int64
  }

  /// Adds up what is of one bucket.
  package mutating func merge() {
    var places: [Bucket: Int] = [:]
    var merged: [MetricIncrement] = []
    for entry in increments {
      let bucket = Bucket(
        rule: entry.rule, source: entry.source, labels: entry.labels, time: entry.time)
      if let place = places[bucket] {
        merged[place].summary.merge(entry.summary)
        merged[place].classes.merge(entry.classes, uniquingKeysWith: +)
      } else {
        places[bucket] = merged.count
        merged.append(entry)
      }
    }
    increments = merged
  }

  package mutating func append(_ other: Self) {
    increments += other.increments
    failures += other.failures
  }
}
