import LogModel

/// Times as people type them.
///
/// ISO 8601 (`2026-02-01`, `2026-02-01T10:00`, `2026-02-01 10:00:00.5+02:00`; without a zone it is
/// local), a length of time ago (`2h`, `1h30m`, `7d`), `now`, `today`, `yesterday`, a clock time of
/// today (`10:30`), and `@` with seconds, or milliseconds from 10^11 on, since 1970.
package struct TimeExpression {
  /// Microseconds since 1970 UTC.
  private let now: Int64
  /// Seconds east of UTC that hold at an instant in microseconds.
  private let offset: (Int64) -> Int

  package init(now: Int64, offset: @escaping (Int64) -> Int) {
    self.now = now
    self.offset = offset
  }

  /// Microseconds since 1970 UTC.
  package static func parse(
    _ text: String, now: Int64, offset: @escaping (Int64) -> Int
  ) throws(TimeError) -> Int64 {
    guard let time = TimeExpression(now: now, offset: offset).time(text) else {
      throw .notATime(text)
    }
    return time
  }

  private func time(_ text: String) -> Int64? {
    switch text {
    case "now": return now
    case "today": return midnight(daysAgo: 0)
    case "yesterday": return midnight(daysAgo: 1)
    default: break
    }
    if text.hasPrefix("@") { return epoch(text) }
    if let ago = try? Interval.parse(text) { return now - ago.seconds * 1_000_000 }
    var scanner = Digits(text)
    if let clock = clockToday(&scanner) { return clock }
    scanner = Digits(text)
    return iso(&scanner)
  }

  private func midnight(daysAgo: Int64) -> Int64 {
    let local = CivilTime(microseconds: now + Int64(offset(now)) * 1_000_000)
    let day = CivilTime(year: local.year, month: local.month, day: local.day)
    // Days of civil time: one of 23 or 25 hours counts as a day.
    return instant(day.microseconds - daysAgo * 86_400_000_000)
  }

  /// The instant of a civil time, given as if it were UTC.
  ///
  /// A time that a change of the clocks skips or repeats is read by one of the two offsets.
  private func instant(_ civil: Int64) -> Int64 {
    let guess = civil - Int64(offset(civil)) * 1_000_000
    return civil - Int64(offset(guess)) * 1_000_000
  }

  private func epoch(_ text: String) -> Int64? {
    var scanner = Digits(text)
    guard scanner.take("@") else { return nil }
    let sign: Int64 = scanner.take("-") ? -1 : 1
    guard let whole = scanner.number(1...15) else { return nil }
    let isMilliseconds = whole >= 100_000_000_000
    var fraction = 0
    if scanner.take(".") {
      guard let digits = scanner.fraction() else { return nil }
      fraction = digits
    }
    guard scanner.isAtEnd else { return nil }
    let microseconds =
      isMilliseconds
      ? Int64(whole) * 1000 + Int64(fraction / 1000) : Int64(whole) * 1_000_000 + Int64(fraction)
    return sign * microseconds
  }

  private func clockToday(_ scanner: inout Digits) -> Int64? {
    guard let clock = scanner.clock(), scanner.isAtEnd else { return nil }
    let local = CivilTime(microseconds: now + Int64(offset(now)) * 1_000_000)
    let day = CivilTime(year: local.year, month: local.month, day: local.day)
    return instant(day.microseconds + clock)
  }

  private func iso(_ scanner: inout Digits) -> Int64? {
    guard let year = scanner.number(4...4), scanner.take("-"), let month = scanner.number(2...2),
      scanner.take("-"), let day = scanner.number(2...2)
    else { return nil }
    let date = CivilTime(year: year, month: month, day: day)
    guard date.isValid else { return nil }
    if scanner.isAtEnd { return instant(date.microseconds) }
    guard scanner.take("T") || scanner.take("t") || scanner.take(" "), let clock = scanner.clock()
    else { return nil }
    let civil = date.microseconds + clock
    if scanner.isAtEnd { return instant(civil) }
    guard let zone = scanner.zone(), scanner.isAtEnd else { return nil }
    return civil - Int64(zone) * 1_000_000
  }
}

/// Reads fixed pieces of a time from the left.
private struct Digits {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = Substring(text).utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  mutating func number(_ width: ClosedRange<Int>) -> Int? {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    guard width.contains(digits.count) else { return nil }
    rest.removeFirst(digits.count)
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  /// Microseconds; further digits are cut.
  mutating func fraction() -> Int? {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    guard !digits.isEmpty else { return nil }
    rest.removeFirst(digits.count)
    let kept = digits.prefix(6)
    var value = kept.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    for _ in kept.count..<6 { value *= 10 }
    return value
  }

  /// `HH:MM`, `HH:MM:SS` with a fraction or without; microseconds since midnight.
  mutating func clock() -> Int64? {
    guard let hour = number(2...2), hour < 24, take(":"), let minute = number(2...2), minute < 60
    else { return nil }
    var microseconds = Int64(hour * 3600 + minute * 60) * 1_000_000
    guard take(":") else { return microseconds }
    guard let second = number(2...2), second < 60 else { return nil }
    microseconds += Int64(second) * 1_000_000
    guard take(".") || take(",") else { return microseconds }
    guard let fraction = fraction() else { return nil }
    return microseconds + Int64(fraction)
  }

  /// `Z`, `+02`, `+0200` or `+02:00`; seconds east.
  mutating func zone() -> Int? {
    if take("Z") || take("z") { return 0 }
    let sign = take("+") ? 1 : take("-") ? -1 : 0
    guard sign != 0 else { return nil }
    let hours: Int
    let minutes: Int
    if let both = number(4...4) {
      (hours, minutes) = (both / 100, both % 100)
    } else {
      guard let first = number(2...2) else { return nil }
      hours = first
      minutes = take(":") ? number(2...2) ?? 60 : 0
    }
    guard hours <= 18, minutes < 60 else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }
}
