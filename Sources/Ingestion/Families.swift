import Extraction
import Formats
import LogModel
import Recomputation
import SQLite
import Storage
import Tailing

// What a file leaves to the next one of its family: a container's runtime rotates its log between two
// parts of a text.

extension IngestRun {
  /// Takes over the texts that had not ended where the generation before `row` did.
  ///
  /// What it has shown of their turns is in its file still, if that was renamed or compressed.
  mutating func inherit(
    _ turns: inout TurnExtractor.State, _ row: FileRow, _ parser: LineParser,
    _ candidate: Candidate, _ store: borrowing Store
  ) throws {
    guard let previous = try generation(before: row, store) else { return }
    let isThere = previous.state == .active || previous.state == .finished
    var state = try ownTurnState(of: previous, store) ?? TurnExtractor.State()
    turns.insideObject = state.insideObject
    // What is read again shows how they go on.
    var staying: [LineHead.Stream] = []
    if let line = previous.openLine, let text = try openRecord(of: previous, store)?.text {
      let texts = CutTexts(of: text.span, parser, isOpen: true, after: state.insideObject)
      turns.insideObject = texts.insideObject
      if isThere, previous.openIsWhole, texts.texts.count == 1 {
        var closed = previous
        try readClosedRecord(&closed, store)
        closed.closeOpenRecord()
        batch.rows.closed.append(line)
        batch.adopt(previous)
        batch.update(closed)
        state = try ownTurnState(of: previous, store) ?? state
      } else if isThere, previous.openIsWhole,
        let closed = try close(previous, as: candidate, store)
      {
        // The lines of two streams are records of their own once they are read again.
        state = try ownTurnState(of: closed, store) ?? TurnExtractor.State()
      } else {
        staying = LineHead.Stream.allCases.filter {
          !parser.parts(of: text.span, $0).text.isEmpty
        }
      }
    }
    let moved = state.texts.filter { $0.stream.map { !staying.contains($0) } ?? true }
    guard isThere, turns.texts.isEmpty, !moved.isEmpty else { return }
    turns.texts = moved
    for index in turns.texts.indices where turns.texts[index].file == nil {
      turns.texts[index].file = previous.id
    }
    state.texts.removeAll { moved.contains($0) }
    state.isBeyondStore = true
    batch.rows.turnStates[previous.id] = state.encoded
  }

  /// Reads the end of a generation that another one follows on, as nothing is written to it any more;
  /// nil where that did not close its open record.
  private mutating func close(
    _ row: FileRow, as next: Candidate, _ store: borrowing Store
  ) throws -> FileRow? {
    guard let source = open(row) else { return nil }
    var candidate = next
    candidate.path = paths[Survey.FileKey(device: row.device, inode: row.inode)] ?? row.path
    candidate.status = try source.status()
    followed = row.id
    defer { followed = nil }
    try read(candidate, store)
    guard let closed = try self.row(row.id, store), closed.openLine == nil else { return nil }
    return closed
  }

  /// The files in which `texts` have begun and gone on before `row`, in order; nil where one of them
  /// cannot be read any more.
  mutating func files(
    before row: FileRow, of texts: [TurnExtractor.State.Unfinished], _ store: borrowing Store
  ) throws -> [FileRow]? {
    guard let first = texts.compactMap(\.file).min() else { return [] }
    var rows: [FileRow] = []
    var last = row
    while last.id > first {
      guard rows.count < Self.mostFiles, let before = try generation(before: last, store),
        open(before) != nil
      else { return nil }
      rows.append(before)
      last = before
    }
    return rows.reversed()
  }

  /// A text in more files than these is given up.
  private static let mostFiles = 16

  private mutating func generation(
    before row: FileRow, _ store: borrowing Store
  ) throws -> FileRow? {
    if families[row.source] == nil {
      families[row.source] = try families(of: row.source, store)
    }
    let family = Self.family(of: row.path)
    let ids = families[row.source]?[family] ?? []
    // In place: a source may have thousands of families.
    if !ids.contains(row.id) { families[row.source]?[family, default: []].append(row.id) }
    return try ids.last { $0 < row.id }.flatMap { try self.row($0, store) }
  }

  private func families(
    of source: Int64, _ store: borrowing Store
  ) throws -> [Path: [Int64]] {
    let stored = try store.wrap { db throws(SQLiteError) in
      try FileTable().rows(source: source, in: db)
    }
    var rows = batch.files.filter { $0.value.source == source }
    rows.merge(stored.map { ($0.id, $0) }) { current, _ in current }
    let known = rows.values.filter { $0.state != .copy && $0.hasOwnLines }
    return Dictionary(grouping: known, by: { Self.family(of: $0.path) })
      .mapValues { $0.map(\.id).sorted() }
  }
}
