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

  private var reader = ChunkReader()
  private var runs: [Run] = []
  private var index = 0
  private let takesOne: Bool
  private let wanted: Set<Int64>?
  private let ids: [ClosedRange<Int64>]

  /// The chunks of the run at hand, where they are asked for.
  private var chunks: [(id: Int64, count: Int)] = []
  private var chunksOf = -1
  private var chunkIndex = 0
  /// Rows of the run in the chunks before `chunkIndex`.
  private var before = 0
  /// At which row of which run the reader stands, counted in its chunk.
  private var occurrence = -1
  private var occurrenceOf = -1

  init(
    _ conditions: LogConditions, _ catalog: StoreCatalog, _ plan: LogPlan,
    _ db: borrowing Connection
  ) throws(SQLiteError) {
    takesOne = plan.rows == .countedOnce
    wanted = conditions.chunks
    ids = conditions.idRanges
    for range in ids {
      var statement = try db.prepare(
        "SELECT template, chunk, count FROM chunk_template WHERE chunk BETWEEN ? AND ?")
      try statement.bind(values: range.lowerBound, range.upperBound)
      while try statement.step() {
        let chunk = statement.integer(1)
        guard wanted?.contains(chunk) ?? true else { continue }
        guard let template = catalog.index(ofTemplate: statement.integer(0)) else {
          throw SQLiteError(.unknownTemplate(chunk: chunk, template: statement.integer(0)))
        }
        guard conditions.allows(catalog.templates[template]) else { continue }
        let source = LineIdentifier.source(of: chunk)
        if let last = runs.last, last.template == template, last.source == source {
          runs[runs.count - 1].count += statement.int(2)
        } else {
          runs.append(Run(source: source, template: template, count: statement.int(2)))
        }
      }
    }
    sort(by: plan.order, catalog)
    skipEmpty()
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
      chunks = []
      chunkIndex = 0
      before = 0
      var statement = try db.prepare(
        "SELECT chunk, count FROM chunk_template WHERE template = ? AND chunk BETWEEN ? AND ?")
      for range in ids {
        statement.reset()
        try statement.bind(
          values: catalog.templates[row.template].id, range.lowerBound, range.upperBound)
        while try statement.step() {
          let chunk = statement.integer(0)
          guard wanted?.contains(chunk) ?? true, LineIdentifier.source(of: chunk) == row.source
          else {
            continue
          }
          chunks.append((chunk, statement.int(1)))
        }
      }
    }
    while chunkIndex < chunks.count, position - before >= chunks[chunkIndex].count {
      before += chunks[chunkIndex].count
      chunkIndex += 1
    }
    return chunkIndex < chunks.count ? chunks[chunkIndex].id : 0
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
      if reader.rows.template == catalog.templates[row.template].id { occurrence += 1 }
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
