import LogModel

/// The time of a record as usage records write it.
enum EventTime {
  struct Reading {
    /// Microseconds since 1970.
    var time: Int64
    /// False for a clock without a zone, which is read as one of UTC.
    var isZoned: Bool
  }

  /// An ISO 8601 time, or a number of seconds, milliseconds, microseconds or nanoseconds, from 1970
  /// to 9999; nil for anything else.
  static func read(_ line: Span<UInt8>, _ member: Member) -> Reading? {
    let range = member.range
    let isClock = range.count >= 19 && line[range.lowerBound + 4] == 0x2D
    let reading =
      isClock ? iso(line, range) : epoch(line, range).map { Reading(time: $0, isZoned: true) }
    guard let reading, (0..<endOfTime).contains(reading.time) else { return nil }
    return reading
  }

  /// The first instant that has no four-digit year.
  private static let endOfTime: Int64 = 253_402_300_800_000_000

  private static func iso(_ line: Span<UInt8>, _ range: Range<Int>) -> Reading? {
    let start = range.lowerBound
    guard let year = digits(line, start, 4), let month = digits(line, start + 5, 2),
      let day = digits(line, start + 8, 2), let hour = digits(line, start + 11, 2),
      let minute = digits(line, start + 14, 2), let second = digits(line, start + 17, 2),
      line[start + 7] == 0x2D, line[start + 13] == 0x3A, line[start + 16] == 0x3A,
      line[start + 10] | 0x20 == 0x74 || line[start + 10] == 0x20
    else { return nil }
    var index = start + 19
    var microsecond = 0
    if index < range.upperBound, line[index] == 0x2E || line[index] == 0x2C {
      let point = index
      index += 1
      var scale = 100_000
      while index < range.upperBound, line[index].isDigit {
        microsecond += Int(line[index] - 0x30) * scale
        scale /= 10
        index += 1
      }
      guard index > point + 1 else { return nil }
    }
    guard let offset = offset(line, index..<range.upperBound) else { return nil }
    // A leap second is the second before it.
    let civil = CivilTime(
      year: year, month: month, day: day, hour: hour, minute: minute, second: min(second, 59),
      microsecond: microsecond)
    guard civil.isValid, second <= 60 else { return nil }
    return Reading(
      time: civil.microseconds - Int64(offset) * 1_000_000, isZoned: index < range.upperBound)
  }

  /// Seconds east of Greenwich of what stands behind a clock: nothing, `Z`, `+01:00`, `+0100`, `+01`.
  private static func offset(_ line: Span<UInt8>, _ range: Range<Int>) -> Int? {
    guard let first = range.first else { return 0 }
    if line[first] | 0x20 == 0x7A { return range.count == 1 ? 0 : nil }
    let sign = line[first] == 0x2B ? 1 : line[first] == 0x2D ? -1 : 0
    guard sign != 0, range.count >= 3, let hours = digits(line, first + 1, 2), hours < 24 else {
      return nil
    }
    switch range.count {
    case 3: return sign * hours * 3600
    case 5, 6:
      guard range.count == 5 || line[first + 3] == 0x3A,
        let minutes = digits(line, range.upperBound - 2, 2), minutes < 60
      else { return nil }
      return sign * (hours * 3600 + minutes * 60)
    default: return nil
    }
  }

  private static func digits(_ line: Span<UInt8>, _ start: Int, _ count: Int) -> Int? {
    guard start + count <= line.count else { return nil }
    var value = 0
    for index in start..<start + count {
      guard line[index].isDigit else { return nil }
      value = value * 10 + Int(line[index] - 0x30)
    }
    return value
  }

  /// From 2001 on; smaller numbers are counters and durations.
  private static func epoch(_ line: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    var whole: Int64 = 0
    var index = range.lowerBound
    while index < range.upperBound, line[index].isDigit {
      guard index - range.lowerBound < 18 else {
        // Nanoseconds: the last digits are below a microsecond.
        return range.count == 19 ? whole / 100 : nil
      }
      whole = whole * 10 + Int64(line[index] - 0x30)
      index += 1
    }
    let count = index - range.lowerBound
    var fraction: Int64 = 0
    if index < range.upperBound {
      guard line[index] == 0x2E, count == 10 || count == 13 else { return nil }
      var scale: Int64 = 100_000
      index += 1
      while index < range.upperBound {
        guard line[index].isDigit else { return nil }
        fraction += Int64(line[index] - 0x30) * scale
        scale /= 10
        index += 1
      }
    }
    switch count {
    case 10: return whole * 1_000_000 + fraction
    case 13: return whole * 1000 + fraction / 1000
    case 16: return whole
    default: return nil
    }
  }
}
