import LogModel

/// What a file's times need to become instants.
///
/// That is a zone for those that show none and a moment for those without a year. It also remembers
/// the last date and offset, so that a line costs its clock digits; what it remembers changes no
/// result, `previous` excepted.
package struct TimeContext: Sendable {
  package let zone: Zone
  /// Microseconds since 1970: a time without a year lies at most 26 hours after it, as late as
  /// possible.
  package let reference: Int64
  /// The instant of the line before.
  ///
  /// When the clock was set back, a time shown twice means the
  /// later instant once its earlier one would step back by more than ten seconds.
  package var previous: Int64?

  /// The latest civil second that a time without a year can mean.
  let latestCivil: Int64
  var isoDate = CachedDate()
  var apacheDate = CachedDate()
  var syslogDate = CachedYearlessDate()
  var lastSuffix = CachedSuffix()
  let zulu = ZoneSuffix(text: TimeLayout.Suffix("Z") ?? .init(), count: 1)
  private var unambiguous: Range<Int64> = 0..<0
  private var offset: Int32 = 0

  package init(zone: Zone, reference: Int64) {
    self.zone = zone
    self.reference = reference
    let years0To9999 = -62_167_219_200_000_000...253_402_300_799_000_000 as ClosedRange<Int64>
    let clamped = min(max(reference, years0To9999.lowerBound), years0To9999.upperBound)
    let seconds = floorDivided(clamped, by: 1_000_000)
    latestCivil = seconds &+ 26 * 3600 &+ Int64(zone.offset(at: seconds))
  }

  /// The date whose text stood in the last line, and its days since 1970.
  struct CachedDate {
    var low: UInt64 = 0
    /// No text has this value, so that an empty cache matches nothing.
    var high = UInt64.max
    var days = 0
  }

  /// A month and a day, in the latest year in which they can lie and in the one before that.
  struct CachedYearlessDate {
    var key = -1
    var days = 0
    var earlierDays = 0
  }

  struct CachedSuffix {
    var word: UInt64 = 0
    var value = ZoneSuffix()
  }

  /// Seconds east of UTC of a zone-less time; `civil` counts its seconds as if it were UTC.
  @inline(__always)
  mutating func offset(civil: Int64) -> Int32 {
    unambiguous.contains(civil) ? offset : lookedUpOffset(civil: civil)
  }

  private mutating func lookedUpOffset(civil: Int64) -> Int32 {
    let reading = zone.reading(civil: civil)
    if let later = reading.laterOffset, let previous {
      let earlier = (civil - Int64(reading.offset)) * 1_000_000
      if previous > earlier + 10_000_000, previous - earlier <= 7_200_000_000 { return later }
    }
    if !reading.unambiguous.isEmpty {
      unambiguous = reading.unambiguous
      offset = reading.offset
    }
    return reading.offset
  }

  /// The days since 1970 of a date without a year, as late as `latestCivil` allows.
  mutating func days(month: Int, day: Int, clock: Int) -> Int? {
    let key = month * 32 + day
    if key != syslogDate.key {
      guard (1...12).contains(month), day >= 1, day <= CivilTime.daysIn(month: month, year: 2000)
      else { return nil }
      let latest = CivilTime(microseconds: latestCivil * 1_000_000).year
      var candidates: [Int] = []
      var year = latest
      while candidates.count < 2, year > latest - 12 {
        let days = CivilTime.days(year: year, month: month, day: day)
        if day <= CivilTime.daysIn(month: month, year: year), Int64(days) * 86_400 <= latestCivil {
          candidates.append(days)
        }
        year -= 1
      }
      guard candidates.count == 2 else { return nil }
      syslogDate = CachedYearlessDate(
        key: key, days: candidates[0], earlierDays: candidates[1])
    }
    let isPossible = Int64(syslogDate.days) &* 86_400 &+ Int64(clock) <= latestCivil
    return isPossible ? syslogDate.days : syslogDate.earlierDays
  }

  /// The instant of a date and a clock in the context's zone, its layout where `kind` has one.
  @inline(__always)
  mutating func local(
    days: Int, clock: Clock, kind: TimeLayout.Kind, separator: UInt8
  ) -> TimeMatch {
    let civil = Int64(days) &* 86_400 &+ Int64(clock.seconds)
    let offset = offset(civil: civil)
    return TimeMatch(
      days: days, clock: clock, kind: kind, separator: separator, offset: offset, suffix: .init(),
      end: clock.end)
  }
}

/// A time read from a line.
struct TimeMatch {
  /// Microseconds since 1970 UTC.
  var time: Int64
  /// Behind its last byte.
  var end: Int
  /// Renders to the bytes from where the reading began to `renderedEnd`, or is `.none`.
  var layout: TimeLayout
  /// Behind the sixth digit of a longer fraction, else `end`.
  var renderedEnd: Int

  /// The instants that SQLite's `date()` and `%` can write: from 1970 to the end of year 9999.
  private static let endOfTime: UInt64 = 253_402_300_800_000_000

  init(time: Int64, end: Int) {
    self.init(time: time, end: end, layout: .none, renderedEnd: end)
  }

  init(time: Int64, end: Int, layout: TimeLayout, renderedEnd: Int) {
    self.time = time
    self.end = end
    self.layout = layout
    self.renderedEnd = renderedEnd
  }

  @inline(__always)
  init(
    days: Int, clock: Clock, kind: TimeLayout.Kind, separator: UInt8, offset: Int32,
    suffix: TimeLayout.Suffix, end: Int
  ) {
    time =
      (Int64(days) &* 86_400 &+ Int64(clock.seconds) &- Int64(offset)) &* 1_000_000
      &+ Int64(clock.microsecond)
    self.end = end
    renderedEnd = end
    layout = .none
    guard kind != .none, !clock.isLeapSecond, UInt64(bitPattern: time) < Self.endOfTime else {
      return
    }
    let isCut = clock.digits > 6
    if isCut { renderedEnd = clock.end &- (clock.digits &- 6) }
    layout = TimeLayout(
      kind: kind, separator: separator, point: clock.point,
      digits: isCut ? 6 : UInt8(clock.digits), offsetSeconds: offset,
      suffix: isCut ? .init() : suffix)
  }
}

func floorDivided(_ value: Int64, by divisor: Int64) -> Int64 {
  let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
  return remainder < 0 ? quotient - 1 : quotient
}
