import LogModel
import Querying
import SQLite
import TestSupport
import Testing

/// Random queries over hostile lines: the stock shell, this program's own SQLite and the definition
/// of the language have to find the same rows in the same order.
@Test(arguments: [UInt64(1), 20_260_201])
func `the shell and this program find what the language says`(seed: UInt64) throws {
  var random = SeededRandom(seed: seed)
  let rows = (0..<400).map { hostileRow(Int64($0), &random) }
  let queries = (0..<300).map { _ in randomQuery(&random) }
  var script = createLog(rows)
  for query in queries { script += answerSQL(query) + ";\n" }
  let answers = shell(script)
  try #require(answers.count == queries.count)
  let connection = try Connection(path: ":memory:", mode: .create)
  try registerFunctions(on: connection)
  try connection.execute(createLog(rows))
  var found = 0
  for (query, answer) in zip(queries, answers) {
    let expected = naiveAnswer(query, rows)
    if !expected.isEmpty { found += 1 }
    #expect(answer == expected, "seed \(seed): \(query)\n\(answerSQL(query))")
    let own = try connection.text(answerSQL(query))
    #expect(own == expected, "seed \(seed): \(query)\n\(answerSQL(query))")
  }
  #expect(found > 100, "seed \(seed): too few queries find anything")
}

