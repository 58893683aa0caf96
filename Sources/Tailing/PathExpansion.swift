internal import Glibc
package import LogModel

/// The files that arguments name: a file, a folder (everything below it), or a pattern.
package struct PathExpansion: Sendable {
  package struct Match: Hashable, Sendable {
    package var path: Path
    /// An argument named this file itself.
    package var isExplicit: Bool

    package init(path: Path, isExplicit: Bool) {
      self.path = path
      self.isExplicit = isExplicit
    }
  }

  package enum Problem: Hashable, Sendable {
    /// An argument names nothing.
    case missing(Path)
    case noMatch(pattern: Path)
    case tooManyAlternatives(pattern: Path)
    /// An argument names a FIFO, a socket or a device.
    case notRegular(Path)
    /// Something could not be looked at: what lies there is unknown, not gone.
    case unobservable(FileError)
  }

  /// Folders below a folder or a `**` are followed so deep.
  package static let maximumDepth = 64

  /// Sorted by bytes, each path once.
  ///
  /// The same file may still appear under several paths.
  package private(set) var files: [Match] = []
  package private(set) var problems: [Problem] = []
  /// Those that were looked into.
  package private(set) var folders: Set<Path> = []

  private let excludes: [Glob]

  /// Hidden names count only when written out.
  ///
  /// Links are followed, but for links to folders below a folder or a `**`. A file that has a
  /// pattern's characters in its name is found by that name. An exclude without a slash is compared
  /// with names, otherwise with whole paths; a folder that it matches is left out with all that is
  /// below.
  package init(of arguments: [Path], excluding excludes: [Path] = []) {
    self.excludes = excludes.compactMap { Glob($0) }
    problems = excludes.filter { Glob($0) == nil }.map { .tooManyAlternatives(pattern: $0) }
    for argument in arguments { expand(argument) }
    files.sort { $0.path < $1.path }
    var unique: [Match] = []
    unique.reserveCapacity(files.count)
    for file in files {
      if let last = unique.last, last.path == file.path {
        unique[unique.count - 1].isExplicit = last.isExplicit || file.isExplicit
      } else {
        unique.append(file)
      }
    }
    files = unique
  }

  private mutating func expand(_ argument: Path) {
    do throws(FileError) {
      let status = try FileStatus(of: argument)
      guard !isExcluded(argument) else { return }
      switch status.kind {
      case .regular: files.append(Match(path: argument, isExplicit: true))
      case .directory: walk(argument, components: [.anyFolders], depth: 0)
      case .other: problems.append(.notRegular(argument))
      }
    } catch {
      if error.isUnobservable {
        problems.append(.unobservable(error))
      } else if Glob.isPattern(argument) {
        expandPattern(argument)
      } else {
        problems.append(.missing(argument))
      }
    }
  }

  private mutating func expandPattern(_ argument: Path) {
    guard let glob = Glob(argument) else {
      problems.append(.tooManyAlternatives(pattern: argument))
      return
    }
    let before = (files.count, problems.count)
    for components in glob.alternatives { find(components) }
    if (files.count, problems.count) == before { problems.append(.noMatch(pattern: argument)) }
  }

  /// Splits a pattern into the folder that needs no search and the rest.
  private mutating func find(_ components: [Glob.Component]) {
    var rest = components[...]
    var folder = Path(bytes: [])
    if rest.first == .literal([]) {
      folder = Path("/")
      rest = rest.dropFirst()
    }
    while rest.count > 1, case .literal(let name)? = rest.first {
      folder = folder.bytes.isEmpty ? Path(bytes: name) : folder.appending(name)
      rest = rest.dropFirst()
    }
    search(folder, rest)
  }

  /// Component by component up to the first `**`; from there on the whole tree is walked once and
  /// compared with the rest, so that several `**` do not multiply.
  private mutating func search(_ folder: Path, _ components: ArraySlice<Glob.Component>) {
    guard let first = components.first else { return }
    if first == .anyFolders {
      walk(folder, components: components, depth: 0)
      return
    }
    let rest = components.dropFirst()
    if case .literal(let name) = first {
      visit(Self.join(folder, name[...]), .unknown, rest)
      return
    }
    for entry in entries(of: folder) where Glob.matches(first, entry.name) {
      visit(Self.join(folder, entry.name), entry.kind, rest)
    }
  }

  private mutating func visit(
    _ path: Path, _ kind: DirectoryEntry.Kind, _ rest: ArraySlice<Glob.Component>
  ) {
    guard !isExcluded(path), let kind = resolve(path, kind, followsFolders: true) else { return }
    if rest.isEmpty {
      if kind == .regular { files.append(Match(path: path, isExplicit: false)) }
    } else if kind == .directory {
      search(path, rest)
    }
  }

  /// Adds the files below `folder` whose path from there matches.
  private mutating func walk(
    _ folder: Path, components: ArraySlice<Glob.Component>, depth: Int,
    below names: [ArraySlice<UInt8>] = []
  ) {
    let takesAll = components.count == 1
    let findsHidden = components.contains {
      switch $0 {
      case .anyFolders: false
      case .literal(let text): text.first == UInt8(ascii: ".")
      case .pattern(let tokens): tokens.first == .byte(UInt8(ascii: "."))
      }
    }
    for entry in entries(of: folder) {
      if Glob.isHidden(entry.name) && !findsHidden { continue }
      let path = Self.join(folder, entry.name)
      guard !isExcluded(path), let kind = resolve(path, entry.kind, followsFolders: false) else {
        continue
      }
      let below = takesAll ? [] : names + [entry.name]
      if kind == .directory, depth < Self.maximumDepth {
        walk(path, components: components, depth: depth + 1, below: below)
      } else if kind == .regular, takesAll || Glob.matches(components, below[...]) {
        files.append(Match(path: path, isExplicit: false))
      }
    }
  }

  private mutating func entries(
    of folder: Path
  ) -> [(name: ArraySlice<UInt8>, kind: DirectoryEntry.Kind)] {
    var found: [(name: ArraySlice<UInt8>, kind: DirectoryEntry.Kind)] = []
    folders.insert(folder.bytes.isEmpty ? Path(".") : folder)
    do throws(FileError) {
      try DirectoryEntry.forEach(in: folder.bytes.isEmpty ? Path(".") : folder) { name, kind in
        found.append((name, kind))
      }
    } catch {
      // A folder that vanished meanwhile is as good as empty.
      if error.isUnobservable { problems.append(.unobservable(error)) }
    }
    return found
  }

  /// Regular or directory; nil for what is neither, for dangling links, and for links to folders
  /// unless these are followed.
  private mutating func resolve(
    _ path: Path, _ kind: DirectoryEntry.Kind, followsFolders: Bool
  ) -> FileStatus.Kind? {
    switch kind {
    case .regular: return .regular
    case .directory: return .directory
    case .other: return nil
    case .link, .unknown:
      do throws(FileError) {
        let target = try FileStatus(of: path)
        if target.kind == .directory && !followsFolders {
          let own = try FileStatus(of: path, followingLinks: false)
          return own.kind == .directory ? .directory : nil
        }
        return target.kind == .other ? nil : target.kind
      } catch {
        // ELOOP is a link to itself: dangling, too.
        if error.isUnobservable && error.code != ELOOP { problems.append(.unobservable(error)) }
        return nil
      }
    }
  }

  private func isExcluded(_ path: Path) -> Bool {
    !excludes.isEmpty && excludes.contains { $0.matches(path) }
  }

  private static func join(_ folder: Path, _ name: ArraySlice<UInt8>) -> Path {
    folder.bytes.isEmpty ? Path(bytes: Array(name)) : folder.appending(name)
  }
}

extension PathExpansion.Problem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let path): "\(path): no such file or folder"
    case .noMatch(let pattern): "\(pattern): matches nothing"
    case .tooManyAlternatives(let pattern): "\(pattern): too many alternatives in braces"
    case .notRegular(let path): "\(path): is not a regular file"
    case .unobservable(let error): error.description
    }
  }
}
