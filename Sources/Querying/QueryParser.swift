import LogModel
import RegularExpressions

/// Recursive descent over the query's bytes.
///
///     query   = all ("OR" all)*
///     all     = term (["AND"] term)*
///     term    = ("NOT" | "-") term | "(" query ")" | phrase | regex | word
///
/// Text that was pasted should be found: a parenthesis opens a group only where a term may begin and
/// inside a word it must balance (`main()`), `/` begins a pattern only if its partner ends a word
/// (`/usr/bin/env` is a path), `--flag` and a lone `-` are words.
struct QueryParser {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  private var termCount = 0

  static let lengthLimit = 10_000
  static let termLimit = 400
  static let depthLimit = 50

  static func parse(_ text: String) throws(QueryError) -> Expression {
    var parser = QueryParser(bytes: Array(text.utf8))
    guard parser.bytes.count <= lengthLimit else {
      throw QueryError(
        situation: .tooLong(limit: lengthLimit), range: lengthLimit..<parser.bytes.count)
    }
    parser.skipSpace()
    if parser.position == parser.bytes.count { return .everything }
    let expression = try parser.parseAny()
    if parser.position < parser.bytes.count {
      throw QueryError(
        situation: .unopenedParenthesis, range: parser.position..<parser.position + 1)
    }
    return expression
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  // MARK: Operators

  private mutating func parseAny() throws(QueryError) -> Expression {
    var branches = [try parseAll()]
    while let keyword = takeKeyword("OR") {
      guard termFollows else { throw missing("OR", keyword) }
      branches.append(try parseAll())
    }
    return branches.count == 1 ? branches[0] : .any(branches)
  }

  private mutating func parseAll() throws(QueryError) -> Expression {
    for name in ["OR", "AND"] {
      if let keyword = takeKeyword(name) { throw missing(name, keyword) }
    }
    var parts = [try parseTerm()]
    while true {
      if let keyword = takeKeyword("AND") {
        guard termFollows else { throw missing("AND", keyword) }
      } else if !termFollows {
        break
      }
      parts.append(try parseTerm())
    }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func parseTerm() throws(QueryError) -> Expression {
    termCount += 1
    guard termCount <= Self.termLimit else {
      throw QueryError(
        situation: .tooManyTerms(limit: Self.termLimit), range: position..<bytes.count)
    }
    if let keyword = takeKeyword("NOT") {
      guard termFollows else { throw missing("NOT", keyword) }
      return try nested { parser throws(QueryError) in .not(try parser.parseTerm()) }
    }
    switch bytes[position] {
    case UInt8(ascii: "-") where negates:
      position += 1
      return try nested { parser throws(QueryError) in .not(try parser.parseTerm()) }
    case UInt8(ascii: "("): return try parseGroup()
    case UInt8(ascii: "\""):
      let phrase = try parsePhrase()
      skipSpace()
      return .text(TextTerm(phrase))
    case UInt8(ascii: "/"):
      if let regex = try parseRegex() { return regex }
      return try parseWord()
    default: return try parseWord()
    }
  }

  private mutating func parseGroup() throws(QueryError) -> Expression {
    let open = position
    position += 1
    skipSpace()
    if peek == UInt8(ascii: ")") {
      throw QueryError(situation: .emptyParentheses, range: open..<position + 1)
    }
    guard peek != nil else {
      throw QueryError(situation: .unclosedParenthesis, range: open..<open + 1)
    }
    let inner = try nested { parser throws(QueryError) in try parser.parseAny() }
    guard peek == UInt8(ascii: ")") else {
      throw QueryError(situation: .unclosedParenthesis, range: open..<open + 1)
    }
    position += 1
    skipSpace()
    return inner
  }

  private mutating func nested(
    _ parse: (inout QueryParser) throws(QueryError) -> Expression
  ) throws(QueryError) -> Expression {
    guard depth < Self.depthLimit else {
      throw QueryError(situation: .tooDeep(limit: Self.depthLimit), range: position..<position + 1)
    }
    depth += 1
    defer { depth -= 1 }
    return try parse(&self)
  }

  // MARK: Terms

  /// The text between quotes; `\"` and `\\` stand for the second character.
  private mutating func parsePhrase() throws(QueryError) -> String {
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
  private mutating func parseRegex() throws(QueryError) -> Expression? {
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

  private mutating func parseWord() throws(QueryError) -> Expression {
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
    case "error", "session":
      throw QueryError(situation: .unsupported(field: name), range: whole)
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

  // MARK: Bytes

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// Whether a term can begin here: neither the end, nor `)`, nor `OR` stands here.
  private var termFollows: Bool {
    guard let byte = peek, byte != UInt8(ascii: ")") else { return false }
    return !isKeyword("OR")
  }

  /// Whether the `-` that stands here is an operator.
  private var negates: Bool {
    position + 1 < bytes.count && !endsTerm(position + 1)
      && bytes[position + 1] != UInt8(ascii: "-")
  }

  private func isKeyword(_ keyword: String) -> Bool {
    bytes[position...].starts(with: keyword.utf8) && endsTerm(position + keyword.utf8.count, "(")
  }

  private mutating func takeKeyword(_ keyword: String) -> Range<Int>? {
    guard isKeyword(keyword) else { return nil }
    let start = position
    position += keyword.utf8.count
    let end = position
    skipSpace()
    return start..<end
  }

  private func missing(_ name: String, _ range: Range<Int>) -> QueryError {
    QueryError(situation: .missingTerm(operator: name), range: range)
  }

  private func endsTerm(_ index: Int, _ also: Unicode.Scalar = ")") -> Bool {
    index >= bytes.count || isSpace(bytes[index]) || bytes[index] == UInt8(ascii: ")")
      || bytes[index] == UInt8(ascii: also)
  }

  private func wordEnd(from start: Int) -> Int {
    var index = start
    var open = 0
    while index < bytes.count, !isSpace(bytes[index]) {
      if bytes[index] == UInt8(ascii: "(") { open += 1 }
      if bytes[index] == UInt8(ascii: ")") {
        if open == 0 { break }
        open -= 1
      }
      index += 1
    }
    return index
  }

  private mutating func skipSpace() {
    while let byte = peek, isSpace(byte) { position += 1 }
  }
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

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
