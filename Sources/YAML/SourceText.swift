/// Checks that bytes can be YAML at all, so that libyaml never meets an encoding it would have to guess,
/// and removes a UTF-8 byte order mark.
func checkedText(_ bytes: [UInt8]) throws(Fault) -> [UInt8] {
  guard bytes.count <= Limits.bytes else {
    throw Fault(mark: nil, problem: .tooLarge(limit: Limits.bytes))
  }
  if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
    throw Fault(mark: nil, problem: .utf16)
  }
  let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
  let text = isMarked ? Array(bytes.dropFirst(3)) : bytes
  var mark = Mark(line: 1, column: 1)
  var decoder = UTF8()
  var iterator = text.makeIterator()
  var isAfterReturn = false
  decoding: while true {
    switch decoder.decode(&iterator) {
    case .emptyInput: break decoding
    case .error: throw Fault(mark: mark, problem: .notUTF8)
    case .scalarValue(let scalar):
      guard isAllowed(scalar.value) else {
        throw Fault(mark: mark, problem: .forbiddenCharacter(scalar.value))
      }
      switch scalar {
      case "\n" where isAfterReturn: break
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
        mark = Mark(line: mark.line + 1, column: 1)
      default: mark.column += 1
      }
      isAfterReturn = scalar == "\r"
    }
  }
  return text
}

enum Limits {
  static let bytes = 1 << 20
  /// Of collections in collections; decoding and freeing a tree recurse this deep.
  static let depth = 64
  static let nodes = 100_000
}

/// YAML 1.2 §5.1, c-printable, less the byte order mark inside a document.
private func isAllowed(_ value: UInt32) -> Bool {
  switch value {
  case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
    0x10000...0x10FFFF:
    true
  default: false
  }
}
