package import Extraction
import Formats
import LineStore
import LogModel
package import SQLite
package import Storage

/// Reads stored lines once more for the turns that they show.
///
/// What comes of the lines of a generation is what came of its file: the records are shown to the
/// same extractor in the same order, with what the records before them had said.
package struct TurnReplay: ~Copyable {
  private var lines: StoredLines
  private var extractor = TurnExtractor()
  private var head = LineHead()
  /// Those of the record that was read last, in the order of their columns.
  package private(set) var turns: [TurnRow] = []
  /// What the records of the generation that was shown last say of those that follow.
  package private(set) var state = TurnExtractor.State()

  /// Sees the templates that there are now.
  package init(reading db: borrowing Connection) throws(SQLiteError) {
    lines = try StoredLines(reading: db)
  }

  /// Shows the complete records of generation `file`, whose source has the format `format`; after
  /// each that shows turns, `body` is called with them.
  ///
  /// False, and nothing shown, where the records are forgotten that the generation goes on from.
  @discardableResult
  package mutating func run(
    _ file: FileRow, format: String?, in db: borrowing Connection,
    _ body: ([TurnRow]) throws(SQLiteError) -> Void
  ) throws(SQLiteError) -> Bool {
    let own = try ExtentTable().extents(file: file.id, before: file.offset, in: db)
    guard !own.isEmpty else { return true }
    var parser = LineParser(format: format, zone: .utc, reference: 0, multiline: .none)
    guard var state = try state(before: file, &parser, db) else { return false }
    for extent in own {
      for id in extent.firstID..<extent.firstID + extent.count where id != file.openLine {
        guard try read(id, &parser, &state, db) else { continue }
        try body(turns)
      }
    }
    self.state = state
    return true
  }

  /// Whether the generation has shown more than its stored lines do, or may yet, since one of them is cut.
  package static func isBeyondStore(
    file: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    let stored = try TurnStateTable().state(ofFile: file, in: db)
    guard let state = TurnExtractor.State(encoded: stored) else { return false }
    return state.isBeyondStore || state.isUnfinished
  }

  /// What the generations had said that `file` goes on from; nil where nobody has all their lines any more.
  private mutating func state(
    before file: FileRow, _ parser: inout LineParser, _ db: borrowing Connection
  ) throws(SQLiteError) -> TurnExtractor.State? {
    var state = TurnExtractor.State()
    // Most logs know of no turns: then a generation need not be read for another's sake.
    guard file.start > 0, try hasTurns(file, db) else { return state }
    let parts = try ExtentTable().parts(of: file, before: file.start, in: db)
    guard let parts else { return nil }
    for part in parts {
      if let first = part.extents.first, try Self.isBeyondStore(file: first.file, in: db) {
        return nil
      }
      for extent in part.extents {
        let end = extent.firstID + extent.count
        guard try !PrunedTable().touches(extent.firstID, end, in: db) else { return nil }
        for id in extent.firstID..<end {
          _ = try read(id, &parser, &state, db)
        }
      }
    }
    return state
  }

  /// Whether the generation, or one that it goes on from, has shown any.
  private func hasTurns(
    _ file: FileRow, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    var generation = file
    for _ in 0..<1000 {
      if try !TurnStateTable().state(ofFile: generation.id, in: db).isEmpty { return true }
      guard let origin = generation.origin, let before = try FileTable().row(id: origin, in: db)
      else { return false }
      generation = before
    }
    return false
  }

  /// Shows one record; true where it shows turns.
  private mutating func read(
    _ id: Int64, _ parser: inout LineParser, _ state: inout TurnExtractor.State,
    _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    turns.removeAll(keepingCapacity: true)
    // A line that was dropped showed its turns when it was there.
    guard try lines.seek(id, db) else { return false }
    let isShown = Self.show(lines, &parser, &head, &extractor, &state)
    guard isShown else { return false }
    let source = LineIdentifier.source(of: id)
    for turn in extractor.turns {
      turns.append(TurnRow(turn, line: id, source: source, time: lines.time))
    }
    return !turns.isEmpty
  }

  private static func show(
    _ lines: borrowing StoredLines, _ parser: inout LineParser, _ head: inout LineHead,
    _ extractor: inout TurnExtractor, _ state: inout TurnExtractor.State
  ) -> Bool {
    let text = lines.text
    guard text.indices.contains(where: { text[$0] == 0x7B }) else { return false }
    let end = text.indices.first { text[$0] == 0x0A } ?? text.count
    _ = parser.parse(text.extracting(0..<end), into: &head)
    return extractor.read(
      text, head, joined: parser.joinedParts(of: text, head), time: lines.time, state: &state)
  }
}
