internal import Glibc
internal import LogModel

/// What a directory holds, without `.` and `..`, in the order in which the kernel tells it.
enum DirectoryEntry {
  enum Kind {
    case regular, directory, link, other
    /// The file system does not say.
    case unknown
  }

  static func forEach(
    in directory: Path, _ body: (ArraySlice<UInt8>, Kind) -> Void
  ) throws(FileError) {
    guard let stream = unsafe directory.withCString({ unsafe opendir($0) }) else {
      throw FileError(code: errno, operation: .list, path: directory)
    }
    defer { unsafe closedir(stream) }
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        if errno != 0 { throw FileError(code: errno, operation: .list, path: directory) }
        return
      }
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
        unsafe Array($0.prefix { $0 != 0 })
      }
      if name == [UInt8(ascii: ".")] || name == Array("..".utf8) { continue }
      body(name[...], kind(unsafe entry.pointee.d_type))
    }
  }

  private static func kind(_ type: UInt8) -> Kind {
    switch Int(type) {
    case Int(DT_REG): .regular
    case Int(DT_DIR): .directory
    case Int(DT_LNK): .link
    case Int(DT_UNKNOWN): .unknown
    default: .other
    }
  }
}
