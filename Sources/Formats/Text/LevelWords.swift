import JSON
import LogModel

/// The words and numbers by which logs say how bad a record is.
enum LevelWords {
  /// Words that are also ordinary ones count only where nothing but a level can stand.
  private static let weak: UInt8 = 0x10

  static let table = KeyTable([
    ("trace", 1), ("finest", 1), ("finer", 1), ("verbose", 1 | weak), ("trc", 1),
    ("debug", 2), ("dbg", 2), ("fine", 2 | weak),
    ("info", 3), ("inf", 3 | weak), ("information", 3), ("informational", 3), ("notice", 3),
    ("note", 3 | weak), ("log", 3 | weak), ("system", 3 | weak), ("config", 3 | weak),
    ("default", 3 | weak), ("statement", 3 | weak), ("success", 3 | weak),
    ("warn", 4), ("warning", 4), ("wrn", 4),
    ("error", 5), ("err", 5), ("severe", 5), ("failure", 5 | weak), ("eror", 5 | weak),
    ("fatal", 6), ("critical", 6), ("crit", 6), ("alert", 6), ("emerg", 6), ("emergency", 6),
    ("panic", 6), ("dpanic", 6),
  ])

  /// The level that `range` spells, in any case; digits behind it (`DEBUG5`) do not matter.
  static func severity(_ line: Span<UInt8>, word range: Range<Int>) -> Severity? {
    var end = range.upperBound
    while end > range.lowerBound, line[end - 1].isDigit { end -= 1 }
    if end - range.lowerBound == 1 { return severity(letter: line[range.lowerBound]) }
    return Severity(rawValue: table.value(line, range.lowerBound..<end) & ~weak)
  }

  /// A word in running text: with the strength by which it says so.
  @inline(__always)
  static func found(_ line: Span<UInt8>, _ range: Range<Int>) -> (severity: Severity, isWeak: Bool)?
  {
    let value = table.value(line, range)
    guard value != 0, let severity = Severity(rawValue: value & ~weak) else { return nil }
    return (severity, value & weak != 0)
  }

  static func severity(letter: UInt8) -> Severity? {
    switch letter {
    case 0x54, 0x56: .trace  // T, V
    case 0x44: .debug
    case 0x49, 0x4E: .info  // I, N
    case 0x57: .warn
    case 0x45: .error
    case 0x46, 0x43: .fatal  // F, C
    default: nil
    }
  }

  /// 0 to 7 (RFC 5424 §6.2.1).
  static func severity(syslog number: Int) -> Severity? {
    switch number {
    case 0, 1, 2: .fatal
    case 3: .error
    case 4: .warn
    case 5, 6: .info
    case 7: .debug
    default: nil
    }
  }

  /// 10 to 60 in steps of ten (bunyan, pino), or 0 to 7 as in syslog (GELF, journald).
  static func severity(level number: Int) -> Severity? {
    switch number {
    case 0...7: severity(syslog: number)
    case 10...60: Severity(rawValue: UInt8(number / 10))
    default: nil
    }
  }

  /// 1 to 24, OpenTelemetry's.
  static func severity(openTelemetry number: Int) -> Severity? {
    (1...24).contains(number) ? Severity(rawValue: UInt8((number + 3) / 4)) : nil
  }

  /// An HTTP status; 0 is Envoy's for a request without an answer.
  static func severity(status: Int) -> Severity {
    switch status {
    case 0, 500..<600: .error
    case 400..<500: .warn
    default: .info
    }
  }
}
