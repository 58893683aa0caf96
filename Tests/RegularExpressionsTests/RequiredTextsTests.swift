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
  TextsCase(
    #"\berror\b"#,
    RequiredTexts(["error"], isWhole: true, edges: .init(start: true, end: true))),
  TextsCase(
    #"(?i)\b(error|fail)"#,
    RequiredTexts(["error", "fail"], ignoresCase: true, isWhole: true, edges: .init(start: true))),
  TextsCase(
    #"error\b|(?<word>fail)\b"#,
    RequiredTexts(["error", "fail"], isWhole: true, edges: .init(end: true))),
  TextsCase("(error|fail)", RequiredTexts(["error", "fail"], isWhole: true)),
  TextsCase(#"\berror|fail\b"#, "error", "fail"),
  TextsCase(#"\b=error\b"#, "=error"),
  TextsCase(#"\berror \b"#, "error "),
  TextsCase(#"\b\berror"#, "error"),
  TextsCase(#"err\bor."#, "err"),
  TextsCase(#"(\berror)"#, "error"),
  TextsCase(#"\b(\berror)"#, "error"),
  TextsCase("(error)+", "error"),
  TextsCase(
    "worker-1: .*took ([0-9]+) ms (?:for )?(it|them), (rest|remainder) (?:of it)",
    RequiredTexts(["worker-1: "], and: ["took ", "of it", " ms "])),
  TextsCase("(first.second)|third", "second", "third"),
  TextsCase("(first.second).third", RequiredTexts(["second"], and: ["first", "third"])),
  TextsCase("(first.second)?.third", "third"),
  TextsCase("(?i)first.+second", RequiredTexts(["second"], and: ["first"], ignoresCase: true)),
  TextsCase("(?i)first.+größer"),
  TextsCase(#"a\.b\[c"#, RequiredTexts(["a.b[c"], isWhole: true)),
  TextsCase("^error", "error"),
  TextsCase("error$|fail", "error", "fail"),
  TextsCase("(error) x", "error"),
  TextsCase("(error)(fail)", RequiredTexts(["error"], and: ["fail"])),
  TextsCase("(?:GET|POST) /api/", " /api/"),
  TextsCase("(?:connect|bind) to", RequiredTexts(["connect", "bind"], and: [" to"])),
  TextsCase("(?<verb>connect|bind)+ to", RequiredTexts(["connect", "bind"], and: [" to"])),
  TextsCase("(?P<verb>connect|bind) to", RequiredTexts(["connect", "bind"], and: [" to"])),
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
    "^", #"\b"#, "_", "(?>", #"\d"#, #"\."#,
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
          ["a", "b", "c", "d", "A", "B", "C", "1", ".", "_", "é"].randomElement(using: &random)
            ?? ""
        }
        .joined()
      let folded = required.ignoresCase ? line.lowercased() : line
      let hasText = required.texts.contains {
        folded.contains(required.ignoresCase ? $0.lowercased() : $0)
      }
      let isMatch = try regex.matches(Array(line.utf8).span)
      let hasOthers = required.others.allSatisfy {
        folded.contains(required.ignoresCase ? $0.lowercased() : $0)
      }
      #expect(!isMatch || hasText && hasOthers, "SEED=\(seed): \(pattern) in \(line)")
      guard required.isWhole, line.utf8.allSatisfy({ $0 < 0x80 }) || !required.ignoresCase else {
        continue
      }
      #expect(isMatch == stands(required, in: folded), "SEED=\(seed): \(pattern) in \(line)")
    }
  }
}

private func stands(_ required: RequiredTexts, in line: String) -> Bool {
  let line = Array(line.utf8)
  func isOfWord(_ index: Int) -> Bool {
    line.indices.contains(index) && line[index] < 0x80
      && (Character(Unicode.Scalar(line[index])).isLetter || line[index] == UInt8(ascii: "_")
        || Character(Unicode.Scalar(line[index])).isNumber)
  }
  return required.texts.contains { text in
    let text = Array(text.utf8)
    return line.indices.contains { start in
      line[start...].starts(with: text) && !(required.edges.start && isOfWord(start - 1))
        && !(required.edges.end && isOfWord(start + text.count))
    }
  }
}
