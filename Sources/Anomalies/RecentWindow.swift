/// The counts of the buckets just before one, in the order of their size.
struct RecentWindow {
  /// Two hours.
  static let length = 24

  private var ordered: [Int] = []
  private var arrived: [Int] = []
  private var oldest = 0

  mutating func append(_ count: Int) {
    if arrived.count < Self.length {
      arrived.append(count)
    } else {
      ordered.remove(at: position(of: arrived[oldest]))
      arrived[oldest] = count
      oldest = (oldest + 1) % Self.length
    }
    ordered.insert(count, at: position(of: count))
  }

  /// The mean of counts with this median that come by chance: it lies a third above.
  var center: Double { ordered.isEmpty ? 0 : Double(ordered[ordered.count / 2]) + 1.0 / 3 }

  /// The standard deviation of normal counts, from all but the two lowest and the two highest: the
  /// median of distances, which knows whole numbers only, is too coarse for few lines.
  var spread: Double {
    guard ordered.count == Self.length else { return 0 }
    let inner = ordered.dropFirst(2).dropLast(2)
    let mean = Double(inner.reduce(0, +)) / Double(inner.count)
    let squares = inner.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    // What the outer sixth adds to a normal variance.
    return (2.04 * squares / Double(inner.count)).squareRoot()
  }

  /// The median of the last half hour.
  var latest: Double { Double(latestOrdered?[3] ?? 0) }

  /// The lowest of the last half hour.
  var latestLow: Double { Double(latestOrdered?[0] ?? 0) }

  private var latestOrdered: [Int]? {
    guard arrived.count == Self.length else { return nil }
    return (0..<6).map { arrived[(oldest + Self.length - 6 + $0) % Self.length] }.sorted()
  }

  /// What all but two of the buckets reach.
  var low: Int { ordered.count < Self.length ? 0 : ordered[2] }

  private func position(of count: Int) -> Int {
    var range = 0..<ordered.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range =
        ordered[middle] < count
        ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound
  }
}
