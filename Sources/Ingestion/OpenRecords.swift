package import LogModel
import Recomputation
package import Redaction
import SQLite
package import Storage

extension IngestRun {
  /// Ends the records that are still open and hold something to take out: as they stand they are complete.
  ///
  /// The file of an open record is read again from where the record begins, and what was taken out of its
  /// line would come back. What follows in the file is of records of its own from now on. `sources` are
  /// those looked at; empty: all. Returns the files whose last line is not finished: it stays open, since
  /// half a line is no record. The caller holds the run's lock.
  package static func closeOpenRecords(
    holding redactor: Redactor, ofSources sources: [Int64], in store: borrowing Store, now: Int64,
    clock: @escaping () -> Int64
  ) throws -> [Path] {
    let open = try store.wrap { db throws(SQLiteError) in try FileTable().open(in: db) }
      .filter { sources.isEmpty || sources.contains($0.source) }
    guard !open.isEmpty else { return [] }
    var run = try IngestRun(
      [], store: store, now: now, isDryRun: false, limits: IngestLimits(),
      redactor: { _, _ in nil }, counting: { _, _ in nil }, clock: clock,
      isCancelled: { false }, progress: { _, _ in })
    var unfinished: [Path] = []
    for row in open {
      guard let (text, _) = try run.openRecord(of: row, store) else { continue }
      let source = try store.wrap { db throws(SQLiteError) in
        try SourceTable().row(id: row.source, in: db)
      }
      var redaction = StoredRedaction(redactor, format: source?.format)
      guard redaction.replacement(for: text.span) != nil else { continue }
      guard row.openIsWhole else {
        unfinished.append(row.path)
        continue
      }
      var closed = row
      try run.closeOpenRecord(&closed, store)
      run.batch.adopt(row)
      run.batch.update(closed)
    }
    try run.finish(store)
    return unfinished
  }
}
