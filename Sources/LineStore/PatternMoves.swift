/// Which skeletons are to be other patterns' from now on.
package struct PatternMoves: Sendable {
  package struct Move: Sendable {
    var skeleton: Int64
    var text: String
    /// 0 for none: the skeleton is new.
    var from: Int64
    var to: Int64
    /// The text of that pattern.
    var pattern: String
  }

  package private(set) var all: [Move] = []
  /// By the patterns that they leave: the one that most lines go to.
  private(set) var heirs: [Int64: (pattern: Int64, lines: Int64)] = [:]
  private var lines: [Int64: [Int64: Int64]] = [:]

  mutating func add(_ move: Move, lines count: Int64) {
    all.append(move)
    guard move.from != 0 else { return }
    let sum = (lines[move.from]?[move.to] ?? 0) + count
    lines[move.from, default: [:]][move.to] = sum
    if let heir = heirs[move.from], heir.pattern != move.to,
      (heir.lines, move.to) > (sum, heir.pattern)
    {
      return
    }
    heirs[move.from] = (move.to, sum)
  }
}
