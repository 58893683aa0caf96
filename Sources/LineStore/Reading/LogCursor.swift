import LogModel
import SQLite

/// One pass over `log`.
///
/// While SQLite runs the statement that the pass belongs to, all that is read on its connection
/// stems from one state of the store: the first read opens a read transaction, and SQLite keeps it
/// as long as any statement of the connection is active.
final class LogCursor: VirtualTableCursor {
  private let table: LogTable
  private var catalog: StoreCatalog?
  private var conditions: LogConditions?
  private var reader = ChunkReader()
  /// Own changes when the reader's chunk was loaded.
  private var loadedChanges = 0

  // Rows that are read
  private var chunks: [Int64] = []
  private var nextChunk = 0
  private var isInChunk = false
  private var searches: [MessageSearch] = []
  private var allowed: [Bool] = []
  /// The chunk's text and the line in lower case, for needles that ignore case.
  private var foldedText: [UInt8] = []
  private var foldedMessage: [UInt8] = []
  private var message: [UInt8] = []
  private var isRendered = false
  private var template = 0
  private var source: Int64 = -1
  private var sourceName = ""

  private var counted: CountedRows?
  private var origin = LineOrigin()
  private(set) var isAtEnd = true

  init(_ table: LogTable) { self.table = table }

  func filter(
    planNumber: Int32, planText: String, arguments: borrowing FunctionArguments
  ) throws {
    guard let plan = LogPlan(number: planNumber, text: planText) else {
      throw SQLiteError(code: 1, message: "no plan of log: \(planNumber) \(planText)")
    }
    // A closure cannot take the arguments along.
    let catalog = try table.connection.withConnection { db throws(SQLiteError) in
      try table.catalog(db)
    }
    let conditions = LogConditions(plan.terms, arguments, catalog)
    if self.catalog !== catalog { reader.unload() }
    self.catalog = catalog
    self.conditions = conditions
    source = -1
    counted = nil
    isAtEnd = conditions.isImpossible
    guard !isAtEnd else { return }
    try table.connection.withConnection { db throws(SQLiteError) in
      if db.totalChanges != loadedChanges { reader.unload() }
      if plan.rows == .read {
        try start(plan, conditions, catalog, db)
        try advance(db)
      } else {
        let counted = try CountedRows(conditions, catalog, plan, db)
        isAtEnd = counted.isAtEnd
        self.counted = counted
      }
    }
  }

  private func start(
    _ plan: LogPlan, _ conditions: LogConditions, _ catalog: StoreCatalog,
    _ db: borrowing Connection
  ) throws(SQLiteError) {
    allowed = conditions.restrictsTemplates ? catalog.templates.map(conditions.allows) : []
    searches = []
    for needle in conditions.needles {
      searches.append(try MessageSearch(needle, catalog, isWanted: conditions.allows, db))
    }
    chunks = try ChunkSelection.chunks(conditions, catalog, db).filter { chunk in
      searches.allSatisfy { $0.mayOpen(chunk) }
    }
    if !plan.order.isEmpty {
      chunks.sort { (rank(ofChunk: $0), $0) < (rank(ofChunk: $1), $1) }
    }
    nextChunk = 0
    isInChunk = false
  }

  private func rank(ofChunk chunk: Int64) -> Int {
    catalog?.rank(ofSource: LineIdentifier.source(of: chunk)) ?? 0
  }

  func next() throws {
    if counted != nil {
      counted?.next()
      isAtEnd = counted?.isAtEnd ?? true
      return
    }
    try table.connection.withConnection { db throws(SQLiteError) in try advance(db) }
  }

  /// Goes to the next row within the conditions.
  private func advance(_ db: borrowing Connection) throws(SQLiteError) {
    isRendered = false
    while true {
      if isInChunk {
        if try nextRow() { return }
        isInChunk = false
      }
      guard nextChunk < chunks.count else {
        isAtEnd = true
        return
      }
      let chunk = chunks[nextChunk]
      nextChunk += 1
      isInChunk = try open(chunk, db)
    }
  }

  /// Loads the chunk; false where it holds no match.
  private func open(_ chunk: Int64, _ db: borrowing Connection) throws(SQLiteError) -> Bool {
    guard let catalog else { return false }
    if reader.header?.id == chunk {
      reader.rewind()
    } else {
      guard try reader.load(chunk, catalog, db) else { return false }
      loadedChanges = db.totalChanges
      table.inflatedChunks += 1
    }
    if searches.contains(where: \.needle.ignoresCase) {
      ASCII.lowercase(reader.text.span, into: &foldedText)
    }
    for search in searches {
      let isMatch =
        search.needle.ignoresCase
        ? search.mayMatch(chunk: chunk, foldedText.span)
        : search.mayMatch(chunk: chunk, reader.text.span)
      guard isMatch else { return false }
    }
    table.walkedChunks += 1
    return true
  }

