import Glibc

/// How unlike what was expected a number of lines is, in standard deviations.
///
/// It is the signed root of the Poisson deviance, over the root of the dispersion: as good as normally
/// distributed down to few lines, where `(observed − expected) / √expected` is not (McCullagh and Nelder,
/// "Generalized Linear Models", §2.4.3).
struct Expectation {
  /// Lines; at least 1.
  var mean: Double
  /// Variance over mean.
  var dispersion: Double

  /// No bucket is more regular than this part of its lines.
  static let regularity = 0.2

  /// - Parameter spread: the standard deviation that lines have shown; theirs is never taken to be
  ///   less than what chance makes, nor than a part of the mean.
  init(mean: Double, spread: Double = 0) {
    let mean = max(1, mean)
    let deviation = max(spread, Self.regularity * mean)
    self.mean = mean
    dispersion = max(1, deviation * deviation / mean)
  }

  func surprise(_ observed: Double) -> Double {
    let ratio = observed > 0 ? observed * log(observed / mean) : 0
    let root = (2 * max(0, ratio - observed + mean) / dispersion).squareRoot()
    return observed < mean ? -root : root
  }

  /// Between which numbers of lines the surprise is less than `limit`.
  func range(within limit: Double) -> ClosedRange<Double> {
    func solve(_ inside: Double, _ outside: Double) -> Double {
      var (inside, outside) = (inside, outside)
      for _ in 0..<60 {
        let middle = (inside + outside) / 2
        if abs(surprise(middle)) < limit { inside = middle } else { outside = middle }
      }
      return inside
    }
    var above = mean * 2 + 1
    while surprise(above) < limit { above *= 2 }
    return solve(mean, 0)...solve(mean, above)
  }
}

/// Of an even number of values the upper one of the two in the middle.
func median(_ values: [Double]) -> Double? {
  values.isEmpty ? nil : values.sorted()[values.count / 2]
}

/// The standard deviation of normal values, from the median of their distances to the median.
func spread(_ values: [Double]) -> Double {
  guard let middle = median(values) else { return 0 }
  return 1.4826 * (median(values.map { abs($0 - middle) }) ?? 0)
}
