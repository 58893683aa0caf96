import CLinux
import Glibc

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

  /// Takes the lock, or throws `.locked` when it is held for longer than `patience`.
  package static func acquire(
    _ path: String, mode: UInt32, patience: Duration = .zero
  ) throws(StorageError) -> FileLock {
    let descriptor = unsafe logbook_open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else { throw .cannotLock(path: path, errno: errno) }
    let lock = FileLock(descriptor: descriptor)
    let step = Duration.milliseconds(5)
    var waited = Duration.zero
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        throw .cannotLock(path: path, errno: errno)
      }
      guard waited < patience else { throw .locked(path: path) }
      usleep(5000)
      waited += step
    }
    return lock
  }
}
