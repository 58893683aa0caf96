import LogModel

/// Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size.
enum EpochTime {
  /// The number that fills `range`: digits, a fraction, an exponent.
  ///
  /// Nil for anything else, and for
  /// times before 1973, which are durations and counters more often than instants.
  static func read(_ line: Span<UInt8>, _ range: Range<Int>) -> TimeMatch? {
    var index = range.lowerBound
    var mantissa: Int64 = 0
    var scale = 0
    var used = 0
    var pointAt: Int?
    while index < range.upperBound {
      let byte = line[index]
      if byte.isDigit {
        if used < 18 {
          mantissa = mantissa * 10 + Int64(byte - 0x30)
          used += mantissa == 0 ? 0 : 1
          if pointAt != nil { scale -= 1 }
        } else if pointAt == nil {
          scale += 1
        }
      } else if byte == 0x2E, pointAt == nil, index > range.lowerBound {
        pointAt = index
      } else {
        break
      }
      index += 1
    }
    guard index > range.lowerBound, line[index - 1].isDigit else { return nil }
    let numberEnd = index
    if index < range.upperBound, line[index] | 0x20 == 0x65 {
      guard let exponent = exponent(line, index + 1..<range.upperBound) else { return nil }
      scale += exponent
      index = range.upperBound
    }
    guard index == range.upperBound, let time = microseconds(mantissa, scale) else { return nil }
    let digits = pointAt.map { numberEnd - $0 - 1 } ?? 0
    let isPlain = numberEnd == index && (pointAt ?? numberEnd) - range.lowerBound == 10
    guard isPlain, line[range.lowerBound] != 0x30 else { return TimeMatch(time: time, end: index) }
    let shown = min(digits, 6)
    return TimeMatch(
      time: time, end: index,
      layout: TimeLayout(kind: .epoch, point: pointAt == nil ? 0 : 0x2E, digits: UInt8(shown)),
      renderedEnd: index - (digits - shown))
  }

  private static func exponent(_ line: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var index = range.lowerBound
    let isNegative = line.byte(index) == 0x2D
    if isNegative || line.byte(index) == 0x2B { index += 1 }
    guard index < range.upperBound, range.upperBound - index <= 2 else { return nil }
    var value = 0
    for place in index..<range.upperBound {
      guard line[place].isDigit else { return nil }
      value = value * 10 + Int(line[place] - 0x30)
    }
    return isNegative ? -value : value
  }

  /// `mantissa` · 10^`scale` of a unit that its size tells, cut to microseconds.
  private static func microseconds(_ mantissa: Int64, _ scale: Int) -> Int64? {
    guard mantissa > 0 else { return nil }
    var digits = 0
    var rest = mantissa
    while rest > 0 {
      rest /= 10
      digits += 1
    }
    let shift: Int
    switch digits + scale {
    case 9, 10, 11: shift = 6
    case 12, 13, 14: shift = 3
    case 15, 16, 17: shift = 0
    case 18, 19, 20: shift = -3
    default: return nil
    }
    var value = mantissa
    var exponent = scale + shift
    while exponent > 0 {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = product
      exponent -= 1
    }
    while exponent < 0 {
      value /= 10
      exponent += 1
    }
    return value >= 100_000_000_000_000 && value < 253_402_300_800_000_000 ? value : nil
  }
}