/// Less what only the virtual table understands, and what finds no line by itself.
func answerSQL(_ query: SearchQuery) -> String {
  let rows = query.rowsSQL(columns: ["id"]).replacing(#/attributes MATCH '[^']*' AND /#, with: "")
  return "SELECT coalesce(group_concat(id, ' '), '') FROM (\(rows))"
}

func naiveAnswer(_ query: SearchQuery, _ rows: [LogRow]) -> String {
  let search = NaiveSearch(ignoresCase: query.ignoresCase, regexes: regexMeanings)
  let matches = rows.filter { row in
    row.time >= query.since ?? .min && row.time < query.until ?? .max
      && query.minimumLevel.map { level in row.level.map { $0 >= level } ?? false } ?? true
      && (query.sources.isEmpty || query.sources.contains(row.source))
      && search.matches(query.expression, row)
  }.sorted { ($0.time, $0.id) > ($1.time, $1.id) }
  return matches.prefix(query.limit ?? .max).map { "\($0.id)" }.joined(separator: " ")
}

private let words = [
  "foo", "Foo", "bar", "foobar", "foo_bar", "é", "éfoo", "日本", "c++", "[x]", "a*b", "a?b", "50%",
  "it's", "10.0.0.1", "\\", "\\d", "{1}", "$", "^a", "a|b", "(b)", "\"", "`", "-", "a-b",
  "status:500",
  "agent:main:7", "x=1", "\u{7F}", "\u{1}", "K", "k", "İ", "_", "__", "500", "]", "~", "@", "/",
]
private let separators = [" ", " ", " ", "", "\n", "\t", ".", "_", "\r\n", "é", ":", "'"]

/// Patterns whose meaning can be said without a regular expression.
private let regexMeanings: [String: @Sendable (String) -> Bool] = [
  "fo+b": { text in text.split(separator: "b").dropLast().isEmpty ? false : matchesFoB(text) },
  "^foo|bar$": { text in
    Array(text.utf8).starts(with: "foo".utf8)
      || Array(text.utf8.reversed()).starts(with: "rab".utf8)
  },
  #"\x60"#: { text in text.utf8.contains(0x60) },
  "^.$": { text in text.unicodeScalars.count == 1 },
  "[0-9][0-9]": { text in
    zip(text.utf8, text.utf8.dropFirst()).allSatisfy { !(isDigit($0) && isDigit($1)) } == false
  },
]

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

private func matchesFoB(_ text: String) -> Bool {
  let bytes = Array(text.utf8)
  for start in bytes.indices where bytes[start] == UInt8(ascii: "f") {
    var index = start + 1
    while index < bytes.count, bytes[index] == UInt8(ascii: "o") { index += 1 }
    if index > start + 1, index < bytes.count, bytes[index] == UInt8(ascii: "b") { return true }
  }
  return false
}

private func hostileRow(_ index: Int64, _ random: inout SeededRandom) -> LogRow {
  let count = Int.random(in: 0...6, using: &random)
  var message = ""
  for _ in 0..<count {
    message += words.randomElement(using: &random) ?? ""
    message += separators.randomElement(using: &random) ?? ""
  }
  var attributes: String?
  var fields: [String: FieldValue] = [:]
  switch Int.random(in: 0..<6, using: &random) {
  case 0:
    message += " status=500 ok=true"
    attributes = #"{"status":500,"ok":true,"a.b":"Foo"}"#
    fields = [
      "status": .number(500, text: "500"), "ok": .boolean(true), "a.b": .text("Foo"),
    ]
    message += " Foo"
  case 1:
    message += #" {"status":"500","a":{"b":"it's"},"took":1.5}"#
    attributes = #"{"status":"500","a":{"b":"it's"},"took":1.5}"#
    fields = [
      "status": .text("500"), "a.b": .text("it's"), "took": .number(1.5, text: "1.5"),
    ]
  case 2:
    message += " took=12ms status=xx"
    attributes = #"{"took":"12ms","status":"xx"}"#
    fields = ["took": .text("12ms"), "status": .text("xx")]
  default: break
  }
  return LogRow(
    id: (index % 3 + 1) << 36 | index, time: Int64.random(in: 0..<50, using: &random) * 1_000_000,
    level: Severity(rawValue: UInt8.random(in: 0...6, using: &random)),
    source: ["web", "db", "it's"][Int(index % 3)], pattern: index % 5, message: message,
    attributes: attributes, fields: fields)
}

private func randomQuery(_ random: inout SeededRandom) -> SearchQuery {
  var query = SearchQuery(randomExpression(depth: 2, &random))
  query.ignoresCase = Bool.random(using: &random) && !usesRegex(query.expression)
  if Int.random(in: 0..<4, using: &random) == 0 { query.since = 10_000_000 }
  if Int.random(in: 0..<4, using: &random) == 0 { query.until = 40_000_000 }
  if Int.random(in: 0..<6, using: &random) == 0 { query.minimumLevel = .info }
  if Int.random(in: 0..<6, using: &random) == 0 { query.sources = ["web", "it's"] }
  if Int.random(in: 0..<3, using: &random) == 0 { query.limit = 5 }
  return query
}

private func usesRegex(_ expression: Expression) -> Bool {
  switch expression {
  case .regex: true
  case .all(let parts), .any(let parts): parts.contains(where: usesRegex)
  case .not(let inner): usesRegex(inner)
  default: false
  }
}

private func randomExpression(depth: Int, _ random: inout SeededRandom) -> Expression {
  if depth > 0 {
    let parts = { (random: inout SeededRandom) in
      (0..<2).map { _ in randomExpression(depth: depth - 1, &random) }
    }
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return .all(parts(&random))
    case 1, 2: return .any(parts(&random))
    case 3: return .not(randomExpression(depth: depth - 1, &random))
    default: break
    }
  }
  switch Int.random(in: 0..<16, using: &random) {
  case 0: return .level(Severity.allCases.randomElement(using: &random) ?? .info)
  case 1: return .source(["web", "d*", "it's"].randomElement(using: &random) ?? "")
  case 2: return .pattern(Int64.random(in: 0..<6, using: &random))
  case 3: return .regex(regexMeanings.keys.sorted().randomElement(using: &random) ?? "")
  case 4:
    let name = ["status", "took", "a.b", "none"].randomElement(using: &random) ?? ""
    let comparison: FieldTest.Comparison =
      [.less, .lessOrEqual, .greater, .greaterOrEqual].randomElement(using: &random) ?? .less
    let operand = ["500", "1.5", "-1", "12"].randomElement(using: &random) ?? ""
    return .field(name, .compares(comparison, operand))
  case 5, 6:
    let name = ["status", "took", "a.b", "ok", "agent"].randomElement(using: &random) ?? ""
    let value =
      ["500", "1.5", "foo", "Foo", "it's", "true", "main:7", "12ms", "5"]
      .randomElement(using: &random) ?? ""
    if Int.random(in: 0..<3, using: &random) == 0 { return .field(name, .exactly(value)) }
    return .field(name, .value(randomTerm(value, &random)))
  case 7: return .field(["status", "ok", "none"].randomElement(using: &random) ?? "", .exists)
  default:
    var literal = words.randomElement(using: &random) ?? ""
    if Int.random(in: 0..<4, using: &random) == 0 {
      literal += separators.randomElement(using: &random) ?? ""
      literal += words.randomElement(using: &random) ?? ""
    }
    return .text(randomTerm(literal, &random))
  }
}

private func randomTerm(_ literal: String, _ random: inout SeededRandom) -> TextTerm {
  switch Int.random(in: 0..<8, using: &random) {
  case 0: TextTerm(literal, opensLeft: true)
  case 1: TextTerm(literal, opensRight: true)
  case 2: TextTerm(literal, opensLeft: true, opensRight: true)
  default: TextTerm(literal)
  }
}
