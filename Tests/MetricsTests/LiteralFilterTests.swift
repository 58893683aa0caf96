import TestSupport
import Testing

@testable import Metrics

@Suite struct `Texts in lines` {
  @Test func `one pass finds what a search for each text finds`() {
    for seed in UInt64(1)...200 {
      var random = SeededRandom(seed: seed)
      // Few letters, so that texts overlap and stand in each other.
      func text(_ lengths: ClosedRange<Int>) -> [UInt8] {
        (0..<Int.random(in: lengths, using: &random)).map { _ in
          "abcd".utf8.randomElement(using: &random) ?? 0
        }
      }
      let texts = (0..<Int.random(in: 1...30, using: &random)).map { _ in text(3...8) }
      var filter = LiteralFilter()
      for (index, text) in texts.enumerated() { filter.add(text, for: Int32(index)) }
      for _ in 0..<50 {
        let line = text(0...40)
        var found: [Int32] = []
        filter.search(line.span, into: &found)
        let expected = texts.indices.filter { stands(texts[$0], in: line) }.map { Int32($0) }
        #expect(found.sorted() == expected, "SEED=\(seed)")
      }
    }
  }

  @Test func `texts in letters of either case, as words, and several for one owner`() {
    for seed in UInt64(1)...200 {
      var random = SeededRandom(seed: seed)
      func text(_ lengths: ClosedRange<Int>) -> [UInt8] {
        (0..<Int.random(in: lengths, using: &random)).map { _ in
          "abAB@`1".utf8.randomElement(using: &random) ?? 0
        }
      }
      func small(_ text: [UInt8]) -> [UInt8] { text.map { $0 &- 0x41 < 26 ? $0 + 32 : $0 } }
      let texts = (0..<Int.random(in: 1...30, using: &random)).map { _ in
        (
          text: text(3...5), ignoresCase: Bool.random(using: &random),
          isWord: (start: Bool.random(using: &random), end: Bool.random(using: &random)),
          owner: Int32.random(in: 0...5, using: &random)
        )
      }
      var filter = LiteralFilter()
      for text in texts {
        filter.add(
          text.text, ignoresCase: text.ignoresCase, isWord: text.isWord, for: text.owner)
      }
      for _ in 0..<50 {
        let line = text(0...40)
        var found: [Int32] = []
        filter.search(line.span, into: &found)
        let expected = texts.filter {
          $0.ignoresCase
            ? stands(small($0.text), in: small(line), $0.isWord)
            : stands($0.text, in: line, $0.isWord)
        }
        #expect(found.sorted() == Set(expected.map(\.owner)).sorted(), "SEED=\(seed)")
      }
    }
  }

  @Test func `an owner is told only where all that it requires stands in the line, too`() {
    for seed in UInt64(1)...200 {
      var random = SeededRandom(seed: seed)
      func text(_ lengths: ClosedRange<Int>) -> [UInt8] {
        (0..<Int.random(in: lengths, using: &random)).map { _ in
          "abc".utf8.randomElement(using: &random) ?? 0
        }
      }
      let owners = (0..<Int.random(in: 1...20, using: &random)).map { _ in
        (
          texts: (0..<Int.random(in: 1...2, using: &random)).map { _ in text(3...5) },
          others: (0..<Int.random(in: 0...3, using: &random)).map { _ in text(3...4) }
        )
      }
      var filter = LiteralFilter()
      for (number, owner) in owners.enumerated() {
        for text in owner.texts { filter.add(text, for: Int32(number)) }
        filter.require(owner.others, of: Int32(number))
      }
      for _ in 0..<50 {
        let line = text(0...40)
        var found: [Int32] = [-1]
        filter.search(line.span, into: &found)
        let expected = owners.indices.filter { index in
          owners[index].texts.contains { stands($0, in: line) }
            && owners[index].others.allSatisfy { stands($0, in: line) }
        }
        #expect(found.sorted() == expected.map { Int32($0) }, "SEED=\(seed)")
      }
    }
  }

  @Test func `there may be more than a table of small numbers has room for`() {
    var filter = LiteralFilter()
    let count: Int32 = 70_000
    for number in 0..<count { filter.add(Array("text \(number),".utf8), for: number) }
    for number in [0, 1, 65_534, 65_535, 65_536, count - 1] {
      var found: [Int32] = []
      filter.search(Array("a text \(number), and so on".utf8).span, into: &found)
      #expect(found == [number])
    }
  }

  private func stands(
    _ text: [UInt8], in line: [UInt8], _ isWord: (start: Bool, end: Bool) = (false, false)
  ) -> Bool {
    func isOfWord(_ index: Int) -> Bool {
      line.indices.contains(index) && "abAB1".utf8.contains(line[index])
    }
    guard text.count <= line.count else { return false }
    return (0...line.count - text.count).contains {
      line[$0..<$0 + text.count].elementsEqual(text) && !(isWord.start && isOfWord($0 - 1))
        && !(isWord.end && isOfWord($0 + text.count))
    }
  }
}
