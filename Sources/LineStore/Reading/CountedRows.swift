import LogModel
import SQLite

/// Rows of which only level, source, pattern and chunk are asked for: nothing is inflated, each row
/// of a template is like the others.
struct CountedRows: ~Copyable {
  /// The rows of one template in one source.
  struct Run {
    var source: Int64
    /// The place in the catalog.
    var template: Int
    var count: Int
  }

  /// The rows of one template in one chunk.
  private struct Use {
    /// The place in the catalog.
    var template: Int32
    var count: Int32
    var chunk: Int64
  }

  private let conditions: LogConditions
  private var reader = ChunkReader()
  private var runs: [Run] = []
  private var index = 0
  private let takesOne: Bool

  /// By template and chunk; nil until chunks are asked for.
  private var uses: [Use]?
  /// Those of the run at hand.
  private var chunks: ArraySlice<Use> = []
  private var chunksOf = -1
  /// Rows of the run in the chunks that are not in `chunks` any more.
  private var before = 0
  /// At which row of which run the reader stands, counted in its chunk.
  private var occurrence = -1
  private var occurrenceOf = -1

  init(
    _ conditions: LogConditions, _ catalog: StoreCatalog, _ plan: LogPlan,
    _ db: borrowing Connection
  ) throws(SQLiteError) {
    self.conditions = conditions
    takesOne = plan.rows == .countedOnce
    var source: Int64 = -1
    var counts = [Int](repeating: 0, count: catalog.templates.count)
    var counted: [Int] = []
    func endSource() {
      for template in counted {
        runs.append(Run(source: source, template: template, count: counts[template]))
        counts[template] = 0
      }
      counted.removeAll(keepingCapacity: true)
    }
    try Self.forEachUse(conditions, catalog, db) { use in
      let template = Int(use.template)
      if LineIdentifier.source(of: use.chunk) != source {
        endSource()
        source = LineIdentifier.source(of: use.chunk)
      }
      if counts[template] == 0 { counted.append(template) }
      counts[template] += Int(use.count)
    }
    endSource()
    runs.sort { ($0.template, $0.source) < ($1.template, $1.source) }
    sort(by: plan.order, catalog)
    skipEmpty()
  }

  /// In the order of the chunks.
  private static func forEachUse(
    _ conditions: LogConditions, _ catalog: StoreCatalog, _ db: borrowing Connection,
    _ body: (Use) -> Void
  ) throws(SQLiteError) {
    let isAllowed = catalog.templates.map(conditions.allows)
    for range in conditions.idRanges {
      var row = try db.prepare("SELECT chunk, counts FROM template_use WHERE chunk BETWEEN ? AND ?")
      try row.bind(values: range.lowerBound, range.upperBound)
      while try row.step() {
        let chunk = row.integer(0)
        guard conditions.chunks?.contains(chunk) ?? true else { continue }
        let text = row.bytes(1)
        var counts = TemplateCounts()
        while counts.next(text) {
          guard let template = catalog.index(ofTemplate: counts.template) else {
            throw SQLiteError(.unknownTemplate(chunk: chunk, template: counts.template))
          }
          guard isAllowed[template] else { continue }
          body(
            Use(
              template: Int32(template), count: Int32(clamping: counts.count), chunk: chunk))
        }
        guard !counts.isDamaged else { throw SQLiteError(.templateCounts(chunk: chunk)) }
      }
    }
  }

  /// Sorts the runs as SQLite would sort the rows.
  private mutating func sort(by order: [LogPlan.Order], _ catalog: StoreCatalog) {
    guard !order.isEmpty else { return }
    runs.sort { one, other in
      for term in order {
        let (low, high) = term.isDescending ? (other, one) : (one, other)
        switch term.column {
        case .pattern:
          let left = catalog.templates[low.template].pattern
          let right = catalog.templates[high.template].pattern
          if left != right { return left < right }
        case .level:
          let left = Severity.name(of: catalog.templates[low.template].level)
          let right = Severity.name(of: catalog.templates[high.template].level)
          if left != right { return left.lexicographicallyPrecedes(right) }
        default:
          let left = catalog.rank(ofSource: low.source)
          let right = catalog.rank(ofSource: high.source)
          if left != right { return left < right }
        }
      }
      return false
    }
  }

  private mutating func skipEmpty() {
    while index < runs.count, runs[index].count <= 0 { index += 1 }
  }

  /// The run at hand; nil at the end.
  var run: Run? { index < runs.count ? runs[index] : nil }
  /// Its last row that is wanted, counted from 0.
  var lastPosition: Int { takesOne ? 0 : (run?.count ?? 1) - 1 }

  /// Goes to the next run.
  mutating func next() {
    index += 1
    skipEmpty()
  }

  /// The chunk of a row of the run at hand, which are counted from 0.
  mutating func chunk(
    at position: Int, _ catalog: StoreCatalog, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    guard let row = run else { return 0 }
    if chunksOf != index {
      chunksOf = index
      before = 0
      let uses = try allUses(catalog, db)
      let first = LineIdentifier.make(source: row.source, number: 0)
      let end = LineIdentifier.make(source: row.source + 1, number: 0)
      let place = { (chunk: Int64) in
        uses.partitioningIndex { (Int($0.template), $0.chunk) >= (row.template, chunk) }
      }
      chunks = uses[place(first)..<place(end)]
    }
    while let use = chunks.first, position - before >= Int(use.count) {
      before += Int(use.count)
      chunks.removeFirst()
    }
    return chunks.first?.chunk ?? 0
  }

  private mutating func allUses(
    _ catalog: StoreCatalog, _ db: borrowing Connection
  ) throws(SQLiteError) -> [Use] {
    if let uses { return uses }
    var all: [Use] = []
    try Self.forEachUse(conditions, catalog, db) { all.append($0) }
    all.sort { ($0.template, $0.chunk) < ($1.template, $1.chunk) }
    uses = all
    return all
  }

  /// The id of a row of the run at hand, which takes reading its chunk after all.
  mutating func id(
    at position: Int, _ catalog: StoreCatalog, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    guard let row = run else { return 0 }
    let chunk = try chunk(at: position, catalog, db)
    let wanted = position - before
    if reader.header?.id != chunk {
      guard try reader.load(chunk, catalog, db) else { return 0 }
      occurrence = -1
    } else if occurrenceOf != index || occurrence > wanted {
      reader.rewind()
      occurrence = -1
    }
    occurrenceOf = index
    while occurrence < wanted {
      guard try reader.next() else {
        throw SQLiteError(
          .rowCount(chunk: chunk, expected: wanted + 1, found: occurrence + 1))
      }
      if reader.row.template == catalog.templates[row.template].id { occurrence += 1 }
    }
    return reader.rowID
  }
}

extension Severity {
  /// The bytes of the word; none, which sort first as NULL does, where there is no level.
  fileprivate static func name(of level: UInt8) -> [UInt8] {
    Severity(rawValue: level).map { Array($0.name.utf8) } ?? []
  }
}
