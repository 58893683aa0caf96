/// A row of `skeleton_hour`: the lines of an hour, and how many of them are in each five minutes.
package struct HourCount {
  package static let slots = 12
  /// What is summed where skeletons or runs come together.
  package static let columns = (["count"] + slotColumns).joined(separator: ", ")
  package static let slotColumns = (0..<slots).map { "m\($0 < 2 ? "0" : "")\($0 * 5)" }
  static let sums = (["count"] + slotColumns).map { "sum(\($0))" }.joined(separator: ", ")
  static let addition = (["count"] + slotColumns).map { "\($0) = \($0) + excluded.\($0)" }
    .joined(separator: ", ")

  private(set) var count = 0
  private(set) var lines = InlineArray<12, Int>(repeating: 0)

  /// `minute` counts from the beginning of the hour.
  mutating func add(_ count: Int, minute: Int) {
    self.count += count
    lines[minute / 5] += count
  }

  /// Right before 1970 too.
  package static func hour(ofMinute minute: Int64) -> Int64 {
    (minute - (minute % 60 + 60) % 60) / 60
  }
}
