import LineStore
import SQLite
import Storage

// Where a run's batches end, and the run itself.

extension IngestRun {
  /// Gives up what has not been committed: the files of the batch are read again.
  mutating func restart(_ store: borrowing Store) throws {
    batch = try store.wrap { db throws(SQLiteError) in try Batch(reading: db) }
    encoder = LineEncoder(
      try store.wrap { db throws(SQLiteError) in try StoredDictionary(reading: db) })
    queue.stop()
    queue = CompressionQueue()
    (current, firstID, knownHeads) = (nil, nil, nil)
    (sourceNames, presence, visited) = ([:], [:], [])
    isStopped = false
    let stands = committed ?? Committed()
    (summary, summaries, superseded) = (stands.summary, stands.summaries, stands.superseded)
  }

  /// Asked at the end of every chunk.
  func chunkEnded(bytesInFile: Int64) throws {
    progress(min(bytesDone + bytesInFile, bytesDue), bytesDue)
    if isCancelled() { throw IngestCancelled() }
  }

  /// Commits the batch; `file` is the row whose file is being read.
  mutating func commit(_ store: borrowing Store, reading file: Int64? = nil) throws {
    finishChunk(sealed: false)
    if isDryRun {
      _ = encoder.takeDictionary()
      return batch.dropLines()
    }
    guard !batch.isEmpty else { return }
    try write(store, reading: file)
  }

  private mutating func write(_ store: borrowing Store, reading file: Int64? = nil) throws {
    fillRun()
    try batch.commit(
      encoder.takeDictionary(), run: run, reading: file, now: now, queue: queue, writer: &writer,
      to: store)
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
      batch.adopt(known)
      batch.update(row)
      report(row)
    }
    summary.sources = summaries.sorted { $0.value.name < $1.value.name }.map(\.value)
    guard !isDryRun, committed != nil || !batch.isEmpty else { return }
    summary.run = run.id
    run.ended = clock()
    try write(store)
  }
}
