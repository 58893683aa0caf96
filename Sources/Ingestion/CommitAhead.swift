import LineStore
import Storage
import Synchronization

/// A commit that is under way on another thread while the lines behind it are read.
final class CommitAhead: Sendable {
  private let failure = Mutex<StorageError?>(nil)
  private let thread = Mutex<WorkerThread?>(nil)

  /// Where no thread can be had, it is done when this returns.
  init(_ commit: @escaping @Sendable () throws(StorageError) -> Void) {
    let body: @Sendable () -> Void = { [self] in
      do throws(StorageError) { try commit() } catch { failure.withLock { $0 = error } }
    }
    let started = WorkerThread(body)
    if started == nil { body() }
    thread.withLock { $0 = started }
  }

  /// Returns when it is done; throws what kept it from being done.
  func wait() throws(StorageError) {
    let running = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    running?.join()
    if let failure = failure.withLock({ $0 }) { throw failure }
  }
}
