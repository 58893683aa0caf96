/// The lines of the minutes of an hour, as `skeleton_minute` holds them.
struct MinuteCounts {
  private var lines = InlineArray<60, Int>(repeating: 0)

  /// `minute` counts from the beginning of the hour.
  mutating func add(_ count: Int, minute: Int) { lines[minute] += count }

  /// Adds what `text` returned.
  mutating func add(_ text: Span<UInt8>) {
    let isObject = !text.isEmpty && text[0] == UInt8(ascii: "{")
    var isMinute = isObject
    var minute = 0
    var index = 0
    while index < text.count {
      var number = 0
      let start = index
      while index < text.count, case let digit = text[index] &- UInt8(ascii: "0"), digit < 10 {
        number = number &* 10 &+ Int(digit)
        index += 1
      }
      if index == start {
        index += 1
      } else if isMinute {
        minute = number
        isMinute = false
      } else {
        if minute < lines.count { lines[minute] &+= number }
        minute &+= 1
        isMinute = isObject
      }
    }
  }

  /// The shorter one of a JSON array from the first minute to the last with lines, and of an object.
  var text: String {
    var (all, some) = (0, 0)
    var last = -1
    for minute in lines.indices where lines[minute] > 0 {
      all += 2 * (minute - last - 1) + 1
      some += minute < 10 ? 5 : 6
      last = minute
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(all, some) + 32)
    bytes.append(UInt8(ascii: all <= some ? "[" : "{"))
    if all <= some {
      for minute in 0..<last + 1 { Self.append(lines[minute], to: &bytes) }
    } else {
      for minute in lines.indices where lines[minute] > 0 {
        bytes.append(UInt8(ascii: "\""))
        Self.append(minute, to: &bytes)
        bytes[bytes.count - 1] = UInt8(ascii: "\"")
        bytes.append(UInt8(ascii: ":"))
        Self.append(lines[minute], to: &bytes)
      }
    }
    if last >= 0 { bytes.removeLast() }
    bytes.append(UInt8(ascii: all <= some ? "]" : "}"))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A number with a comma.
  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    if number < 10 {
      bytes.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number))
    } else {
      bytes.append(contentsOf: String(number).utf8)
    }
    bytes.append(UInt8(ascii: ","))
  }
}
