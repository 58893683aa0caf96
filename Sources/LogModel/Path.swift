/// A file's path as the kernel's bytes; not every path is UTF-8.
package struct Path: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Without a trailing NUL.
  package var bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }
  package init(_ text: String) { bytes = Array(text.utf8) }

  /// For people: bytes that are not UTF-8 become U+FFFD.
  package var description: String { String(decoding: bytes, as: UTF8.self) }

  package var isAbsolute: Bool { bytes.first == slash }

  /// What stands behind the last slash.
  package var name: ArraySlice<UInt8> {
    guard let last = bytes.lastIndex(of: slash) else { return bytes[...] }
    return bytes[(last + 1)...]
  }

  /// What stands before the last slash; `.` for a bare name, `/` for an entry of the root.
  package var directory: Path {
    guard let last = bytes.lastIndex(of: slash) else { return Path(".") }
    return last == 0 ? Path("/") : Path(bytes: Array(bytes[..<last]))
  }

  package func appending(_ name: some Sequence<UInt8>) -> Path {
    var joined = bytes
    if joined.last != slash { joined.append(slash) }
    joined.append(contentsOf: name)
    return Path(bytes: joined)
  }

  package static func < (left: Self, right: Self) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

private let slash: UInt8 = 0x2F
