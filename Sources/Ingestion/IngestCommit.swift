import LineStore
import LogModel
import Metrics
import SQLite
import Storage

// Where a run's batches end, and the run itself.

extension IngestRun {
  /// Gives up what has not been committed: the files of the batch are read again.
  mutating func restart(_ store: borrowing Store) throws {
    writer = BatchWriter()
    batch = try store.wrap { db throws(SQLiteError) in try Batch(reading: db) }
    let dictionary = try store.wrap { db throws(SQLiteError) in try StoredDictionary(reading: db) }
    metrics = try Self.metrics(store)
    standard = try Self.standard(store)
    queue.stop()
    queue = EncodingQueue(LineEncoder(dictionary))
    block.removeAll()
    (current, nextOfChunk, knownHeads) = (nil, nil, nil)
    (sourceNames, families, presence, visited) = ([:], [:], [:], [])
    isStopped = false
    let stands = committed ?? Committed()
    (summary, summaries, superseded) = (stands.summary, stands.summaries, stands.superseded)
  }

  /// Asked at the end of every block.
  func blockEnded(bytesInFile: Int64) throws {
    progress(min(bytesDone + bytesInFile, bytesDue), bytesDue)
    if isCancelled() { throw IngestCancelled() }
  }

  var isBatchFull: Bool {
    batch.isFull || queue.hasManyCounts || standard.hasManyBuckets
      || metrics?.hasManyBuckets ?? false
  }

  /// Commits the batch; where the row of a file in the middle of which it ends is given, that may go on
  /// while the lines behind it are read.
  ///
  /// Whoever asks the store for anything but lines `settle`s first.
  mutating func commit(_ store: borrowing Store, reading file: Int64? = nil) throws {
    finishChunk(sealed: false)
    if isDryRun {
      _ = metrics?.take()
      _ = standard.take()
      batch.dropLines()
      return
    }
    guard !batch.isEmpty else { return }
    try write(store, reading: file)
  }

  /// Waits for the commit that is under way.
  mutating func settle() throws {
    guard let commit = commitAhead else { return }
    commitAhead = nil
    try commit.wait { queue.help() }
  }

  private mutating func write(_ store: borrowing Store, reading file: Int64? = nil) throws {
    try settle()
    fillRun()
    batch.rows.increments = standard.take()
    if let increments = metrics?.take() { batch.rows.increments.append(increments) }
    let rows = batch.take(reading: file)
    queue.endBatch()
    if file != nil {
      try writer.openOther(besides: store)
      commitAhead = CommitAhead { [writer, run, now, queue] () throws(StorageError) in
        try writer.writeElsewhere(rows, run: run, now: now, queue: queue)
      }
    } else {
      try writer.write(rows, run: run, now: now, queue: queue, to: store)
    }
    committed = Committed(summary: summary, summaries: summaries, superseded: superseded)
    knownHeads = nil
  }

  private mutating func fillRun() {
    run.files = summary.files
    run.lines = summary.lines
    run.bytes = summary.bytes
    run.records = summary.records
    run.rejects = summary.rejects
    run.lostBytes = summary.lostBytes
    run.holeBytes = summary.holeBytes
    run.cutBytes = summary.cutBytes
    run.sanitized = summary.sanitized
    run.damaged = summary.damaged
  }

  mutating func finish(_ store: borrowing Store) throws {
    let left = try store.wrap { db throws(SQLiteError) in
      try FileTable().supersededButOpen(in: db)
    }
    superseded.formUnion(left.map(\.id))
    // A copy may be among the files that a limit has left.
    for id in superseded.sorted() where !isStopped {
      guard let known = try row(id, store), known.state == .superseded else { continue }
      if known.openLine != nil, let copy = try equalCopy(of: known, store) {
        try move(known, to: copy, store)
        report(known)
        continue
      }
      var row = known
      try closeOpenRecord(&row, store)
      try giveUpTexts(of: &row, store)
      batch.adopt(known)
      batch.update(row)
      report(row)
    }
    summary.limitHits = metrics?.overLimit ?? []
    summary.overflowing = metrics?.overflowing ?? []
    summary.sources = summaries.sorted { $0.value.name < $1.value.name }.map(\.value)
    guard !isDryRun, committed != nil || !batch.isEmpty else { return }
    summary.run = run.id
    run.ended = clock()
    try write(store)
    if writer.hasFreedPages { try store.releaseFreePages() }
  }
}
