import SQLite

/// A line that shows an error, as `error_chunk` holds it.
package struct ErrorEvent: Sendable, Equatable {
  package var logID: Int64
  /// `error_variant.id`.
  package var variant: Int64
  /// Microseconds since 1970.
  package var time: Int64
  /// Whether an earlier line shows the same event, which counts.
  package var isCopy = false

  package init(logID: Int64, variant: Int64, time: Int64) {
    self.logID = logID
    self.variant = variant
    self.time = time
  }
}

/// The rows of an `error_chunk` as JSON, see the schema; times are in `unit` from `start` on.
struct ErrorRows {
  /// How many events a chunk gets.
  static let maxCount = 8192

  static let units: [Int64] = [1_000_000, 1000, 1]

  let start: Int64
  let unit: Int64

  /// For events that are then written.
  init(of events: some Collection<ErrorEvent>) {
    let start = events.lazy.map(\.time).min() ?? 0
    self.start = start
    unit = Self.units.first { unit in events.allSatisfy { ($0.time &- start) % unit == 0 } } ?? 1
  }

  init(start: Int64, unit: Int64) {
    self.start = start
    self.unit = unit
  }

  func json(_ events: some Collection<ErrorEvent>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(events.count * 12)
    var (line, time) = (events.first?.logID ?? 0, start)
    for event in events {
      text.append(text.isEmpty ? UInt8(ascii: "[") : UInt8(ascii: ","))
      text.append(UInt8(ascii: "["))
      text.append(decimal: event.logID - line)
      text.append(UInt8(ascii: ","))
      text.append(decimal: event.variant)
      text.append(UInt8(ascii: ","))
      text.append(decimal: (event.time &- time) / unit)
      if event.isCopy { text += [UInt8(ascii: ","), UInt8(ascii: "1")] }
      text.append(UInt8(ascii: "]"))
      (line, time) = (event.logID, event.time)
    }
    text.append(UInt8(ascii: "]"))
    return text
  }

  /// Nil where `json` is nothing that `json(_:)` made.
  func events(_ json: Span<UInt8>, from first: Int64) -> [ErrorEvent]? {
    var events: [ErrorEvent] = []
    var (line, time) = (first, start)
    var position = 0
    func take(_ byte: UInt8) -> Bool {
      guard position < json.count, json[position] == byte else { return false }
      position += 1
      return true
    }
    func number() -> Int64? {
      let isNegative = take(UInt8(ascii: "-"))
      let begin = position
      var value: Int64 = 0
      while position < json.count, case let digit = json[position] &- 0x30, digit < 10 {
        value = value &* 10 &+ Int64(digit)
        position += 1
      }
      return position == begin ? nil : isNegative ? -value : value
    }
    guard take(UInt8(ascii: "[")) else { return nil }
    repeat {
      guard take(UInt8(ascii: "[")), let lines = number(), take(UInt8(ascii: ",")),
        let variant = number(), take(UInt8(ascii: ",")), let units = number()
      else { return nil }
      line &+= lines
      time &+= units &* unit
      var event = ErrorEvent(logID: line, variant: variant, time: time)
      if take(UInt8(ascii: ",")) {
        guard take(UInt8(ascii: "1")) else { return nil }
        event.isCopy = true
      }
      guard take(UInt8(ascii: "]")) else { return nil }
      events.append(event)
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]")) && position == json.count ? events : nil
  }
}
