import Glibc
import SQLite

extension Store {
  /// Gives the pages that hold nothing back to the file system, a step at a time: another writer
  /// never waits longer than for one.
  package func releaseFreePages() throws(StorageError) {
    var pages = 256
    let clock = ContinuousClock()
    var free = try freePages()
    while free > 0 {
      let lock = try writeLock()
      let started = clock.now
      try wrap { db throws(SQLiteError) in try db.execute("PRAGMA incremental_vacuum(\(pages))") }
      let duration = clock.now - started
      lock.release()
      if duration < .milliseconds(50) { pages = min(pages * 2, 1 << 15) }
      if duration > .milliseconds(100) { pages = max(pages / 2, 16) }
      let left = try freePages()
      letOthersWrite()
      // A file that another program has made over may not take pages out.
      guard left < free else { return }
      free = left
    }
  }

  /// Between the short transactions of a long work: who waits for the lock looks for it now and then,
  /// and would never find it free.
  ///
  /// SQLite's busy handler looks every 25 ms at most until it has waited for 128, then every 50 and 100:
  /// who begins to wait in a transaction of 100 ms has its turn behind it.
  package func letOthersWrite() { usleep(26_000) }

  private func freePages() throws(StorageError) -> Int64 {
    try wrap { db throws(SQLiteError) in try db.integer("PRAGMA freelist_count") ?? 0 }
  }
}
