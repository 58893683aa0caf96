// How long a request took, where a line of an access log says so.

extension AccessLog {
  /// Names that servers' manuals give the time of a request.
  private static let names = [
    " rt=", " request_time=", " duration=", " response_time=", " request_duration=",
  ]

  /// Microseconds; below 0 where the line does not say.
  ///
  /// That is what stands last: seconds with a point (nginx's `$request_time`), or a number with its unit
  /// (Traefik's `12ms`); or what has one of the usual names. A bare whole number may be anything.
  @inline(__always)
  static func duration(_ line: Span<UInt8>, from start: Int) -> Int64 {
    let end = line.textEnd
    guard start < end else { return -1 }
    let last = line.byte(end &- 1)
    // Most lines end in the quote behind a user agent that ends in no number.
    if last == 0x22, !line.byte(end &- 2).isDigit { return -1 }
    guard last == 0x22 || last.isDigit || last == 0x73 || last == 0x2D else { return -1 }
    return lastDuration(line, start..<end)
  }

  @inline(never)
  private static func lastDuration(_ line: Span<UInt8>, _ range: Range<Int>) -> Int64 {
    var end = range.upperBound
    let isQuoted = line[end - 1] == 0x22
    if isQuoted { end -= 1 }
    var begin = end
    while begin > range.lowerBound, isOfNumber(line[begin - 1]) { begin -= 1 }
    let before = line.byte(begin - (isQuoted ? 2 : 1))
    if isQuoted, line.byte(begin - 1) != 0x22 { return -1 }
    if before == 0x20, let value = microseconds(line, begin..<end) { return value }
    // `rt=0.123 uct="0.001" urt="0.120"`, or `rt=0.004 urt=-`.
    guard before == 0x3D || before == 0x20 || line[end - 1] == 0x2D else { return -1 }
    for name in names {
      guard var place = line.firstIndex(of: name, in: range).map({ $0 + name.utf8.count }) else {
        continue
      }
      if line.byte(place) == 0x22 { place += 1 }
      var stop = place
      while stop < range.upperBound, isOfNumber(line[stop]) { stop += 1 }
      if let value = microseconds(line, place..<stop) { return value }
    }
    return -1
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    byte.isDigit || byte == 0x2E || byte == 0x6D || byte == 0x73 || byte == 0x75
  }

  /// `0.123`, `1.5s`, `12ms`, `850us`; nil for a number that tells no unit.
  private static func microseconds(_ line: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    var index = range.lowerBound
    var whole: Int64 = 0
    while index < range.upperBound, line[index].isDigit, index - range.lowerBound < 9 {
      whole = whole * 10 + Int64(line[index] - 0x30)
      index += 1
    }
    guard index > range.lowerBound else { return nil }
    var millionths: Int64 = 0
    var scale: Int64 = 100_000
    let hasPoint = line.byte(index) == 0x2E && index < range.upperBound
    if hasPoint {
      index += 1
      let first = index
      while index < range.upperBound, line[index].isDigit {
        millionths += Int64(line[index] - 0x30) * scale
        scale /= 10
        index += 1
      }
      guard index > first else { return nil }
    }
    let unit = range.upperBound - index
    let total = whole * 1_000_000 + millionths
    if unit == 0 { return hasPoint ? total : nil }
    if unit == 1, line[index] == 0x73 { return total }
    guard unit == 2, line[index + 1] == 0x73 else { return nil }
    switch line[index] {
    case 0x6D: return total / 1000
    case 0x75: return total / 1_000_000
    default: return nil
    }
  }
}
