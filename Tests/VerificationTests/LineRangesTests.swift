import TestSupport
import Testing

@testable import Verification

@Suite struct LineRangesTests {
  @Test func `ranges are the set of their ids`() {
    for seed in UInt64(0)..<200 {
      var random = SeededRandom(seed: seed)
      let (left, leftIDs) = Self.make(&random)
      let (right, rightIDs) = Self.make(&random)
      let rest = left.subtracting(right)
      #expect(Set(left.ranges.joined()) == leftIDs, "seed \(seed)")
      #expect(rest.flatMap { Array($0) } == leftIDs.subtracting(rightIDs).sorted(), "seed \(seed)")
      #expect(left.ranges.count == Self.runs(leftIDs), "seed \(seed)")
    }
  }

  /// Runs in the order of their beginnings; what they share is what a set has already.
  private static func make(
    _ random: inout SeededRandom
  ) -> (LineRanges, Set<Int64>) {
    var ranges = LineRanges()
    var ids: Set<Int64> = []
    var start: Int64 = 1
    for _ in 0..<Int.random(in: 0...8, using: &random) {
      start += Int64.random(in: 0...4, using: &random)
      let run = start..<start + Int64.random(in: 1...5, using: &random)
      let overlap = ranges.add(run)
      #expect(Set(overlap.map { Array($0) } ?? []) == ids.intersection(run))
      ids.formUnion(run)
    }
    return (ranges, ids)
  }

  private static func runs(_ ids: Set<Int64>) -> Int { ids.count { !ids.contains($0 - 1) } }
}
