import TestSupport

/// A file system in memory with a size of its own, unmounted when the value goes away.
final class MemoryDisk {
  let path: String

  /// Nil, with a word on standard error, where mounting is not permitted.
  init?(at path: String, size: String = "8m") {
    self.path = path
    let outcome = Command.run(
      "/bin/sh",
      ["-c", "mkdir -p \"$0\" && mount -t tmpfs -o size=$1 logbook-test \"$0\"", path, size])
    guard outcome.status == 0 else {
      print("skipped, since no file system can be mounted here: \(outcome.errorOutput)")
      return nil
    }
  }

  deinit { _ = Command.run("umount", ["-l", path]) }
}
