import LogModel
import SQLite

/// Rows that are read from their chunks: candidates first, then their bytes, then row by row.
struct LogScan: ~Copyable {
  private var reader = ChunkReader()
  private var catalog: StoreCatalog?
  /// The connection's own changes when the reader's chunk was loaded.
  private var loadedChanges = 0

  private var chunks: [Int64] = []
  private var nextChunk = 0
  private var isInChunk = false
  private var walk = LogPlan.Walk.upwards(bySource: false)
  /// Rows found but not yet shown, where they are not shown as they are found.
  private var waiting = WaitingRows()
  private var ids: ClosedRange<Int64> = 0...0
  private var times: ClosedRange<Int64>?
  /// By the template's place in the catalog; empty where all are.
  private var allowed: [Bool] = []
  private var searches: [MessageSearch] = []
  private var words: [WordSearch] = []
  private var expressions: [(Span<UInt8>) -> Bool] = []
  /// The chunk's text and the line in lower case, for needles that ignore case.
  private var foldedText: [UInt8] = []
  private var foldedMessage: [UInt8] = []
  private var message = ByteBuffer()
  private var isRendered = false
  private var clock = RenderedTime()
  private var timeText = ByteBuffer(capacity: 64)

  /// More are not asked for.
  private static let maxWords = 8

  /// The place in the catalog of the row's template.
  private(set) var template = 0
  var inflatedChunks = 0
  var walkedChunks = 0

  var rowID: Int64 { reader.rowID }
  var time: Int64 { reader.time }
  var chunk: Int64 { reader.header?.id ?? 0 }

  /// Stands before the first row; a chunk that is loaded already is not loaded again.
  mutating func start(
    _ plan: LogPlan, _ conditions: LogConditions, _ expressions: [(Span<UInt8>) -> Bool],
    _ catalog: StoreCatalog, _ db: borrowing Connection
  ) throws(SQLiteError) {
    if self.catalog !== catalog || db.totalChanges != loadedChanges { reader.unload() }
    self.catalog = catalog
    self.expressions = expressions
    ids = conditions.rowIDs
    times = conditions.times
    allowed = conditions.restrictsTemplates ? catalog.templates.map(conditions.allows) : []
    searches = []
    for needle in conditions.needles {
      searches.append(try MessageSearch(needle, catalog, isWanted: conditions.allows, db))
    }
    words = []
    for word in conditions.words.prefix(Self.maxWords) {
      if let search = try WordSearch(word, catalog, db) { words.append(search) }
    }
    chunks = try ChunkSelection.chunks(conditions, catalog, db)
    for search in searches { chunks.removeAll { !search.mayOpen($0) } }
    walk = plan.walk
    waiting = WaitingRows()
    switch walk {
    case .upwards(bySource: false): break
    case .upwards(bySource: true):
      let rank = { catalog.rank(ofSource: LineIdentifier.source(of: $0)) }
      chunks.sort { (rank($0), $0) < (rank($1), $1) }
    case .downwards: chunks.reverse()
    case .newest(let downwards):
      waiting = try WaitingRows(newestOf: &chunks, downwards: downwards, db)
    }
    nextChunk = 0
    isInChunk = false
  }

  /// Goes to the next row within the conditions; false at the end.
  mutating func advance(_ db: borrowing Connection) throws(SQLiteError) -> Bool {
    while true {
      if case .upwards = walk {
        if try nextInChunk() { return true }
      } else if let row = waiting.next(before: nextChunk) {
        return try show(row, db)
      }
      guard nextChunk < chunks.count else { return false }
      nextChunk += 1
      isInChunk = try open(chunks[nextChunk - 1], db)
      if case .upwards = walk { continue }
      var rows: [WaitingRows.Row] = []
      while isInChunk {
        guard let mark = try nextMark() else { break }
        rows.append(WaitingRows.Row(time: reader.time, chunk: chunk, mark: mark))
      }
      waiting.add(rows)
    }
  }

  /// Goes to the next row of the open chunk; where it stands.
  private mutating func nextMark() throws(SQLiteError) -> ChunkRows.Mark? {
    try nextInChunk() ? reader.mark : nil
  }

