import LogModel

/// A zone's rule in the form of the `TZ` variable (POSIX.1, with the extensions of RFC 8536), such
/// as `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule: Equatable {
  /// Seconds east of UTC.
  var standard: Int32
  var summer: Summer?

  struct Summer: Equatable {
    var offset: Int32
    var begin: Change
    var end: Change
  }

  struct Change: Equatable {
    enum Day: Equatable {
      /// The n-th weekday of a month, 5 for the last; weekdays count from Sunday = 0.
      case weekday(month: Int, week: Int, day: Int)
      /// 1 to 365; 29 February is never counted.
      case julian(Int)
      /// 0 to 365.
      case ofYear(Int)
    }

    var day: Day
    /// Seconds of the day on the clock before the change.
    var time = 7200

    /// The change in civil seconds, counted as if they were UTC.
    func seconds(year: Int) -> Int64 {
      let days: Int
      switch day {
      case .weekday(let month, let week, let weekday):
        let first = CivilTime.days(year: year, month: month, day: 1)
        let firstWeekday = ((first + 4) % 7 + 7) % 7
        var dayOfMonth = 1 + (weekday - firstWeekday + 7) % 7 + 7 * (week - 1)
        if dayOfMonth > CivilTime.daysIn(month: month, year: year) { dayOfMonth -= 7 }
        days = first + dayOfMonth - 1
      case .julian(let number):
        let isLeap = CivilTime.daysIn(month: 2, year: year) == 29
        days =
          CivilTime.days(year: year, month: 1, day: 1) + number - 1
          + (isLeap && number >= 60 ? 1 : 0)
      case .ofYear(let number):
        days = CivilTime.days(year: year, month: 1, day: 1) + number
      }
      return Int64(days) * 86_400 + Int64(time)
    }
  }

  init?(_ text: [UInt8]) {
    var reader = Reader(text: text)
    guard reader.name(), let west = reader.clock() else { return nil }
    standard = Int32(-west)
    if reader.isAtEnd { return }
    guard reader.name() else { return nil }
    var offset = standard + 3600
    if reader.peek != 0x2C, !reader.isAtEnd {
      guard let west = reader.clock() else { return nil }
      offset = Int32(-west)
    }
    if reader.isAtEnd {
      // Without a rule, the United States' is meant.
      summer = Summer(
        offset: offset, begin: Change(day: .weekday(month: 3, week: 2, day: 0)),
        end: Change(day: .weekday(month: 11, week: 1, day: 0)))
      return
    }
    guard let begin = reader.change(), let end = reader.change(), reader.isAtEnd else { return nil }
    summer = Summer(offset: offset, begin: begin, end: end)
  }

  private struct Reader {
    var text: [UInt8]
    var index = 0

    var isAtEnd: Bool { index >= text.count }
    var peek: UInt8 { isAtEnd ? 0 : text[index] }

    mutating func skip(_ byte: UInt8) -> Bool {
      guard peek == byte, !isAtEnd else { return false }
      index += 1
      return true
    }

    mutating func name() -> Bool {
      let start = index
      if skip(0x3C) {
        while !isAtEnd, peek != 0x3E { index += 1 }
        return skip(0x3E)
      }
      while peek.isLetter { index += 1 }
      return index - start >= 3
    }

    mutating func number() -> Int? {
      let start = index
      var value = 0
      while peek.isDigit, index - start < 4 {
        value = value * 10 + Int(peek - 0x30)
        index += 1
      }
      return index > start ? value : nil
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func clock() -> Int? {
      let isNegative = skip(0x2D)
      if !isNegative { _ = skip(0x2B) }
      guard let hours = number(), hours <= 167 else { return nil }
      var seconds = hours * 3600
      for unit in [60, 1] where skip(0x3A) {
        guard let value = number(), value < 60 else { return nil }
        seconds += value * unit
      }
      return isNegative ? -seconds : seconds
    }

    mutating func change() -> Change? {
      guard skip(0x2C) else { return nil }
      var change: Change
      if skip(0x4D) {
        guard let month = number(), skip(0x2E), let week = number(), skip(0x2E), let day = number(),
          (1...12).contains(month), (1...5).contains(week), day <= 6
        else { return nil }
        change = Change(day: .weekday(month: month, week: week, day: day))
      } else if skip(0x4A) {
        guard let number = number(), (1...365).contains(number) else { return nil }
        change = Change(day: .julian(number))
      } else {
        guard let number = number(), number <= 365 else { return nil }
        change = Change(day: .ofYear(number))
      }
      if skip(0x2F) {
        guard let time = clock() else { return nil }
        change.time = time
      }
      return change
    }
  }
}
