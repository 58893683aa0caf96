package import LineStore
package import SQLite
import Storage

/// Records that retention has removed, between two that are stored or at an end of their extent.
package struct RecordGap {
  /// Behind the last of them.
  package let end: Int64
  /// How many lines of the file they were.
  package let lines: Int64

  /// The records from `id` on, which `stored` has sought in vain, as far as they are before `limit`, where
  /// their extent ends; nil where retention knows nothing of them.
  package init?(
    at id: Int64, before limit: Int64, _ stored: borrowing StoredLines, _ db: borrowing Connection
  ) throws(SQLiteError) {
    if let run = try PrunedTable().run(from: id, in: db) {
      guard run.end <= limit else { return nil }
      (end, lines) = run
      return
    }
    guard try PrunedTable().isThinned(line: id, in: db) else { return nil }
    end = min(stored.endOfGone, limit)
    lines = stored.fileLines(ofGone: id..<end)
  }
}
