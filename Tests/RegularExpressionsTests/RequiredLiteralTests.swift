import RegularExpressions
import Testing

struct LiteralCase: Sendable, CustomTestStringConvertible {
  var pattern: String
  /// A text that the pattern matches.
  var text: String
  var literal: String?
  var testDescription: String { pattern }

  init(_ pattern: String, matches text: String, _ literal: String?) {
    self.pattern = pattern
    self.text = text
    self.literal = literal
  }
}

private let cases = [
  LiteralCase("error", matches: "error", "error"),
  LiteralCase(#".*\[code=(.*?)\].*"#, matches: "[code=1]", "[code="),
  LiteralCase("abcd|x", matches: "x", nil),
  LiteralCase("abcd?", matches: "abc", "abc"),
  // Counts.
  LiteralCase("abcd{0}ef", matches: "abcef", "abc"),
  LiteralCase("abcd{2,}", matches: "abcdd", "abc"),
  LiteralCase("abcd{0,2}efgh", matches: "abcefgh", "efgh"),
  LiteralCase("abcd{2}?", matches: "abcdd", "abc"),
  // Braces that count nothing.
  LiteralCase("abcd{x|y}", matches: "y}", nil),
  LiteralCase("abcd{1|y}", matches: "y}", nil),
  LiteralCase("abcd{x?}", matches: "abcd{}", "abcd"),
  LiteralCase("abcd{(?i)EFGHI}", matches: "abcd{efghi}", nil),
  LiteralCase(#"{"status":(\d+)"#, matches: #"{"status":200"#, #""status":"#),
  LiteralCase("abcd{", matches: "abcd{", "abcd"),
  LiteralCase("ab{2,x}cde", matches: "ab{2,x}cde", "2,x}cde"),
  // Classes whose bracket is closed elsewhere than it seems.
  LiteralCase(#"x[\c]]|abcd]"#, matches: "x\u{1D}", nil),
  LiteralCase(#"x[\Q]\E]abcd"#, matches: "x]abcd", nil),
  LiteralCase(#"x[\E]]abcd"#, matches: "x]abcd", nil),
  LiteralCase("[]abc]defg", matches: "]defg", "defg"),
]

@Test(arguments: cases)
func `every match contains the text that is looked for first`(_ example: LiteralCase) throws {
  let literal = RequiredLiteral.find(in: example.pattern)
  #expect(literal == example.literal)
  let regex = try RegularExpression(example.pattern)
  #expect(try regex.matches(Array(example.text.utf8).span))
  #expect(example.text.contains(literal ?? ""))
}
