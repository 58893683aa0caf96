import Extraction
import Formats
import LineStore
import LogModel
import Recomputation
import Redaction
import SQLite
import Storage
import Tailing

// Records to turns of language models. A record that is still open shows none.

extension IngestRun {
  /// Looks for turns in record `id`; `time` is the record's own or that of the record before it.
  ///
  /// Of what is `stored` of it, nothing may be lacking in the names that are kept.
  mutating func readTurns(
    _ text: Span<UInt8>, _ head: LineHead, joined parts: [[UInt8]]?, _ file: inout OpenFile,
    id: Int64, start: Int, time: Int64, stored: Span<UInt8>, _ storedHead: LineHead
  ) {
    guard parts != nil || TurnExtractor.mayMatter(text, body: head.body) else { return }
    if let redactor = file.redactor {
      let before = file.turns.withoutCopies
      let isFound = extractor.read(text, head, joined: parts, time: time, state: &file.turns)
      if file.turns.withoutCopies != before {
        file.turns.replaceNames({ redactor.label($0) }, listed: PriceTable.listedName)
      }
      guard isFound else { return }
      let turns = redactTurns(
        extractor.turns, stored: stored, storedHead, file.parser, time: time, before, by: redactor)
      add(turns, id, time: time)
    } else {
      guard extractor.read(text, head, joined: parts, time: time, state: &file.turns) else {
        return
      }
      add(extractor.turns, id, time: time)
    }
    if let reason = extractor.reject {
      reject(stored, &file.row, id, start: start, reason: reason.rawValue)
    }
  }

  private mutating func add(_ turns: [Turn], _ id: Int64, time: Int64) {
    let source = LineIdentifier.source(of: id)
    for turn in turns {
      batch.rows.turns.append(TurnRow(turn, line: id, source: source, time: time))
    }
  }

  /// Looks for turns, for an error and for what metrics count, in a record that was stored open and is
  /// complete as it stands.
  ///
  /// Its row is committed, since nothing but the store still has its text.
  mutating func readClosedRecord(_ row: inout FileRow, _ store: borrowing Store) throws {
    guard let id = row.openLine, let (text, time) = try openRecord(of: row, store) else { return }
    let before = try ownTurnState(of: row, store) ?? TurnExtractor.State()
    var state = before
    var head = LineHead()
    var parser = LineParser(
      format: try adoptSource(of: row, store).format, zone: .utc, reference: time, multiline: .none)
    let end = text.firstIndex(of: 0x0A) ?? text.count
    _ = parser.parse(text.span.extracting(0..<end), into: &head)
    readError(text.span, head, file: row.id, id: id, time: time)
    readClosedMetrics(
      text.span, head, parser, &row, source: try adoptSource(of: row, store), id: id, time: time,
      times: try times(ofSource: row.source, store))
    if parser.cutsTexts {
      Self.leaveTexts(
        of: text.span, parser, at: .init(start: row.offset, line: id, time: time), &state)
    }
    var parts = parser.joinedParts(of: text.span, head)
    if let part = head.part, !state.texts.isEmpty, parts != nil || state[part.stream] != nil {
      // Some go on behind the record, and some have begun before it; the others are all there.
      var begun = LineHead.Stream.allCases.filter { before[$0] != nil }
      parts = parser.joinedTexts(of: text.span).filter { text in
        if let first = begun.firstIndex(of: text.stream) {
          begun.remove(at: first)
          return false
        }
        return text.isComplete
      }.map(\.bytes)
    }
    let isFound = extractor.read(text.span, head, joined: parts, time: time, state: &state)
    if state != before { batch.rows.turnStates[row.id] = state.encoded }
    guard isFound else { return }
    add(extractor.turns, id, time: time)
    if let reason = extractor.reject {
      reject(text.span, &row, id, start: Int(row.offset), reason: reason.rawValue)
      summary.rejects += 1
    }
  }

  /// What is stored of the record that was open at the end of `row`, and its time.
  mutating func openRecord(
    of row: FileRow, _ store: borrowing Store
  ) throws -> (text: [UInt8], time: Int64)? {
    guard let id = row.openLine, !isDryRun else { return nil }
    if batch.isUncommitted(row) { try commit(store) }
    return try store.wrap { db throws(SQLiteError) in
      try registerStoreFunctions(on: db)
      var line = try db.prepare("SELECT CAST(message AS BLOB), time_us FROM log WHERE chunk = ?")
      try line.bind(1, id)
      guard try line.step() else { return nil }
      let bytes = line.bytes(0)
      return (bytes.indices.map { bytes[$0] }, line.integer(1))
    }
  }

  /// What the records of a generation have said so far, that it is about to go on from.
  ///
  /// Where it goes on from another generation, that is what the other one's had said up to there; it
  /// may have gone on, too. `isStored` tells whether the store knows the state as this one's.
  mutating func turnState(
    of row: FileRow, _ source: borrowing ByteSource, _ candidate: Candidate,
    _ store: borrowing Store
  ) throws -> (state: TurnExtractor.State, isStored: Bool) {
    if let own = try ownTurnState(of: row, store) { return (own, true) }
    var holder = row
    var steps = 0
    while holder.bytesStored == 0, let origin = holder.origin, steps < 1000,
      let before = try self.row(origin, store)
    {
      holder = before
      steps += 1
    }
    let stored = try turnState(ofFile: holder.id, store)
    // Most logs know of no turns.
    guard !stored.isEmpty else { return (TurnExtractor.State(), true) }
    if holder.offset == row.offset, let state = TurnExtractor.State(encoded: stored) {
      return (state, false)
    }
    let state = try turnState(of: row, before: row.offset, source, candidate, store)
    return (state, false)
  }

  /// Nil where nothing is stored, or the state of another version of the program.
  func ownTurnState(
    of row: FileRow, _ store: borrowing Store
  ) throws -> TurnExtractor.State? {
    let stored = try turnState(ofFile: row.id, store)
    return stored.isEmpty ? nil : TurnExtractor.State(encoded: stored)
  }

  private func turnState(ofFile id: Int64, _ store: borrowing Store) throws -> [UInt8] {
    try batch.rows.turnStates[id]
      ?? store.wrap { db throws(SQLiteError) in
        try TurnStateTable().state(ofFile: id, in: db)
      }
  }
}
