import JSON
import LogModel

/// What a member's value says, in the ways that producers write it.
extension Span<UInt8> {
  /// A text or the digits of a number; nil for `null`, an empty text and `-`, which is Envoy's word
  /// for nothing.
  func text(_ member: Member?, most: Int = 1024) -> String? {
    guard let member, !member.isObject, !member.isArray else { return nil }
    var range = member.range
    if range.isEmpty || range.count == 1 && self[range.lowerBound] == 0x2D { return nil }
    if !member.isString {
      guard member.kind == 0x2D || member.kind.isDigit else { return nil }
    }
    if range.count > most { range = range.lowerBound..<range.lowerBound + most }
    return JSONText.unescaped(self, range)
  }

  /// Whether the value is exactly the text, which holds no escape.
  func equals(_ member: Member?, _ text: String) -> Bool {
    guard let member, member.isString, member.range.count == text.utf8.count else { return false }
    return hasPrefix(text, at: member.range.lowerBound)
  }

  func isTrue(_ member: Member?) -> Bool { member?.kind == 0x74 }

  func flag(_ member: Member?) -> Bool? {
    switch member?.kind {
    case 0x74: true
    case 0x66: false
    default: nil
    }
  }

  /// A whole number, also in quotes, with zeros behind a point or with an exponent.
  func number(_ member: Member?) -> Number {
    guard let member else { return .absent }
    switch member.kind {
    case 0x22, 0x2D, 0x30...0x39: break
    case 0x6E: return .absent
    default: return .invalid
    }
    var index = member.range.lowerBound
    let end = member.range.upperBound
    guard index < end else { return .absent }
    let isNegative = self[index] == 0x2D
    if isNegative {
      index += 1
      if index == end { return member.isString ? .absent : .invalid }
    }
    let start = index
    var value: Int64 = 0
    while index < end, self[index].isDigit {
      guard value <= 100_000_000_000_000_000 else { return .invalid }
      value = value * 10 + Int64(self[index] - 0x30)
      index += 1
    }
    guard index > start else { return .invalid }
    if index < end {
      guard let (whole, isWhole) = decimal(start..<end), isWhole else { return .invalid }
      value = whole
    }
    return .value(isNegative ? -value : value)
  }

  /// A number without a sign, rounded, and whether nothing was lost by that; nil for what is none, or
  /// is too large.
  private func decimal(_ range: Range<Int>) -> (value: Int64, isWhole: Bool)? {
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    var index = range.lowerBound
    while index < range.upperBound, self[index] | 0x20 != 0x65 {
      if self[index] == 0x2E, point == nil, index + 1 < range.upperBound {
        point = digits.count
      } else if self[index].isDigit, digits.count < 40 {
        digits.append(self[index] - 0x30)
      } else {
        return nil
      }
      index += 1
    }
    if index < range.upperBound {
      index += 1
      let isNegative = index < range.upperBound && self[index] == 0x2D
      if index < range.upperBound, isNegative || self[index] == 0x2B { index += 1 }
      guard (1...2).contains(range.upperBound - index) else { return nil }
      for place in index..<range.upperBound {
        guard self[place].isDigit else { return nil }
        exponent = exponent * 10 + Int(self[place] - 0x30)
      }
      if isNegative { exponent = -exponent }
    }
    let whole = (point ?? digits.count) + exponent
    var value: Int64 = 0
    for place in 0..<Swift.max(0, whole) {
      guard value <= 100_000_000_000_000_000 else { return nil }
      value = value * 10 + Int64(place < digits.count ? digits[place] : 0)
    }
    let rest = digits.dropFirst(Swift.max(0, whole))
    if whole >= 0, let first = rest.first, first >= 5 { value += 1 }
    return (value, rest.allSatisfy { $0 == 0 })
  }

  /// A duration in milliseconds, rounded; nil where there is none.
  func milliseconds(_ member: Member?) -> Int64? {
    switch number(member) {
    case .value(let value): return value >= 0 ? value : nil
    case .absent: return nil
    case .invalid:
      guard let member, member.isString || member.kind.isDigit else { return nil }
      return decimal(member.range)?.value
    }
  }

  /// Nil where there is no such number, for what is better absent than wrong.
  func integer(_ member: Member?) -> Int64? {
    if case .value(let value) = number(member), value >= 0 { return value }
    return nil
  }

  /// How many elements an array has; nil for anything else.
  func elementCount(_ member: Member?) -> Int64? {
    guard let member, member.isArray, var elements = JSONElements(self, at: member.range.lowerBound)
    else { return nil }
    var count: Int64 = 0
    while elements.next(self) { count += 1 }
    return count
  }
}

enum Number: Equatable {
  case absent
  case invalid
  case value(Int64)
}

extension UInt8 {
  var isDigit: Bool { self &- 0x30 <= 9 }
}
