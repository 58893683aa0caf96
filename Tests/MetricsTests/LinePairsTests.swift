import Testing

@testable import Metrics

@Suite struct `Pairs in a line` {
  @Test(arguments: [
    (#"\d+ms"#, "took 12ms", true), (#"\d+ms"#, "took 12 ms", false),
    (#"\d+ms"#, "teams 1m", true),
    (#"#\d+"#, "order #7", true), (#"#\d+"#, "7# order #", false), (#"x\d\d\d"#, "x1 x12", true),
    (#"x\d\d\d"#, "x1 y22", true), (#"x\d\d\d"#, "0x", false), ("a|b", "", true), ("ab", "", false),
    ("ab", "a", false), ("[^a]b", "é b", true), ("éb", "éb", true),
  ])
  func `are told from one pass over it`(_ pattern: String, _ line: String, _ has: Bool) {
    var pairs = LinePairs()
    pairs.read(Array("ms #1 x22 ab".utf8).span)
    pairs.read(Array(line.utf8).span)
    #expect(LinePairs.pairs(of: pattern).allSatisfy { pairs.has($0) } == has)
  }
}
