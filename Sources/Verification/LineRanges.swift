/// A set of line ids, built from runs in ascending order; runs that touch are one.
struct LineRanges {
  private(set) var ranges: [Range<Int64>] = []

  /// Adds a run; what it shares with those before it is returned.
  mutating func add(_ run: Range<Int64>) -> Range<Int64>? {
    guard let last = ranges.last, run.lowerBound <= last.upperBound else {
      ranges.append(run)
      return nil
    }
    let shared = run.clamped(to: last)
    ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, run.upperBound)
    return shared.isEmpty ? nil : shared
  }

  /// What is in one of the two sets.
  func union(_ other: LineRanges) -> LineRanges {
    var union = LineRanges()
    var rest = other.ranges[...]
    for range in ranges {
      while let next = rest.first, next.lowerBound < range.lowerBound {
        _ = union.add(rest.removeFirst())
      }
      _ = union.add(range)
    }
    for range in rest { _ = union.add(range) }
    return union
  }

  /// What is in both sets, ascending.
  func intersection(_ other: LineRanges) -> [Range<Int64>] {
    var rest = LineRanges()
    for range in subtracting(other) { _ = rest.add(range) }
    return subtracting(rest)
  }

  /// What is in this set and not in `other`, ascending.
  func subtracting(_ other: LineRanges) -> [Range<Int64>] {
    var rest: [Range<Int64>] = []
    var index = 0
    for range in ranges {
      var start = range.lowerBound
      while index < other.ranges.count, other.ranges[index].upperBound <= start { index += 1 }
      var next = index
      while next < other.ranges.count, other.ranges[next].lowerBound < range.upperBound {
        let hole = other.ranges[next]
        if start < hole.lowerBound { rest.append(start..<hole.lowerBound) }
        start = hole.upperBound
        next += 1
      }
      if start < range.upperBound { rest.append(start..<range.upperBound) }
    }
    return rest
  }
}
