import LogModel
import SQLite

/// Rows of which only level, source, pattern and chunk are asked for: nothing is inflated, each row
/// of a template is like the others.
struct CountedRows {
  /// The rows of one template in one source.
  struct Run {
    var source: Int64
    /// The place in the catalog.
    var template: Int
    var count: Int
  }

  private var runs: [Run] = []
  private var index = 0
  /// Which row of the run is at hand.
  private var position = 0
  private let takesOne: Bool
  private let wanted: Set<Int64>?
  private let ids: [ClosedRange<Int64>]

  /// The chunks of the run at hand, where they are asked for.
  private var chunks: [(id: Int64, count: Int)] = []
  private var chunksOf = -1
  private var chunkIndex = 0
  /// Rows of the run in the chunks before `chunkIndex`.
  private var before = 0
  private var occurrence = -1
  private var occurrenceChunk: Int64 = -1

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
    group(by: plan.grouping, catalog)
    skipEmpty()
  }

  private mutating func group(by columns: [LogColumn], _ catalog: StoreCatalog) {
    guard !columns.isEmpty else { return }
    let keys = columns.map { column -> (Run) -> Int64 in
      switch column {
      case .level: { Int64(catalog.templates[$0.template].level) }
      case .pattern: { catalog.templates[$0.template].pattern }
      default: { $0.source }
      }
    }
    runs.sort { one, other in
      for key in keys where key(one) != key(other) { return key(one) < key(other) }
      return false
    }
  }

  private mutating func skipEmpty() {
    while index < runs.count, position >= (takesOne ? min(1, runs[index].count) : runs[index].count)
    {
      index += 1
      position = 0
    }
  }

  var isAtEnd: Bool { index >= runs.count }
  var row: Run? { isAtEnd ? nil : runs[index] }

  mutating func next() {
    position += 1
    skipEmpty()
  }

  /// The chunk of the row at hand.
  mutating func chunk(
    _ catalog: StoreCatalog, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    guard let row else { return 0 }
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

  /// The id of the row at hand, which takes reading its chunk after all.
  mutating func id(
    _ reader: inout ChunkReader, _ catalog: StoreCatalog, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    guard let row else { return 0 }
    let chunk = try chunk(catalog, db)
    let wanted = position - before
    if reader.header?.id != chunk {
      guard try reader.load(chunk, catalog, db) else { return 0 }
      occurrence = -1
    } else if occurrenceChunk != chunk || occurrence > wanted {
      reader.rewind()
      occurrence = -1
    }
    occurrenceChunk = chunk
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
