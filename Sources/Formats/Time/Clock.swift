/// A time of day, `hh:mm:ss` with or without a fraction.
struct Clock {
  /// Of the day; 86,400 for a leap second at its end.
  var seconds: Int
  var microsecond = 0
  /// The byte before the fraction; 0 without one.
  var point: UInt8 = 0
  /// How many the line shows, 1 to 12; those behind the sixth are not in `microsecond`.
  var digits = 0
  /// Behind the last digit.
  var end: Int
  var isLeapSecond: Bool

  /// Nil when `line` shows no time of day at `start`, or one that no clock shows.
  @inline(__always)
  init?(_ line: Span<UInt8>, at start: Int) {
    guard start &+ 8 <= line.count else { return nil }
    // Digits become 0 to 9 and the colons 0; one addition then finds every byte that is neither.
    let word = line.word64(at: start) ^ 0x3030_3A30_303A_3030
    guard ((word &+ 0x7676_7F76_767F_7676) | word) & 0x8080_8080_8080_8080 == 0 else { return nil }
    let hours = Int(word & 0xF) &* 10 &+ Int(word >> 8 & 0xF)
    let minutes = Int(word >> 24 & 0xF) &* 10 &+ Int(word >> 32 & 0xF)
    let second = Int(word >> 48 & 0xF) &* 10 &+ Int(word >> 56 & 0xF)
    guard hours < 24, minutes < 60, second <= 60 else { return nil }
    isLeapSecond = second == 60
    seconds = hours &* 3600 &+ minutes &* 60 &+ second
    end = start &+ 8
    guard end < line.count else { return }
    let next = line[end]
    if next == 0x2E || next == 0x2C {
      readFraction(line, point: next)
    } else if next.isDigit {
      return nil
    }
  }

  /// Digits behind the sixth are read and lost; a comma counts only before 3, 6 or 9 digits.
  @inline(__always)
  private mutating func readFraction(_ line: Span<UInt8>, point: UInt8) {
    var index = end &+ 1
    var value = 0
    var count = 0
    while index < line.count {
      let digit = line[index] &- 0x30
      guard digit <= 9 else { break }
      if count < 6 { value = value &* 10 &+ Int(digit) }
      count &+= 1
      index &+= 1
    }
    guard count > 0, count <= 12 else { return }
    if point == 0x2C, count != 3, count != 6, count != 9 { return }
    var scale = count
    while scale < 6 {
      value = value &* 10
      scale &+= 1
    }
    microsecond = value
    digits = count
    self.point = point
    end = index
  }

  /// `hhmmss` without colons.
  init?(compact line: Span<UInt8>, at start: Int) {
    guard let hours = line.twoDigits(at: start), let minutes = line.twoDigits(at: start + 2),
      let second = line.twoDigits(at: start + 4), hours < 24, minutes < 60, second < 60,
      !line.byte(start + 6).isDigit
    else { return nil }
    seconds = hours * 3600 + minutes * 60 + second
    end = start + 6
    isLeapSecond = false
  }
}
