/// A number in a log, as a whole count of billionths: sums of such are the same in any order.
///
/// What stands behind the ninth decimal is rounded, halves away from zero.
package struct MetricNumber: Sendable, Equatable {
  /// Less than 10²⁷ either way.
  package let billionths: Int128

  package static let one: Int128 = 1_000_000_000
  private static let limit: Int128 = one * one * one
  /// Below it there is room for one more digit in 64 bits.
  private static let mostOfHead: Int64 = 100_000_000_000_000_000

  /// Nil from 10¹⁸ on.
  package init?(billionths: Int128) {
    guard billionths > -Self.limit, billionths < Self.limit else { return nil }
    self.billionths = billionths
  }

  package init(_ integer: Int32) { billionths = Int128(integer) * Self.one }

  package init?(_ integer: Int64) { self.init(billionths: Int128(integer) * Self.one) }

  package init?(_ real: Double) {
    guard real.isFinite, abs(real) < 1e18 else { return nil }
    // Whole part and fraction apart are exact; their product with 10⁹ is not.
    let whole = real.rounded(.towardZero)
    self.init(
      billionths: Int128(whole) * Self.one + Int128(((real - whole) * 1e9).rounded()))
  }

  package var real: Double {
    // Below 2⁵³ one division, which rounds once.
    if abs(billionths) < 1 << 53 { return Double(Int64(billionths)) / 1e9 }
    let (whole, part) = billionths.quotientAndRemainder(dividingBy: Self.one)
    return Double(whole) + Double(Int64(part)) / 1e9
  }

  /// Reads a decimal number, with an exponent or without, and blanks around it; nil for any other text.
  package init?(_ text: Span<UInt8>) {
    guard let (digits, power, isNegative) = Self.parts(of: text),
      let value = Self.shifted(digits, by: power)
    else { return nil }
    self.init(billionths: isNegative ? -value : value)
  }

  /// Whether a text is a number, of whatever size.
  package static func isWritten(as text: Span<UInt8>) -> Bool { parts(of: text) != nil }

  /// A number as digits, and the power of ten that makes them billionths.
  private static func parts(
    of text: Span<UInt8>
  ) -> (digits: Int128, power: Int, isNegative: Bool)? {
    var index = 0
    var end = text.count
    while index < end, text[index] == 0x20 { index += 1 }
    while end > index, text[end - 1] == 0x20 { end -= 1 }
    guard index < end else { return nil }
    let isNegative = text[index] == 0x2D
    if isNegative || text[index] == 0x2B { index += 1 }
    // The first ones fit into 64 bits, which are quicker.
    var head: Int64 = 0
    var digits: Int128?
    var scale = 9
    var count = 0
    var isBehindPoint = false
    while index < end {
      let byte = text[index]
      if byte == 0x2E, !isBehindPoint {
        isBehindPoint = true
      } else if byte &- 0x30 <= 9 {
        count += 1
        if head < Self.mostOfHead {
          head = head &* 10 &+ Int64(byte &- 0x30)
          if isBehindPoint { scale -= 1 }
        } else if digits ?? 0 < Self.limit * Self.one {
          digits = (digits ?? Int128(head)) * 10 + Int128(byte &- 0x30)
          if isBehindPoint { scale -= 1 }
        } else if !isBehindPoint {
          // More digits than an exponent could bring into reach.
          scale += 1
        }
      } else {
        break
      }
      index += 1
    }
    guard count > 0 else { return nil }
    if index < end {
      guard text[index] | 0x20 == 0x65, let exponent = Self.exponent(text, index + 1..<end) else {
        return nil
      }
      scale += exponent
    }
    return (digits ?? Int128(head), scale, isNegative)
  }

  private static let powers: [Int64] = (0...9).map { (0..<$0).reduce(1) { power, _ in power * 10 } }

  private static func exponent(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var index = range.lowerBound
    guard index < range.upperBound else { return nil }
    let isNegative = text[index] == 0x2D
    if isNegative || text[index] == 0x2B { index += 1 }
    guard index < range.upperBound else { return nil }
    var value = 0
    while index < range.upperBound {
      guard text[index] &- 0x30 <= 9 else { return nil }
      value = min(value * 10 + Int(text[index] &- 0x30), 10_000)
      index += 1
    }
    return isNegative ? -value : value
  }

  /// The digits times a power of ten, rounded; nil where that is out of reach.
  private static func shifted(_ digits: Int128, by power: Int) -> Int128? {
    guard digits > 0 else { return 0 }
    if digits <= Int128(Int32.max), 0...9 ~= power {
      return Int128(Int64(digits) &* powers[power])
    }
    var value = digits
    var power = power
    while power > 0 {
      guard value < limit else { return nil }
      value *= 10
      power -= 1
    }
    guard power > -40 else { return 0 }
    var divisor: Int128 = 1
    while power < 0 {
      guard divisor < limit * one else { return 0 }
      divisor *= 10
      power += 1
    }
    return (value + divisor / 2) / divisor
  }
}
