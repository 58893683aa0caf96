/// A number of bytes, at least one.
package struct ByteSize: Sendable, Hashable, Comparable {
  package var bytes: Int64

  package init(bytes: Int64) { self.bytes = bytes }

  package static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }
}

extension ByteSize: TextValue {
  package static var expectation: String { "a size of 1 byte or more such as 64KiB, 50MB or 2GiB" }

  /// A whole number and a unit without space between.
  ///
  /// `KB MB GB TB` are powers of 1000, `KiB MiB GiB TiB` of 1024, `B` or none is bytes. Letters may have either case. No fraction, no sign, not 0.
  package init?(_ text: String) {
    guard let (number, unit) = numberAndUnit(text), number > 0 else { return nil }
    let unitName = unit.lowercased()
    let factor = unitName.isEmpty ? 1 : units.first { $0.name.lowercased() == unitName }?.bytes
    guard let factor else { return nil }
    let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: factor)
    guard !isTooLarge else { return nil }
    self.bytes = bytes
  }

  /// In the largest unit that divides it, bytes without a unit.
  package var text: String {
    let unit = units.filter { bytes % $0.bytes == 0 }.max { $0.bytes < $1.bytes }
    guard let unit, unit.bytes > 1, bytes > 0 else { return String(bytes) }
    return "\(bytes / unit.bytes)\(unit.name)"
  }
}

private let units: [(name: String, bytes: Int64)] = [
  ("B", 1),
  ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
  ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
]

/// Digits and the letters behind them; nil if there is no digit, anything else, or an overflow.
func numberAndUnit(_ text: String) -> (number: Int64, unit: Substring)? {
  let digits = text.prefix { $0.isASCII && $0.isNumber }
  guard let number = Int64(digits) else { return nil }
  return (number, text[digits.endIndex...])
}
