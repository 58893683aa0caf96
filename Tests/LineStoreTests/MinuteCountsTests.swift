import TestSupport
import Testing

@testable import LineStore

/// The lines of an hour's minutes as text.
@Suite struct MinuteCountsTests {
  @Test(arguments: [
    ([:], "[]"), ([0: 3], "[3]"), ([1: 2], "[0,2]"), ([59: 1], #"{"59":1}"#),
    ([0: 1, 1: 20, 3: 4], "[1,20,0,4]"), ([5: 12, 40: 7], #"{"5":12,"40":7}"#),
  ])
  func `are an array or an object, whichever is shorter`(_ lines: [Int: Int], _ text: String) {
    #expect(Self.counts(lines).text == text)
  }

  @Test func `come back from their text, and are added to others`() {
    var random = SeededRandom(seed: Seed.value)
    for _ in 0..<500 {
      let (left, right) = (Self.lines(&random), Self.lines(&random))
      var sum = Self.counts(left)
      sum.add(Array(Self.counts(right).text.utf8).span)
      #expect(sum.text == Self.counts(left.merging(right, uniquingKeysWith: +)).text)
    }
  }

  @Test(arguments: ["", "x", "{", "[", #"{"60":5}"#, #"{"1"}"#, #"{"99999999999999999999":1}"#])
  func `ignore what is no text of theirs`(_ text: String) {
    var counts = Self.counts([7: 1])
    counts.add(Array(text.utf8).span)
    #expect(counts.text == #"{"7":1}"#)
  }

  private static func counts(_ lines: [Int: Int]) -> MinuteCounts {
    var counts = MinuteCounts()
    for (minute, count) in lines { counts.add(count, minute: minute) }
    return counts
  }

  private static func lines(_ random: inout SeededRandom) -> [Int: Int] {
    var lines: [Int: Int] = [:]
    for _ in 0..<Int.random(in: 0...70, using: &random) {
      lines[Int.random(in: 0...59, using: &random)] = Int.random(in: 1...2000, using: &random)
    }
    return lines
  }
}
