import SQLite
import Storage
import Tailing

/// What plain files hold beyond what was read of them.
struct ReadingLag {
  struct Lag {
    var bytes: Int64 = 0
    /// Since the file was last read.
    var seconds: Int64 = 0
  }

  /// By the ids of their rows.
  private(set) var files: [Int64: Lag] = [:]
  private(set) var sources: [Int64: Lag] = [:]

  init(_ store: borrowing Store, now: Int64) throws {
    let rows = try store.wrap { db throws(SQLiteError) in try FileTable().present(in: db) }
    for row in rows where row.state == .active && row.compression == nil {
      guard let status = try? FileStatus(of: row.path), status.inode == row.inode,
        status.device == row.device
      else { continue }
      let bytes = max(0, status.size - row.offset - row.openBytes)
      guard bytes > 0 else { continue }
      let seen = try store.wrap { db throws(SQLiteError) in
        try db.integer("SELECT seen_us FROM file WHERE id = ?", row.id)
      }
      let lag = Lag(bytes: bytes, seconds: max(0, now - (seen ?? now)) / 1_000_000)
      files[row.id] = lag
      var sum = sources[row.source] ?? Lag()
      sum.bytes += lag.bytes
      sum.seconds = max(sum.seconds, lag.seconds)
      sources[row.source] = sum
    }
  }
}