  private mutating func show(
    _ row: WaitingRows.Row, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    guard let catalog else { return false }
    if chunk != row.chunk {
      guard try load(row.chunk, catalog, db) else { return false }
    }
    guard try reader.next(at: row.mark),
      let index = catalog.index(ofTemplate: reader.rows.template)
    else { return false }
    template = index
    isRendered = false
    return true
  }

  private mutating func load(
    _ chunk: Int64, _ catalog: StoreCatalog, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    if case .newest = walk {
      if reader.takeKept(chunk) { return true }
      reader.keep()
    }
    guard try reader.load(chunk, catalog, db) else { return false }
    loadedChanges = db.totalChanges
    inflatedChunks += 1
    return true
  }

  /// Loads the chunk; false where it holds no match.
  private mutating func open(
    _ chunk: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    guard let catalog else { return false }
    if reader.header?.id == chunk {
      reader.rewind()
    } else {
      for word in words { guard try word.mayOpen(chunk, db) else { return false } }
      guard try load(chunk, catalog, db) else { return false }
    }
    if searches.contains(where: \.needle.ignoresCase) {
      let text = reader.text
      ASCII.lowercase(text.span, into: &foldedText)
    }
    for index in searches.indices {
      let text = searches[index].needle.ignoresCase ? foldedText : reader.text
      guard searches[index].enter(chunk, text.span) else { return false }
    }
    walkedChunks += 1
    return true
  }

  /// Goes to the next row where that takes no look at the store; false where it does.
  mutating func advanceInChunk() throws(SQLiteError) -> Bool {
    guard case .upwards = walk else { return false }
    return try nextInChunk()
  }

  /// Goes to the next row of the open chunk; false where there is none, or no open chunk.
  private mutating func nextInChunk() throws(SQLiteError) -> Bool {
    guard isInChunk, let catalog else { return false }
    while try reader.next() {
      isRendered = false
      let id = reader.rowID
      guard ids.contains(id) else {
        if id > ids.upperBound { break }
        continue
      }
      if let times, !times.contains(reader.time) { continue }
      guard let index = catalog.index(ofTemplate: reader.rows.template) else {
        throw SQLiteError(.unknownTemplate(chunk: chunk, template: reader.rows.template))
      }
      template = index
      if !allowed.isEmpty && !allowed[index] { continue }
      guard try matches() else { continue }
      if try satisfiesExpressions() { return true }
    }
    isInChunk = false
    return false
  }

  private mutating func matches() throws(SQLiteError) -> Bool {
    var isFolded = false
    let parameters = reader.rows.parameters
    for index in searches.indices {
      if searches[index].excludes(template) { return false }
      let ignoresCase = searches[index].needle.ignoresCase
      let text = ignoresCase ? foldedText : reader.text
      switch searches[index].match(template, text.span, parameters) {
      case .no: return false
      case .yes: continue
      case .render: break
      }
      try render()
      if ignoresCase {
        if !isFolded { Self.fold(message, into: &foldedMessage) }
        isFolded = true
        guard searches[index].isIn(foldedMessage.span) else { return false }
      } else {
        guard searches[index].isIn(message.span) else { return false }
      }
    }
    return true
  }

  private mutating func satisfiesExpressions() throws(SQLiteError) -> Bool {
    guard !expressions.isEmpty else { return true }
    try render()
    for index in expressions.indices where !expressions[index](message.span) { return false }
    return true
  }

  private static func fold(_ message: borrowing ByteBuffer, into folded: inout [UInt8]) {
    ASCII.lowercase(message.span, into: &folded)
  }

  private mutating func render() throws(SQLiteError) {
    guard !isRendered, let catalog else { return }
    try reader.render(catalog.templates[template], of: catalog, into: &message)
    isRendered = true
  }

  /// Lends the line of the row at hand.
  mutating func withMessage(_ body: (Span<UInt8>) -> Void) throws(SQLiteError) {
    try render()
    body(message.span)
  }

  /// Lends the row's time in the form of `Instant.text`.
  mutating func withTimeText(_ body: (Span<UInt8>) -> Void) {
    timeText.removeAll()
    clock.append(time, Self.timeLayout, to: &timeText)
    body(timeText.span)
  }

  private static let timeLayout = TimeLayout(
    kind: .iso, separator: UInt8(ascii: "T"), point: UInt8(ascii: "."), digits: 6,
    suffix: TimeLayout.Suffix("Z") ?? .init())
}
