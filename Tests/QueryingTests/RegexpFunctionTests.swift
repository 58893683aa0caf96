import Querying
import SQLite
import Testing

@Test(arguments: [
  ("'b' REGEXP '^b'", 1), ("'a' || char(10) || 'b' REGEXP '^b'", 0),
  ("'a' || char(10) || 'b' REGEXP 'a.b'", 1), ("'B' REGEXP 'b'", 0), ("regexpi('b', 'B')", 1),
  ("42 REGEXP '^4'", 1), ("'é' REGEXP '^.$'", 1), (#"'foo' REGEXP '(?<=f)(o)\1'"#, 1),
  ("CAST(x'ff61' AS TEXT) REGEXP '^.a$'", 1), ("'' REGEXP ''", 1), ("'' REGEXP 'a'", 0),
])
func `REGEXP looks for a pattern in a text`(_ expression: String, _ expected: Int64) throws {
  let connection = try Connection(path: ":memory:", mode: .create)
  try registerFunctions(on: connection)
  #expect(try connection.integer("SELECT \(expression)") == expected)
}

@Test func `REGEXP with NULL is NULL`() throws {
  let connection = try Connection(path: ":memory:", mode: .create)
  try registerFunctions(on: connection)
  #expect(try connection.integer("SELECT NULL REGEXP 'a'") == nil)
  #expect(try connection.integer("SELECT 'a' REGEXP NULL") == nil)
}

@Test func `a pattern that changes from row to row is compiled anew`() throws {
  let connection = try Connection(path: ":memory:", mode: .create)
  try registerFunctions(on: connection)
  let sql = """
    SELECT group_concat(text REGEXP pattern, '') FROM
      (SELECT column1 AS text, column2 AS pattern FROM (VALUES ('a', 'a'), ('a', 'b'), ('b', 'b')))
    """
  #expect(try connection.text(sql) == "101")
}

@Test func `a bad or an exploding pattern ends the statement with its reason`() throws {
  let connection = try Connection(path: ":memory:", mode: .create)
  try registerFunctions(on: connection)
  let bad = #expect(throws: SQLiteError.self) {
    _ = try connection.integer("SELECT 'a' REGEXP 'a('")
  }
  #expect(bad?.message == "missing closing parenthesis (at byte 2 of the pattern)")
  let slow = #expect(throws: SQLiteError.self) {
    _ = try connection.integer(
      "SELECT replace(printf('%050d', 0), '0', 'a') || '!' REGEXP '(a+)+$'")
  }
  #expect(slow?.message == "the pattern takes too many steps on one of the texts")
}
