import LineStore
import Storage
import Synchronization

/// A commit that is under way on another thread while the lines behind it are read.
final class CommitAhead: Sendable {
  private let failure = Mutex<StorageError?>(nil)
  private let thread = Mutex<WorkerThread?>(nil)
  private let isDone = Atomic(false)

  /// Where no thread can be had, it is done when this returns.
  init(_ commit: @escaping @Sendable () throws(StorageError) -> Void) {
    let body: @Sendable () -> Void = { [self] in
      do throws(StorageError) { try commit() } catch { failure.withLock { $0 = error } }
      isDone.store(true, ordering: .releasing)
    }
    let started = WorkerThread(body)
    if started == nil { body() }
    thread.withLock { $0 = started }
  }

  /// Returns when it is done, and does what `help` finds to do meanwhile, until it finds nothing; throws what kept
  /// the commit from being done.
  func wait(helping help: () -> Bool) throws(StorageError) {
    while !isDone.load(ordering: .acquiring), help() {}
    let running = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    running?.join()
    if let failure = failure.withLock({ $0 }) { throw failure }
  }
}
