import LogModel

/// Layouts that count only at the beginning of a line, because numbers elsewhere look like them.
extension TimeContext {
  mutating func rare(_ line: Span<UInt8>, at start: Int) -> LeadingTime? {
    guard start + 14 <= line.count else { return nil }
    if line[start].isUppercase { return klog(line, at: start) }
    guard line[start].isDigit else { return nil }
    switch line[start + 2] {
    case 0x2F: return shortYear(line, at: start).map { LeadingTime(match: $0) }
    case 0x2D: return android(line, at: start)
    case 0x2E: return dotted(line, at: start).map { LeadingTime(match: $0) }
    default:
      return (compact(line, at: start) ?? epoch(line, at: start)).map { LeadingTime(match: $0) }
    }
  }

  /// `I0102 15:04:05.000000   1234 file.go:12] message` (klog, glog).
  private mutating func klog(_ line: Span<UInt8>, at start: Int) -> LeadingTime? {
    let letter = line[start]
    guard letter == 0x49 || letter == 0x57 || letter == 0x45 || letter == 0x46 || letter == 0x44,
      let month = line.twoDigits(at: start + 1), let day = line.twoDigits(at: start + 3),
      line[start + 5] == 0x20, let clock = Clock(line, at: start + 6), clock.digits > 0,
      let days = days(month: month, day: day, clock: clock.seconds)
    else { return nil }
    let match = local(days: days, clock: clock, kind: .none, separator: 0)
    var end = match.end
    if let bracket = line.firstIndex(of: 0x5D, in: end..<min(line.count, end + 128)) {
      end = bracket + 1
    }
    return LeadingTime(
      match: match, severity: LevelWords.severity(letter: letter), levelEnd: end)
  }

  /// `17/06/09 20:10:40` (Spark): year, month, day.
  private mutating func shortYear(_ line: Span<UInt8>, at start: Int) -> TimeMatch? {
    guard line[start + 5] == 0x2F, line.byte(start + 8) == 0x20,
      let year = line.twoDigits(at: start),
      let month = line.twoDigits(at: start + 3), let day = line.twoDigits(at: start + 6),
      let days = Self.validDays(year: 2000 + year, month: month, day: day),
      let clock = Clock(line, at: start + 9)
    else { return nil }
    return zoned(line, days: days, clock: clock)
  }

  /// `03-17 16:13:38.811  1702  2395 D Tag: message` (logcat).
  private mutating func android(_ line: Span<UInt8>, at start: Int) -> LeadingTime? {
    guard line[start + 5] == 0x20, let month = line.twoDigits(at: start),
      let day = line.twoDigits(at: start + 3), let clock = Clock(line, at: start + 6),
      let days = days(month: month, day: day, clock: clock.seconds)
    else { return nil }
    let match = local(days: days, clock: clock, kind: .none, separator: 0)
    var index = match.end
    for _ in 0..<2 {
      index = line.skippingBlanks(index)
      while line.byte(index).isDigit { index += 1 }
    }
    index = line.skippingBlanks(index)
    guard line.byte(index + 1) == 0x20, let severity = LevelWords.severity(letter: line.byte(index))
    else { return LeadingTime(match: match) }
    return LeadingTime(match: match, severity: severity, levelEnd: index + 1)
  }

  /// `10.30 16:49:06` (Proxifier: month, day) and `30.10.2026 16:49:06`.
  private mutating func dotted(_ line: Span<UInt8>, at start: Int) -> TimeMatch? {
    guard let first = line.twoDigits(at: start), let second = line.twoDigits(at: start + 3) else {
      return nil
    }
    if line[start + 5] == 0x20 {
      guard let clock = Clock(line, at: start + 6),
        let days = days(month: first, day: second, clock: clock.seconds)
      else { return nil }
      return local(days: days, clock: clock, kind: .none, separator: 0)
    }
    guard line[start + 5] == 0x2E, let year = line.fourDigits(at: start + 6),
      line.byte(start + 10) == 0x20,
      let days = Self.validDays(year: year, month: second, day: first),
      let clock = Clock(line, at: start + 11)
    else { return nil }
    return zoned(line, days: days, clock: clock)
  }

  /// `081109 203615` (HDFS) and `081109 20:36:15`: year, month, day.
  private mutating func compact(_ line: Span<UInt8>, at start: Int) -> TimeMatch? {
    guard let year = line.twoDigits(at: start), let month = line.twoDigits(at: start + 2),
      let day = line.twoDigits(at: start + 4), line[start + 6] == 0x20,
      let days = Self.validDays(year: 2000 + year, month: month, day: day),
      let clock = Clock(line, at: start + 7) ?? Clock(compact: line, at: start + 7)
    else { return nil }
    return local(days: days, clock: clock, kind: .none, separator: 0)
  }

  /// Seconds or milliseconds since 1970 with 10 or 13 digits before the point.
  private func epoch(_ line: Span<UInt8>, at start: Int) -> TimeMatch? {
    var end = start
    while line.byte(end).isDigit, end < start + 20 { end += 1 }
    guard end - start == 10 || end - start == 13 else { return nil }
    if line.byte(end) == 0x2E, line.byte(end + 1).isDigit {
      end += 1
      while line.byte(end).isDigit { end += 1 }
    }
    guard !line.byte(end).isWord, line.byte(end) != 0x2E else { return nil }
    return EpochTime.read(line, start..<end)
  }
}
