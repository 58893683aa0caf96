import Glibc
import LogModel
import Tailing

/// A file that gets its name when it is whole: until then, and if it never is, nothing has it.
struct NewFile: ~Copyable {
  let path: String
  /// Where it is written; the file is there, and empty.
  let partial: String
  let descriptor: Int32

  /// What a link leads to is written, not the link; a file that is replaced gives its mode and its owner to the new one.
  ///
  /// - Parameter replaces: whether a file of that name may be replaced.
  init(_ name: String, replaces: Bool, mode: UInt32) throws {
    let path = Self.target(of: name)
    var (status, mode) = (stat(), mode)
    var owner: (user: uid_t, group: gid_t)?
    if unsafe lstat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw Failure("\(name): is no file", status: .inputOutput)
      }
      guard replaces else {
        throw Failure(
          "\(name): is there already", hint: "--force replaces it", status: .inputOutput)
      }
      mode = status.st_mode & 0o7777
      owner = (status.st_uid, status.st_gid)
    }
    let partial = "\(path).\(getpid()).partial"
    let descriptor = unsafe open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Failure("cannot write \(name): \(text(errno))", status: .inputOutput)
    }
    if let owner, owner != (geteuid(), getegid()), fchown(descriptor, owner.user, owner.group) != 0
    {
      // Who may not give a file away may still give it to a group of his own; what others could do, they can.
      _ = fchown(descriptor, .max, owner.group)
    }
    fchmod(descriptor, mode)
    self.path = path
    self.partial = partial
    self.descriptor = descriptor
  }

  /// Where links lead in the end, also where nothing is there yet.
  fileprivate static func target(of name: String) -> String {
    var path = name
    // As many as the kernel follows.
    for _ in 0..<40 {
      let target = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) {
        buffer -> String? in
        guard let base = buffer.baseAddress else { return nil }
        let count = unsafe readlink(path, base, buffer.count)
        guard count >= 0, count < buffer.count else { return nil }
        return unsafe String(
          decoding: UnsafeRawBufferPointer(start: base, count: count), as: UTF8.self)
      }
      guard let target else { break }
      path =
        target.hasPrefix("/") ? target : Path(path).directory.appending(target.utf8).description
    }
    return path
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

extension Workspace {
  /// A file beside the database, which it must not be itself.
  func newFile(_ path: String, replaces: Bool) throws -> NewFile {
    var (status, other) = (stat(), stat())
    let isThere = unsafe stat(path, &status) == 0
    for own in ownPaths {
      let isSame =
        unsafe isThere && stat(own.description, &other) == 0 && other.st_dev == status.st_dev
        && other.st_ino == status.st_ino
      guard isSame || Self.place(Path(NewFile.target(of: path))) == Self.place(own) else {
        continue
      }
      throw Failure("\(path): is the database itself, or belongs to it", status: .usage)
    }
    return try NewFile(path, replaces: replaces, mode: mode)
  }

  /// Whatever the folder is called.
  private static func place(_ path: Path) -> Path {
    path.directory.real?.appending(path.name) ?? path
  }
}
