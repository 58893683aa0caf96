import LogModel
import SQLite

/// Rows that are read from their chunks: candidates first, then their bytes, then row by row.
struct LogScan: ~Copyable {
  private var filter: RowFilter
  private var conditions = RowConditions()
  private var makeExpressions: () -> [RowFilter.Expression] = { [] }
  /// The connection's own changes when the reader's chunk was loaded.
  private var loadedChanges = 0

  private var chunks: [Int64] = []
  private var nextChunk = 0
  private var isInChunk = false
  private var words: [WordSearch] = []
  private var walk = LogPlan.Walk.upwards(bySource: false)
  /// Rows found but not yet shown, where they are not shown as they are found.
  private var waiting = WaitingRows()
  /// Whether rows of the chunk that is loaded may be among these.
  private var isWaitedFor = false

  private var ahead: ScanAhead?
  /// Chunks handed to `ahead`, and taken back from it.
  private var submitted = 0
  private var taken = 0
  /// Before which chunk the next one to be handed over is looked for.
  private var nextAhead = 0
  /// Rows that were found ahead in the chunk at hand, and how many of them were shown.
  private var found: [WaitingRows.Row] = []
  private var shown = 0

  private var clock = RenderedTime()
  private var timeText = ByteBuffer(capacity: 64)

  /// More are not asked for.
  private static let maxWords = 8
  /// Scans that end within so few chunks start no thread.
  private static let chunksAlone = 8

  var inflatedChunks = 0
  var walkedChunks = 0

  init(_ catalog: StoreCatalog) { filter = RowFilter(catalog) }

  deinit { ahead?.stop() }

  /// The place in the catalog of the row's template.
  var template: Int { filter.template }
  var rowID: Int64 { filter.reader.rowID }
  var time: Int64 { filter.reader.time }
  var chunk: Int64 { filter.reader.header?.id ?? 0 }

