import LogModel
import RegularExpressions

/// Rules that see records together.
struct RuleGroup {
  /// Of fewer expressions each is searched for as quickly.
  private static let fewPatterns = 8

  /// Positions of rules that have to see every record.
  private struct Everywhere {
    /// By the raw value of a level; of none at 0.
    var positions = [[Int32]](repeating: [], count: Severity.allCases.count + 1)
    /// Whether one of them has pairs.
    var hasPairs = false

    mutating func add(_ position: Int32, levels: UInt8, hasPairs: Bool) {
      self.hasPairs = self.hasPairs || hasPairs
      for level in positions.indices where levels & 1 << level != 0 {
        positions[level].append(position)
      }
    }
  }

  /// What is known of the candidates for a record.
  struct Known {
    /// Patterns of those before have a text that stands in the record, patterns of these match, and of the others nothing is known.
    var matching: Range<Int>
    /// Whether one of the others has pairs.
    var needsPairs: Bool
  }

  /// By position.
  let rules: [Int]
  /// Positions of those that see every record beyond ASCII, too.
  private var beyondASCII: [Int32] = []
  private var filter = LiteralFilter()
  /// Those without texts.
  private var textless = Everywhere()
  /// Those of them whose patterns the automaton does not know.
  private var unknown = Everywhere()
  private var automaton: PatternAutomaton?
  /// By pattern of the automaton.
  private var positions: [[Int32]] = []
  private var found: [Int32] = []

  init(_ chosen: [Int], of rules: [CompiledRule], hasPairs: (Int) -> Bool) {
    self.rules = chosen
    var places: [FinitePattern: Int] = [:]
    var finite: [FinitePattern] = []
    for (position, index) in chosen.enumerated() {
      let rule = rules[index]
      guard let required = rule.texts else {
        textless.add(Int32(position), levels: rule.levels, hasPairs: hasPairs(index))
        guard let pattern = rule.pattern.flatMap({ FinitePattern($0.pattern) }) else {
          unknown.add(Int32(position), levels: rule.levels, hasPairs: hasPairs(index))
          continue
        }
        let place = places[pattern] ?? finite.count
        if places.updateValue(place, forKey: pattern) == nil {
          finite.append(pattern)
          positions.append([])
        }
        positions[place].append(Int32(position))
        continue
      }
      for text in required.texts {
        filter.add(Array(text.utf8), ignoresCase: required.ignoresCase, for: Int32(position))
      }
      if required.ignoresCase { beyondASCII.append(Int32(position)) }
    }
    if positions.reduce(0, { $0 + $1.count }) >= Self.fewPatterns {
      automaton = PatternAutomaton(finite)
    }
  }

  /// Puts the positions of rules that may count a record into `candidates`, which is empty.
  @inline(__always)
  mutating func candidates(
    _ text: Span<UInt8>, _ line: LineText, _ severity: Severity?, into candidates: inout [Int32]
  ) -> Known {
    if !filter.isEmpty { filter.search(text, into: &candidates) }
    if !line.isASCII {
      let count = candidates.count
      for position in beyondASCII where !candidates[..<count].contains(position) {
        candidates.append(position)
      }
    }
    let start = candidates.count
    let level = Int(severity?.rawValue ?? 0)
    found.removeAll(keepingCapacity: true)
    if line.isASCII, automaton?.search(text, into: &found) == true {
      for pattern in found { candidates.append(contentsOf: positions[Int(pattern)]) }
      let end = candidates.count
      candidates.append(contentsOf: unknown.positions[level])
      return Known(matching: start..<end, needsPairs: unknown.hasPairs)
    }
    candidates.append(contentsOf: textless.positions[level])
    return Known(matching: start..<start, needsPairs: textless.hasPairs)
  }
}
