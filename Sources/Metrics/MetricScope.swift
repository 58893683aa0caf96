package import LogModel
import Tailing

extension MetricRule {
  /// Whether the rule is for lines of this source and file; a rotated file counts as what it was.
  package func covers(source: String, file: Path) -> Bool {
    let isSource = sources.isEmpty || sources.contains { Self.matches(source, $0) }
    guard isSource, !paths.isEmpty else { return isSource }
    let file = file.withoutDots
    let family = RotationName.family(of: file)
    return files.contains { path in
      guard let glob = Glob(path) else { return false }
      return glob.matches(file) || glob.matches(family)
    }
  }

  /// The rule's paths from the root.
  package var files: [Path] {
    paths.map { text in
      let path = Path(text)
      let whole = path.isAbsolute || folder.isEmpty ? path : Path(folder).appending(path.bytes)
      return whole.withoutDots
    }
  }

  /// `*` stands for any text.
  private static func matches(_ name: String, _ pattern: String) -> Bool {
    let name = Array(name.utf8)
    var parts = pattern.utf8.split(separator: 0x2A, omittingEmptySubsequences: false)[...]
    guard parts.count > 1, let first = parts.popFirst(), let last = parts.popLast() else {
      return name.elementsEqual(pattern.utf8)
    }
    guard name.starts(with: first), name.count >= first.count + last.count,
      name.suffix(last.count).elementsEqual(last)
    else { return false }
    var rest = name.dropFirst(first.count).dropLast(last.count)
    for part in parts where !part.isEmpty {
      guard let range = rest.firstRange(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return true
  }
}

extension Path {
  /// The path without `.` and `..`, by its text alone.
  fileprivate var withoutDots: Path {
    var names: [ArraySlice<UInt8>] = []
    for name in bytes.split(separator: 0x2F, omittingEmptySubsequences: false) {
      if name.elementsEqual("..".utf8), let last = names.last, !last.elementsEqual("..".utf8) {
        if !last.isEmpty { names.removeLast() }
      } else if !name.elementsEqual(".".utf8) {
        names.append(name)
      }
    }
    return Path(bytes: Array(names.joined(separator: [0x2F])))
  }
}
