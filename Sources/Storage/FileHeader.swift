import CLinux
import Glibc
import Migrations

/// What a file says of itself before SQLite has touched it: its first page's header.
enum FileHeader {
  private static let size = 108
  private static let magic = Array("SQLite format 3\0".utf8)

  /// Throws if the file is no database, another program's, or a newer logbook's.
  ///
  /// What the write-ahead log says later is for SQLite to read, under the lock. A missing file and an
  /// empty one pass.
  static func check(_ path: String) throws(StorageError) { _ = try isMarked(path) }

  /// The same; false where nobody has finished making the store.
  static func isMarked(_ path: String) throws(StorageError) -> Bool {
    let descriptor = unsafe logbook_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0)
    guard descriptor >= 0 else {
      // Whether it can be made or written shows when that is tried.
      if errno == ENOENT || errno == EACCES { return false }
      throw .cannotOpen(path: path, errno: errno)
    }
    defer { close(descriptor) }
    var header = [UInt8](repeating: 0, count: size)
    let count = unsafe pread(descriptor, &header, size, 0)
    guard count >= 0 else { throw .cannotOpen(path: path, errno: errno) }
    guard count > 0 else { return false }
    guard count == size, header.starts(with: magic) else { throw .notADatabase(path: path) }
    func integer(_ place: Int, _ width: Int) -> Int {
      header[place..<place + width].reduce(0) { $0 << 8 | Int($1) }
    }
    let mark = integer(68, 4)
    if mark == 0 {
      // New, and killed before it was marked; else a program that marks nothing has tables there.
      let isEmpty = header[100] == 0x0D && integer(103, 2) == 0
      if !isEmpty { throw .foreign(path: path) }
      return false
    } else if mark != Int(Store.applicationID) {
      throw .foreign(path: path)
    } else if integer(60, 4) > Migrations.all.count {
      throw .newerSchema(path: path, found: integer(60, 4), known: Migrations.all.count)
    }
    return true
  }
}