  /// Stands before the first row; a chunk that is loaded already is not loaded again.
  ///
  /// `makeExpressions` makes new ones, for one more thread.
  mutating func start(
    _ plan: LogPlan, _ wanted: LogConditions, _ expressions: [RowFilter.Expression],
    makeExpressions: @escaping () -> [RowFilter.Expression], _ catalog: StoreCatalog,
    _ db: borrowing Connection
  ) throws(SQLiteError) {
    ahead?.stop()
    ahead = nil
    if filter.catalog !== catalog || db.totalChanges != loadedChanges { filter.reader.unload() }
    conditions = RowConditions(
      ids: wanted.rowIDs, times: wanted.times,
      allowed: wanted.restrictsTemplates ? catalog.templates.map(wanted.allows) : [])
    chunks = try ChunkSelection.chunks(wanted, catalog, db)
    for needle in wanted.needles {
      conditions.searches.append(
        try MessageSearch(needle, catalog, isWanted: wanted.allows, among: chunks, db))
    }
    self.makeExpressions = makeExpressions
    filter.want(conditions, expressions, of: catalog)
    words = []
    for word in wanted.words.prefix(Self.maxWords) {
      if let search = try WordSearch(word, catalog, among: chunks, db) { words.append(search) }
    }
    for search in conditions.searches { chunks.removeAll { !search.mayOpen($0) } }
    walk = plan.walk
    waiting = WaitingRows()
    isWaitedFor = false
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
      startAhead()
      if ahead != nil {
        guard try takeAhead(db) else { continue }
        if case .upwards = walk { continue }
        waiting.add(found)
        isWaitedFor = true
        continue
      }
      nextChunk += 1
      isInChunk = try open(chunks[nextChunk - 1], db)
      if case .upwards = walk { continue }
      var rows: [WaitingRows.Row] = []
      while try nextInChunk() {
        rows.append(WaitingRows.Row(time: time, chunk: chunk, index: filter.reader.index))
      }
      waiting.add(rows)
      isWaitedFor = !rows.isEmpty
    }
  }

  private mutating func show(
    _ row: WaitingRows.Row, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    if chunk != row.chunk {
      guard try load(row.chunk, db) else { return false }
      isWaitedFor = true
    }
    return try filter.next(at: row.index)
  }

  private mutating func load(
    _ chunk: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    if case .newest = walk {
      if isWaitedFor { filter.reader.keep() }
      if filter.reader.takeKept(chunk) { return true }
    }
    guard try filter.reader.load(chunk, filter.catalog, db) else { return false }
    loadedChanges = db.totalChanges
    inflatedChunks += 1
    return true
  }

  /// Loads the chunk; false where it holds no match.
  private mutating func open(
    _ chunk: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    if self.chunk == chunk {
      filter.reader.rewind()
    } else {
      guard try mayOpen(chunk, db), try load(chunk, db) else { return false }
    }
    guard try filter.enter() else { return false }
    walkedChunks += 1
    return true
  }

  private func mayOpen(
    _ chunk: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    for word in words { guard try word.mayOpen(chunk, db) else { return false } }
    return true
  }

  /// Goes to the next row where that takes no look at the store; false where it does.
  mutating func advanceInChunk() throws(SQLiteError) -> Bool {
    guard case .upwards = walk else { return false }
    return try nextInChunk()
  }

  /// Goes to the next row of the open chunk; false where there is none, or no open chunk.
  private mutating func nextInChunk() throws(SQLiteError) -> Bool {
    guard isInChunk else { return false }
    if ahead == nil {
      if try filter.next() { return true }
    } else if shown < found.count {
      shown += 1
      return try filter.next(at: found[shown - 1].index)
    }
    isInChunk = false
    return false
  }

  /// Lends the line of the row at hand.
  mutating func withMessage(_ body: (Span<UInt8>) -> Void) throws(SQLiteError) {
    try filter.withMessage(body)
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

// On other cores

extension LogScan {
  /// From now on other cores look through the chunks, where these are many and rows can be left out.
  private mutating func startAhead() {
    guard ahead == nil, nextChunk == Self.chunksAlone, chunks.count >= 2 * Self.chunksAlone,
      ScanAhead.cores > 1, !conditions.searches.isEmpty || filter.hasExpressions
    else { return }
    ahead = ScanAhead {
      var fresh = RowFilter(filter.catalog)
      fresh.want(conditions, makeExpressions(), of: filter.catalog)
      return fresh
    }
    submitted = 0
    taken = 0
    nextAhead = nextChunk
  }

  /// Takes the next chunk that was looked through; false where no row of it is wanted.
  private mutating func takeAhead(_ db: borrowing Connection) throws(SQLiteError) -> Bool {
    guard let ahead else { return false }
    while submitted - taken < ahead.capacity, nextAhead < chunks.count {
      nextAhead += 1
      guard try mayOpen(chunks[nextAhead - 1], db) else { continue }
      let slot = ahead.slot(submitted)
      slot.failure = nil
      // An error waits for its turn: rows of the chunks before it come first.
      do throws(SQLiteError) {
        guard try slot.packed.fetch(chunks[nextAhead - 1], filter.catalog, db) else { continue }
      } catch { slot.failure = error }
      slot.place = nextAhead - 1
      submitted += 1
      inflatedChunks += 1
      ahead.submit()
    }
    guard taken < submitted else {
      nextChunk = chunks.count
      return false
    }
    let slot = ahead.slot(taken)
    taken += 1
    slot.done.wait()
    nextChunk = slot.place + 1
    if let failure = slot.failure { throw failure }
    if slot.isWalked { walkedChunks += 1 }
    guard !slot.rows.isEmpty else { return false }
    if case .newest = walk, isWaitedFor { filter.reader.keep() }
    filter.reader.adopt(slot.packed.header, rows: &slot.indexed)
    loadedChanges = db.totalChanges
    swap(&found, &slot.rows)
    shown = 0
    isInChunk = true
    return true
  }
}
