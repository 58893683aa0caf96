import LogModel

/// What the lines of a source show of samples, in as little memory as a comparison needs.
struct ShownSamples {
  struct Bucket: Equatable {
    var summary = MetricSummary()
    /// The same for equal classes of a histogram, in whatever order they are added.
    private var classes: UInt64 = 0

    init() {}

    mutating func add(_ count: Int64, ofClass number: Int) {
      var hash = StableHash()
      hash.add(UInt64(bitPattern: Int64(number)))
      classes &+= UInt64(bitPattern: count) &* UInt64(bitPattern: hash.value)
    }
  }

  struct Key: Hashable {
    var rule: Int64
    /// The place of its labels.
    var labels: Int
    var time: Int64
  }

  struct Failures: Equatable {
    var rejects: Int64 = 0
    var limitHits: Int64 = 0
  }

  /// Where a source has more routes than are kept apart, all of them are compared as one.
  private let isOneRoute: Bool
  private(set) var labels: [[UInt8]] = []
  private var places: [[UInt8]: Int] = [:]
  /// Those that nobody has taken.
  private(set) var buckets: [Key: Bucket] = [:]
  /// By rule.
  private(set) var failures: [Int64: Failures] = [:]

  /// Only the series of one of several parts are kept.
  private let part: Int
  private let parts: Int

  init(isOneRoute: Bool, part: Int = 0, of parts: Int = 1) {
    self.isOneRoute = isOneRoute
    self.part = part
    self.parts = parts
  }

  var isFirst: Bool { part == 0 }

  /// Whether a series is in the part; what is added up before it is compared, is in the first one.
  func holds(_ rule: Int64, _ labels: [UInt8]) -> Bool {
    guard parts > 1 else { return true }
    guard !isTogether(rule) else { return isFirst }
    let hash = UInt64(bitPattern: ActiveMetricRule.hash(ofLabels: labels.span))
    return Int((hash ^ UInt64(bitPattern: rule)) % UInt64(parts)) == part
  }

  mutating func add(_ increments: MetricIncrements) {
    for entry in increments.increments {
      add(
        entry.summary, entry.classes, rule: entry.rule, labels: entry.labels, time: entry.time)
    }
    for entry in increments.failures {
      failures[entry.rule, default: Failures()].rejects += entry.rejects
      failures[entry.rule, default: Failures()].limitHits += entry.limitHits
    }
  }

  mutating func add(
    _ summary: MetricSummary, _ classes: [Int: Int64], rule: Int64, labels: [UInt8], time: Int64
  ) {
    guard holds(rule, labels) else { return }
    let key = Key(rule: rule, labels: place(of: compared(labels, of: rule)), time: time)
    buckets[key, default: Bucket()].summary.merge(summary)
    for (number, count) in classes { buckets[key]?.add(count, ofClass: number) }
  }

  /// Whether series of the rule are added up before they are compared.
  func isTogether(_ rule: Int64) -> Bool {
    isOneRoute && StandardMetric(rawValue: rule)?.isOfRoutes == true
  }

  /// Without the route, where all of them are one.
  private func compared(_ labels: [UInt8], of rule: Int64) -> [UInt8] {
    guard isTogether(rule), let start = labels.firstRange(of: Array(#"","route":""#.utf8)) else {
      return labels
    }
    let rest = labels[start.upperBound...].firstRange(of: Array(#"","status":""#.utf8))
    return Array(labels[..<start.upperBound]) + (rest.map { labels[$0.lowerBound...] } ?? [])
  }

  mutating func take(rule: Int64, labels: [UInt8], time: Int64) -> Bucket? {
    places[labels].flatMap {
      buckets.removeValue(forKey: Key(rule: rule, labels: $0, time: time))
    }
  }

  private mutating func place(of labels: [UInt8]) -> Int {
    if let known = places[labels] { return known }
    places[labels] = self.labels.count
    self.labels.append(labels)
    return self.labels.count - 1
  }
}
