internal import CLinux
internal import Glibc
package import LogModel

/// What `statx` says of a file.
///
/// The integers are ready to be stored: 64 bits, signed.
package struct FileStatus: Hashable, Sendable {
  package enum Kind: Hashable, Sendable { case regular, directory, other }

  /// Major number in the upper half, minor number in the lower half.
  package var device: Int64
  package var inode: Int64
  /// Nil where the file system does not record it.
  package var birthMicroseconds: Int64?
  package var size: Int64
  package var mtimeMicroseconds: Int64
  package var ctimeMicroseconds: Int64
  package var kind: Kind
  package var linkCount: Int

  /// Follows symbolic links unless told otherwise.
  package init(of path: Path, followingLinks: Bool = true) throws(FileError) {
    let flags = followingLinks ? 0 : AT_SYMLINK_NOFOLLOW
    self = try unsafe Self.statx(path) { result in
      unsafe path.withCString { unsafe logbook_statx(AT_FDCWD, $0, flags, Self.mask, result) }
    }
  }

  init(descriptor: Int32, path: Path) throws(FileError) {
    self = try unsafe Self.statx(path) { result in
      unsafe logbook_statx(descriptor, "", logbook_at_empty_path, Self.mask, result)
    }
  }

  private static let mask = UInt32(STATX_BASIC_STATS) | UInt32(STATX_BTIME)

  private static func statx(
    _ path: Path, _ call: (UnsafeMutablePointer<CLinux.statx>) -> Int32
  ) throws(FileError) -> Self {
    var result = CLinux.statx()
    guard unsafe call(&result) == 0 else {
      throw FileError(code: errno, operation: .status, path: path)
    }
    return Self(result)
  }

  private init(_ raw: CLinux.statx) {
    device = Int64(raw.stx_dev_major) << 32 | Int64(raw.stx_dev_minor)
    inode = Int64(bitPattern: UInt64(raw.stx_ino))
    birthMicroseconds =
      raw.stx_mask & UInt32(STATX_BTIME) == 0 ? nil : Self.microseconds(raw.stx_btime)
    size = Int64(bitPattern: UInt64(raw.stx_size))
    mtimeMicroseconds = Self.microseconds(raw.stx_mtime)
    ctimeMicroseconds = Self.microseconds(raw.stx_ctime)
    linkCount = Int(raw.stx_nlink)
    kind =
      switch mode_t(raw.stx_mode) & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      default: .other
      }
  }

  private static func microseconds(_ time: statx_timestamp) -> Int64 {
    // A time may be set to any 64-bit number of seconds; what does not fit only has to stay the same.
    Int64(time.tv_sec) &* 1_000_000 &+ Int64(time.tv_nsec) / 1_000
  }
}

extension Path {
  /// Where it leads to, absolute and without links; nil where nothing is there.
  package var real: Path? {
    guard let name = unsafe withCString({ unsafe realpath($0, nil) }) else { return nil }
    defer { unsafe free(name) }
    return Path(
      bytes: unsafe UnsafeBufferPointer(start: name, count: strlen(name)).map {
        UInt8(bitPattern: $0)
      })
  }

  /// A path with a NUL inside names no file: the C string ends there, so it is replaced by one that
  /// the kernel rejects with ENOENT.
  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    if bytes.contains(0) { return unsafe body("") }
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) {
      text in
      unsafe bytes.withUnsafeBytes {
        unsafe UnsafeMutableRawBufferPointer(text).copyMemory(from: $0)
      }
      unsafe text[bytes.count] = 0
      return unsafe text.baseAddress.map { unsafe body($0) } ?? body("")
    }
  }
}
