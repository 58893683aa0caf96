import Extraction
import Glibc
import LogModel
import TestSupport

/// Turns as a store keeps them: of equal keys the one with the highest rank.
struct Ledger: Equatable {
  private var byKey: [Int64: Turn] = [:]
  private var withoutKey: [Turn] = []
  private(set) var rejects: [TurnReject] = []

  /// How the lines of a file come by.
  enum Manner: CaseIterable {
    case inOneGo
    /// In a run for each line, with the state written down between two.
    case lineByLine
  }

  /// The lines of each file, all of one source.
  init(_ files: [[String]], _ manner: Manner = .inOneGo) {
    var extractor = TurnExtractor()
    for lines in files {
      var state = TurnExtractor.State()
      for line in lines {
        let bytes = Array(line.utf8)
        if extractor.read(bytes.span, state: &state) {
          for turn in extractor.turns { keep(turn) }
          if let reject = extractor.reject { rejects.append(reject) }
        }
        if manner == .lineByLine {
          state = TurnExtractor.State(encoded: state.encoded) ?? TurnExtractor.State()
        }
      }
    }
  }

  init(_ lines: String, _ manner: Manner = .inOneGo) {
    self.init([lines.split(separator: "\n").map(String.init)], manner)
  }

  private mutating func keep(_ turn: Turn) {
    guard let key = turn.storedKey(source: 1) else { return withoutKey.append(turn) }
    if let kept = byKey[key], kept.rank >= turn.rank { return }
    byKey[key] = turn
  }

  /// By time, then model.
  var turns: [Turn] {
    (withoutKey + byKey.values).sorted {
      ($0.time ?? 0, $0.model ?? "", $0.usage.total) < (
        $1.time ?? 0, $1.model ?? "", $1.usage.total
      )
    }
  }

  var sum: TokenUsage { Self.sum(turns) }

  static func sum(_ turns: [Turn]) -> TokenUsage {
    var sum = TokenUsage()
    for turn in turns {
      sum.uncachedInput += turn.usage.uncachedInput
      sum.cacheRead += turn.usage.cacheRead
      sum.cacheWrite5m += turn.usage.cacheWrite5m
      sum.cacheWrite1h += turn.usage.cacheWrite1h
      sum.visibleOutput += turn.usage.visibleOutput
      sum.reasoning += turn.usage.reasoning
    }
    return sum
  }

  /// The total of each session.
  var sessions: [String: Int64] {
    turns.reduce(into: [:]) { $0[$1.session ?? "default", default: 0] += $1.usage.total }
  }
}

/// The lines of a file of the shared test data; nil where that is absent.
func sharedLines(_ path: String) -> [String]? {
  guard let folder = Repository.data else { return nil }
  let text = Command.run("/bin/cat", [folder + "/" + path]).output
  return text.split(separator: "\n").map(String.init)
}

/// Every order of a few values.
func permutations<Value>(_ values: [Value]) -> [[Value]] {
  if values.count <= 1 { return [values] }
  return values.indices.flatMap { index in
    var rest = values
    let first = rest.remove(at: index)
    return permutations(rest).map { [first] + $0 }
  }
}
