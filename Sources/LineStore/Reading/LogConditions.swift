import LogModel
import SQLite

/// The values of a statement's conditions, as bounds and sets; whoever satisfies the conditions lies
/// within them, but not the other way round.
struct LogConditions {
  /// Some condition is true of no row.
  private(set) var isImpossible = false
  private var ids: ClosedRange<Int64> = .min ... .max
  /// In order.
  private(set) var idSet: [Int64]?
  private(set) var times: ClosedRange<Int64>?
  private(set) var chunks: Set<Int64>?
  private var sources: Set<Int64>?
  private var levels: Set<UInt8>?
  private var patterns: Set<Int64>?
  private(set) var needles: [Needle] = []
  /// Whole ones, which every message holds; see `WholeWords`.
  private(set) var words: Set<[UInt8]> = []
  /// Patterns of REGEXP.
  private(set) var expressions: [String] = []
  /// What MATCH asks of the fields.
  private(set) var fieldTests: [String] = []

  /// More literal parts of one pattern are not searched for.
  private static let maxNeedles = 3

  init(
    _ terms: [LogPlan.Term], _ arguments: borrowing FunctionArguments, _ catalog: StoreCatalog
  ) {
    for (index, term) in terms.enumerated() where index < arguments.count {
      if term.comparison == .list {
        restrict(term.column, to: arguments.list(index), catalog)
        continue
      }
      // No comparison with NULL is true.
      if arguments.isNull(index) {
        isImpossible = true
        continue
      }
      let type = arguments.type(index)
      switch term.column {
      case .id, .microseconds, .chunk, .pattern: number(term, type, arguments, index)
      case .time where type == .text: time(term, arguments.bytes(index))
      case .level where type == .text, .source where type == .text:
        restrict(term.column, to: [.text(arguments.text(index))], catalog)
      case .message where type == .text:
        if term.comparison == .regexp { expressions.append(arguments.text(index)) }
        message(term, arguments.bytes(index))
      case .attributes where type == .text: fieldTests.append(arguments.text(index))
      default: break
      }
    }
  }

  private mutating func number(
    _ term: LogPlan.Term, _ type: StorageClass, _ arguments: borrowing FunctionArguments,
    _ index: Int
  ) {
    let lower: Int64
    let upper: Int64
    switch type {
    case .integer:
      lower = arguments.integer(index)
      upper = lower
    case .real:
      let value = arguments.real(index)
      guard abs(value) < 9e18 else { return }
      lower = Int64(value.rounded(.down))
      upper = Int64(value.rounded(.up))
    default: return
    }
    switch term.comparison {
    case .equal:
      if term.column == .chunk || term.column == .pattern {
        let values = Set([lower, upper])
        if term.column == .chunk {
          chunks = chunks?.intersection(values) ?? values
        } else {
          patterns = patterns?.intersection(values) ?? values
        }
      } else {
        bound(term.column, lower...upper)
      }
    case .less, .lessOrEqual: bound(term.column, .min...upper)
    case .greater, .greaterOrEqual: bound(term.column, lower ... .max)
    default: break
    }
  }

  private mutating func bound(_ column: LogColumn, _ range: ClosedRange<Int64>) {
    let old = column == .id ? ids : times ?? .min ... .max
    guard old.overlaps(range) else {
      isImpossible = true
      return
    }
    if column == .id { ids = old.clamped(to: range) } else { times = old.clamped(to: range) }
  }

  /// Times are compared as text of a fixed width, whose order is that of the instants.
  private mutating func time(_ term: LogPlan.Term, _ text: Span<UInt8>) {
    var bytes: [UInt8] = []
    bytes.append(text)
    // The first instant at or behind the text, and the first behind it.
    let first = Self.firstInstant { !$0.lexicographicallyPrecedes(bytes) }
    let behind = Self.firstInstant { bytes.lexicographicallyPrecedes($0) }
    let after = Int64.min
    switch term.comparison {
    case .equal where first == behind: isImpossible = true
    case .equal: bound(.time, first...first)
    case .less: bound(.time, after...first)
    case .lessOrEqual: bound(.time, after...behind)
    case .greaterOrEqual: bound(.time, (first == 0 ? .min : first) ... .max)
    case .greater: bound(.time, (behind == 0 ? .min : behind) ... .max)
    default: break
    }
  }

