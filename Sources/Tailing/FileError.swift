internal import Glibc
package import LogModel

/// A call to the kernel that failed.
package struct FileError: Error, Hashable, Sendable {
  package enum Operation: String, Hashable, Sendable {
    case open, status, read, seek, list
  }

  /// The value of `errno`.
  package var code: Int32
  package var operation: Operation
  package var path: Path

  package init(code: Int32, operation: Operation, path: Path) {
    self.code = code
    self.operation = operation
    self.path = path
  }

  /// Nothing has this name.
  ///
  /// Only this may ever be taken for "deleted".
  package var isMissing: Bool { code == ENOENT || code == ENOTDIR }

  /// The file may well exist, but could not be seen (EACCES, EMFILE, EIO, ESTALE…): nothing may be
  /// concluded about it.
  package var isUnobservable: Bool { !isMissing }
}

extension FileError: CustomStringConvertible {
  package var description: String {
    let verb =
      switch operation {
      case .open: "open"
      case .status: "look at"
      case .read: "read"
      case .seek: "seek in"
      case .list: "list"
      }
    return "cannot \(verb) \(path): \(unsafe String(cString: strerror(code)))"
  }
}
