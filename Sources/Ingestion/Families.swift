import Extraction
import Formats
import LogModel
import SQLite
import Storage
import Tailing

// What a file leaves to the next one of its family: a container's runtime rotates its log between two
// parts of a text.

extension IngestRun {
  /// The streams whose text was an object that had not ended where the generation before `row` did.
  mutating func insideObject(
    before row: FileRow, _ parser: LineParser, _ store: borrowing Store
  ) throws -> LineHead.Streams {
    guard let previous = try generation(before: row, store) else { return [] }
    let inside = try ownTurnState(of: previous, store)?.insideObject ?? []
    guard let text = try openRecord(of: previous, store)?.text else { return inside }
    return CutTexts(of: text.span, parser, isOpen: true, after: inside).insideObject
  }

  private mutating func generation(
    before row: FileRow, _ store: borrowing Store
  ) throws -> FileRow? {
    var known = try families[row.source] ?? families(of: row.source, store)
    let family = Self.family(of: row.path)
    let ids = known[family] ?? []
    if !ids.contains(row.id) { known[family] = ids + [row.id] }
    families[row.source] = known
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
