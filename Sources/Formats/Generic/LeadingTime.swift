import LogModel

/// A time at the beginning of a line, with the level where the layout has a place for one.
struct LeadingTime {
  var match: TimeMatch
  var severity: Severity?
  /// Behind the level's letter.
  var levelEnd = 0

  init(match: TimeMatch, severity: Severity? = nil, levelEnd: Int = 0) {
    self.match = match
    self.severity = severity
    self.levelEnd = levelEnd
  }
}

extension TimeContext {
  /// Any known time that begins at `start`, the line's first text.
  @inline(__always)
  mutating func leading(_ line: Span<UInt8>, at start: Int) -> LeadingTime? {
    if let match = inner(line, at: start) { return LeadingTime(match: match) }
    return rare(line, at: start)
  }

  /// The layouts that are unmistakable also inside a line.
  @inline(__always)
  mutating func inner(_ line: Span<UInt8>, at start: Int) -> TimeMatch? {
    guard start &+ 15 <= line.count else { return nil }
    guard line[start].isDigit else {
      guard line[start].isUppercase else { return nil }
      if line[start &+ 3] == 0x20 { return syslog(line, at: start) ?? ctime(line, at: start) }
      if line[start &+ 3] == 0x2C, line[start &+ 4] == 0x20 {
        return dayFirst(line, at: start &+ 5)
      }
      return nil
    }
    switch line[start &+ 4] {
    case 0x2D, 0x2F:
      if let match = iso(line, at: start) { return match }
    default: break
    }
    guard line[start &+ 2] == 0x2F || line[start &+ 2] == 0x20 || line[start &+ 2] == 0x2D else {
      return nil
    }
    return apache(line, at: start) ?? dayFirst(line, at: start)
  }

  /// `Sun Dec 04 04:47:44 2005`, also with a fraction or a zone before the year.
  private mutating func ctime(_ line: Span<UInt8>, at start: Int) -> TimeMatch? {
    guard start + 24 <= line.count, line[start + 7] == 0x20, line[start + 10] == 0x20,
      Self.isWeekday(line, at: start), let month = Self.month(line, at: start + 4)
    else { return nil }
    let padded = line[start + 8] == 0x20
    guard padded || line[start + 8].isDigit, line[start + 9].isDigit,
      let clock = Clock(line, at: start + 11)
    else { return nil }
    let day = (padded ? 0 : Int(line[start + 8] - 0x30) * 10) + Int(line[start + 9] - 0x30)
    let zone = suffix(line, at: clock.end)
    let yearStart = clock.end + (zone?.count ?? 0) + 1
    guard let year = line.fourDigits(at: yearStart), line[yearStart - 1] == 0x20,
      !line.byte(yearStart + 4).isDigit,
      let days = Self.validDays(year: year, month: month, day: day)
    else { return nil }
    var match = local(days: days, clock: clock, kind: .none, separator: 0)
    if let zone {
      match = TimeMatch(
        days: days, clock: clock, kind: .none, separator: 0, offset: zone.offset, suffix: .init(),
        end: clock.end)
    }
    match.end = yearStart + 4
    return match
  }

  private static func isWeekday(_ line: Span<UInt8>, at start: Int) -> Bool {
    ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].contains { line.hasPrefix($0, at: start) }
  }

  /// `01 Feb 2026 10:00:00.123` and `01-Feb-2026 10:00:00.123`.
  private mutating func dayFirst(_ line: Span<UInt8>, at start: Int) -> TimeMatch? {
    guard start + 20 <= line.count, line[start + 3].isLetter else { return nil }
    let separator = line[start + 2]
    guard separator == 0x20 || separator == 0x2D, line[start + 6] == separator,
      line[start + 11] == 0x20, let day = line.twoDigits(at: start),
      let month = Self.month(line, at: start + 3), let year = line.fourDigits(at: start + 7),
      let days = Self.validDays(year: year, month: month, day: day),
      let clock = Clock(line, at: start + 12)
    else { return nil }
    return zoned(line, days: days, clock: clock)
  }
}
