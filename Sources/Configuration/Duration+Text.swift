extension Duration: TextValue {
  static var expectation: String { "a duration of 0 or more such as 500ms, 30s, 10m, 4h or 30d" }

  /// A whole number and one unit without space between.
  ///
  /// Units are `ms`, `s`, `m` (minutes), `h`, `d` (24 h) and `w`. No fraction, no sign, no sum of units; the microseconds fit into `Int64`.
  package init?(_ text: String) {
    guard let (number, name) = numberAndUnit(text),
      let unit = units.first(where: { $0.name == name })
    else { return nil }
    let (milliseconds, isTooLong) = number.multipliedReportingOverflow(by: unit.milliseconds)
    guard !isTooLong, milliseconds <= Int64.max / 1000 else { return nil }
    self = .milliseconds(milliseconds)
  }

  /// In the largest unit that divides it; what is finer than a millisecond is dropped.
  package var text: String {
    let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    guard milliseconds != 0 else { return "0s" }
    let unit = units.last { milliseconds % $0.milliseconds == 0 } ?? units[0]
    return "\(milliseconds / unit.milliseconds)\(unit.name)"
  }
}

private let units: [(name: String, milliseconds: Int64)] = [
  ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000),
]
