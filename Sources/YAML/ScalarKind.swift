/// What a scalar is under YAML 1.2's core schema.
///
/// Two readings that differ between YAML 1.1 and 1.2 are refused rather than guessed: `yes`, `no`, `on`
/// and `off` are text, and so is a number with a leading zero (`0640` is 416 in 1.1, 640 in 1.2).
enum ScalarKind: Equatable {
  case null
  case truth(Bool)
  /// Its digits, without prefix; the sign is kept.
  case integer(digits: String, radix: Int)
  case float(Double)
  case text
}

extension Node.ScalarContent {
  var kind: ScalarKind {
    guard isPlain else { return .text }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .truth(true)
    case "false", "False", "FALSE": return .truth(false)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .float(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
    case ".nan", ".NaN", ".NAN": return .float(.nan)
    default: return number ?? .text
    }
  }

  private var number: ScalarKind? {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] where text.hasPrefix(prefix) {
      let digits = text.dropFirst(2)
      let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { isDigit($0, radix: radix) }
      return isNumber ? .integer(digits: String(digits), radix: radix) : nil
    }
    var rest = text.utf8[...]
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    let whole = takeDigits(&rest)
    if whole > 1, text.utf8.first(where: { isDigit($0, radix: 10) }) == UInt8(ascii: "0") {
      return nil
    }
    if rest.isEmpty { return whole > 0 ? .integer(digits: text, radix: 10) : nil }
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      fraction = takeDigits(&rest)
    }
    guard whole + fraction > 0 else { return nil }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest.removeFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
      guard takeDigits(&rest) > 0 else { return nil }
    }
    guard rest.isEmpty else { return nil }
    return Double(text).map(ScalarKind.float)
  }
}

private func takeDigits(_ rest: inout Substring.UTF8View) -> Int {
  let before = rest.count
  rest = rest.drop { isDigit($0, radix: 10) }
  return before - rest.count
}

private func isDigit(_ byte: UInt8, radix: Int) -> Bool {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0")) < radix
  case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): radix == 16
  default: false
  }
}
