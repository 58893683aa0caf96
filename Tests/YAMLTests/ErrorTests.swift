import Testing
import YAML

private let shapeErrors: [ErrorCase] = [
  ErrorCase("count: abc", "1:8: expected a whole number, found the text 'abc'"),
  ErrorCase("count: '12'", "1:8: expected a whole number, found the text '12'"),
  ErrorCase("count: 1.5", "1:8: expected a whole number, found 1.5"),
  ErrorCase("count: true", "1:8: expected a whole number, found true"),
  ErrorCase("count: 0640", "1:8: expected a whole number, found the text '0640'"),
  ErrorCase(
    "count: 9223372036854775808", "1:8: expected a whole number, found 9223372036854775808"),
  ErrorCase("small: 256", "1:8: expected a whole number from 0 to 255, found 256"),
  ErrorCase("small: -1", "1:8: expected a whole number from 0 to 255, found -1"),
  ErrorCase("ratio: [1]", "1:8: expected a number, found a list"),
  ErrorCase("name: 12", "1:7: expected text, found 12"),
  ErrorCase("name: {a: b}", "1:7: expected text, found a mapping"),
  ErrorCase("active: yes", "1:9: expected true or false, found the text 'yes'"),
  ErrorCase("color: blue", "1:8: expected 'red' or 'green', found the text 'blue'"),
  ErrorCase("words: a", "1:8: expected a list, found the text 'a'"),
  ErrorCase("words:\n  - a\n  - 1", "3:5: expected text, found 1"),
  ErrorCase("words: [a, ~]", "1:12: expected text, found nothing"),
  ErrorCase("inner: x", "1:8: expected a mapping, found the text 'x'"),
  ErrorCase("inner: {}", "1:8: the key 'start' is missing"),
  ErrorCase("- a", "1:1: expected a mapping, found a list"),
  ErrorCase("nmae: a", "1:1: unknown key 'nmae'; did you mean 'name'?"),
  ErrorCase("name: a\nzzz: b", "2:1: unknown key 'zzz'"),
  ErrorCase("name: a\nColour: red", "2:1: unknown key 'Colour'; did you mean 'color'?"),
  ErrorCase("inner:\n  strat: x", "2:3: unknown key 'strat'; did you mean 'start'?"),
  ErrorCase("'': 1", "1:1: unknown key ''"),
  ErrorCase("<<: {name: a}", "1:1: unknown key '<<'"),
  ErrorCase("name: a\nname: b", "2:1: the key 'name' occurs twice, first in line 1"),
  ErrorCase("table: {a: 1, 'a': 2}", "1:15: the key 'a' occurs twice, first in line 1"),
  ErrorCase(
    "count: \"a\\nb\\e\"", "1:8: expected a whole number, found the text 'a<U+000A>b<U+001B>'"),
]

@Test(arguments: shapeErrors)
func `a value of another shape is named with its place`(_ errorCase: ErrorCase) {
  expect(Sample.self, Array(errorCase.text.utf8), fails: errorCase.expected)
}

private let syntaxErrors: [ErrorCase] = [
  ErrorCase("", " the document is empty"),
  ErrorCase("# only\n\n", " the document is empty"),
  ErrorCase(
    "words: [a",
    "2:1: did not find expected ',' or ']' while parsing a flow sequence that begins in line 1"),
  ErrorCase("name: a: b", "1:8: mapping values are not allowed in this context"),
  ErrorCase("inner:\n\tstart: x", "2:1: a tab cannot stand here; indent with spaces"),
  ErrorCase("name: *x", "1:7: no anchor before this place is named 'x'"),
  ErrorCase("inner: &x {start: *x}", "1:19: no anchor before this place is named 'x'"),
  ErrorCase("name: !foo a", "1:7: the tag '!foo' is not known"),
  ErrorCase("inner: !!set {a}", "1:8: the tag 'tag:yaml.org,2002:set' is not known"),
  ErrorCase("? [a]\n: b", "1:3: expected a name before ':', found a list or a mapping"),
  ErrorCase("name: a\n---\nname: b", "2:1: a second document begins here; only one is read"),
  ErrorCase("name: \"a\\0b\"", "1:7: the character U+0000 is not allowed"),
]

@Test(arguments: syntaxErrors)
func `what is not YAML is named with its place`(_ errorCase: ErrorCase) {
  expect(Sample.self, Array(errorCase.text.utf8), fails: errorCase.expected)
}

@Test(
  arguments: [
    ([0x61, 0x0A, 0x62, 0xFF], "2:2: the document is not valid UTF-8 from here on"),
    ([0x61, 0x3A, 0x20, 0xC3], "1:4: the document is not valid UTF-8 from here on"),
    ([0xED, 0xA0, 0x80], "1:1: the document is not valid UTF-8 from here on"),
    ([0x61, 0x0D, 0x0A, 0x00], "2:1: the character U+0000 is not allowed"),
    ([0x61, 0x1B], "1:2: the character U+001B is not allowed"),
    ([0x61, 0xEF, 0xBB, 0xBF], "1:2: the character U+FEFF is not allowed"),
    ([0xFF, 0xFE, 0x61, 0x00], " the document is UTF-16; save it as UTF-8"),
    ([0xFE, 0xFF, 0x00, 0x61], " the document is UTF-16; save it as UTF-8"),
  ] as [([UInt8], String)])
func `bytes that are not text give one error`(_ bytes: [UInt8], _ expected: String) {
  expect(Sample.self, bytes, fails: expected)
}

@Test func `a document that is too large is refused`() {
  let bytes = [UInt8](repeating: 0x23, count: 1 << 20 + 1)
  expect(Sample.self, bytes, fails: " the document is larger than 1048576 bytes")
}

@Test func `deep nesting is refused, also when aliases build it`() {
  let open = String(repeating: "[", count: 100_000)
  expect(Sample.self, Array(open.utf8), fails: "1:65: values are nested deeper than 64 levels")

  let half = String(repeating: "[", count: 40) + "x" + String(repeating: "]", count: 40)
  let nested = "a: &a \(half)\nb: " + half.replacing("x", with: "*a")
  expect(Sample.self, Array(nested.utf8), fails: "2:44: values are nested deeper than 64 levels")
}

@Test func `aliases that multiply are refused`() {
  var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
  for level in 1...9 {
    let uses = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
    text += "a\(level): &a\(level) [\(uses)]\n"
  }
  let error = #expect(throws: YAMLError.self) { try decode(text) }
  #expect(error?.problem == .tooManyNodes(limit: 100_000))
}
