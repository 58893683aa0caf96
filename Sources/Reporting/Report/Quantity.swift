import LogModel

/// A value of a report, with what it measures.
package enum Quantity: Sendable, Equatable {
  package enum Unit: String, Sendable { case count, share, bytes, milliseconds, dollars, number }

  case none
  case text(String)
  case count(Int64)
  /// A part of one.
  case share(Double)
  case bytes(Int64)
  case milliseconds(Double)
  /// In billionths.
  case dollars(nano: Int64)
  case number(Double)
  /// Microseconds since 1970.
  case time(Int64)
  /// How it went, by equal intervals.
  case course([Double])
  /// By how much it is more than before, as a part of that; nil where there was nothing before.
  case change(Double?)

  /// The difference from `earlier` to `now`.
  package static func change(_ now: Int64, from earlier: Int64) -> Quantity {
    earlier == 0
      ? now == 0 ? .change(0) : .change(nil) : .change(Double(now - earlier) / Double(earlier))
  }

  /// What conditions compare: dollars, milliseconds, a share as a part of one.
  package var magnitude: Double? {
    switch self {
    case .count(let number), .bytes(let number): Double(number)
    case .share(let number), .milliseconds(let number), .number(let number): number
    case .dollars(let nano): Double(nano) / 1e9
    case .none, .text, .time, .course, .change: nil
    }
  }

  package var isNone: Bool { self == .none }

  /// For programs.
  var json: Value {
    switch self {
    case .none: .null
    case .text(let text): .text(text)
    case .count(let number), .bytes(let number): .integer(number)
    case .share(let number), .number(let number): .real(number)
    case .milliseconds(let number):
      number == number.rounded() && abs(number) < 9e15 ? .integer(Int64(number)) : .real(number)
    case .dollars(let nano): .real(Double(nano) / 1e9)
    case .time(let instant): .text(Instant.text(instant))
    case .course(let values):
      .json("[" + values.map { Self.plain($0) }.joined(separator: ",") + "]")
    case .change(let change): change.map { .real($0) } ?? .null
    }
  }

  static func plain(_ number: Double) -> String {
    guard number.isFinite else { return "null" }
    return number == number.rounded() && abs(number) < 9e15
      ? String(Int64(number)) : number.description
  }

  /// For people, on one line and without what a terminal acts upon.
  package var shown: String {
    switch self {
    case .none: ""
    case .text(let text): visibleLine(text)
    case .count(let number): grouped(number)
    case .share(let number): percent(number)
    case .bytes(let number): ByteCount(number).description
    case .milliseconds(let number): durationText(number)
    case .dollars(let nano): dollarText(nano)
    case .number(let number): rounded(number)
    case .time(let instant): minute(instant)
    case .course(let values): sparkline(values)
    case .change(let change?):
      change == 0
        ? "="
        : (change > 0 ? "+" : "−")
          + (abs(change) >= 10
            ? grouped(Int64(min(abs(change), 9e15)) + 1) + "×" : percent(abs(change)))
    case .change(nil): "new"
    }
  }
}

/// Digits in groups of three, with commas.
func grouped(_ number: Int64) -> String {
  let digits = String(number.magnitude)
  var result = number < 0 ? "−" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { result += "," }
    result.append(digit)
  }
  return result
}

/// `0.02 %`, `3.4 %`, `100 %`; what is not nothing does not look like it, nor like all.
func percent(_ share: Double) -> String {
  let percent = share * 100
  switch abs(percent) {
  case 0: return "0 %"
  case ..<0.01: return "<0.01 %"
  case ..<0.1: return decimals(percent, 2) + " %"
  case 99.95..<100: return ">99.9 %"
  case ..<99.95: return decimals(percent, 1) + " %"
  default: return decimals(percent, 0) + " %"
  }
}

/// With so many decimals, less zeros at the end.
func decimals(_ number: Double, _ count: Int) -> String {
  var scale = 1.0
  for _ in 0..<count { scale *= 10 }
  let scaled = (abs(number) * scale).rounded()
  guard scaled < 9e15 else { return number.description }
  let whole = Int64(scaled) / Int64(scale)
  var fraction = String(Int64(scale) + Int64(scaled) % Int64(scale)).dropFirst()
  while fraction.last == "0" { fraction = fraction.dropLast() }
  let sign = number < 0 && scaled > 0 ? "−" : ""
  return sign + (whole < 10_000 ? String(whole) : grouped(whole))
    + (fraction.isEmpty ? "" : "." + fraction)
}

private func rounded(_ number: Double) -> String {
  guard number.isFinite else { return "" }
  let size = abs(number)
  if size >= 1000 || size == number.rounded() { return decimals(number, size < 1e6 ? 1 : 0) }
  return decimals(number, size >= 100 ? 1 : size >= 1 ? 2 : size >= 0.001 ? 4 : 9)
}

/// `0.35 ms`, `202 ms`, `7.85 s`, from a minute on in two units.
private func durationText(_ number: Double) -> String {
  switch abs(number) {
  case 60_000...: ElapsedTime(microseconds: Int64(max(-9e12, min(number, 9e12)) * 1000)).description
  case 1000...: decimals(number / 1000, 2) + " s"
  case 0: "0"
  default: decimals(number, abs(number) < 10 ? 2 : abs(number) < 100 ? 1 : 0) + " ms"
  }
}

/// Cents from a dollar on, else down to the millionth.
func dollarText(_ nano: Int64) -> String {
  let sign = nano < 0 ? "−$" : "$"
  let amount = nano.magnitude
  if amount >= 1_000_000_000 {
    let cents = (amount + 5_000_000) / 10_000_000
    return sign + grouped(Int64(cents / 100)) + "." + String(100 + cents % 100).dropFirst()
  }
  if amount == 0 { return "$0" }
  let text = decimals(Double(amount) / 1e9, amount >= 10_000_000 ? 4 : 6)
  return text == "0" ? "<" + sign + "0.000001" : sign + text
}

/// A time to the minute, `2026-03-02 11:20`.
func minute(_ instant: Int64) -> String {
  let text = Instant.text(instant)
  return text.prefix(10) + " " + text.dropFirst(11).prefix(5)
}
