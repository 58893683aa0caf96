import LogModel
import SQLite

/// What the rows of a scan must satisfy, as far as a chunk alone can tell.
struct RowConditions: Sendable {
  var ids: ClosedRange<Int64> = 0...0
  var times: ClosedRange<Int64>?
  /// By the template's place in the catalog; empty where all are.
  var allowed: [Bool] = []
  var searches: [MessageSearch] = []
}

/// Walks the wanted rows of one chunk at a time; it needs no look at the store.
struct RowFilter: ~Copyable {
  /// Of a line, and the format of its source.
  typealias Expression = (Span<UInt8>, String?) -> Bool

  var reader = ChunkReader()
  private(set) var catalog: StoreCatalog
  private var conditions = RowConditions()
  /// What the line must satisfy besides; used by one thread.
  private var expression: Expression?
  /// The chunk's text and the line in lower case, for needles that ignore case.
  private var foldedText: [UInt8] = []
  private var foldedMessage: [UInt8] = []
  private var message = ByteBuffer()
  private var isRendered = false
  /// That of the chunk's source.
  private var format: String?

  /// The place in the catalog of the row's template.
  private(set) var template = 0

  var hasExpressions: Bool { expression != nil }

  init(_ catalog: StoreCatalog) { self.catalog = catalog }

  mutating func want(
    _ conditions: RowConditions, _ expressions: [Expression], of catalog: StoreCatalog
  ) {
    self.conditions = conditions
    expression =
      expressions.count > 1
      ? { text, format in expressions.allSatisfy { $0(text, format) } } : expressions.first
    self.catalog = catalog
  }

  /// Stands before the first row of the chunk that is loaded; false where it holds no match.
  mutating func enter() throws(SQLiteError) -> Bool {
    guard let chunk = reader.header?.id, mayHoldMatch(chunk) else { return false }
    try reader.indexRows()
    format = catalog.sources[LineIdentifier.source(of: chunk)]?.format
    if conditions.searches.contains(where: \.needle.ignoresCase) {
      let text = reader.rows.text
      ASCII.lowercase(text.span, into: &foldedText)
    }
    for index in conditions.searches.indices {
      let text = conditions.searches[index].needle.ignoresCase ? foldedText : reader.rows.text
      guard conditions.searches[index].enter(chunk, text.span) else { return false }
    }
    return true
  }

  /// Looks through the columns, which need not become rows where nothing is to be found.
  private mutating func mayHoldMatch(_ chunk: Int64) -> Bool {
    // What another reader inflated comes as rows.
    if reader.isIndexed { return true }
    var folded = exchange(&foldedText, with: [])
    defer { foldedText = folded }
    if conditions.searches.contains(where: \.needle.ignoresCase) {
      ASCII.lowercase(reader.columnText, into: &folded)
    }
    return conditions.searches.allSatisfy { search in
      search.needle.ignoresCase
        ? search.mayHold(chunk, folded.span) : search.mayHold(chunk, reader.columnText)
    }
  }

  /// Goes to the next wanted row; false at the end of the chunk.
  mutating func next() throws(SQLiteError) -> Bool {
    // Retained once: what several threads retain for each row lies side by side, and they would wait for each
    // other's writes.
    let (expression, format) = (expression, format)
    while try reader.next() {
      isRendered = false
      let id = reader.rowID
      guard conditions.ids.contains(id) else {
        if id > conditions.ids.upperBound { break }
        continue
      }
      if let times = conditions.times, !times.contains(reader.time) { continue }
      guard let index = catalog.index(ofTemplate: reader.row.template) else {
        throw SQLiteError(
          .unknownTemplate(chunk: reader.header?.id ?? 0, template: reader.row.template))
      }
      template = index
      if !conditions.allowed.isEmpty && !conditions.allowed[index] { continue }
      guard try matches() else { continue }
      guard let expression else { return true }
      try render()
      if expression(message.span, format) { return true }
    }
    return false
  }

  /// Goes to a row that was wanted before.
  mutating func next(at row: Int) throws(SQLiteError) -> Bool {
    guard try reader.next(at: row), let index = catalog.index(ofTemplate: reader.row.template)
    else { return false }
    template = index
    isRendered = false
    return true
  }

  private mutating func matches() throws(SQLiteError) -> Bool {
    var isFolded = false
    let parameters = reader.row.parameters
    for index in conditions.searches.indices {
      if conditions.searches[index].excludes(template) { return false }
      let ignoresCase = conditions.searches[index].needle.ignoresCase
      let text = ignoresCase ? foldedText : reader.rows.text
      switch conditions.searches[index].match(template, text.span, parameters) {
      case .no: return false
      case .yes: continue
      case .render: break
      }
      try render()
      if ignoresCase {
        if !isFolded { Self.fold(message, into: &foldedMessage) }
        isFolded = true
        guard conditions.searches[index].isIn(foldedMessage.span) else { return false }
      } else {
        guard conditions.searches[index].isIn(message.span) else { return false }
      }
    }
    return true
  }

  private static func fold(_ message: borrowing ByteBuffer, into folded: inout [UInt8]) {
    ASCII.lowercase(message.span, into: &folded)
  }

  private mutating func render() throws(SQLiteError) {
    guard !isRendered else { return }
    try reader.render(catalog.templates[template], of: catalog, into: &message)
    isRendered = true
  }

  /// Lends the line of the row at hand.
  mutating func withMessage(_ body: (Span<UInt8>) -> Void) throws(SQLiteError) {
    try render()
    body(message.span)
  }
}