  private func nextRow() throws(SQLiteError) -> Bool {
    guard let conditions, let catalog else { return false }
    while try reader.next() {
      let id = reader.rowID
      if id > conditions.lastID { return false }
      guard conditions.allows(id: id), conditions.allows(time: reader.time) else { continue }
      guard let index = catalog.index(ofTemplate: reader.rows.template) else {
        throw SQLiteError(
          .unknownTemplate(chunk: reader.header?.id ?? 0, template: reader.rows.template))
      }
      template = index
      guard allowed.isEmpty || allowed[index] else { continue }
      if try matches() { return true }
    }
    return false
  }

  private func matches() throws(SQLiteError) -> Bool {
    guard !searches.isEmpty else { return true }
    isRendered = false
    var isFolded = false
    for search in searches {
      let parameters = reader.rows.parameters
      let verdict =
        search.needle.ignoresCase
        ? search.match(template: template, foldedText.span.extracting(parameters))
        : search.match(template: template, reader.text.span.extracting(parameters))
      switch verdict {
      case .no: return false
      case .yes: continue
      case .render: break
      }
      try render()
      if search.needle.ignoresCase {
        if !isFolded { ASCII.lowercase(message.span, into: &foldedMessage) }
        isFolded = true
        guard search.isIn(foldedMessage.span) else { return false }
      } else {
        guard search.isIn(message.span) else { return false }
      }
    }
    return true
  }

  private func render() throws(SQLiteError) {
    guard !isRendered, let catalog else { return }
    try reader.render(catalog.templates[template], of: catalog, into: &message)
    isRendered = true
  }

  // Columns

  /// The table has no row id.
  var rowID: Int64 { 0 }

  func column(_ index: Int32, into result: FunctionResult) throws {
    guard let column = LogColumn(rawValue: index), let catalog else { return }
    if counted != nil {
      try countedColumn(column, catalog, into: result)
      return
    }
    switch column {
    case .id: result.set(reader.rowID)
    case .time: result.set(Instant.text(reader.time))
    case .microseconds: result.set(reader.time)
    case .level: Self.set(level: catalog.templates[template].level, into: result)
    case .source: setSource(LineIdentifier.source(of: reader.rowID), catalog, into: result)
    case .pattern: result.set(catalog.templates[template].pattern)
    case .message:
      try render()
      let message = self.message
      result.set(text: message.span)
    case .chunk: result.set(reader.header?.id ?? 0)
    case .attributes:
      try render()
      let format = catalog.sources[LineIdentifier.source(of: reader.rowID)]?.format
      let message = self.message
      result.set(table.attributes(format, message.span))
    case .file, .offset:
      try table.connection.withConnection { db throws(SQLiteError) in
        try origin.find(reader.rowID, db)
      }
      if column == .file {
        origin.path.map { result.set($0) }
      } else {
        origin.offset.map { result.set($0) }
      }
    }
  }

  private func countedColumn(
    _ column: LogColumn, _ catalog: StoreCatalog, into result: FunctionResult
  ) throws {
    guard let row = counted?.row else { return }
    switch column {
    case .level: Self.set(level: catalog.templates[row.template].level, into: result)
    case .pattern: result.set(catalog.templates[row.template].pattern)
    case .source: setSource(row.source, catalog, into: result)
    case .chunk:
      let chunk = try table.connection.withConnection { db throws(SQLiteError) in
        try counted?.chunk(catalog, db)
      }
      result.set(chunk ?? 0)
    // SQLite asks for it to tell apart the rows of two terms of OR.
    case .id:
      let id = try table.connection.withConnection { db throws(SQLiteError) in
        try counted?.id(&reader, catalog, db)
      }
      result.set(id ?? 0)
    default: result.setNull()
    }
  }

  private func setSource(_ id: Int64, _ catalog: StoreCatalog, into result: FunctionResult) {
    if id != source {
      source = id
      sourceName = catalog.sources[id]?.name ?? ""
    }
    result.set(sourceName)
  }

  private static func set(level: UInt8, into result: FunctionResult) {
    if let severity = Severity(rawValue: level) {
      result.set(severity.name)
    } else {
      result.setNull()
    }
  }
}
