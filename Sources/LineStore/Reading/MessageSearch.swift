import SQLite

/// One needle against a whole store: which templates, chunks and rows can have it.
///
/// Conservative at each step: what it rules out does not contain the needle, what it lets through
/// may.
struct MessageSearch {
  private enum Verdict {
    /// No line of the template has the needle.
    case never
    /// The constant text has it.
    case always
    /// The line must be looked at.
    case open
    /// One of `needs` at this place stands in the row's parameters, as JSON text.
    case parameters(Int)
  }

  let needle: Needle
  private var verdicts: [Verdict] = []
  private var needs: [[[UInt8]]] = []
  /// One of these stands in the text of every chunk that has the needle and is not in `openChunks`.
  private var fragments: [[UInt8]] = []
  /// Chunks with templates that have the needle, or may, whatever their parameters.
  private var openChunks: Set<Int64> = []
  /// Where in the chunk at hand each of the fragments stands next; its end for nowhere.
  private var hits: [Int] = []

  private static let maxFragments = 6

  /// For the sorted `chunks`.
  init(
    _ needle: Needle, _ catalog: StoreCatalog, isWanted: (StoreCatalog.Template) -> Bool,
    among chunks: [Int64], _ db: borrowing Connection
  ) throws(SQLiteError) {
    self.needle = needle
    let masks = catalog.layouts.values.flatMap(TimeMask.all)
    var openTemplates: [Int64] = []
    let whole = [Self.escaped(needle.bytes[...])]
    verdicts.reserveCapacity(catalog.templates.count)
    for template in catalog.templates {
      let placed =
        isWanted(template)
        ? Self.place(needle, template, catalog, masks, whole: whole) : (.never, [])
      var verdict = placed.verdict
      if case .parameters = verdict {
        verdict = addFragments(placed.needed) ? .parameters(needs.count) : .open
        needs.append(placed.needed)
      }
      verdicts.append(verdict)
      switch verdict {
      case .always, .open: openTemplates.append(template.id)
      case .never, .parameters: break
      }
    }
    openChunks = try ChunkSelection.holding(openTemplates, among: chunks, db)
  }

  private static func place(
    _ needle: Needle, _ template: StoreCatalog.Template, _ catalog: StoreCatalog,
    _ masks: [TimeMask], whole: [[UInt8]]
  ) -> (verdict: Verdict, needed: [[UInt8]]) {
    var segments: [[UInt8]] = []
    segments.reserveCapacity(template.pieces + 1)
    for piece in 0...template.pieces {
      var segment: [UInt8] = []
      segment.append(contentsOf: catalog.constants[catalog.segment(template, piece)])
      if needle.ignoresCase { segment = segment.map(ASCII.lowercase) }
      if segment.span.contains(needle.bytes) { return (.always, []) }
      segments.append(segment)
    }
    let placement = NeedlePlacement(
      needle, segments: segments, timePiece: template.timePiece, masks: masks)
    if placement.isOpen { return (.open, []) }
    if placement.fragments.isEmpty { return (.never, []) }
    if placement.fragments == [0..<needle.bytes.count] { return (.parameters(0), whole) }
    return (.parameters(0), placement.fragments.map { escaped(needle.bytes[$0]) })
  }

  private static func escaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var buffer = ByteBuffer(capacity: bytes.count)
    buffer.append(escaping: Array(bytes).span)
    return buffer.copy()
  }

  /// Adds what is not implied by what is there; false when that would be too much to look for.
  private mutating func addFragments(_ needed: [[UInt8]]) -> Bool {
    var joined = fragments
    for fragment in needed where !joined.contains(where: { fragment.span.contains($0) }) {
      joined.removeAll { $0.span.contains(fragment) }
      joined.append(fragment)
    }
    guard joined.count <= Self.maxFragments else { return false }
    fragments = joined
    return true
  }

  /// Whether the chunk may have the needle, before it is read.
  func mayOpen(_ chunk: Int64) -> Bool { !fragments.isEmpty || openChunks.contains(chunk) }

  /// Whether the chunk may have the needle, by its columns, in lower case where the needle ignores case.
  func mayHold(_ chunk: Int64, _ columns: Span<UInt8>) -> Bool {
    openChunks.contains(chunk) || fragments.contains { columns.contains($0) }
  }

  /// Goes to the first row of a chunk; false where the chunk does not have the needle.
  ///
  /// `text` is in lower case where the needle ignores case.
  mutating func enter(_ chunk: Int64, _ text: Span<UInt8>) -> Bool {
    hits.removeAll(keepingCapacity: true)
    for fragment in fragments { hits.append(text.place(of: fragment, from: 0)) }
    return openChunks.contains(chunk) || hits.contains { $0 < text.count }
  }

  enum RowVerdict { case no, yes, render }

  /// Whether no line of the template has the needle.
  func excludes(_ template: Int) -> Bool {
    if case .never = verdicts[template] { true } else { false }
  }

  /// Whether a row has the needle, by its template and the JSON text of its parameters.
  ///
  /// Of the chunk that was entered last; its rows in their order.
  mutating func match(
    _ template: Int, _ text: Span<UInt8>, _ parameters: Range<Int>
  ) -> RowVerdict {
    switch verdicts[template] {
    case .never: return .no
    case .always: return .yes
    case .open: return .render
    case .parameters(let place):
      guard nextHit(text, from: parameters.lowerBound) < parameters.upperBound else { return .no }
      let row = text.extracting(parameters)
      for needed in needs[place] where row.contains(needed) { return .render }
      return .no
    }
  }

  /// Where one of the fragments stands next.
  private mutating func nextHit(_ text: Span<UInt8>, from start: Int) -> Int {
    var next = text.count
    for index in hits.indices {
      if hits[index] < start { hits[index] = text.place(of: fragments[index], from: start) }
      next = min(next, hits[index])
    }
    return next
  }

  /// Whether the rendered line has it; in lower case where the needle ignores case.
  func isIn(_ message: Span<UInt8>) -> Bool { message.contains(needle.bytes) }
}
