/// What is left of a message when everything in it that varies is masked.
///
/// A pure function of the constant text around the line scanner's holes, not of what is in them: all
/// lines of a template have one skeleton, and masks run once for each new shape of line. All masks
/// give the same wildcard, since kinds of values that differ within one event would split it.
package enum Skeleton {
  /// Stands in a message for a value that varies.
  package static let hole: UInt8 = 0x1A
  /// Stands in a message for its time.
  package static let time: UInt8 = 0x1B
  /// What a hole is in the text of a skeleton or a pattern.
  package static let wildcard = "<*>"
  /// A longer text is cut here and marked.
  package static let maxCount = 1024
  package static let cut = "<…>"

  /// The text of the skeleton of `message`, which is UTF-8 with `hole` and `time` in it.
  package static func text(of message: [UInt8]) -> String {
    var bytes = Masks.withoutTime(message)
    Masks.squeeze(&bytes)
    // A message that holds the time is the whole line.
    if !message.contains(time) { LoggerName.remove(from: &bytes) }
    for mask in Masks.all { mask(&bytes) }
    Masks.squeeze(&bytes)
    return rendered(bytes)
  }

  private static func rendered(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + 16)
    var whole = 0
    for byte in bytes {
      if byte & 0xC0 != 0x80 { whole = text.count }
      if byte == hole { text.append(contentsOf: wildcard.utf8) } else { text.append(byte) }
      guard text.count > maxCount else { continue }
      text.removeSubrange(whole...)
      while text.last == UInt8(ascii: " ") { text.removeLast() }
      text.append(contentsOf: cut.utf8)
      break
    }
    return String(decoding: text, as: UTF8.self)
  }
}
