import LogModel
import RegularExpressions

// Phrases, patterns, words and fields: what a query is made of between its operators.

extension QueryParser {
  /// The text between quotes; `\"` and `\\` stand for the second character.
  mutating func parsePhrase() throws(QueryError) -> String {
    let open = position
    var content: [UInt8] = []
    position += 1
    while let byte = peek {
      position += 1
      if byte == UInt8(ascii: "\"") {
        guard !content.isEmpty else {
          throw QueryError(situation: .emptyPhrase, range: open..<position)
        }
        return literal(content[...])
      }
      if byte == UInt8(ascii: "\\"), let next = peek, next == byte || next == UInt8(ascii: "\"") {
        content.append(next)
        position += 1
      } else {
        content.append(byte)
      }
    }
    throw QueryError(situation: .unclosedPhrase, range: open..<bytes.count)
  }

  /// Nil, and nothing read, when what stands here is no pattern but a path.
  mutating func parseRegex() throws(QueryError) -> Expression? {
    var end = position + 1
    while end < bytes.count, bytes[end] != UInt8(ascii: "/") {
      end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard end < bytes.count, end > position + 1, endsTerm(end + 1) else { return nil }
    let start = position + 1
    var pattern: [UInt8] = []
    var origins: [Int] = []
    var index = start
    while index < end {
      if bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "/") { index += 1 }
      pattern.append(bytes[index])
      origins.append(index)
      // Both bytes of an escape, lest `\\/` be taken for an escaped slash.
      if bytes[index] == UInt8(ascii: "\\"), index + 1 < end {
        index += 1
        pattern.append(bytes[index])
        origins.append(index)
      }
      index += 1
    }
    let text = literal(pattern[...])
    do throws(RegularExpressionError) {
      _ = try RegularExpression(text)
    } catch {
      let offset = if case .invalidPattern(_, let offset) = error { offset } else { 0 }
      let message = if case .invalidPattern(let message, _) = error { message } else { "\(error)" }
      let place = offset < origins.count ? origins[offset] : end
      throw QueryError(situation: .invalidRegex(message: message), range: place..<place + 1)
    }
    position = end + 1
    skipSpace()
    return .regex(text)
  }

  mutating func parseWord() throws(QueryError) -> Expression {
    let start = position
    if let field = try parseField() {
      skipSpace()
      return field
    }
    position = start
    let end = wordEnd(from: start)
    position = end
    skipSpace()
    return try textTerm(start..<end).map { .text($0) } ?? .everything
  }

  /// `name:value`, `name<number` and the like; nil when a plain word stands here.
  private mutating func parseField() throws(QueryError) -> Expression? {
    let start = position
    var index = start
    while index < bytes.count, isNameByte(bytes[index], first: index == start) { index += 1 }
    guard index > start, index < bytes.count else { return nil }
    let name = literal(bytes[start..<index])
    switch bytes[index] {
    case UInt8(ascii: ":"):
      let valueStart = index + 1
      if valueStart < bytes.count, bytes[valueStart] == UInt8(ascii: "\"") {
        position = valueStart
        let value = try parsePhrase()
        return try fieldTest(name, value, quoted: true, start..<position, valueStart)
      }
      let end = wordEnd(from: start)
      guard valueStart < end, !bytes[valueStart..<end].starts(with: "//".utf8) else { return nil }
      position = end
      return try fieldTest(
        name, literal(bytes[valueStart..<end]), quoted: false, start..<end, valueStart)
    case UInt8(ascii: "<"), UInt8(ascii: ">"):
      var symbol = [bytes[index]]
      if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "=") {
        symbol.append(UInt8(ascii: "="))
      }
      let end = wordEnd(from: start)
      let operand = literal(bytes[min(index + symbol.count, end)..<end])
      guard let comparison = FieldTest.Comparison(rawValue: literal(symbol[...])),
        isNumber(operand)
      else { throw QueryError(situation: .notANumber(field: name), range: start..<end) }
      position = end
      return .field(name, .compares(comparison, operand))
    default: return nil
    }
  }

  private func fieldTest(
    _ name: String, _ value: String, quoted: Bool, _ whole: Range<Int>, _ valueStart: Int
  ) throws(QueryError) -> Expression {
    let valueRange = valueStart..<whole.upperBound
    switch name {
    case "level":
      guard let level = Severity(name: value) else {
        throw QueryError(situation: .unknownLevel(value), range: valueRange)
      }
      return .level(level)
    case "source": return .source(value)
    case "pattern":
      guard let id = Int64(value) else {
        throw QueryError(situation: .notAPatternID(value), range: valueRange)
      }
      return .pattern(id)
    case "session": return .session(quoted ? .exactly(value) : .like(value))
    case "error":
      guard let id = Int64(value) else {
        throw QueryError(situation: .notAnErrorID(value), range: valueRange)
      }
      return .error(id)
    default:
      if quoted { return .field(name, .exactly(value)) }
      guard let term = try textTerm(valueRange) else { return .field(name, .exists) }
      return .field(name, .value(term))
    }
  }

  /// A word less the stars at its ends; nil when it consists of stars.
  private func textTerm(_ range: Range<Int>) throws(QueryError) -> TextTerm? {
    let star = UInt8(ascii: "*")
    var (lower, upper) = (range.lowerBound, range.upperBound)
    while lower < upper, bytes[lower] == star { lower += 1 }
    while lower < upper, bytes[upper - 1] == star { upper -= 1 }
    if lower == upper { return nil }
    if let inside = bytes[lower..<upper].firstIndex(of: star) {
      throw QueryError(situation: .starInside, range: inside..<inside + 1)
    }
    return TextTerm(
      literal(bytes[lower..<upper]), opensLeft: lower > range.lowerBound,
      opensRight: upper < range.upperBound)
  }
}

private func isNameByte(_ byte: UInt8, first: Bool) -> Bool {
  switch byte {
  case 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "@"): true
  case 0x30...0x39, UInt8(ascii: "."), UInt8(ascii: "-"): !first
  default: false
  }
}

/// The text of a part of the query; a NUL becomes U+2400, as it does in a stored message.
private func literal(_ bytes: ArraySlice<UInt8>) -> String {
  let text = String(decoding: bytes, as: UTF8.self)
  return bytes.contains(0)
    ? String(text.unicodeScalars.map { $0 == "\0" ? "\u{2400}" : Character($0) }) : text
}

/// A number that SQL reads as it was typed: digits, a fraction, an exponent.
private func isNumber(_ text: String) -> Bool {
  var rest = Substring(text)
  if rest.first == "-" { rest.removeFirst() }
  guard takeDigits(&rest) else { return false }
  if rest.first == "." {
    rest.removeFirst()
    guard takeDigits(&rest) else { return false }
  }
  if rest.first == "e" || rest.first == "E" {
    rest.removeFirst()
    if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
    guard takeDigits(&rest) else { return false }
  }
  return rest.isEmpty
}

/// False when no digit, or more than a 64-bit integer holds, stands at the start.
private func takeDigits(_ text: inout Substring) -> Bool {
  let digits = text.prefix { ("0"..."9").contains($0) && $0.isASCII }
  text.removeFirst(digits.count)
  return (1...18).contains(digits.count)
}
