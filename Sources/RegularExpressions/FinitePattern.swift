/// A pattern of which an automaton can tell whether it matches in an ASCII text: it has classes, groups, alternatives,
/// counts and places, and nothing that depends on what was matched before.
///
/// Only whether it matches is told, and not where. So what may be empty at its ends is left out: of
/// `(\w+)-(\d+)` there is `\w-\d`.
package struct FinitePattern: Hashable, Sendable {
  /// A bit for each ASCII byte.
  typealias ByteMask = UInt128

  enum Place: Hashable, Sendable {
    case beginning, end, wordEdge, noWordEdge
  }

  enum Node: Hashable, Sendable {
    case bytes(ByteMask, next: Int)
    case either(Int, Int)
    case place(Place, next: Int)
    case match
  }

  static let words: ByteMask = mask {
    $0 == 0x5F || $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26
  }

  let nodes: [Node]
  let start: Int

  /// Nil for any other pattern, for a long one, and where a repetition repeats another one, which PCRE2 may take all its steps
  /// for.
  package init?(_ pattern: String) {
    var reader = FinitePatternReader(pattern)
    guard let part = reader?.read() else { return nil }
    var program = Program()
    guard let start = program.add(part.withoutEnds, before: program.add(.match)) else {
      return nil
    }
    nodes = program.nodes
    self.start = start
  }

  static func mask(_ isIn: (UInt8) -> Bool) -> ByteMask {
    (UInt8.min...0x7F).reduce(0) { isIn($1) ? $0 | 1 << ByteMask($1) : $0 }
  }
}

extension FinitePattern {
  /// What a pattern is made of.
  indirect enum Part {
    case bytes(ByteMask)
    case place(Place)
    case sequence([Part])
    case choice([Part])
    /// Nil: as often as it goes.
    case repetition(Part, least: Int, most: Int?)

    var mayBeEmpty: Bool {
      switch self {
      case .bytes, .place: false
      case .sequence(let parts): parts.allSatisfy(\.mayBeEmpty)
      case .choice(let parts): parts.contains(where: \.mayBeEmpty)
      case .repetition(let part, let least, _): least == 0 || part.mayBeEmpty
      }
    }

    var repeats: Bool {
      switch self {
      case .bytes, .place: false
      case .sequence(let parts), .choice(let parts): parts.contains(where: \.repeats)
      case .repetition(let part, _, let most): most == nil || part.repeats
      }
    }

    /// What has to match for a match that may begin and end anywhere.
    var withoutEnds: Part { trimmed(atEnd: true).trimmed(atEnd: false) }

    private func trimmed(atEnd: Bool) -> Part {
      switch self {
      case .bytes, .place: return self
      case .choice(let parts): return .choice(parts.map { $0.trimmed(atEnd: atEnd) })
      case .repetition(let part, let least, _):
        if least < 2 { return least == 0 ? .sequence([]) : part.trimmed(atEnd: atEnd) }
        return .repetition(part, least: least, most: least)
      case .sequence(var parts):
        while let outer = atEnd ? parts.last : parts.first {
          let place = atEnd ? parts.count - 1 : 0
          guard outer.mayBeEmpty else {
            parts[place] = outer.trimmed(atEnd: atEnd)
            break
          }
          parts.remove(at: place)
        }
        return .sequence(parts)
      }
    }
  }

  private struct Program {
    private static let most = 256
    private(set) var nodes: [Node] = []

    mutating func add(_ node: Node) -> Int {
      nodes.append(node)
      return nodes.count - 1
    }

    /// Where a part begins behind which `next` follows; nil where there are too many nodes.
    mutating func add(_ part: Part, before next: Int) -> Int? {
      guard nodes.count < Self.most else { return nil }
      switch part {
      case .bytes(let mask): return add(.bytes(mask, next: next))
      case .place(let place): return add(.place(place, next: next))
      case .sequence(let parts):
        return parts.reversed().reduce(next) { next, part in next.flatMap { add(part, before: $0) }
        }
      case .choice(let parts):
        var start: Int?
        for part in parts {
          guard let branch = add(part, before: next) else { return nil }
          start = start.map { add(.either(branch, $0)) } ?? branch
        }
        return start
      case .repetition(let part, let least, let most):
        return repeated(part, least, most, before: next)
      }
    }

    private mutating func repeated(
      _ part: Part, _ least: Int, _ most: Int?, before next: Int
    ) -> Int? {
      var start = next
      if let most {
        for _ in least..<max(least, most) {
          guard let again = add(part, before: start) else { return nil }
          start = add(.either(again, next))
        }
      } else {
        let loop = add(.match)
        guard let again = add(part, before: loop) else { return nil }
        nodes[loop] = .either(again, next)
        start = loop
      }
      for _ in 0..<least {
        guard let once = add(part, before: start) else { return nil }
        start = once
      }
      return start
    }
  }
}