  /// The first instant from 1970 on whose text satisfies a condition that all later ones satisfy.
  private static func firstInstant(_ satisfies: ([UInt8]) -> Bool) -> Int64 {
    var low: Int64 = 0
    var high: Int64 = 253_402_300_800_000_000
    while low < high {
      let middle = low + (high - low) / 2
      if satisfies(Array(Instant.text(middle).utf8)) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private mutating func restrict(
    _ column: LogColumn, to values: [ConstantValue], _ catalog: StoreCatalog
  ) {
    switch column {
    case .id, .chunk, .pattern:
      guard let numbers = Self.numbers(values) else { return }
      switch column {
      case .id: idSet = numbers.filter { idSet?.contains($0) ?? true }.sorted()
      case .chunk: chunks = chunks?.intersection(numbers) ?? numbers
      default: patterns = patterns?.intersection(numbers) ?? numbers
      }
    case .level, .source:
      guard let words = Self.words(values) else { return }
      if column == .level {
        let wanted = Set(Severity.allCases.filter { words.contains($0.name) }.map(\.rawValue))
        levels = levels?.intersection(wanted) ?? wanted
      } else {
        let wanted = Set(catalog.sources.filter { words.contains(Self.loose($0.value.name)) }.keys)
        sources = sources?.intersection(wanted) ?? wanted
      }
    default: break
    }
  }

  /// Nil where a value may equal a number in a way that is not looked into here.
  private static func numbers(_ values: [ConstantValue]) -> Set<Int64>? {
    var numbers: Set<Int64> = []
    for value in values {
      switch value {
      case .null: continue
      case .integer(let number): numbers.insert(number)
      case .real(let number):
        guard let exact = Int64(exactly: number) else { return nil }
        numbers.insert(exact)
      case .text, .blob: return nil
      }
    }
    return numbers
  }

  /// In the form of `loose`, because SQLite 3.40 makes an IN list of `x = 'a' OR x = 'B' COLLATE NOCASE`
  /// and then says that it compares bytes.
  private static func words(_ values: [ConstantValue]) -> Set<String>? {
    var words: Set<String> = []
    for value in values {
      switch value {
      case .null: continue
      case .text(let word): words.insert(loose(word))
      default: return nil
      }
    }
    return words
  }

  /// What texts have in common that any of SQLite's own collations takes for equal.
  private static func loose(_ text: String) -> String {
    var bytes = text.utf8.map(ASCII.lowercase)
    while bytes.last == 0x20 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  private mutating func message(_ term: LogPlan.Term, _ text: Span<UInt8>) {
    switch term.comparison {
    case .equal:
      var bytes: [UInt8] = []
      bytes.append(text)
      add(
        [PatternLiterals.Literal(bytes: bytes, isOpenLeft: false, isOpenRight: false)],
        ignoringCase: false)
    case .regexp: words.formUnion(WholeWords.find(inRegexp: text))
    case .glob: add(PatternLiterals.glob(text), ignoringCase: false)
    case .like: add(PatternLiterals.like(text), ignoringCase: true)
    default: break
    }
  }

  private mutating func add(_ literals: [PatternLiterals.Literal], ignoringCase: Bool) {
    let longest = literals.map(\.bytes).sorted { $0.count > $1.count }.prefix(Self.maxNeedles)
    needles += longest.compactMap { Needle($0, ignoresCase: ignoringCase) }
    for literal in literals {
      let whole = WholeWords.find(
        in: literal.bytes, isOpenLeft: literal.isOpenLeft, isOpenRight: literal.isOpenRight)
      // LIKE takes `a` for `A`.
      words.formUnion(ignoringCase ? whole.filter { !$0.contains(where: ASCII.isLetter) } : whole)
    }
  }

  // What a row must satisfy

  var restrictsTemplates: Bool { levels != nil || patterns != nil }

  func allows(_ template: StoreCatalog.Template) -> Bool {
    (levels?.contains(template.level) ?? true) && (patterns?.contains(template.pattern) ?? true)
  }

  /// The first and the last id that a row can have.
  var rowIDs: ClosedRange<Int64> {
    guard let last = idSet?.last, last < ids.upperBound else { return ids }
    return min(ids.lowerBound, last)...last
  }

  /// The ids in which the rows lie, in order.
  var idRanges: [ClosedRange<Int64>] {
    var bounds = ids
    if let idSet {
      guard let first = idSet.first, let last = idSet.last, bounds.overlaps(first...last) else {
        return []
      }
      bounds = bounds.clamped(to: first...last)
    }
    guard let sources else { return chunkBounds(bounds).map { [$0] } ?? [] }
    return sources.sorted().compactMap { source in
      let first = LineIdentifier.make(source: source, number: 0)
      let range = first...(first | (1 << LineIdentifier.numberBits - 1))
      return bounds.overlaps(range) ? chunkBounds(bounds.clamped(to: range)) : nil
    }
  }

  /// Where few chunks are wanted, the others need not be listed.
  private func chunkBounds(_ bounds: ClosedRange<Int64>) -> ClosedRange<Int64>? {
    guard let chunks else { return bounds }
    // A wanted chunk may begin before the lowest id.
    guard let first = chunks.min(), let last = chunks.max(), first <= bounds.upperBound else {
      return nil
    }
    let low = max(bounds.lowerBound, first)
    let high = min(bounds.upperBound, max(last, low))
    return low <= high ? low...high : nil
  }
}
