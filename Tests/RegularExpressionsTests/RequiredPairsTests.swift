import RegularExpressions
import TestSupport
import Testing

@Test(arguments: [
  (#"\d+ms"#, ["0123456789 m", "m s"]), (#"#\d"#, ["# 0123456789"]), ("^a$b", ["a b"]),
  ("took(?: (x))+,", ["t o", "o o", "o k", "k  ", "  x", "x ,"]), ("[ab]{2}", ["ab ab"]),
  ("ab?c", []), ("(?:a|b)cd", ["c d"]), ("a|bc", []), ("(?i)ab", []), ("a(?=b)cd", []),
  (#"a\bb"#, ["a b"]), (#"(?<v>a)[\]-]b"#, ["a ]-", "]- b"]), ("a{,2}b", []), (#"\Qab\E"#, []),
  ("a{2,3}b", ["a a", "a b"]), ("a{2,3,4}b", []), ("a{2,,3}b", []),
])
func `pairs of bytes are those of every match`(_ pattern: String, _ expected: [String]) {
  let pairs = RequiredPairs(of: pattern)?.pairs ?? []
  let sets = pairs.map { [$0.first, $0.second] }
  let wanted = expected.map { text in
    // At the blank, unless it is one of the bytes.
    let bytes = Array(text.utf8)
    let blank = bytes.first == 0x20 ? 1 : bytes.firstIndex(of: 0x20) ?? 0
    return [Set(bytes[..<blank]), Set(bytes[(blank + 1)...])]
  }
  #expect(sets == wanted)
}

@Test func `no pair is wrong, whatever the pattern`() {
  let pieces = [
    "a", "b", "ab", "é", "(", ")", "(?:", "(?<n>", "|", "?", "*", "+", "+?", "{2}", "{0,1}", "{,2}",
    "[ab]", "[^a]", "[a-c1]", #"[\d.]"#, "[é]", ".", "^", "$", #"\d"#, #"\W"#, #"\s"#, #"\."#,
    #"\b"#, "=",
  ]
  var count = 0
  for seed in UInt64(1)...4000 {
    var random = SeededRandom(seed: seed)
    var pattern = ""
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      pattern += pieces.randomElement(using: &random) ?? ""
    }
    guard let regex = try? RegularExpression(pattern), let required = RequiredPairs(of: pattern)
    else { continue }
    for _ in 0..<40 {
      let line = (0..<Int.random(in: 0...10, using: &random))
        .map { _ in
          ["a", "b", "c", "1", "2", ".", "=", " ", "é", "\n"].randomElement(using: &random) ?? ""
        }
        .joined()
      let bytes = Array(line.utf8)
      guard (try? regex.matches(bytes.span)) == true else { continue }
      count += 1
      for pair in required.pairs {
        let stands = zip(bytes, bytes.dropFirst()).contains {
          pair.first.contains($0) && pair.second.contains($1)
        }
        #expect(stands, "seed \(seed): \(pattern) in \(line.debugDescription)")
      }
    }
  }
  #expect(count > 1000)
}
