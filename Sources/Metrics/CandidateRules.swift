import LogModel
import RegularExpressions

/// The rules that a record must be shown to: those of whose texts one stands in it, and those that have none.
struct CandidateRules {
  /// Rules that see records together.
  private struct Group {
    /// Those that see every record of a level, by its raw value; of none at 0.
    var always = [[Int32]](repeating: [], count: Severity.allCases.count + 1)
    /// Those that see every record beyond ASCII, too.
    var beyondASCII: [Int32] = []
    var filter = LiteralFilter()
    /// Whether one of those that see every record has pairs.
    var hasPairs = false
  }

  /// The rules that see the records of a source's file.
  private struct Selection {
    var group: Int
    /// By rule: the first line that is seen; empty where it is the first of all.
    var starts: [Int64]
  }

  private struct SelectionKey: Hashable {
    var group: Int
    var source: Int64
  }

  /// By rule and source: the first line that is seen.
  private let starts: [[Int64: Int64]]
  /// Of rules without texts, two for each: what every line has that their patterns match.
  private let pairs: [LinePairs.Pair]
  private var groups: [Group] = []
  private var groupsByRules: [[Int]: Int] = [:]
  private var selections: [Selection] = []
  private var selectionsByKey: [SelectionKey: Int] = [:]
  /// For the record: first those of which a text stands in it.
  private var found: [Int32] = []
  private var withTexts = 0
  /// Of the record, where rules ask for them.
  private var linePairs = LinePairs()

  init(_ rules: [CompiledRule], starts: [[Int64: Int64]]) {
    self.starts = starts
    pairs = rules.flatMap { LinePairs.pairs(of: $0.texts == nil ? $0.rule.pattern : nil) }
  }

  /// The number of the selection for the records of a file; nil where no rule is for it.
  mutating func select(
    _ rules: [CompiledRule], source: String, id: Int64, file: Path
  ) -> Int? {
    let chosen = rules.indices.filter { rules[$0].rule.covers(source: source, file: file) }
    guard !chosen.isEmpty else { return nil }
    let key = SelectionKey(group: group(of: chosen, rules), source: id)
    if let known = selectionsByKey[key] { return known }
    let first = starts.map { $0[id] ?? 0 }
    let isOfAll = chosen.allSatisfy { first[$0] == 0 }
    selections.append(Selection(group: key.group, starts: isOfAll ? [] : first))
    selectionsByKey[key] = selections.count - 1
    return selections.count - 1
  }

  private mutating func group(of chosen: [Int], _ rules: [CompiledRule]) -> Int {
    if let known = groupsByRules[chosen] { return known }
    var group = Group()
    for index in chosen {
      guard let required = rules[index].texts else {
        group.hasPairs = group.hasPairs || pairs[2 * index] != .any
        for level in group.always.indices where rules[index].levels & 1 << level != 0 {
          group.always[level].append(Int32(index))
        }
        continue
      }
      let edges = required.edges
      for text in required.texts {
        group.filter.add(
          Array(text.utf8), ignoresCase: required.ignoresCase, isWord: (edges.start, edges.end),
          for: Int32(index))
      }
      group.filter.require(
        required.others.map { Array($0.utf8) }, ignoresCase: required.ignoresCase,
        of: Int32(index))
      if required.ignoresCase { group.beyondASCII.append(Int32(index)) }
    }
    groups.append(group)
    groupsByRules[chosen] = groups.count - 1
    return groups.count - 1
  }

  /// Finds the rules for a record.
  mutating func search(
    _ text: Span<UInt8>, _ severity: Severity?, isASCII: Bool, selection: Int
  ) {
    let group = selections[selection].group
    groups[group].filter.search(text, into: &found)
    withTexts = found.count
    found.append(contentsOf: groups[group].always[Int(severity?.rawValue ?? 0)])
    if !isASCII {
      for rule in groups[group].beyondASCII where !found[..<withTexts].contains(rule) {
        found.append(rule)
      }
    }
    if groups[group].hasPairs { linePairs.read(text) }
  }

  /// How many were found.
  var count: Int { found.count }

  subscript(place: Int) -> (rule: Int, hasText: Bool) {
    @inline(__always) get { (Int(found[place]), place < withTexts) }
  }

  /// Whether the line of this number may matter to a rule that was found.
  @inline(__always)
  func mayMatter(_ rule: Int, hasText: Bool, id: Int64, selection: Int) -> Bool {
    if !selections[selection].starts.isEmpty, id < selections[selection].starts[rule] {
      return false
    }
    return hasText || linePairs.has(pairs[2 * rule]) && linePairs.has(pairs[2 * rule + 1])
  }
}
