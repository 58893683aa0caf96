import Querying
import SQLite
import TestSupport
import Testing

struct LiteralCase: Sendable, CustomTestStringConvertible {
  var pattern: String
  var expected: String?
  var testDescription: String { pattern }

  init(_ pattern: String, _ expected: String?) {
    self.pattern = pattern
    self.expected = expected
  }
}

private let cases = [
  LiteralCase("timeout", "timeout"),
  LiteralCase("^GET /api/.* 500$", "GET /api/"),
  LiteralCase("took [0-9]+ seconds", " seconds"),
  LiteralCase(#"a\.b\[c"#, "a.b[c"),
  LiteralCase(#"\d{3} failed"#, " failed"),
  LiteralCase("abcd?e", "abc"),
  LiteralCase("abcd+e", "abcd"),
  LiteralCase("abcd{0,3}efgh", "efgh"),
  LiteralCase("abcd{x|y}", nil),
  LiteralCase("abc{xefghi", "xefghi"),
  LiteralCase(#"[\c]]abcd"#, nil),
  LiteralCase("日本語*", nil),
  LiteralCase("日本語+", "日本語"),
  LiteralCase("(abc)?defg(x|y)", "defg"),
  LiteralCase(#"(\(abc)?defg"#, "defg"),
  LiteralCase("([)a]bc)?defg", "defg"),
  LiteralCase("[]abc]defg", "defg"),
  LiteralCase(#"[\]abc]defg"#, "defg"),
  LiteralCase("abc|def", nil),
  LiteralCase("(?:abc|def)", nil),
  LiteralCase("(?i)abc", nil),
  LiteralCase("(?x)a b c", nil),
  LiteralCase("(*UCP)abc", nil),
  LiteralCase(#"\Qa?bc\E"#, nil),
  LiteralCase(#"\x41bcd"#, nil),
  LiteralCase(#"\p{Lu}bcd"#, nil),
  LiteralCase("[[:alpha:]]bcd", nil),
  LiteralCase("ab", nil),
  LiteralCase("", nil),
]

@Test(arguments: cases)
func `a regular expression is preceded by a text it cannot do without`(
  _ example: LiteralCase
) throws {
  let condition = try #require(SearchQuery(.regex(example.pattern)).condition)
  let literal = example.expected.map { text in
    text.replacing("[", with: "[[]").replacing("*", with: "[*]").replacing("?", with: "[?]")
  }
  let exact = "message REGEXP '\(example.pattern)'"
  #expect(condition == (literal.map { "message GLOB '*\($0)*' AND " } ?? "") + exact)
}

/// Random patterns over two letters, compared with REGEXP alone on every short text.
@Test func `the text in front never hides a match`() throws {
  let seed: UInt64 = 99
  var random = SeededRandom(seed: seed)
  let pieces = [
    "a", "a", "b", "b", "ab", "aab", ".", "a*", "b?", "a+", "(ab)?", "(a|b)", "[ab]", "[^a]",
    "b{2}", "{a|b}", "a{",
    "a{0,1}", "(?:ba)*", #"\w"#, "^", "$", "a+?", "b*+", "(?=a)", "(?!b)", "|",
  ]
  let connection = try Connection(path: ":memory:", mode: .create)
  try registerFunctions(on: connection)
  try connection.execute(
    """
    CREATE TABLE log(message TEXT);
    WITH RECURSIVE word(message) AS (
      SELECT '' UNION ALL SELECT message || letter FROM word, (SELECT 'a' AS letter UNION SELECT 'b')
      WHERE length(message) < 8
    ) INSERT INTO log SELECT message FROM word;
    """)
  var filtered = 0
  for _ in 0..<500 {
    let pattern = (0..<Int.random(in: 1...6, using: &random))
      .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    guard let query = try? SearchQuery.parse("/\(pattern)/"), let condition = query.condition
    else { continue }
    if condition.hasPrefix("message GLOB") { filtered += 1 }
    let bare = try connection.integer(
      "SELECT count(*) FROM log WHERE message REGEXP '\(pattern)'")
    #expect(try connection.integer(query.countSQL) == bare, "seed \(seed): \(condition)")
  }
  #expect(filtered > 20)
}
