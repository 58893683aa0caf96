import Patterns
import TestSupport
import Testing

@Suite struct MergeTests {
  private static func merged(_ skeletons: [String]) -> [String: String] {
    .init(uniqueKeysWithValues: zip(skeletons, PatternMerge.patterns(of: skeletons)))
  }

  @Test func `words that are one of many are a value`() {
    let users = ["anna", "ben", "carla", "dora", "emil"]
    let patterns = Self.merged(
      users.map { "Invalid user \($0) from <*>" } + ["session opened for user root"])
    for user in users {
      #expect(patterns["Invalid user \(user) from <*>"] == "Invalid user <*> from <*>")
    }
    #expect(patterns["session opened for user root"] == "session opened for user root")
  }

  @Test func `words that are one of few tell events apart`() {
    let events = ["VM started in <*>", "VM stopped in <*>", "VM paused in <*>"]
    for (event, pattern) in Self.merged(events) { #expect(event == pattern) }
  }

  @Test func `punctuation that all values share stays`() {
    let names = ["a", "b", "c", "d"].map { "open file=(\($0)), mode=<*>" }
    #expect(Set(PatternMerge.patterns(of: names)) == ["open file=(<*>), mode=<*>"])
  }

  @Test func `nothing comes of nothing`() {
    #expect(PatternMerge.patterns(of: []).isEmpty)
    #expect(PatternMerge.patterns(of: [""]) == [""])
    #expect(PatternMerge.patterns(of: ["=", "a", "<*>"]) == ["=", "a", "<*>"])
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `the order of the skeletons changes nothing`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let words = ["user", "file", "open", "closed", "from", "to", "<*>", "k=<*>", "error:"]
    var texts: Set<String> = []
    for _ in 0..<400 {
      let count = Int.random(in: 1...7, using: &random)
      let chosen = (0..<count).map { place in
        place == 1
          ? "v\("abcdefgh".randomElement(using: &random) ?? "a")"
          : words.randomElement(using: &random) ?? ""
      }
      texts.insert(chosen.joined(separator: " "))
    }
    let expected = Self.merged(texts.sorted())
    #expect(Set(expected.values).count < texts.count)
    for _ in 0..<5 { #expect(Self.merged(texts.shuffled(using: &random)) == expected) }
  }
}
