internal import CSQLite

/// What a connection owns: SQLite's handle, the statements prepared on it, and the hooks set on it.
///
/// A class, because SQLite's callbacks and `ConnectionReference` need an identity to point at.
@safe
final class ConnectionCore {
  let raw: OpaquePointer
  /// Whether the handle belongs to a program that loaded an extension.
  ///
  /// It is not closed here, and no statement is kept on it: SQLite does not close a connection that has
  /// statements.
  let isHosts: Bool
  private var cache: [String: StatementHandle] = [:]
  private var clock: UInt64 = 0
  var monitor: ProgressMonitor?

  /// Idle statements beyond this number go, the longest unused first.
  static let cacheCapacity = 128

  init(path: String, flags: Int32) throws(SQLiteError) {
    var handle: OpaquePointer?
    let status = unsafe sqlite3_open_v2(path, &handle, flags, nil)
    guard let opened = unsafe handle else {
      throw SQLiteError(code: status, message: "out of memory")
    }
    guard status == SQLITE_OK else {
      let error = unsafe SQLiteError(
        code: sqlite3_extended_errcode(opened), message: String(cString: sqlite3_errmsg(opened)))
      unsafe sqlite3_close_v2(opened)
      throw error
    }
    unsafe raw = unsafe opened
    isHosts = false
    unsafe sqlite3_extended_result_codes(opened, 1)
  }

  init(host: OpaquePointer) {
    unsafe raw = unsafe host
    isHosts = true
  }

  deinit {
    cache.removeAll()
    if !isHosts { unsafe sqlite3_close_v2(raw) }
  }

  /// An idle statement of this text, or a new one.
  func lend(_ sql: String) throws(SQLiteError) -> StatementHandle {
    if isHosts { return try unsafe StatementHandle(sql, on: raw) }
    clock += 1
    if let cached = cache[sql] {
      if !cached.isLent {
        cached.isLent = true
        cached.lastUse = clock
        return cached
      }
      return try unsafe StatementHandle(sql, on: raw)
    }
    let fresh = try unsafe StatementHandle(sql, on: raw)
    fresh.lastUse = clock
    if cache.count >= Self.cacheCapacity { dropLongestUnused() }
    cache[sql] = fresh
    return fresh
  }

  private func dropLongestUnused() {
    let idle = cache.lazy.filter { !$0.value.isLent }
    if let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) {
      cache[oldest.key] = nil
    }
  }
}
