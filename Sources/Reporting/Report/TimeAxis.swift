import LogModel

/// Equal intervals of time, on round times of UTC; weeks begin on Monday.
package struct TimeAxis: Sendable, Equatable {
  /// Microseconds since 1970.
  package let start: Int64
  /// Microseconds.
  package let width: Int64
  package let count: Int

  private static let minute: Int64 = 60_000_000
  private static let day: Int64 = 86_400_000_000
  private static let week: Int64 = 7 * day
  /// From minutes to weeks; longer ones are twice as long each.
  private static let widths: [Int64] =
    [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map { $0 * minute }

  /// The shortest intervals, of `least` minutes or more, of which at most `limit` cover the range.
  package init(since: Int64, until: Int64, limit: Int, least: Int64 = 1) {
    var steps = Self.widths.makeIterator()
    var width = Self.minute
    while let next = steps.next() ?? Optional(width * 2) {
      width = next
      if width >= least * Self.minute, Self.count(since, until, width) <= limit { break }
    }
    self.width = width
    start = Self.floor(since, width)
    count = Self.count(since, until, width)
  }

  /// Which interval an instant lies in; the nearest for one outside.
  package func index(of instant: Int64) -> Int {
    max(0, min(count - 1, Int((instant - start) / width)))
  }

  package func time(_ index: Int) -> Int64 { start + Int64(index) * width }

  private static func count(_ since: Int64, _ until: Int64, _ width: Int64) -> Int {
    Int((max(until, since + 1) - 1 - floor(since, width)) / width) + 1
  }

  private static func floor(_ instant: Int64, _ width: Int64) -> Int64 {
    // 1970 began on a Thursday.
    let origin = width >= week ? 4 * day : 0
    let behind = (instant - origin) % width
    return instant - (behind < 0 ? behind + width : behind)
  }

  /// Round times for labels, at most `limit`, with their places as parts of the whole axis.
  func ticks(limit: Int) -> [(place: Double, label: String)] {
    let end = time(count)
    var steps = Self.widths.filter { $0 >= width }.makeIterator()
    var step = width
    while let next = steps.next() ?? Optional(step * 2) {
      step = next
      if (end - start) / step < limit { break }
    }
    var ticks: [(place: Double, label: String)] = []
    var instant = Self.floor(start, step)
    if instant < start { instant += step }
    while instant < end {
      ticks.append((Double(instant - start) / Double(end - start), label(instant, step)))
      instant += step
    }
    return ticks
  }

  private func label(_ instant: Int64, _ step: Int64) -> String {
    let text = Instant.text(instant)
    if step < Self.day, !text.dropFirst(11).hasPrefix("00:00") {
      return String(text.dropFirst(11).prefix(5))
    }
    let isLong = time(count) - start > 300 * Self.day
    return isLong ? String(text.prefix(10)) : String(text.dropFirst(5).prefix(5))
  }

  /// An interval in words, for people who point at it.
  func name(_ index: Int) -> String {
    let text = Instant.text(time(index))
    if width >= Self.day { return String(text.prefix(10)) }
    return text.prefix(10) + " " + text.dropFirst(11).prefix(5)
  }

  /// How long so many intervals are: `5 min`, `1 h`, `7 d`.
  func widthText(_ intervals: Int = 1) -> String {
    let minutes = width / Self.minute * Int64(intervals)
    if minutes % 1440 == 0 { return "\(minutes / 1440) d" }
    return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes) min"
  }
}

/// Round values from 0 on that reach to a maximum: 1, 2 or 5 times a power of ten apart.
struct ValueAxis {
  let top: Double
  let ticks: [Double]

  init(maximum: Double, isWhole: Bool) {
    guard maximum > 0, maximum.isFinite else {
      (top, ticks) = (1, [0, 1])
      return
    }
    var power = 1.0
    while power * 10 <= maximum { power *= 10 }
    while power > maximum { power /= 10 }
    var step = power
    for factor in [0.2, 0.5, 1, 2] {
      step = power * factor
      if maximum / step <= 4.5 { break }
    }
    if isWhole { step = max(1, step) }
    let count = max(1, (maximum / step).rounded(.up))
    top = step * count
    ticks = (0...Int(count)).map { Double($0) * step }
  }
}
