import LogModel
import SQLite
import Storage
import Tailing

/// The paths that a run's requests speak of; of others it cannot say that they are gone.
struct Scope {
  private var paths: Set<Path> = []
  private var folders: Set<Path> = []
  private var globs: [Glob] = []
  /// Where the globs can match.
  private var globFolders: Set<Path> = []

  init(_ requests: [IngestRequest]) {
    for path in requests.flatMap(\.paths) {
      var absolute = path.absolute
      while absolute.bytes.count > 1, absolute.bytes.last == 0x2F { absolute.bytes.removeLast() }
      paths.insert(absolute)
      folders.insert(absolute)
      if Glob.isPattern(absolute), let glob = Glob(absolute) {
        globs.append(glob)
        globFolders.insert(Path(bytes: absolute.bytes.prefix { !Self.isSpecial($0) }).directory)
      }
    }
  }

  private static func isSpecial(_ byte: UInt8) -> Bool { "*?[{\\".utf8.contains(byte) }

  func covers(_ path: Path) -> Bool {
    paths.contains(path) || folders.contains { path.bytes.starts(with: $0.appending([]).bytes) }
      || globs.contains { $0.matches(path) }
  }

  /// The generations that were at a path which is covered, or near one; in any order.
  func present(in db: borrowing Connection) throws(SQLiteError) -> [FileRow] {
    var rows: [FileRow] = []
    let all = folders.union(globFolders)
    for folder in all where !Self.isBelow(folder, one: all) {
      rows += try FileTable().present(below: folder, in: db)
    }
    for path in paths where !Self.isBelow(path, one: all) {
      rows += try FileTable().present(at: path, in: db)
    }
    return rows
  }

  private static func isBelow(_ path: Path, one folders: Set<Path>) -> Bool {
    var folder = path
    while folder.directory != folder, folder.bytes.contains(0x2F) {
      folder = folder.directory
      if folders.contains(folder) { return true }
    }
    return false
  }
}
