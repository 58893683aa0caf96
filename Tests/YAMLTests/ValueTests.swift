import Testing
import YAML

@Test(arguments: [
  ("12", 12), ("-7", -7), ("+3", 3), ("0", 0), ("0x1F", 31), ("0o17", 15),
  ("!!int '12'", 12), ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
])
func `a plain whole number is a number`(_ text: String, _ value: Int) throws {
  #expect(try decode("count: \(text)").count == value)
}

@Test(arguments: [
  ("1.5", 1.5), (".5", 0.5), ("2.", 2), ("1e3", 1000), ("-1.5E-1", -0.15), ("12", 12), ("0x10", 16),
  (".inf", .infinity), ("-.INF", -.infinity),
])
func `a plain number is a fraction where one is asked for`(_ text: String, _ value: Double) throws {
  #expect(try decode("ratio: \(text)").ratio == value)
}

@Test(arguments: [
  ("'0640'", "0640"), ("0640", "0640"), ("'12'", "12"), ("\"true\"", "true"), ("'~'", "~"),
  ("yes", "yes"), ("off", "off"), ("!!str 12", "12"), ("! 12", "12"), ("''", ""),
  ("1.2.3", "1.2.3"),
  ("2026-01-01", "2026-01-01"), ("a b", "a b"), ("\"a\\tb\\u00e9\"", "a\tbé"), ("'it''s'", "it's"),
  ("|\n  one\n  two\n", "one\ntwo\n"), (">-\n  one\n  two\n", "one two"), ("-", "-"), ("0x", "0x"),
  ("1_000", "1_000"), ("e3", "e3"), (".", "."), ("12h", "12h"), ("+", "+"),
])
func `all else is text`(_ text: String, _ value: String) throws {
  // A lone dash would begin a list.
  let written = text == "-" ? "'-'" : text
  #expect(try decode("name: \(written)").name == value)
}

@Test(arguments: ["", "~", "null", "Null", "NULL", "!!null ''"])
func `null is as if the key were absent`(_ text: String) throws {
  #expect(try decode("name: \(text)\ncount: 1") == Sample(count: 1))
}

@Test func `collections nest and anchors are shared`() throws {
  let text = """
    # comment
    name: &n app
    words: [*n, "b", c]
    inner: {start: *n}
    table:
      a: 1
      '12': 2
    active: True
    color: green
    small: 255
    """
  let expected = Sample(
    name: "app", small: 255, active: true, color: .green, words: ["app", "b", "c"],
    inner: .init(start: "app"), table: ["a": 1, "12": 2])
  #expect(try decode(text) == expected)
}

@Test(arguments: [
  "\u{FEFF}name: a", "name: a\r\n", "--- \nname: a\n...\n", "%YAML 1.2\n---\nname: a",
])
func `marks around a document do not matter`(_ text: String) throws {
  #expect(try decode(text) == Sample(name: "a"))
}

@Test func `a scalar gives its text as written and a list may be one value`() throws {
  struct Document: Decodable {
    var values: OneOrMore<Scalar>
  }
  func values(_ text: String) throws -> [String] {
    try YAMLDecoder.decode(Document.self, from: Array(text.utf8), file: "f").values.values.map(
      \.text)
  }
  #expect(
    try values("values: [0640, 640, true, 1.50, 'x']") == ["0640", "640", "true", "1.50", "x"])
  #expect(try values("values: 7") == ["7"])
  #expect(try values("values: []") == [])
  expect(Document.self, Array("values: [a, ~]".utf8), fails: "1:13: expected text, found nothing")
}

@Test func `a mark is where a value begins`() throws {
  let text = "é: 1\n\"b\":\n  - 2\n"
  let marked = try YAMLDecoder.decode(
    [String: Marked<OneOrMore<Int>>].self, from: Array(text.utf8), file: "f")
  #expect(marked["é"]?.mark == Mark(line: 1, column: 4))
  #expect(marked["b"]?.mark == Mark(line: 3, column: 3))
}
