import RegularExpressions
import TestSupport
import Testing

struct TextsCase: Sendable, CustomTestStringConvertible {
  var pattern: String
  var expected: RequiredTexts?
  var testDescription: String { pattern }

  init(_ pattern: String, _ expected: RequiredTexts?) {
    self.pattern = pattern
    self.expected = expected
  }

  init(_ pattern: String, _ texts: String...) {
    self.init(pattern, texts.isEmpty ? nil : RequiredTexts(texts))
  }
}

private let cases = [
  TextsCase("error", RequiredTexts(["error"], isWhole: true)),
  TextsCase("error7|fail7", RequiredTexts(["error7", "fail7"], isWhole: true)),
  TextsCase("(?i)error|fail", RequiredTexts(["error", "fail"], ignoresCase: true, isWhole: true)),
  TextsCase("(?i)größer"),
  TextsCase("(?im)[a-z]+error", RequiredTexts(["error"], ignoresCase: true)),
  TextsCase(#"a\.b\[c"#, RequiredTexts(["a.b[c"], isWhole: true)),
  TextsCase("^error", "error"),
  TextsCase("error$|fail", "error", "fail"),
  TextsCase("(error) x", "error"),
  TextsCase("(?:GET|POST) /api/", " /api/"),
  TextsCase("(?:connect|bind) to", "connect", "bind"),
  TextsCase("(?<verb>connect|bind)+ to", "connect", "bind"),
  TextsCase("(?P<verb>connect|bind) to", "connect", "bind"),
  TextsCase("(?:connect|bind)? to x", " to x"),
  TextsCase("(?:connect|bind){0,2} to x", " to x"),
  TextsCase("(?:connect|bind)* to x", " to x"),
  TextsCase("(?>connect)", "connect"),
  TextsCase("a(?=connect)bcd", "bcd"),
  TextsCase("a(?!connect)bcd", "bcd"),
  TextsCase("(?<!connect)bcd", "bcd"),
  TextsCase("(?<=connect)bcd", "bcd"),
  TextsCase("((connect|bind) to|listen on)", "connect", "bind", "listen on"),
  TextsCase("error|[a-z]"),
  TextsCase("error|"),
  TextsCase("error|no"),
  TextsCase("error(?i)fail"),
  TextsCase("(?i:error)"),
  TextsCase("(?x)error"),
  TextsCase("(error"),
  TextsCase("error)"),
  TextsCase("(?|error|fail)"),
  TextsCase("(?(1)error|fail)"),
  TextsCase((0..<40).map { "word\($0)" }.joined(separator: "|") + "|x"),
]

@Test(arguments: cases)
func `every match contains one of the texts that are looked for first`(_ example: TextsCase) {
  #expect(RequiredTexts(of: example.pattern) == example.expected)
}

@Test func `no text is wrong, whatever the pattern`() throws {
  let pieces = [
    "abc", "bcd", "a", "(", ")", "|", "?", "*", "+", "{0,1}", "{2}", "[ab]", "(?:", "(?=", "(?<n>",
    ".",
    "^", #"\d"#, #"\."#,
  ]
  for seed in UInt64(1)...2000 {
    var random = SeededRandom(seed: seed)
    var pattern = Bool.random(using: &random) ? "(?i)" : ""
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      pattern += pieces.randomElement(using: &random) ?? ""
    }
    guard let regex = try? RegularExpression(pattern), let required = RequiredTexts(of: pattern)
    else {
      continue
    }
    for _ in 0..<50 {
      let line = (0..<Int.random(in: 0...12, using: &random))
        .map { _ in
          ["a", "b", "c", "d", "A", "B", "C", "1", "."].randomElement(using: &random) ?? ""
        }
        .joined()
      let folded = required.ignoresCase ? line.lowercased() : line
      let hasText = required.texts.contains {
        folded.contains(required.ignoresCase ? $0.lowercased() : $0)
      }
      let isMatch = try regex.matches(Array(line.utf8).span)
      #expect(!isMatch || hasText, "SEED=\(seed): \(pattern) in \(line)")
      #expect(isMatch || !hasText || !required.isWhole, "SEED=\(seed): \(pattern) in \(line)")
    }
  }
}
