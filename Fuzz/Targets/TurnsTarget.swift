import Extraction
import LogModel

extension FuzzTarget {
  /// Any text as the records of a file: counts that add up, and a state that comes back as it was.
  static let turns = FuzzTarget("turns") { input in
    var extractor = TurnExtractor()
    var state = TurnExtractor.State()
    _ = TurnExtractor.State(encoded: input)
    for line in input.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init) {
      let found = extractor.read(line.span, state: &state)
      try require(
        found == (!extractor.turns.isEmpty || extractor.reject != nil),
        "a record gave something else than it said")
      for turn in extractor.turns { try expectPossible(turn) }
      guard let restored = TurnExtractor.State(encoded: state.encoded) else {
        throw Violation(description: "a state cannot be read again")
      }
      try require(restored == state, "a state comes back changed")
      state = restored
    }
  }

  private static func expectPossible(_ turn: Turn) throws {
    let usage = turn.usage
    let counts = [
      usage.uncachedInput, usage.cacheRead, usage.cacheWrite5m, usage.cacheWrite1h,
      usage.visibleOutput, usage.reasoning,
    ]
    for count in counts {
      try require((0...2 * TokenUsage.most).contains(count), "an impossible count: \(usage)")
    }
    try require(turn.hasUsage || usage == TokenUsage(), "counts of nothing: \(usage)")
  }
}
