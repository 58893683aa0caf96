import Glibc
import LogModel

/// A file that gets its name when it is whole: until then, and if it never is, nothing has it.
struct NewFile: ~Copyable {
  let path: String
  /// Where it is written; the file is there, and empty.
  let partial: String
  let descriptor: Int32

  /// - Parameter replaces: whether a file of that name may be replaced.
  init(_ path: String, replaces: Bool, mode: UInt32) throws {
    var status = stat()
    if unsafe lstat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG || status.st_mode & S_IFMT == S_IFLNK else {
        throw Failure("\(path): is no file", status: .inputOutput)
      }
      guard replaces else {
        throw Failure(
          "\(path): is there already", hint: "--force replaces it", status: .inputOutput)
      }
    }
    let partial = "\(path).\(getpid()).partial"
    let descriptor = unsafe open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      throw Failure("cannot write \(path): \(text(errno))", status: .inputOutput)
    }
    fchmod(descriptor, mode)
    self.path = path
    self.partial = partial
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
    // Of a file that was finished the name is gone.
    unsafe unlink(partial)
  }

  /// Gives it its name, once it is on the disk.
  consuming func finish() throws {
    guard fsync(descriptor) == 0, unsafe rename(partial, path) == 0 else {
      throw Failure("cannot write \(path): \(text(errno))", status: .inputOutput)
    }
    let folder = unsafe open(
      Path(path).directory.description, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }
}
