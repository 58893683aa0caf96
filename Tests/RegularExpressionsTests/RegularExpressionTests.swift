@testable import RegularExpressions
import TestSupport
import Testing

struct MatchCase: Sendable, CustomTestStringConvertible {
  var pattern: String
  var text: String
  var options: RegularExpression.Options = []
  var expected: Range<Int>?
  var testDescription: String { "/\(pattern)/ in \(text.debugDescription)" }
}

private let matchCases = [
  MatchCase(pattern: "b+", text: "abbc", expected: 1..<3),
  MatchCase(pattern: "B+", text: "abbc", expected: nil),
  MatchCase(pattern: "B+", text: "abbc", options: .ignoresCase, expected: 1..<3),
  MatchCase(pattern: "É", text: "cafés", options: .ignoresCase, expected: 3..<5),
  MatchCase(pattern: "", text: "", expected: 0..<0),
  MatchCase(pattern: "x", text: "", expected: nil),
  MatchCase(pattern: "^b", text: "a\nb", expected: nil),
  MatchCase(pattern: "a$", text: "a\n", expected: nil),
  MatchCase(pattern: "a.b", text: "a\nb", expected: nil),
  MatchCase(pattern: "a.b", text: "a\nb", options: .dotMatchesLineEnds, expected: 0..<3),
  MatchCase(pattern: "^.$", text: "日", options: .assumesValidUTF8, expected: 0..<3),
  MatchCase(pattern: #"\w"#, text: "é", expected: nil),
  MatchCase(pattern: #"\bfoo\b"#, text: "xfoo foo", expected: 5..<8),
]

@Test(arguments: matchCases)
func `the leftmost match is found by its bytes`(_ example: MatchCase) throws {
  let regex = try RegularExpression(example.pattern, options: example.options)
  let bytes = Array(example.text.utf8)
  #expect(try regex.firstMatch(in: bytes.span) == example.expected)
  #expect(try regex.matches(bytes.span) == (example.expected != nil))
}

/// What a class matches is the same of every text, UTF-8 or not.
@Test(
  arguments: [#"\S"#, #"\W"#, #"\D"#, #"[^ ]"#, #"[\S]"#, "."],
  [[], .assumesValidUTF8, .ignoresCase, .dotMatchesLineEnds] as [RegularExpression.Options])
func `a class without some characters has all others`(
  class name: String, options: RegularExpression.Options
) throws {
  let regex = try RegularExpression("x(\(name))y", options: options)
  for character in ["é", "日", "€", "\u{80}", "🦉"] {
    let text = Array("ax\(character)y".utf8)
    #expect(try regex.firstMatch(in: text.span) == 1..<text.count, "\(character)")
    #expect(regex.capture(1) == 2..<text.count - 1)
    guard !options.contains(.assumesValidUTF8) else { continue }
    let damaged = [0xFF] + text + [0xC3]
    #expect(try regex.firstMatch(in: damaged.span) == 2..<damaged.count - 1, "\(character)")
  }
}

@Test func `a secret beyond ASCII is matched to its end`() throws {
  let regex = try RegularExpression(#"password=\S+"#)
  let text = Array("user=José password=pässwört日本 next".utf8)
  let range = try regex.firstMatch(in: text.span)
  #expect(range.map { String(decoding: text[$0], as: UTF8.self) } == "password=pässwört日本")
}

@Test func `captures tell what each group matched`() throws {
  let regex = try RegularExpression("(?<key>[a-z]+)=(?:\"(.*?)\"|(?<plain>[0-9]+))")
  let bytes = Array("x, size=42".utf8)
  #expect(try regex.firstMatch(in: bytes.span) == 3..<10)
  #expect(regex.captureCount == 3)
  #expect(regex.capture(1) == 3..<7)
  #expect(regex.capture(2) == nil)
  #expect(regex.capture(3) == 8..<10)
  #expect(regex.capture(4) == nil)
  #expect(regex.groupNumber("plain") == 3)
  #expect(regex.groupNumber("nobody") == nil)
  #expect(regex.groupNames.map(\.name) == ["key", "plain"])
  #expect(regex.groupNames.map(\.group) == [1, 3])
  #expect(try !regex.matches(Array("nothing".utf8).span))
  #expect(regex.capture(0) == nil)
}

@Test func `a search can go on behind a match`() throws {
  let regex = try RegularExpression("[0-9]+")
  let bytes = Array("1 22 333".utf8)
  var found: [Range<Int>] = []
  var start = 0
  while let range = try regex.firstMatch(in: bytes.span, from: start) {
    found.append(range)
    start = range.upperBound
  }
  #expect(found == [0..<1, 2..<4, 5..<8])
}

@Test func `bytes that are not UTF-8 match nothing and break nothing`() throws {
  let regex = try RegularExpression("b.")
  #expect(try regex.firstMatch(in: [0xFF, 0x62, 0xFE, 0x62, 0x63].span) == 3..<5)
}

@Test func `a bad pattern says what is wrong and where`() {
  #expect(
    throws: RegularExpressionError.invalidPattern(
      message: "missing closing parenthesis", offset: 5)
  ) { _ = try RegularExpression("a(b|c") }
  #expect(
    throws: RegularExpressionError.invalidPattern(
      message: #"using \C is disabled by the application"#, offset: 3)
  ) { _ = try RegularExpression(#"a\Cb"#) }
}

@Test(arguments: [#"(a+)+$"#, #"^(a|aa)+$"#, #"(*NO_JIT)(a+)+$"#])
func `a pattern that explodes on a hostile text stops with an error`(_ pattern: String) throws {
  let regex = try RegularExpression(pattern, matchLimit: 100_000)
  let bytes = [UInt8](repeating: 0x61, count: 5_000) + [0x21]
  #expect(throws: RegularExpressionError.limitExceeded) { _ = try regex.matches(bytes.span) }
}

private let fields = String(repeating: "word=val id=17 ", count: 30)

@Test(arguments: [
  (#"(.*) (.*) (.*)\d{9}"#, String(repeating: fields, count: 5)),
  (#"id=(.*) (.*) (.*) \d{9}"#, fields),
  (#"^(.*)=(.*)=(.*)\d{9}"#, fields),
])
func `as many steps are left for a place as there are few of them`(
  _ pattern: String, _ text: String
) throws {
  let bytes = Array(text.utf8)
  let regex = try RegularExpression(pattern)
  #expect(try !regex.matches(bytes.span, steps: 1_000_000, isKnownUTF8: true))
}

private let ids = String(repeating: "id=17 in it ", count: 5400)

@Test(arguments: [
  (#"id=\d+ .*?took (\d+)"#, ids + "took 5", true),
  (#"id=\d+ .*?took (\d+)"#, "took 5 " + ids + "took no time", false),
  (#"i\w*=\d+ .*?größe=(\d+)"#, ids + "größe=5", true),
  (#"\d+ .*?took (\d+)"#, String(repeating: "7 é", count: 2000) + "took no", false),
  (#"\w+ .*?took (\d+)"#, String(repeating: "word ", count: 1600) + "took no", false),
])
func `a pattern that passes over a long text from many places does so`(
  _ pattern: String, _ text: String, _ isFound: Bool
) throws {
  let bytes = Array(text.utf8)
  let regex = try RegularExpression(pattern)
  var patience = min(bytes.count, 1 << 16) << 14

  let found = try regex.matches(
    bytes.span, steps: 1_000_000, isKnownUTF8: true, patience: &patience)

  #expect(found == isFound)
  #expect(regex.capture(1).map { Array(bytes[$0]) } == (isFound ? [0x35] : nil))
}

@Test(
  arguments: [
    #".*?a.*?a.*?a\d"#, #"(a+)+$"#, #"(a|aa)+$"#, #"(a*)*b"#, #"a*a*a*a*b"#,
    #"(?=(a+)+$)x|\w+\w+\w+\d"#,
    #"(*NO_JIT)(a+)+$"#,
  ], [30, 8000, 65_000])
func `a pattern that explodes is given up for the price of some passes over the text`(
  _ pattern: String, _ count: Int
) throws {
  let bytes = [UInt8](repeating: 0x61, count: count) + [0x21]
  let regex = try RegularExpression(pattern)
  let most = 1 << 40
  var patience = most
  let result = Result { () throws(RegularExpressionError) in
    try regex.matches(bytes.span, steps: 1_000_000, isKnownUTF8: true, patience: &patience)
  }
  // Of some, PCRE2 sees that a letter is missing, or finishes.
  #expect(result == .failure(.limitExceeded) || result == .success(false))
  #expect(most - patience <= 64 * bytes.count + 100_000, "\(most - patience) steps")
}

@Test(arguments: [
  (#"id=\d+ .*?took (\d+)"#, true), (#"^\w+ [^"]*?"(?<path>[^"]+)" (?:\d+)"#, true),
  (#"(.*?)=(\S+)"#, false), (#"\w*J\w*="#, false), (#"(a+)+$"#, false), ("a|b", false),
  (#"a*?b+a"#, false), (#"a*?cb+a"#, true), (#"(?=x)y"#, false), (#"x[a-z]*"#, false),
  (#"\Ga"#, false),
])
func `steps tell the time where no repetition passes again what it has passed`(
  _ pattern: String, _ isCounted: Bool
) throws {
  #expect(try RegularExpression(pattern).stepsAreCounted == isCounted)
}

@Test func `a search place by place has the matches of any other`() throws {
  var random = SeededRandom(seed: Seed.value)
  for pattern in [
    #"a\w*?c(\d)"#, #"^(\w+) "#, #"é(\W)"#, #"b.*? a(\d?)"#, "(a*)$", "日[^7]*7", "",
  ] {
    for _ in 0..<60 {
      let text = (0..<Int.random(in: 0...300, using: &random)).map { _ in
        ["a", "b", "c", "é", " ", "7", "\n", "日"].randomElement(using: &random) ?? ""
      }.joined()
      let bytes = Array(text.utf8)
      let (one, other) = (try RegularExpression(pattern), try RegularExpression(pattern))
      let isFound = try one.matches(bytes.span)
      var patience = 1 << 40
      // One step is too few for anything.
      let found = try other.matches(bytes.span, steps: 1, isKnownUTF8: true, patience: &patience)
      #expect(found == isFound, "\(pattern) in \(text)")
      for group in 0...2 {
        #expect(one.capture(group) == other.capture(group), "\(pattern) in \(text)")
      }
    }
  }
}

@Test(arguments: [false, true])
func `a text known to be UTF-8 has the matches of any other`(_ isKnown: Bool) throws {
  let texts = ["", "a=1", "größe=17", "日本=2", "x", "=", "a=1\nb=22"]
  for pattern in [#"(\w+)=(\d+)"#, #"\S=(\d)$"#, "^a", "(?i)GRÖSSE|größe", ""] {
    for text in texts {
      let bytes = Array(text.utf8)
      let (one, other) = (try RegularExpression(pattern), try RegularExpression(pattern))
      let isFound = try one.matches(bytes.span)
      #expect(try other.matches(bytes.span, steps: 100_000, isKnownUTF8: isKnown) == isFound)
      for group in 0...2 {
        #expect(one.capture(group) == other.capture(group), "\(pattern) in \(text)")
      }
    }
  }
}

@Test(arguments: [
  ("b+", Array("abba bé b".utf8), false, [1..<3, 5..<6, 9..<10]),
  ("", Array("aé".utf8), false, [0..<0, 1..<1, 3..<3]),
  ("a*", Array("baé".utf8), false, [0..<0, 1..<2, 2..<2, 4..<4]),
  (#"\w\K="#, Array("a=b=".utf8), false, [1..<2, 3..<4]),
  ("é", [0xC3, 0xA9, 0xFF, 0xC3, 0xA9], false, [0..<2, 3..<5]),
  ("sk-[a-z]{4}", Array("sk-abcd é sk-a".utf8), true, [0..<7, 11..<15]),
  ("sk-[a-z]{4}", Array("sk-abcd é sk-a".utf8), false, [0..<7]),
])
func `all matches are found, whatever the text is`(
  _ pattern: String, _ text: [UInt8], _ mayGoOn: Bool, _ expected: [Range<Int>]
) throws {
  var found: [Range<Int>] = []
  try RegularExpression(pattern).forEachMatch(in: text.span, mayGoOn: mayGoOn) { found.append($0) }
  #expect(found == expected)
}
