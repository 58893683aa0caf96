import LineStore
import LogModel
import Recomputation
import SQLite
import Storage

/// Writes batches, a transaction each.
///
/// It remembers what the tables know of ids, so one value serves a run, and is thrown away with a
/// transaction that is rolled back. It belongs to one thread at a time: to the run's, or to that of a
/// `CommitAhead` until that has been waited for.
final class BatchWriter: @unchecked Sendable {
  private var lines = LineWriter()
  private var turns = TurnTable()
  private var errors = ErrorTable()
  private var samples = SampleTable()
  /// Whether this run has found errors, perhaps in records of an earlier one.
  private var hadErrors = false
  /// The connection of the other thread.
  private var other: OtherStore?

  private final class OtherStore {
    let store: Store

    init(_ store: consuming Store) { self.store = store }
  }

  /// Whether a transaction may have left pages that hold nothing.
  var hasFreedPages: Bool { samples.hasFreed }

  /// Writes everything in one transaction; the run's row goes with it.
  func write(
    _ rows: BatchRows, run: RunRow, now: Int64, queue: EncodingQueue, to store: borrowing Store
  ) throws(StorageError) {
    // One cache of pages is enough.
    if other != nil { return try writeElsewhere(rows, run: run, now: now, queue: queue) }
    let batch = queue.batch()
    try store.write { db throws(SQLiteError) in
      try write(rows, batch, run: run, now: now, queue: queue, to: db)
    }
  }

  /// The same through a connection of its own, which `openOther` has made.
  func writeElsewhere(
    _ rows: BatchRows, run: RunRow, now: Int64, queue: EncodingQueue
  ) throws(StorageError) {
    guard let other else { preconditionFailure("no connection was opened") }
    let batch = queue.batch()
    try other.store.write { db throws(SQLiteError) in
      try write(rows, batch, run: run, now: now, queue: queue, to: db)
    }
  }

  /// Opens that connection, once.
  func openOther(besides store: borrowing Store) throws(StorageError) {
    if other == nil { other = OtherStore(try store.another()) }
  }

  private func write(
    _ rows: BatchRows, _ batch: EncodingQueue.Batch, run: RunRow, now: Int64, queue: EncodingQueue,
    to db: borrowing Connection
  ) throws(SQLiteError) {
    try RunTable().write(run, in: db)
    for change in rows.sources { try write(change, to: db) }
    var increments = rows.increments
    for id in rows.uncounted { increments.removeStandard(ofSource: id) }
    if !rows.uncounted.isEmpty { samples = SampleTable() }
    for change in rows.files { try write(change, seen: now, to: db) }
    try lines.write(batch.dictionary, to: db)
    for id in rows.replaced {
      try lines.removeChunk(id, from: db)
      try ExtentTable().removeOpen(id, in: db)
    }
    // Before the chunks, of which some are still being compressed.
    try turns.insert(rows.turns, in: db)
    if !increments.isEmpty { try samples.add(increments, in: db) }
    try lines.write(batch.chunks, encoded: { queue.chunk($0, of: batch) }, to: db)
    // Behind the chunks: the record may have been opened in this batch.
    for id in rows.closed { try lines.countOpenLine(id, in: db) }
    for (line, offset) in rows.splits { try ExtentTable().split(at: line, offset: offset, in: db) }
    for (extent, isOpen) in rows.extents {
      if isOpen {
        try ExtentTable().addOpen(extent, in: db)
      } else {
        try ExtentTable().add(extent, in: db)
      }
    }
    for reject in rows.rejects { try reject.insert(in: db) }
    try countShared(rows, in: db)
    var keys = ErrorKeys()
    try errors.insert(rows.errors, in: db) { line, db throws(SQLiteError) in
      try keys.key(ofLine: line, in: db)
    }
    for (file, state) in rows.turnStates.sorted(by: { $0.key < $1.key }) {
      try TurnStateTable().write(state, ofFile: file, in: db)
    }
    for id in rows.marked.sorted() { try SourceTable().mark(id: id, in: db) }
    for id in rows.forgotten { try FileTable().remove(id, in: db) }
    try EmittedTable().remove(rows.emitted, in: db)
    // Their small chunks have grown in number.
    let grown = Set(batch.chunks.filter { !$0.isSealed }.map(\.source))
    for source in grown.sorted() {
      let open = try FileTable().openLines(source: source, in: db)
      try lines.mergeSmallChunks(of: source, open: open, in: db)
    }
    hadErrors = hadErrors || !rows.errors.isEmpty
    // What time has made of errors is told once a run, of all its lines.
    if run.ended != nil, run.records > 0 || hadErrors {
      try ErrorDecisions().noteTransitions(run: run.id, in: db)
    }
  }

  /// Adds what the records count that may be copies, and are none: behind chunks and extents, where equal ones are
  /// looked for.
  private func countShared(_ rows: BatchRows, in db: borrowing Connection) throws(SQLiteError) {
    guard !rows.shared.isEmpty else { return }
    let records = Dictionary(grouping: rows.shared) { LineIdentifier.source(of: $0.line) }
    var counted = MetricIncrements()
    for (source, records) in records.sorted(by: { $0.key < $1.key }) {
      counted.increments += try RecordCopies.counted(records, of: source, .last, in: db)
    }
    for id in rows.uncounted { counted.removeStandard(ofSource: id) }
    counted.merge()
    if !counted.isEmpty { try samples.add(counted, in: db) }
  }

  private func write(
    _ change: BatchRows.SourceChange, to db: borrowing Connection
  ) throws(SQLiteError) {
    let row = change.row
    if let expected = change.expectedLine {
      let isWritten = try SourceTable().update(
        id: row.id, format: row.format, nextLine: row.nextLine, expected: expected, in: db)
      if !isWritten { throw Self.conflict("source \(row.name)") }
    } else {
      try SourceTable().insert(row, in: db)
    }
    if let from = change.countedFrom {
      try SourceTable().set(countedFrom: from, of: row.id, in: db)
    }
  }

  private func write(
    _ change: BatchRows.FileChange, seen now: Int64, to db: borrowing Connection
  ) throws(SQLiteError) {
    if let expected = change.expectedOffset {
      let isWritten = try FileTable().update(
        change.row, expectedOffset: expected, seen: now, in: db)
      if !isWritten { throw Self.conflict("file \(change.row.path)") }
    } else {
      try FileTable().insert(change.row, seen: now, in: db)
    }
  }

  /// The run's lock is held, so this is a program that writes without it.
  private static func conflict(_ what: String) -> SQLiteError {
    SQLiteError(code: 4, message: "\(what) was changed by another process")
  }
}
