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
    /// One of these stands in the row's parameters, as JSON text.
    case parameters([[UInt8]])
  }

  let needle: Needle
  private var verdicts: [Verdict] = []
  /// One of these stands in the text of every chunk that has the needle and is not in `openChunks`.
  private var fragments: [[UInt8]] = []
  /// Chunks with templates that have the needle, or may, whatever their parameters; nil: all.
  private var openChunks: Set<Int64>? = []

  /// More templates than these are not looked up chunk by chunk.
  private static let maxLookups = 256
  private static let maxFragments = 6

  init(
    _ needle: Needle, _ catalog: StoreCatalog, isWanted: (StoreCatalog.Template) -> Bool,
    _ db: borrowing Connection
  ) throws(SQLiteError) {
    self.needle = needle
    let masks = catalog.layouts.values.flatMap(TimeMask.all)
    var openTemplates: [Int64] = []
    let whole = [Self.escaped(needle.bytes[...])]
    verdicts.reserveCapacity(catalog.templates.count)
    for template in catalog.templates {
      let verdict =
        isWanted(template) ? Self.verdict(needle, template, catalog, masks, whole: whole) : .never
      switch verdict {
      case .never: verdicts.append(.never)
      case .always, .open:
        verdicts.append(verdict)
        openTemplates.append(template.id)
      case .parameters(let needed):
        if addFragments(needed) {
          verdicts.append(verdict)
        } else {
          verdicts.append(.open)
          openTemplates.append(template.id)
        }
      }
    }
    openChunks =
      openTemplates.count > Self.maxLookups
      ? nil : try ChunkSelection.chunks(ofTemplates: openTemplates, db)
  }

  private static func verdict(
    _ needle: Needle, _ template: StoreCatalog.Template, _ catalog: StoreCatalog,
    _ masks: [TimeMask], whole: [[UInt8]]
  ) -> Verdict {
    var segments: [[UInt8]] = []
    segments.reserveCapacity(template.pieces + 1)
    for piece in 0...template.pieces {
      var segment: [UInt8] = []
      segment.append(contentsOf: catalog.constants[catalog.segment(template, piece)])
      if needle.ignoresCase { segment = segment.map(ASCII.lowercase) }
      if segment.span.contains(needle.bytes) { return .always }
      segments.append(segment)
    }
    let placement = NeedlePlacement(
      needle, segments: segments, timePiece: template.timePiece, masks: masks)
    if placement.isOpen { return .open }
    if placement.fragments.isEmpty { return .never }
    if placement.fragments == [0..<needle.bytes.count] { return .parameters(whole) }
    return .parameters(placement.fragments.map { escaped(needle.bytes[$0]) })
  }

  private static func escaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var buffer = ByteBuffer(capacity: bytes.count)
    JSONText.appendEscaped(Array(bytes).span, to: &buffer)
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
  func mayOpen(_ chunk: Int64) -> Bool { !fragments.isEmpty || isOpen(chunk) }

  private func isOpen(_ chunk: Int64) -> Bool { openChunks?.contains(chunk) ?? true }

  /// Whether the chunk may have the needle; `text` is in lower case where the needle ignores case.
  func mayMatch(chunk: Int64, _ text: Span<UInt8>) -> Bool {
    isOpen(chunk) || fragments.contains { text.contains($0) }
  }

  enum RowVerdict { case no, yes, render }

  /// Whether a row has the needle, by its template and the JSON text of its parameters.
  func match(template: Int, _ parameters: Span<UInt8>) -> RowVerdict {
    switch verdicts[template] {
    case .never: .no
    case .always: .yes
    case .open: .render
    case .parameters(let needed): needed.contains { parameters.contains($0) } ? .render : .no
    }
  }

  /// Whether the rendered line has it; in lower case where the needle ignores case.
  func isIn(_ message: Span<UInt8>) -> Bool { message.contains(needle.bytes) }
}
