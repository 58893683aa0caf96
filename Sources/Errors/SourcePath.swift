/// The names that a file goes by in traces.
enum SourcePath {
  /// The file's name without extension and without the hash that a bundler puts into it, behind its
  /// folder where that is called alike on every machine.
  static func module(_ path: Line) -> String {
    var path = path
    if let scheme = path.range(of: "://") { path = path[scheme.upperBound...] }
    if let query = path.firstIndex(of: UInt8(ascii: "?")) { path = path[..<query] }
    let parts = path.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
    guard let file = parts.last else { return "" }
    let name = stem(file)
    guard parts.count > 2, let folder = parts.dropLast().last,
      folder.allSatisfy({ $0.isLetter || $0 == 0x5F }), !common.contains(folder.text)
    else { return name }
    return "\(folder.text)/\(name)"
  }

  private static let common: Set<String> = [
    "src", "lib", "app", "dist", "build", "out", "bin", "current", "release", "home", "srv", "opt",
    "usr", "var", "tmp",
  ]

  private static func stem(_ file: Line) -> String {
    var parts = file.split { $0 == UInt8(ascii: ".") }
    if parts.count > 1 { parts.removeLast() }
    // Vite's may hold a hyphen.
    if let last = parts.last, last.count > 9, last[last.endIndex - 9] == UInt8(ascii: "-"),
      isMixed(last.suffix(8))
    {
      parts[parts.count - 1] = last.dropLast(9)
    }
    let kept = parts.flatMap { $0.split(separator: UInt8(ascii: "-")) }.filter { !isHash($0) }
    if kept.isEmpty { return parts.isEmpty ? file.text : MessageMask.wildcard }
    return kept.map(\.text).joined(separator: "-")
  }

  private static func isHash(_ part: Line) -> Bool {
    part.count >= 6 && part.allSatisfy(\.isHexadecimal) && part.contains(where: \.isDigit)
  }

  /// Whether letters and digits stand as nobody writes them: a digit before a letter, or upper case
  /// inside twice.
  private static func isMixed(_ part: Line) -> Bool {
    guard part.allSatisfy({ $0.isWord || $0 == UInt8(ascii: "-") }) else { return false }
    var capitals = 0
    for (byte, next) in zip(part, part.dropFirst()) {
      if byte.isDigit, next.isLetter { return true }
      if byte &- 0x61 <= 25, next &- 0x41 <= 25 { capitals += 1 }
    }
    return capitals > 1
  }

  /// The path without `:12:5` or `:12` at its end.
  static func withoutPosition(_ path: Line) -> Line {
    var path = path
    for _ in 0..<2 {
      guard let colon = path.lastIndex(of: UInt8(ascii: ":")), colon + 1 < path.endIndex,
        path[(colon + 1)...].allSatisfy(\.isDigit)
      else { break }
      path = path[..<colon]
    }
    return path
  }
}
