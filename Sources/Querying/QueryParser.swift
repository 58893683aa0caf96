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
  let bytes: [UInt8]
  var position = 0
  private var depth = 0
  private var termCount = 0

  static let lengthLimit = 10_000
  static let termLimit = 400
  /// SQLite's parser has a stack of 100, of which each depth takes up to six.
  static let depthLimit = 12

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

  // MARK: Bytes

  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

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

  func endsTerm(_ index: Int, _ also: Unicode.Scalar = ")") -> Bool {
    index >= bytes.count || isSpace(bytes[index]) || bytes[index] == UInt8(ascii: ")")
      || bytes[index] == UInt8(ascii: also)
  }

  func wordEnd(from start: Int) -> Int {
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

  mutating func skipSpace() {
    while let byte = peek, isSpace(byte) { position += 1 }
  }
}

func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
