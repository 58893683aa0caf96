import LogModel
import Querying
import Testing

struct SQLCase: Sendable, CustomTestStringConvertible {
  var query: String
  var ignoresCase = false
  var expected: String?
  var testDescription: String { (ignoresCase ? "-i " : "") + query }
}

private let edge = #"[\x01-/:-@\[-^`{-\x7f]"#

private let cases = [
  SQLCase(query: "", expected: nil),
  SQLCase(
    query: "foo",
    expected: "message GLOB '*foo*' AND message REGEXP '(^|\(edge))foo($|\(edge))'"),
  SQLCase(query: "*fo'o*", expected: "message GLOB '*fo''o*'"),
  SQLCase(
    query: "foo*", expected: "message GLOB '*foo*' AND message REGEXP '(^|\(edge))foo'"),
  SQLCase(
    query: "[c++]", expected: "message GLOB '*[[]c++]*'"),
  SQLCase(
    query: "a?.b]",
    expected: #"message GLOB '*a[?].b]*' AND message REGEXP '(^|\#(edge))a\?\.b\]'"#),
  SQLCase(
    query: "a_1", ignoresCase: true,
    expected: "message LIKE '%a_1%' AND message REGEXP '(^|\(edge))[aA]_1($|\(edge))'"),
  SQLCase(
    query: "*50%*", ignoresCase: true, expected: "message LIKE '%50%%' AND message REGEXP '50%'"),
  SQLCase(query: "*Ab*", ignoresCase: true, expected: "message LIKE '%Ab%'"),
  SQLCase(query: "/a'|b$/", expected: "message REGEXP 'a''|b$'"),
  SQLCase(query: "/^a|b/", expected: "message REGEXP '(^a|b)'"),
  SQLCase(query: "/ab/", ignoresCase: true, expected: "regexpi('ab', message)"),
  SQLCase(
    query: "/user [0-9]+ left/",
    expected: "message GLOB '*user *' AND message REGEXP 'user [0-9]+ left'"),
  SQLCase(
    query: "/a_bc/", ignoresCase: true,
    expected: "message LIKE '%a_bc%' AND regexpi('a_bc', message)"),
  SQLCase(query: "/disk/", ignoresCase: true, expected: "regexpi('disk', message)"),
  SQLCase(query: "-*a*", expected: "(message GLOB '*a*') IS NOT TRUE"),
  SQLCase(
    query: "*a* OR *b* *c*",
    expected: "message GLOB '*a*' OR message GLOB '*b*' AND message GLOB '*c*'"),
  SQLCase(
    query: "*c* (*a* OR *b*)",
    expected: "message GLOB '*c*' AND (message GLOB '*a*' OR message GLOB '*b*')"),
  SQLCase(query: "level:error", expected: "level IN ('error', 'fatal')"),
  SQLCase(query: "source:web", expected: "source = 'web'"),
  SQLCase(query: "source:we*\u{358}", expected: "source GLOB 'we*\u{358}'"),
  SQLCase(query: "source:\0", expected: "source = '\u{2400}'"),
  SQLCase(query: "source:we[b*", expected: "source GLOB 'we[[]b*'"),
  SQLCase(query: "pattern:12", expected: "pattern_id = 12"),
  SQLCase(
    query: "status:50*",
    expected: "(CAST(attributes->>'$.status' AS TEXT) GLOB '50*'"
      + " OR message GLOB '*status:50*' AND message REGEXP '(^|\(edge))status:50')"),
  SQLCase(
    query: "status:500",
    expected: "message GLOB '*500*' AND (CAST(attributes->>'$.status' AS TEXT) = '500'"
      + " OR message GLOB '*status:500*' AND message REGEXP '(^|\(edge))status:500($|\(edge))')"),
  SQLCase(
    query: #"a.b:"x y""#,
    expected: #"(CAST(attributes->>'$."a.b"' AS TEXT) = 'x y'"#
      + " OR CAST(attributes->>'$.a.b' AS TEXT) = 'x y')"),
  SQLCase(query: #"a-b:"true""#, expected: #"attributes->'$."a-b"' IN ('true', '"true"')"#),
]

@Test(arguments: cases)
func `an expression becomes a condition`(_ example: SQLCase) throws {
  var query = try SearchQuery.parse(example.query)
  query.ignoresCase = example.ignoresCase
  #expect(query.condition == example.expected)
}

@Test func `options join the condition, order and limit close the statement`() throws {
  var query = try SearchQuery.parse("*a* OR *b*")
  query.since = 5
  query.until = 9
  query.minimumLevel = .fatal
  query.sources = ["web", "db*"]
  query.limit = 10
  #expect(
    query.rowsSQL(columns: ["id", "message"]) == "SELECT id, message FROM log"
      + " WHERE time_us >= 5 AND time_us < 9 AND level IN ('fatal')"
      + " AND (source = 'web' OR source GLOB 'db*')"
      + " AND (message GLOB '*a*' OR message GLOB '*b*') ORDER BY time_us DESC, id DESC LIMIT 10"
  )
  #expect(query.countSQL.hasPrefix("SELECT count(*) AS count FROM log WHERE time_us >= 5"))
}

@Test func `roll-ups answer a count only when whole minutes tell`() throws {
  let hour = Interval(seconds: 3600)
  var query = SearchQuery()
  #expect(query.rollupCountSQL() == "SELECT coalesce(sum(count), 0) AS count FROM line_count")
  #expect(query.rollupCountSQL(by: hour)?.contains("FROM line_count") == true)
  #expect(query.rollupCountSQL(by: Interval(seconds: 90)) == nil)
  query.since = 60_000_000
  #expect(query.rollupCountSQL(by: hour)?.contains("minute >= 1 ") == true)
  query.until = 61_000_000
  #expect(query.rollupCountSQL(by: hour) == nil)
  #expect(try SearchQuery.parse("word").rollupCountSQL(by: hour) == nil)
}
