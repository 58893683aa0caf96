import LogModel
import SQLite

/// What SQLite walks `log` by.
///
/// While SQLite runs the statement that the cursor belongs to, all that is read on its connection
/// stems from one state of the store: the first read opens a read transaction, and SQLite keeps it
/// as long as any statement of the connection is active.
final class LogCursor: VirtualTableCursor {
  private let table: LogTable
  private var catalog: StoreCatalog
  /// The connection's own changes when the catalog was taken.
  private var catalogChanges: Int
  private var scan: LogScan
  private var counted: CountedRows?
  /// The run at hand, where rows are counted, which of its rows is at hand, and which is its last one.
  private var run: CountedRows.Run?
  private var position = 0
  private var lastPosition = 0
  private var origin = LineOrigin()
  private var source: Int64 = -1
  private var sourceName = ""
  /// Of the row that they were asked of last: a condition on a field asks several times.
  private var attributes: (row: Int64, text: String)?
  private(set) var isAtEnd = true

  init(_ table: LogTable) throws(SQLiteError) {
    self.table = table
    (catalog, catalogChanges) = try table.connection.withConnection { db throws(SQLiteError) in
      (try table.catalog(db), db.totalChanges)
    }
    scan = LogScan(catalog)
  }

  func filter(
    planNumber: Int32, planText: String, arguments: borrowing FunctionArguments
  ) throws {
    guard let plan = LogPlan(number: planNumber, text: planText) else {
      throw SQLiteError(code: 1, message: "no plan of log: \(planNumber) \(planText)")
    }
    // Others change nothing that this statement sees, but it may itself.
    catalog = try table.connection.withConnection { db throws(SQLiteError) in
      if db.totalChanges == catalogChanges { return catalog }
      catalogChanges = db.totalChanges
      return try table.catalog(db)
    }
    let conditions = LogConditions(plan.terms, arguments, catalog)
    source = -1
    attributes = nil
    counted = nil
    run = nil
    position = 0
    lastPosition = 0
    isAtEnd = conditions.isImpossible
    guard !isAtEnd else { return }
    try table.connection.withConnection { db throws(SQLiteError) in
      if plan.rows == .read {
        let expressions = try table.expressions(conditions, isShared: true)
        try scan.start(
          plan, conditions, expressions,
          makeExpressions: { [table] in
            (try? table.expressions(conditions, isShared: false)) ?? []
          }, catalog, db)
        isAtEnd = try !scan.advance(db)
        count()
      } else {
        counted = try CountedRows(conditions, catalog, plan, db)
        beginRun()
      }
    }
  }

  func next() throws {
    if position < lastPosition {
      position += 1
      return
    }
    if run != nil {
      counted?.next()
      beginRun()
      return
    }
    if try scan.advanceInChunk() { return }
    try table.connection.withConnection { db throws(SQLiteError) in
      isAtEnd = try !scan.advance(db)
    }
    count()
  }

  private func beginRun() {
    run = counted?.run
    position = 0
    lastPosition = counted?.lastPosition ?? 0
    isAtEnd = run == nil
  }

  private func count() {
    table.inflatedChunks += scan.inflatedChunks
    table.walkedChunks += scan.walkedChunks
    scan.inflatedChunks = 0
    scan.walkedChunks = 0
  }

  /// The table has no row id.
  var rowID: Int64 { 0 }

  func column(_ index: Int32, into result: FunctionResult) throws {
    guard let column = LogColumn(rawValue: index) else { return }
    if let run {
      try countedColumn(column, of: run, into: result)
      return
    }
    switch column {
    case .id: result.set(scan.rowID)
    case .time: scan.withTimeText { result.set(text: $0) }
    case .microseconds: result.set(scan.time)
    case .level: Self.set(level: catalog.templates[scan.template].level, into: result)
    case .source: setSource(LineIdentifier.source(of: scan.rowID), into: result)
    case .pattern: result.set(catalog.templates[scan.template].pattern)
    case .message: try scan.withMessage { result.set(text: $0) }
    case .chunk: result.set(scan.chunk)
    case .attributes:
      let row = scan.rowID
      if attributes?.row != row {
        let format = catalog.sources[LineIdentifier.source(of: row)]?.format
        try scan.withMessage { attributes = (row, table.attributes(format, $0)) }
      }
      attributes.map { result.set($0.text) }
    case .file, .offset:
      let id = scan.rowID
      try table.connection.withConnection { db throws(SQLiteError) in try origin.find(id, db) }
      if column == .file {
        origin.path.map { result.set($0) }
      } else {
        origin.offset.map { result.set($0) }
      }
    }
  }

  private func countedColumn(
    _ column: LogColumn, of run: CountedRows.Run, into result: FunctionResult
  ) throws {
    switch column {
    case .level: Self.set(level: catalog.templates[run.template].level, into: result)
    case .pattern: result.set(catalog.templates[run.template].pattern)
    case .source: setSource(run.source, into: result)
    case .chunk:
      let chunk = try table.connection.withConnection { db throws(SQLiteError) in
        try counted?.chunk(at: position, catalog, db)
      }
      result.set(chunk ?? 0)
    // SQLite asks for it to tell apart the rows of two terms of OR.
    case .id:
      let id = try table.connection.withConnection { db throws(SQLiteError) in
        try counted?.id(at: position, catalog, db)
      }
      result.set(id ?? 0)
    default: result.setNull()
    }
  }

  private func setSource(_ id: Int64, into result: FunctionResult) {
    if id != source {
      source = id
      sourceName = catalog.sources[id]?.name ?? ""
    }
    result.set(sourceName)
  }

  private static func set(level: UInt8, into result: FunctionResult) {
    if let severity = Severity(rawValue: level) {
      result.set(constant: severity.word)
    } else {
      result.setNull()
    }
  }
}
