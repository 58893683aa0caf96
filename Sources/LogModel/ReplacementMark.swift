/// What stands in a stored line where something was replaced before it was stored.
package enum ReplacementMark: Sendable, Equatable {
  /// What people and models said, left out.
  case dropped
  /// The same, with a keyed hash of it: equal texts have equal hashes.
  case hash(UInt64)
  /// What a pattern of the configuration, or of `purge`, matched.
  case redacted

  /// Of no character that JSON would escape.
  package var text: String {
    switch self {
    case .dropped: "[dropped]"
    case .redacted: "[redacted]"
    case .hash(let value):
      "[hash:" + String(repeating: "0", count: value.leadingZeroBitCount / 4)
        + (value == 0 ? "" : String(value, radix: 16)) + "]"
    }
  }

  /// Whether a text is one mark and nothing else.
  package static func isAll(of text: String) -> Bool {
    let bytes = Array(text.utf8)
    return length(in: bytes.span, at: 0) == bytes.count
  }

  /// Whether there is one in a text.
  package static func isIn(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.indices.contains { length(in: bytes.span, at: $0) != nil }
  }

  /// The length of the mark that begins at `start`; nil where none does.
  static func length(in text: Span<UInt8>, at start: Int) -> Int? {
    guard start < text.count, text[start] == UInt8(ascii: "[") else { return nil }
    for mark in [Self.dropped, .redacted] where has(text, mark.text, at: start) {
      return mark.text.utf8.count
    }
    let digits = start + 6
    guard has(text, "[hash:", at: start), digits + 17 <= text.count,
      text[digits + 16] == UInt8(ascii: "]"),
      (digits..<digits + 16).allSatisfy({ isHexadecimal(text[$0]) })
    else { return nil }
    return 23
  }

  private static func has(_ text: Span<UInt8>, _ word: String, at start: Int) -> Bool {
    guard start + word.utf8.count <= text.count else { return false }
    var index = start
    for byte in word.utf8 {
      if text[index] != byte { return false }
      index += 1
    }
    return true
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    byte &- 0x30 <= 9 || byte &- 0x61 <= 5
  }
}
