/// Tells files that are no text, so that they are refused and not stored as garbage.
package enum BinarySniffer {
  /// Known formats, or at least 512 bytes behind leading NULs of which more than 30 % are control
  /// characters, less the longest run of NULs: that may be the hole that a crash left in a log.
  ///
  /// Compressed files are told by `ByteSource`; UTF-16 with a byte order mark is text.
  package static func looksBinary(_ head: HeadSample) -> Bool {
    let bytes = head.bytes
    if magics.contains(where: { bytes.starts(with: $0) }) { return true }
    if TextEncoding.auto.resolved(by: head) != .utf8 { return false }
    let text = bytes.drop { $0 == 0 }
    guard text.count >= 512 else { return false }
    let hole = longestRunOfNULs(text)
    return (text.count(where: isControl) - hole) * 10 > (text.count - hole) * 3
  }

  private static func longestRunOfNULs(_ text: some Sequence<UInt8>) -> Int {
    var longest = 0
    var run = 0
    for byte in text {
      run = byte == 0 ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  /// Not those that logs contain: tab, line ends, form feed, backspace, escape (colours).
  private static func isControl(_ byte: UInt8) -> Bool {
    (byte < 0x20 && !(0x08...0x0D).contains(byte) && byte != 0x1B) || byte == 0x7F
  }

  private static let magics: [[UInt8]] = [
    [0x7F, 0x45, 0x4C, 0x46],  // ELF
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A],  // PNG
    [0xFF, 0xD8, 0xFF],  // JPEG
    Array("GIF87a".utf8), Array("GIF89a".utf8),
    Array("%PDF-".utf8),
    [0x50, 0x4B, 0x03, 0x04],  // zip, jar
    Array("SQLite format 3\0".utf8),
    [0xCA, 0xFE, 0xBA, 0xBE],  // Java class
  ]
}
