import Glibc
package import LogModel

/// Numbers by size, in classes whose middle is at most 1 % from any number in them.
package enum MetricClass {
  /// The ratio between the bounds of a class.
  package static let ratio = 1.02
  /// More than the classes of numbers below one, so that classes are ordered as their numbers are.
  package static let shift = 1100

  private static let logarithm = log(ratio)

  /// The class of a number: 0 is that of nothing, those of negative numbers are negative.
  package static func of(_ number: MetricNumber) -> Int {
    guard number.billionths != 0 else { return 0 }
    let size = shift + Int((log(abs(number.real)) / logarithm).rounded(.down))
    return number.billionths > 0 ? size : -size
  }

  /// What stands for the numbers of a class.
  package static func middle(of numbers: Int) -> Double {
    guard numbers != 0 else { return 0 }
    let size = pow(ratio, Double(abs(numbers) - shift) + 0.5)
    return numbers > 0 ? size : -size
  }

  /// The class of the least number that so many percent of all do not exceed; nil where there are none.
  package static func rank(_ percent: Int, of classes: [Int: Int64]) -> Int? {
    let total = classes.values.reduce(0, +)
    var reached: Int64 = 0
    for (number, count) in classes.sorted(by: { $0.key < $1.key }) {
      reached += count
      if reached * 100 >= total * Int64(percent) { return number }
    }
    return nil
  }
}
