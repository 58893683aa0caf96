import Glibc

/// A POSIX semaphore.
@safe package final class Semaphore: @unchecked Sendable {
  private let handle: UnsafeMutablePointer<sem_t>

  package init() {
    unsafe handle = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    let made = unsafe sem_init(handle, 0, 0)
    precondition(made == 0, "no semaphore")
  }

  deinit {
    unsafe sem_destroy(handle)
    unsafe handle.deallocate()
  }

  package func signal() { unsafe sem_post(handle) }

  package func wait() { while unsafe sem_wait(handle) != 0 && errno == EINTR {} }

  /// Like `wait`, but false instead of waiting.
  package func tryWait() -> Bool {
    while unsafe sem_trywait(handle) != 0 { if errno != EINTR { return false } }
    return true
  }
}
