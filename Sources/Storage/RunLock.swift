import CLinux
import Glibc

/// The lock that one ingest, prune, migrate or rebuild at a time holds: on a file beside the database,
/// and on the database's inode, so that a hard link or a bind mount is no way around it.
package struct RunLock: ~Copyable {
  /// Given back first: whoever waits for the other one finds it free.
  private let identity: DatabaseLock
  private let beside: FileLock

  /// Takes both, or throws `.locked` where somebody holds them for longer than `patience`; makes the
  /// database, empty, where there is none.
  ///
  /// A file that is no store of ours is refused before anything is made beside it.
  static func acquire(
    _ path: String, mode: UInt32, patience: Duration = .zero
  ) throws(StorageError) -> RunLock {
    try FileHeader.check(path)
    let beside = try FileLock.acquire(path + ".run.lock", mode: mode, patience: patience)
    return RunLock(beside: beside, identity: try DatabaseLock.acquire(path, mode: mode))
  }

  private init(beside: consuming FileLock, identity: consuming DatabaseLock) {
    self.beside = beside
    self.identity = identity
  }

  package consuming func release() {}
}

/// An open-file-description lock on a byte of the database that neither data nor SQLite's own locks reach.
///
/// Closing any descriptor of a file drops all of the process' other locks on it, SQLite's among them:
/// this must outlive the connection.
struct DatabaseLock: ~Copyable {
  private static let byte: off_t = 1 << 62
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  /// As with a `FileLock`: a child may hold the descriptor for a moment.
  deinit {
    _ = logbook_unlock_byte(descriptor, Self.byte)
    close(descriptor)
  }

  static func acquire(_ path: String, mode: UInt32) throws(StorageError) -> DatabaseLock {
    let descriptor = try Store.openFile(path, mode: mode)
    let lock = DatabaseLock(descriptor: descriptor)
    guard logbook_lock_byte(descriptor, byte) != 0 else { return lock }
    switch errno {
    case EAGAIN, EACCES: throw .locked(path: path)
    // A kernel without such locks: the file beside the database is what there is.
    case EINVAL: return lock
    default: throw .cannotLock(path: path, errno: errno)
    }
  }
}
