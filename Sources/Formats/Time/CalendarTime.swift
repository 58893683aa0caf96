import LogModel

/// Times with a full date, the ones that stand first in most lines.
extension TimeContext {
  /// A date, one separator, a clock, and a zone or none.
  ///
  /// `2026-02-01T10:00:00.123Z` and `2026/02/01 10:00:00`; with `.` or `,` before 1 to 12 digits;
  /// those behind the sixth are lost.
  @inline(__always)
  mutating func iso(_ line: Span<UInt8>, at start: Int) -> TimeMatch? {
    guard start &+ 19 <= line.count else { return nil }
    let low = line.word64(at: start)
    let high = UInt64(line.word16(at: start &+ 8))
    if low != isoDate.low || high != isoDate.high {
      guard let days = Self.isoDays(line, at: start) else { return nil }
      isoDate = CachedDate(low: low, high: high, days: days)
    }
    let separator = line[start &+ 10]
    switch separator {
    case 0x54, 0x20, 0x74, 0x5F, 0x2D, 0x3A: break
    default: return nil
    }
    guard let clock = Clock(line, at: start &+ 11) else { return nil }
    let kind: TimeLayout.Kind = line[start &+ 4] == 0x2D ? .iso : .slash
    guard let suffix = suffix(line, at: clock.end) else {
      return local(days: isoDate.days, clock: clock, kind: kind, separator: separator)
    }
    return TimeMatch(
      days: isoDate.days, clock: clock, kind: kind, separator: separator, offset: suffix.offset,
      suffix: suffix.text, end: clock.end &+ suffix.count)
  }

  private static func isoDays(_ line: Span<UInt8>, at start: Int) -> Int? {
    let dash = line[start + 4]
    guard dash == 0x2D || dash == 0x2F, line[start + 7] == dash,
      let year = line.fourDigits(at: start), let month = line.twoDigits(at: start + 5),
      let day = line.twoDigits(at: start + 8)
    else { return nil }
    return validDays(year: year, month: month, day: day)
  }

  static func validDays(year: Int, month: Int, day: Int) -> Int? {
    guard (1...12).contains(month), day >= 1, day <= CivilTime.daysIn(month: month, year: year)
    else { return nil }
    return CivilTime.days(year: year, month: month, day: day)
  }

  /// `01/Feb/2026:10:00:00 +0000`.
  @inline(__always)
  mutating func apache(_ line: Span<UInt8>, at start: Int) -> TimeMatch? {
    guard start &+ 20 <= line.count else { return nil }
    let low = line.word64(at: start)
    let high = UInt64(line.word16(at: start &+ 8)) | UInt64(line[start &+ 10]) << 16
    if low != apacheDate.low || high != apacheDate.high {
      guard line[start + 2] == 0x2F, line[start + 6] == 0x2F,
        let day = line.twoDigits(at: start), let month = Self.month(line, at: start + 3),
        let year = line.fourDigits(at: start + 7),
        let days = Self.validDays(year: year, month: month, day: day)
      else { return nil }
      apacheDate = CachedDate(low: low, high: high, days: days)
    }
    let separator = line[start &+ 11]
    guard separator == 0x3A || separator == 0x20, let clock = Clock(line, at: start &+ 12) else {
      return nil
    }
    guard let suffix = suffix(line, at: clock.end) else {
      return local(days: apacheDate.days, clock: clock, kind: .apache, separator: separator)
    }
    return TimeMatch(
      days: apacheDate.days, clock: clock, kind: .apache, separator: separator,
      offset: suffix.offset, suffix: suffix.text, end: clock.end &+ suffix.count)
  }

  /// 1 for `Jan`, which must be spelt so; nil for no month.
  static func month(_ line: Span<UInt8>, at start: Int) -> Int? {
    switch (line.byte(start), line.byte(start + 1), line.byte(start + 2)) {
    case (0x4A, 0x61, 0x6E): 1  // Jan
    case (0x46, 0x65, 0x62): 2  // Feb
    case (0x4D, 0x61, 0x72): 3  // Mar
    case (0x41, 0x70, 0x72): 4  // Apr
    case (0x4D, 0x61, 0x79): 5  // May
    case (0x4A, 0x75, 0x6E): 6  // Jun
    case (0x4A, 0x75, 0x6C): 7  // Jul
    case (0x41, 0x75, 0x67): 8  // Aug
    case (0x53, 0x65, 0x70): 9  // Sep
    case (0x4F, 0x63, 0x74): 10  // Oct
    case (0x4E, 0x6F, 0x76): 11  // Nov
    case (0x44, 0x65, 0x63): 12  // Dec
    default: nil
    }
  }

  /// `Feb  1 10:00:00`, without a year; `Feb 01 10:00:00` and a year behind the day have no layout.
  mutating func syslog(_ line: Span<UInt8>, at start: Int) -> TimeMatch? {
    guard start + 15 <= line.count, line[start + 3] == 0x20,
      let month = Self.month(line, at: start)
    else { return nil }
    let tens = line[start + 4]
    var day = Int(line[start + 5] &- 0x30)
    var clockStart = start + 7
    guard line[start + 5].isDigit || line[start + 5] == 0x20 else { return nil }
    if line[start + 5] == 0x20 {
      // One digit without padding.
      guard tens.isDigit else { return nil }
      day = Int(tens - 0x30)
      clockStart = start + 6
    } else if tens.isDigit {
      day += 10 * Int(tens - 0x30)
    } else if tens != 0x20 {
      return nil
    }
    guard line[clockStart - 1] == 0x20 else { return nil }
    if let year = line.fourDigits(at: clockStart), line.byte(clockStart + 4) == 0x20 {
      guard let days = Self.validDays(year: year, month: month, day: day),
        let clock = Clock(line, at: clockStart + 5)
      else { return nil }
      return zoned(line, days: days, clock: clock)
    }
    guard let clock = Clock(line, at: clockStart),
      let days = days(month: month, day: day, clock: clock.seconds)
    else { return nil }
    let isPadded = clockStart == start + 7 && (tens == 0x20 || tens != 0x30)
    return local(days: days, clock: clock, kind: isPadded ? .syslog : .none, separator: 0)
  }

  /// An instant without a layout, in the zone that stands behind the clock or in the context's.
  mutating func zoned(_ line: Span<UInt8>, days: Int, clock: Clock) -> TimeMatch {
    guard let suffix = suffix(line, at: clock.end) else {
      return local(days: days, clock: clock, kind: .none, separator: 0)
    }
    return TimeMatch(
      days: days, clock: clock, kind: .none, separator: 0, offset: suffix.offset, suffix: .init(),
      end: clock.end + suffix.count)
  }
}
