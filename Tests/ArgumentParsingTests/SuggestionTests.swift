import Testing

@testable import ArgumentParsing

private let cases: [(word: String, expected: String?)] = [
  ("serach", "search"), ("seach", "search"), ("searches", "search"), ("Search", "search"),
  ("pat", "patterns"), ("sessoins", "sessions"), ("error", "errors"), ("x", nil), ("", nil),
  ("sql", "sql"), ("slq", "sql"), ("rhubarb", nil), ("vo", nil),
]

@Test(arguments: cases)
func `a misspelt name finds the nearest one`(_ test: (word: String, expected: String?)) {
  let names = ["ingest", "search", "volume", "patterns", "errors", "sessions", "sql"]
  #expect(suggestion(for: test.word, among: names) == test.expected)
}

@Test(arguments: [
  ("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "", 3),
  ("kitten", "sitting", 3), ("ca", "abc", 3),
])
func `swapping two neighbours is one edit`(_ left: String, _ right: String, _ distance: Int) {
  #expect(editDistance(Array(left), Array(right)) == distance)
  #expect(editDistance(Array(right), Array(left)) == distance)
}
