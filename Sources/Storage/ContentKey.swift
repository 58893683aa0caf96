import CLinux
import Glibc

/// The key of the hashes that stand for what was said: a file beside the database, for its owner alone.
///
/// It is no part of the store: who gets a copy of that cannot check a guess.
package enum ContentKey {
  package static let suffix = ".key"
  private static let length = 32

  /// The key of the database at `path`, made where there is none.
  ///
  /// The caller holds the run's lock.
  package static func bytes(of path: String) throws(StorageError) -> [UInt8] {
    let path = path + suffix
    let descriptor = unsafe logbook_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, errno: errno) }
    defer { close(descriptor) }
    var key = [UInt8](repeating: 0, count: length)
    if unsafe read(descriptor, &key, length) == length { return key }
    // None yet, or none that was written whole: nothing is hashed with it.
    key = random()
    guard lseek(descriptor, 0, SEEK_SET) == 0,
      unsafe write(descriptor, key, length) == length, fsync(descriptor) == 0
    else { throw .cannotOpen(path: path, errno: errno) }
    return key
  }

  /// A key that is gone with the process, for a run that only looks.
  package static func random() -> [UInt8] {
    var source = SystemRandomNumberGenerator()
    return (0..<length).map { _ in UInt8.random(in: 0...255, using: &source) }
  }
}
