import Extraction
import Formats
import LineStore
import LogModel
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
    _ text: Span<UInt8>, _ body: Range<Int>, _ file: inout OpenFile, id: Int64, start: Int,
    time: Int64, stored: Span<UInt8>, _ storedBody: Range<Int>
  ) {
    let before = file.redactor == nil ? nil : file.turns
    let isFound = extractor.read(text, body: body, state: &file.turns)
    if let redactor = file.redactor, let before, file.turns != before {
      file.turns.replaceNames { redactor.label($0) }
    }
    guard isFound else { return }
    var turns = extractor.turns
    if let redactor = file.redactor, let before, !turns.isEmpty {
      turns = redactTurns(turns, stored: stored, body: storedBody, before, by: redactor)
    }
    add(turns, id, time: time)
    if let reason = extractor.reject {
      reject(stored, &file.row, id, start: start, reason: reason.rawValue)
    }
  }

  private mutating func add(_ turns: [Turn], _ id: Int64, time: Int64) {
    let source = LineIdentifier.source(of: id)
    for turn in turns {
      batch.turns.append(TurnRow(turn, line: id, source: source, time: time))
    }
  }

  /// The same of a record that was stored open and is complete as it stands.
  ///
  /// Its row is committed, since nothing but the store still has its text.
  mutating func readClosedTurns(_ row: inout FileRow, _ store: borrowing Store) throws {
    guard let id = row.openLine, !isDryRun else { return }
    if batch.isUncommitted(row) { try commit(store) }
    let (text, time) = try store.wrap { db throws(SQLiteError) in
      try registerStoreFunctions(on: db)
      var line = try db.prepare("SELECT CAST(message AS BLOB), time_us FROM log WHERE chunk = ?")
      try line.bind(1, id)
      guard try line.step() else { return ([UInt8](), Int64(0)) }
      let bytes = line.bytes(0)
      return (bytes.indices.map { bytes[$0] }, line.integer(1))
    }
    guard !text.isEmpty else { return }
    var state = try turnState(of: row, store)
    var head = LineHead()
    var parser = LineParser(
      format: try adoptSource(of: row, store).format, zone: .utc, reference: time, multiline: .none)
    let end = text.firstIndex(of: 0x0A) ?? text.count
    _ = parser.parse(text.span.extracting(0..<end), into: &head)
    let body = head.body.lowerBound..<text.count
    guard extractor.read(text.span, body: body, state: &state) else { return }
    add(extractor.turns, id, time: time)
    batch.turnStates[row.id] = state.encoded
    if let reason = extractor.reject {
      reject(text.span, &row, id, start: Int(row.offset), reason: reason.rawValue)
    }
  }

  /// What a generation's records have said so far, or its origin's where it begins with these.
  ///
  /// The state of another version of the program is forgotten.
  func turnState(of row: FileRow, _ store: borrowing Store) throws -> TurnExtractor.State {
    var file = row
    var steps = 0
    while file.inheritsTurns, let origin = file.origin, steps < 1000,
      let before = try self.row(origin, store)
    {
      file = before
      steps += 1
    }
    let stored =
      try batch.turnStates[file.id]
      ?? store.wrap { db throws(SQLiteError) in
        try TurnStateTable().state(ofFile: file.id, in: db)
      }
    return TurnExtractor.State(encoded: stored) ?? TurnExtractor.State()
  }
}

extension FileRow {
  /// Nothing is stored of it yet but what its origin holds.
  var inheritsTurns: Bool { origin != nil && bytesStored == 0 }
}

extension TurnRow {
  init(_ turn: Turn, line: Int64, source: Int64, time: Int64) {
    self.init(
      logID: line, time: turn.time ?? time, model: turn.model, tokens: turn.usage)
    session = turn.session
    agent = turn.agent.rawValue
    project = turn.project
    serviceTier = turn.serviceTier
    if turn.reportedReasoning > turn.usage.reasoning { claimedReasoning = turn.reportedReasoning }
    isSuspect = turn.isSuspect
    hasInvalidTime = turn.hasInvalidTime
    toolCalls = Int(turn.toolCalls ?? 0)
    latencyMilliseconds = turn.latency
    firstTokenMilliseconds = turn.firstToken
    isStream = turn.isStream
    status = turn.status
    failure = turn.error ?? turn.responseFlags ?? (turn.hasFailed ? "failed" : nil)
    consumer = turn.consumer
    route = turn.route
    round = turn.chatRound
    key = turn.storedKey(source: source)
    rank = turn.rank.weight
    tie = turn.rank.tie
  }
}
