import RegularExpressions
import TestSupport
import Testing

@Suite struct `An automaton of patterns` {
  @Test(arguments: [
    #"\d+ms"#, #"(\w+)-(\d+)"#, "^a|b$", #"\d\d\d.{0,9}"#, "(?i)er",
    "a{2,}b{,1}".replacing("{,1}", with: "?"),
    #"\bx\B"#, "(?s)a.b", "(?<n>[^a-c]|d)+?", "a*", #"\Aab\z"#, #"[\w.-]+@[\w-]+"#,
  ])
  func `knows patterns that never look back`(_ pattern: String) {
    #expect(FinitePattern(pattern) != nil)
  }

  @Test(arguments: [
    "(a+)+$", "(?:a*|b)*c", "([a-z]+ ){2,9}", #"(a)\1"#, "a(?=b)", "(?>a|ab)c", "a++b", "é",
    "(?m)^a",
    "[[:alpha:]]", #"\Qa\E"#, #"a\Kb"#, "(?i:a)", "a{,2}b", #"a\Z"#, "a{300}", "(*CRLF)a", "^*a",
  ])
  func `leaves others to PCRE2`(_ pattern: String) {
    #expect(FinitePattern(pattern) == nil)
  }

  private static let pieces = [
    "a", "b", "ab", "K", "(", ")", "(?:", "(?<n>", "|", "?", "*", "+", "+?", "??", "{2}", "{0,1}",
    "{1,3}", "{2,}", "{0}", "[ab]", "[^a]", "[a-c1]", #"[\d.]"#, "[^]k]", "[a-]", ".", "^", "$",
    #"\d"#, #"\W"#, #"\s"#, #"\w"#, #"\."#, #"\b"#, #"\B"#, #"\A"#, #"\z"#, #"\D"#, #"\n"#, "=",
    " ",
  ]

  private static func pattern(_ random: inout SeededRandom) -> String {
    let options = ["", "", "", "(?i)", "(?s)", "(?is)"].randomElement(using: &random) ?? ""
    return (0..<Int.random(in: 1...9, using: &random)).reduce(options) { pattern, _ in
      pattern + (pieces.randomElement(using: &random) ?? "")
    }
  }

  @Test func `finds of random patterns those that PCRE2 finds`() throws {
    var (matches, misses) = (0, 0)
    for seed in UInt64(1)...400 {
      var random = SeededRandom(seed: seed)
      var patterns: [(text: String, regex: RegularExpression, finite: FinitePattern)] = []
      while patterns.count < 12 {
        let text = Self.pattern(&random)
        guard let regex = try? RegularExpression(text), let finite = FinitePattern(text) else {
          continue
        }
        patterns.append((text, regex, finite))
      }
      var automaton = PatternAutomaton(patterns.map(\.finite))
      for _ in 0..<40 {
        let line = (0..<Int.random(in: 0...14, using: &random))
          .map { _ in
            ["a", "b", "c", "k", "K", "A", "1", "2", ".", "=", " ", "_", "]", "\n", "\t"]
              .randomElement(using: &random) ?? ""
          }
          .joined()
        let bytes = Array(line.utf8)
        var found: [Int32] = []
        #expect(automaton.search(bytes.span, into: &found))
        let expected = try patterns.indices.filter { try patterns[$0].regex.matches(bytes.span) }
        matches += expected.count
        misses += patterns.count - expected.count
        let differing = Set(expected).symmetricDifference(found.map { Int($0) })
        #expect(
          found.count == Set(found).count && differing.isEmpty,
          "seed \(seed): \(differing.map { patterns[$0].text }) in \(line.debugDescription)")
      }
    }
    #expect(matches > 10_000 && misses > 10_000)
  }

  @Test func `forgets its states where they are too many, and then gives up`() throws {
    // Of each such pattern it has to remember eleven bytes.
    let patterns = ["a.{11}b", "b.{11}c", "c.{11}a"]
    var automaton = PatternAutomaton(patterns.compactMap { FinitePattern($0) })
    let expressions = try patterns.map { try RegularExpression($0) }
    var random = SeededRandom(seed: 1)
    var known = 0
    for _ in 0..<2000 {
      let line = (0..<40).map { _ in "abcd".utf8.randomElement(using: &random) ?? 0 }
      var found: [Int32] = [7]
      guard automaton.search(line.span, into: &found) else {
        #expect(found == [7])
        continue
      }
      known += 1
      let expected = try expressions.indices.filter { try expressions[$0].matches(line.span) }
      #expect(Set(found.dropFirst().map { Int($0) }) == Set(expected))
    }
    #expect((100..<1999).contains(known))
  }
}
