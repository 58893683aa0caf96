/// What the values of a series come to in one bucket of time.
///
/// Adding values and merging summaries is exact, whatever the order.
package struct MetricSummary: Sendable, Equatable {
  package var count: Int64 = 0
  /// In billionths; nil where only matches are counted.
  package var sum: Int128?
  package var min: Double?
  package var max: Double?

  package init() {}

  package init(count: Int64, sum: Int128?, min: Double?, max: Double?) {
    self.count = count
    self.sum = sum
    self.min = min
    self.max = max
  }

  package mutating func add(_ number: MetricNumber?) {
    count += 1
    guard let number else { return }
    sum = (sum ?? 0) + number.billionths
    let real = number.real
    min = Swift.min(min ?? real, real)
    max = Swift.max(max ?? real, real)
  }

  package mutating func merge(_ other: Self) {
    count += other.count
    if let more = other.sum { sum = (sum ?? 0) + more }
    if let least = other.min { min = Swift.min(min ?? least, least) }
    if let most = other.max { max = Swift.max(max ?? most, most) }
  }
}
