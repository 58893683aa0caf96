/// Tells in one pass over an ASCII text which of many patterns match in it.
///
/// Its states are made when a text first leads to them. Where they become too many, all are forgotten; where that
/// happens again and again, it gives up.
package struct PatternAutomaton {
  private typealias Node = FinitePattern.Node
  private typealias ByteMask = FinitePattern.ByteMask

  private struct State: Hashable {
    /// Of which each may go on, beside the beginnings of all patterns.
    var nodes: [Int32]
    /// Those that have matched when it is reached.
    var matches: [Int32]
    var isBeginning = false
    var isBehindWord = false
  }

  private struct Step {
    var nodes: [Int32] = []
    var matches: [Int32] = []
  }

  /// With the mark it fits into 16 bits.
  private static let mostStates = 1 << 12
  private static let mark: UInt16 = 1 << 15

  private var nodes: [Node] = []
  /// By node.
  private var patterns: [Int32] = []
  private var starts: [Int32] = []
  private let knowsWords: Bool
  /// By ASCII byte.
  private let kinds: [UInt8]
  /// A byte of each kind; the end of the text is one more.
  private let bytes: [UInt8]
  private let width: Int

  private var states: [State] = []
  private var places: [State: UInt16] = [:]
  /// By state and kind: the next state, marked where patterns match; 0, which is none, where it is not known.
  private var table: [UInt16] = []
  /// What the beginnings add, by kind and by what stands before.
  private var firstSteps: [Step?]
  private var visited: [UInt32]
  private var visit: UInt32 = 0

  private var text: UInt64 = 0
  /// Steps that were made since all states were forgotten, in how many texts, and whether it is not the first time.
  private var made: UInt64 = 0
  private var textOfFirst: UInt64 = 0
  private var hasForgotten = false
  private var hasGivenUp = false
  /// By state, and by pattern: the text that it was last told of.
  private var told: [UInt64] = []
  private var found: [UInt64]

  /// The patterns are numbered from 0 on.
  package init(_ patterns: [FinitePattern]) {
    for (number, pattern) in patterns.enumerated() {
      let base = nodes.count
      starts.append(Int32(base + pattern.start))
      nodes += pattern.nodes.map { $0.moved(by: base) }
      self.patterns += pattern.nodes.map { _ in Int32(number) }
    }
    let masks = Set(nodes.compactMap { if case .bytes(let mask, _) = $0 { mask } else { nil } })
    knowsWords = nodes.contains {
      if case .place(let place, _) = $0 {
        place == .wordEdge || place == .noWordEdge
      } else {
        false
      }
    }
    (kinds, bytes) = Self.kinds(of: Array(masks) + (knowsWords ? [FinitePattern.words] : []))
    width = bytes.count + 1
    firstSteps = Array(repeating: nil, count: width * 4)
    visited = nodes.map { _ in 0 }
    found = patterns.map { _ in 0 }
    begin()
  }

  /// Bytes that are in the same masks are of one kind.
  private static func kinds(of masks: [ByteMask]) -> (kinds: [UInt8], bytes: [UInt8]) {
    var known: [[Bool]: UInt8] = [:]
    var kinds: [UInt8] = []
    var bytes: [UInt8] = []
    for byte in UInt8.min...0x7F {
      let isIn = masks.map { $0 >> ByteMask(byte) & 1 == 1 }
      let kind = known[isIn] ?? UInt8(bytes.count)
      if known.updateValue(kind, forKey: isIn) == nil { bytes.append(byte) }
      kinds.append(kind)
    }
    return (kinds, bytes)
  }

  /// Appends the numbers of the patterns that match in an ASCII text, each once; false where that is not known.
  package mutating func search(_ line: Span<UInt8>, into result: inout [Int32]) -> Bool {
    guard !hasGivenUp else { return false }
    text += 1
    let count = result.count
    var (state, index) = (1, 0)
    while true {
      (state, index) = run(from: state, line, index)
      let kind = index < line.count ? Int(kinds[Int(line[index])]) : width - 1
      var next = table[state * width + kind]
      if next == 0 {
        next = makeNext(of: state, kind)
        // All states were forgotten.
        if next == 0 {
          result.removeSubrange(count...)
          return search(line, into: &result)
        }
      }
      state = Int(next & ~Self.mark)
      if next & Self.mark != 0, told[state] != text {
        told[state] = text
        for pattern in states[state].matches where found[Int(pattern)] != text {
          found[Int(pattern)] = text
          result.append(pattern)
        }
      }
      guard index < line.count else { return true }
      index += 1
    }
  }

  /// Goes on as far as states are known, and nothing is to be told.
  private func run(from state: Int, _ line: Span<UInt8>, _ index: Int) -> (state: Int, index: Int) {
    unsafe line.withUnsafeBufferPointer { line in
      unsafe table.withUnsafeBufferPointer { table in
        unsafe kinds.withUnsafeBufferPointer { kinds in
          unsafe told.withUnsafeBufferPointer { told in
            var (state, index) = (state, index)
            while index < line.count {
              let next = unsafe table[state &* width &+ Int(kinds[Int(line[index])])]
              let place = Int(next & ~Self.mark)
              if next == 0 { break }
              if next & Self.mark != 0, unsafe told[place] != text { break }
              state = place
              index &+= 1
            }
            return (state, index)
          }
        }
      }
    }
  }

  private mutating func begin() {
    states = [State(nodes: [], matches: [])]
    places = [:]
    table = Array(repeating: 0, count: width)
    told = [0]
    (made, textOfFirst) = (0, text)
    _ = number(of: State(nodes: [], matches: [], isBeginning: true))
  }
}

