/// How the bytes of a file stand for text.
package enum TextEncoding: String, Hashable, Sendable, CaseIterable {
  /// A byte order mark decides; without one, UTF-8.
  case auto
  case utf8 = "utf-8"
  case utf16le = "utf-16le"
  case utf16be = "utf-16be"

  /// Never `auto`.
  package func resolved(by head: HeadSample) -> TextEncoding {
    guard self == .auto else { return self }
    let bytes = head.bytes
    if bytes.starts(with: [0xFF, 0xFE]) { return .utf16le }
    if bytes.starts(with: [0xFE, 0xFF]) { return .utf16be }
    return .utf8
  }

  /// The byte order mark of this encoding, when `head` begins with it.
  func byteOrderMarkLength(in head: HeadSample) -> Int {
    let mark: [UInt8] =
      switch self {
      case .auto, .utf8: [0xEF, 0xBB, 0xBF]
      case .utf16le: [0xFF, 0xFE]
      case .utf16be: [0xFE, 0xFF]
      }
    return head.bytes.starts(with: mark) ? mark.count : 0
  }

  /// Bytes in a code unit.
  var unit: Int { self == .utf16le || self == .utf16be ? 2 : 1 }
}
