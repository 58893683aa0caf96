/// Bytes for people: `999 B`, `1.2 kB`, `34 MB` (powers of 1,000).
package struct ByteCount: Sendable, CustomStringConvertible {
  package var bytes: Int64

  package init(_ bytes: Int64) { self.bytes = bytes }

  package var description: String {
    scaled(Double(bytes), by: 1000, units: ["B", "kB", "MB", "GB", "TB", "PB"])
  }
}

/// A length of time for people: `850 ms`, `3.4 s`, `2 min 5 s`, `1 h 20 min`, `3 d 4 h`.
package struct ElapsedTime: Sendable, CustomStringConvertible {
  package var microseconds: Int64

  package init(microseconds: Int64) { self.microseconds = microseconds }

  package var description: String {
    let sign = microseconds < 0 ? "-" : ""
    let length = microseconds.magnitude
    if length < 1_000_000 {
      let text = scaled(Double(length), by: 1000, units: ["µs", "ms"])
      return sign + (text == "1000 ms" ? "1.0 s" : text)
    }
    if length < 59_950_000 { return sign + rounded(Double(length) / 1_000_000) + " s" }
    let seconds = (length + 500_000) / 1_000_000
    let steps: [(size: UInt64, unit: String)] = [(86400, "d"), (3600, "h"), (60, "min"), (1, "s")]
    let first = steps.firstIndex { seconds >= $0.size } ?? 3
    let whole = seconds / steps[first].size
    let text = "\(whole) \(steps[first].unit)"
    let part = first < 3 ? seconds % steps[first].size / steps[first + 1].size : 0
    return sign + (part == 0 ? text : "\(text) \(part) \(steps[first + 1].unit)")
  }
}

/// Dollars to the millionth, `0.005625`, `1234.500000`, or to the billionth.
func money(_ dollars: Double, isFine: Bool = false) -> String {
  let scale: UInt64 = isFine ? 1_000_000_000 : 1_000_000
  let parts = (dollars * Double(scale)).rounded()
  // Beyond that a double has no such parts.
  guard abs(parts) < 9e15 else { return dollars.description }
  let number = Int64(parts)
  let fraction = String(scale + number.magnitude % scale).dropFirst()
  return "\(number < 0 ? "-" : "")\(number.magnitude / scale).\(fraction)"
}

/// One decimal below ten, none above: with the largest unit that leaves at least one.
private func scaled(_ number: Double, by step: Double, units: [String]) -> String {
  var value = number
  var unit = 0
  while abs(value) >= step - 0.5, unit < units.count - 1 {
    value /= step
    unit += 1
  }
  return (unit == 0 ? String(Int64(value)) : rounded(value)) + " " + units[unit]
}

private func rounded(_ value: Double) -> String {
  let tenths = (value * 10).rounded()
  if abs(tenths) >= 100 { return String(Int64(value.rounded())) }
  return "\(Int64(tenths) / 10).\(abs(Int64(tenths)) % 10)"
}
