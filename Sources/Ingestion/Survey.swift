import LogModel
import SQLite
import Storage
import Tailing

/// A file that may hold something new.
struct Candidate {
  var path: Path
  var status: FileStatus
  /// Index into the requests.
  var request: Int
  var isExplicit: Bool
}

/// One look at every matched path: `statx` decides only that a file is unchanged.
struct Survey {
  private(set) var due: [Candidate] = []
  private(set) var problems: [IngestProblem] = []
  /// Every matched inode, where it is now.
  private(set) var paths: [FileKey: Path] = [:]
  /// Rows whose file is at no path any more.
  private(set) var gone: [FileRow] = []

  /// A folder or a file could not be looked at: nothing follows from what was not seen.
  private(set) var isUnobservable = false
  private var known: [FileKey: [FileRow]] = [:]

  struct FileKey: Hashable {
    var device: Int64
    var inode: Int64
  }

  /// Those of the paths that lead to something.
  static func keys(of paths: [Path]) -> Set<FileKey> {
    Set(
      paths.compactMap { path in
        (try? FileStatus(of: path)).map { FileKey(device: $0.device, inode: $0.inode) }
      })
  }

  /// `known` are the present rows of `scope` in any order, and `find` tells of others; `own` are the database and
  /// its companions, which are never read.
  init(
    _ requests: [IngestRequest], _ scope: Scope, known: [FileRow], own: Set<FileKey>, now: Int64,
    find: (FileKey) throws -> [FileRow]
  ) rethrows {
    var rows: [FileKey: [FileRow]] = [:]
    for row in known {
      let key = FileKey(device: row.device, inode: row.inode)
      let newer = rows[key]?.firstIndex { $0.id < row.id } ?? rows[key]?.endIndex ?? 0
      rows[key, default: []].insert(row, at: newer)
    }
    var unobservable = false
    for (index, request) in requests.enumerated() {
      let expansion = PathExpansion(of: request.paths, excluding: request.exclude)
      for problem in expansion.problems {
        if case .unobservable = problem { unobservable = true }
        if let problem = Self.problem(problem, request) { problems.append(problem) }
      }
      for file in expansion.files where request.isMeant(file.path) {
        let status: FileStatus
        do throws(FileError) { status = try FileStatus(of: file.path) } catch {
          // It went between the listing and the look; the next run sees where to.
          if !error.isMissing {
            unobservable = true
            problems.append(.unreadable(file.path, error))
          }
          continue
        }
        let key = FileKey(device: status.device, inode: status.inode)
        guard status.kind == .regular else {
          if file.isExplicit { problems.append(.notAFile(file.path, status.kind)) }
          continue
        }
        // A hard link, a symlink beside its target, overlapping globs: once.
        guard paths[key] == nil, !own.contains(key) else { continue }
        paths[key] = file.path
        if rows[key] == nil { rows[key] = try find(key) }
        let isKnown = rows[key, default: []].contains {
          Self.isUnchanged($0, file.path, status, timeout: request.multilineTimeout, now: now)
        }
        if !isKnown {
          due.append(
            Candidate(
              path: file.path, status: status, request: index, isExplicit: file.isExplicit))
        }
      }
    }
    self.known = rows
    isUnobservable = unobservable
    guard !unobservable else { return }
    gone = known.filter { scope.covers($0.path) && isGone($0) }
  }

  /// The source of the lines that were read from this very file.
  func source(of candidate: Candidate) -> Int64? {
    let status = candidate.status
    return known[FileKey(device: status.device, inode: status.inode)]?.first {
      $0.birth == nil || $0.birth == status.birthMicroseconds
    }?.source
  }

  /// What has not been read of the file, at most; of an archive its own size.
  func unread(_ candidate: Candidate) -> Int64 {
    let status = candidate.status
    let row = known[FileKey(device: status.device, inode: status.inode)]?.first {
      $0.birth == nil || $0.birth == status.birthMicroseconds
    }
    guard let row, row.compression == nil, row.offset + row.openBytes <= status.size else {
      return status.size
    }
    return status.size - row.offset - row.openBytes
  }

  /// "Could not see it" is never "it was deleted": the folder must be there and the name must not.
  private func isGone(_ row: FileRow) -> Bool {
    guard row.state == .active || row.state == .copy || row.state == .finished,
      paths[FileKey(device: row.device, inode: row.inode)] == nil, row.path.isAbsolute
    else { return false }
    do throws(FileError) {
      let status = try FileStatus(of: row.path)
      return status.inode != row.inode || status.device != row.device
    } catch {
      guard error.isMissing else { return false }
      let folder = try? FileStatus(of: row.path.directory)
      return folder?.kind == .directory
    }
  }

  private static func isUnchanged(
    _ row: FileRow, _ path: Path, _ status: FileStatus, timeout: Int64, now: Int64
  ) -> Bool {
    guard status.isSame(as: row) else { return false }
    // A record that ends in a line end is complete when nothing has followed for a while.
    return row.openLine == nil || !row.openIsWhole || now - row.modified < timeout
  }

  private static func problem(
    _ problem: PathExpansion.Problem, _ request: IngestRequest
  ) -> IngestProblem? {
    switch problem {
    case .missing(let path): request.isExplicit ? .missing(path) : nil
    case .noMatch(let pattern): request.isExplicit ? .noMatch(pattern) : nil
    case .tooManyAlternatives(let pattern): .noMatch(pattern)
    case .notRegular(let path): .notAFile(path, .other)
    case .unobservable(let error): .unreadable(error.path, error)
    }
  }
}