extension PatternAutomaton {
  /// Makes the next state; 0 where all of them had to be forgotten.
  private mutating func makeNext(of place: Int, _ kind: Int) -> UInt16 {
    made += 1
    let state = states[place]
    var step = firstStep(state, kind)
    visit += 1
    for node in state.nodes { follow(node, state, kind, &step) }
    let isBehindWord = knowsWords && isWord(kind)
    let next = State(
      nodes: Set(step.nodes).sorted(), matches: Set(step.matches).sorted(),
      isBehindWord: isBehindWord)
    guard places[next] != nil || states.count < Self.mostStates else {
      hasGivenUp = hasForgotten && made > text - textOfFirst
      hasForgotten = true
      begin()
      return 0
    }
    let number = number(of: next) | (next.matches.isEmpty ? 0 : Self.mark)
    table[place * width + kind] = number
    return number
  }

  private mutating func number(of state: State) -> UInt16 {
    if let known = places[state] { return known }
    let number = UInt16(states.count)
    states.append(state)
    places[state] = number
    table += Array(repeating: 0, count: width)
    told.append(0)
    return number
  }

  private mutating func firstStep(_ state: State, _ kind: Int) -> Step {
    let place = (kind * 2 + (state.isBeginning ? 1 : 0)) * 2 + (state.isBehindWord ? 1 : 0)
    if let known = firstSteps[place] { return known }
    var step = Step()
    visit += 1
    for node in starts { follow(node, state, kind, &step) }
    firstSteps[place] = step
    return step
  }

  private func isWord(_ kind: Int) -> Bool {
    kind < bytes.count && FinitePattern.words >> ByteMask(bytes[kind]) & 1 == 1
  }

  /// Adds what a node leads to by a byte of this kind, or by the end of the text.
  private mutating func follow(_ node: Int32, _ state: State, _ kind: Int, _ step: inout Step) {
    guard visited[Int(node)] != visit else { return }
    visited[Int(node)] = visit
    switch nodes[Int(node)] {
    case .match: step.matches.append(patterns[Int(node)])
    case .bytes(let mask, let next):
      if kind < bytes.count, mask >> ByteMask(bytes[kind]) & 1 == 1 {
        step.nodes.append(Int32(next))
      }
    case .either(let left, let right):
      follow(Int32(left), state, kind, &step)
      follow(Int32(right), state, kind, &step)
    case .place(let place, let next):
      let holds =
        switch place {
        case .beginning: state.isBeginning
        case .end: kind == bytes.count
        case .wordEdge: state.isBehindWord != isWord(kind)
        case .noWordEdge: state.isBehindWord == isWord(kind)
        }
      if holds { follow(Int32(next), state, kind, &step) }
    }
  }
}

extension FinitePattern.Node {
  fileprivate func moved(by offset: Int) -> Self {
    switch self {
    case .bytes(let mask, let next): .bytes(mask, next: next + offset)
    case .either(let left, let right): .either(left + offset, right + offset)
    case .place(let place, let next): .place(place, next: next + offset)
    case .match: .match
    }
  }
}
