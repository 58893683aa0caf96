/// UTF-16 to UTF-8.
///
/// An unpaired surrogate and an odd last byte become U+FFFD.
enum UTF16Transcoder {
  /// False where something had to be replaced.
  @discardableResult
  static func append(
    _ bytes: Span<UInt8>, isBigEndian: Bool, to text: inout [UInt8]
  ) -> Bool {
    var isValid = true
    text.reserveCapacity(text.count + bytes.count)
    var index = 0
    func unit(at index: Int) -> UInt32 {
      let (first, second) = (UInt32(bytes[index]), UInt32(bytes[index + 1]))
      return isBigEndian ? first << 8 | second : second << 8 | first
    }
    while index + 1 < bytes.count {
      let first = unit(at: index)
      index += 2
      guard (0xD800..<0xE000).contains(first) else {
        append(scalar: first, to: &text)
        continue
      }
      if first < 0xDC00, index + 1 < bytes.count, case let second = unit(at: index),
        (0xDC00..<0xE000).contains(second)
      {
        index += 2
        append(scalar: 0x10000 + (first & 0x3FF) << 10 + second & 0x3FF, to: &text)
      } else {
        isValid = false
        append(scalar: 0xFFFD, to: &text)
      }
    }
    guard index < bytes.count else { return isValid }
    append(scalar: 0xFFFD, to: &text)
    return false
  }

  private static func append(scalar: UInt32, to text: inout [UInt8]) {
    func continuation(_ shift: UInt32) -> UInt8 {
      0x80 | UInt8(truncatingIfNeeded: scalar >> shift) & 0x3F
    }
    switch scalar {
    case ..<0x80:
      text.append(UInt8(scalar))
    case ..<0x800:
      text.append(0xC0 | UInt8(scalar >> 6))
      text.append(continuation(0))
    case ..<0x10000:
      text.append(0xE0 | UInt8(scalar >> 12))
      text.append(continuation(6))
      text.append(continuation(0))
    default:
      text.append(0xF0 | UInt8(scalar >> 18))
      text.append(continuation(12))
      text.append(continuation(6))
      text.append(continuation(0))
    }
  }
}
