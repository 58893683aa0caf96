import CLinux
import Glibc
import Synchronization

/// Whether this process still waits for locks that others hold.
package enum LockWaiting {
  private static let ended = Atomic<Bool>(false)

  static var isEnded: Bool { ended.load(ordering: .relaxed) }

  package static func begin() { ended.store(false, ordering: .relaxed) }

  /// Whoever waits is told that he was interrupted.
  ///
  /// A signal handler may do this once `begin` was called.
  package static func end() { ended.store(true, ordering: .relaxed) }
}

/// An advisory lock on a file beside the database; the kernel frees it when the process ends.
package struct FileLock: ~Copyable {
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  /// A child that has not come to its `exec` yet holds the descriptor too, and the lock with it.
  deinit {
    _ = flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Gives the lock back here, and not where the optimiser sees its last use.
  package consuming func release() {}

  /// How long is waited between two looks at a lock that is held.
  static let waitMicroseconds: UInt32 = 5000

  /// Takes the lock, or throws `.locked` when it is held for longer than `patience`.
  package static func acquire(
    _ path: String, mode: UInt32, patience: Duration = .zero
  ) throws(StorageError) -> FileLock {
    let descriptor = unsafe logbook_open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else { throw .cannotLock(path: path, errno: errno) }
    let lock = FileLock(descriptor: descriptor)
    let step = Duration.microseconds(Int64(waitMicroseconds))
    var waited = Duration.zero
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        throw .cannotLock(path: path, errno: errno)
      }
      guard waited < patience else { throw .locked(path: path) }
      if LockWaiting.isEnded { throw .interrupted }
      usleep(waitMicroseconds)
      waited += step
    }
    return lock
  }
}
