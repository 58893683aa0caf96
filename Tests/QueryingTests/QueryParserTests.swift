import LogModel
import Querying
import TestSupport
import Testing

struct ParseCase: Sendable, CustomTestStringConvertible {
  var query: String
  var expected: Expression
  var testDescription: String { query }

  init(_ query: String, _ expected: Expression) {
    self.query = query
    self.expected = expected
  }
}

private func word(_ literal: String) -> Expression { .text(TextTerm(literal)) }

private let cases = [
  ParseCase("", .everything),
  ParseCase(" \t", .everything),
  ParseCase("*", .everything),
  ParseCase("a b", .all([word("a"), word("b")])),
  ParseCase("a AND b", .all([word("a"), word("b")])),
  ParseCase("a b OR c", .any([.all([word("a"), word("b")]), word("c")])),
  ParseCase("a (b OR c)", .all([word("a"), .any([word("b"), word("c")])])),
  ParseCase("a and or not", .all(["a", "and", "or", "not"].map(word))),
  ParseCase("ORDER ANDROID NOTE", .all(["ORDER", "ANDROID", "NOTE"].map(word))),
  ParseCase("a -b", .all([word("a"), .not(word("b"))])),
  ParseCase("NOT a b", .all([.not(word("a")), word("b")])),
  ParseCase("-(a OR b)", .not(.any([word("a"), word("b")]))),
  ParseCase("a - b", .all([word("a"), word("-"), word("b")])),
  ParseCase("--verbose", word("--verbose")),
  ParseCase(#""a phrase" b"#, .all([word("a phrase"), word("b")])),
  ParseCase(#""say \"hi\" \\ \n""#, word(#"say "hi" \ \n"#)),
  ParseCase("foo*", .text(TextTerm("foo", opensRight: true))),
  ParseCase("*foo", .text(TextTerm("foo", opensLeft: true))),
  ParseCase("*foo*", .text(TextTerm("foo", opensLeft: true, opensRight: true))),
  ParseCase(#"/a\/b [c-d]/"#, .regex("a/b [c-d]")),
  ParseCase(#"(/a\\/)"#, .regex(#"a\\"#)),
  ParseCase("/usr/bin/env", word("/usr/bin/env")),
  ParseCase("GET /index", .all([word("GET"), word("/index")])),
  ParseCase("main()", word("main()")),
  ParseCase("(main() x)", .all([word("main()"), word("x")])),
  ParseCase("10.0.0.1:8080", word("10.0.0.1:8080")),
  ParseCase("12:34:56", word("12:34:56")),
  ParseCase("https://example.com/a", word("https://example.com/a")),
  ParseCase("a=b foo.bar key:", .all([word("a=b"), word("foo.bar"), word("key:")])),
  ParseCase("status:500", .field("status", .value(TextTerm("500")))),
  ParseCase(
    "agent:main:discord:1465", .field("agent", .value(TextTerm("main:discord:1465")))),
  ParseCase("path:/api*", .field("path", .value(TextTerm("/api", opensRight: true)))),
  ParseCase("path:*", .field("path", .exists)),
  ParseCase(#"user:"two words" x"#, .all([.field("user", .exactly("two words")), word("x")])),
  ParseCase("@t.x-y>=1.5", .field("@t.x-y", .compares(.greaterOrEqual, "1.5"))),
  ParseCase("n<-5e3", .field("n", .compares(.less, "-5e3"))),
  ParseCase("level:warn", .level(.warn)),
  ParseCase("source:web*", .source("web*")),
  ParseCase("pattern:4503599627370495", .pattern(4_503_599_627_370_495)),
  ParseCase("session:agent:main:1*", .session(.like("agent:main:1*"))),
  ParseCase(#"session:"a b*""#, .session(.exactly("a b*"))),
  ParseCase("<div>", word("<div>")),
  ParseCase("日本 naïve", .all([word("日本"), word("naïve")])),
]

@Test(arguments: cases)
func `a query becomes an expression`(_ example: ParseCase) throws {
  #expect(try SearchQuery.parse(example.query).expression == example.expected)
}

struct ErrorCase: Sendable, CustomTestStringConvertible {
  var query: String
  var expected: String
  var testDescription: String { query }

  init(_ query: String, _ expected: String) {
    self.query = query
    self.expected = expected
  }
}

private let errorCases = [
  ErrorCase(
    "foo (bar OR baz",
    """
    this parenthesis is never closed
      |
    1 | foo (bar OR baz
      |     ^
    hint: put text in quotes to search for it as it is
    """),
  ErrorCase(
    "foo) bar",
    """
    this parenthesis was never opened
      |
    1 | foo) bar
      |    ^
    hint: put text in quotes to search for it as it is
    """),
  ErrorCase(
    "foo () bar",
    """
    nothing stands between these parentheses
      |
    1 | foo () bar
      |     ^^
    hint: put text in quotes to search for it as it is
    """),
  ErrorCase(
    "foo OR",
    """
    OR lacks something to search for
      |
    1 | foo OR
      |     ^^
    hint: put text in quotes to search for it as it is
    """),
  ErrorCase(
    "(OR foo)",
    """
    OR lacks something to search for
      |
    1 | (OR foo)
      |  ^^
    hint: put text in quotes to search for it as it is
    """),
  ErrorCase(
    "日本 \"two words",
    """
    this phrase has no closing quote
      |
    1 | 日本 "two words
      |      ^^^^^^^^^^
    hint: write \\" for a quote inside a phrase
    """),
  ErrorCase(
    "a\t\"\"",
    """
    this phrase is empty
      |
    1 | a ""
      |   ^^
    """),
  ErrorCase(
    "GET fo*bar",
    """
    a star stands only at the start or at the end of a word
      |
    1 | GET fo*bar
      |       ^
    hint: put the word in quotes, or write a regular expression: /a.*b/
    """),
  ErrorCase(
    "status:500 took>12ms",
    """
    took is compared with something that is not a number
      |
    1 | status:500 took>12ms
      |            ^^^^^^^^^
    hint: put the text in quotes to search for it as it is
    """),
  ErrorCase(
    "level:warning x",
    """
    there is no level 'warning'
      |
    1 | level:warning x
      |       ^^^^^^^
    hint: trace, debug, info, warn, error, fatal
    """),
  ErrorCase(
    "pattern:E12",
    """
    'E12' is not the id of a pattern
      |
    1 | pattern:E12
      |         ^^^
    hint: logbook sql 'SELECT id, pattern FROM patterns' lists the ids
    """),
  ErrorCase(
    #"x /a\/(b/"#,
    """
    bad regular expression: missing closing parenthesis
      |
    1 | x /a\\/(b/
      |         ^
    """),
  ErrorCase(
    "-error:boom",
    """
    'boom' is not the id of an error
      |
    1 | -error:boom
      |        ^^^^
    hint: logbook errors lists the ids
    """),
]

@Test(arguments: errorCases)
func `an error points at the text`(_ example: ErrorCase) throws {
  let error = #expect(throws: QueryError.self) { _ = try SearchQuery.parse(example.query) }
  let thrown = try #require(error)
  var text = thrown.message + "\n" + thrown.snippet(of: example.query)
  if let hint = thrown.hint { text += "\nhint: \(hint)" }
  #expect(text == example.expected)
}

struct LimitCase: Sendable {
  var query: String
  var expected: QueryError.Situation
}

@Test(arguments: [
  LimitCase(query: String(repeating: "(", count: 5000), expected: .tooDeep(limit: 12)),
  LimitCase(query: String(repeating: "-(", count: 60), expected: .tooDeep(limit: 12)),
  LimitCase(query: String(repeating: "NOT ", count: 60) + "a", expected: .tooDeep(limit: 12)),
  LimitCase(query: String(repeating: "a ", count: 401), expected: .tooManyTerms(limit: 400)),
  LimitCase(query: String(repeating: "a", count: 10_001), expected: .tooLong(limit: 10_000)),
])
func `what would exhaust the parser or SQLite is refused`(_ example: LimitCase) {
  let error = #expect(throws: QueryError.self) { _ = try SearchQuery.parse(example.query) }
  #expect(error?.situation == example.expected)
}

@Test func `any text either parses or fails with an error inside it`() {
  let pieces = [
    "a", "é", "*", "\"", "/", "\\", "(", ")", "-", ":", "<", ">=", "5", " ", "OR", "NOT", "AND",
    "x", ".", "[", "level:", "field:", "\0", "日",
  ]
  var random = SeededRandom(seed: 7)
  for _ in 0..<3000 {
    let query = (0..<Int.random(in: 0..<12, using: &random))
      .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    do throws(QueryError) {
      _ = try SearchQuery.parse(query)
    } catch {
      #expect(error.range.lowerBound <= query.utf8.count, "\(query.debugDescription)")
      #expect(!error.snippet(of: query).isEmpty)
    }
  }
}
