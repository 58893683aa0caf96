/// A length of time in whole seconds, as options take it: `90s`, `5m`, `1h30m`, `7d`, `2w`.
package struct Interval: Sendable, Equatable {
  /// Positive.
  package var seconds: Int64

  package init(seconds: Int64) {
    precondition(seconds > 0)
    self.seconds = seconds
  }

  package static func parse(_ text: String) throws(TimeError) -> Interval {
    var total: Int64 = 0
    var number: Int64?
    for byte in text.utf8 {
      if (0x30...0x39).contains(byte) {
        let (shifted, overflow) = (number ?? 0).multipliedReportingOverflow(by: 10)
        guard !overflow, shifted < longest else { throw .notAnInterval(text) }
        number = shifted + Int64(byte - 0x30)
        continue
      }
      guard let count = number, let unit = unit(byte) else { throw .notAnInterval(text) }
      let (product, overflow) = count.multipliedReportingOverflow(by: unit)
      guard !overflow, product <= longest - total else { throw .notAnInterval(text) }
      total += product
      number = nil
    }
    guard number == nil, total > 0 else { throw .notAnInterval(text) }
    return Interval(seconds: total)
  }

  private static func unit(_ byte: UInt8) -> Int64? {
    switch byte {
    case UInt8(ascii: "s"): 1
    case UInt8(ascii: "m"): 60
    case UInt8(ascii: "h"): 3600
    case UInt8(ascii: "d"): 86_400
    case UInt8(ascii: "w"): 604_800
    default: nil
    }
  }
}

/// A thousand years, so that no sum with an instant overflows.
private let longest: Int64 = 31_557_600_000
