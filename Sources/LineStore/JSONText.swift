/// The JSON of a chunk's rows: only `"`, `\` and bytes below 0x20 are escaped, and a bare number is
/// one that reads back as the same bytes.
enum JSONText {
  /// Appends the bytes that the inside of a JSON string stands for.
  static func appendUnescaped(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
    var index = 0
    while index < text.count {
      let byte = text[index]
      guard byte == backslash && index + 1 < text.count else {
        bytes.append(byte)
        index += 1
        continue
      }
      let escape = text[index + 1]
      index += 2
      switch escape {
      case UInt8(ascii: "n"): bytes.append(0x0A)
      case UInt8(ascii: "r"): bytes.append(0x0D)
      case UInt8(ascii: "t"): bytes.append(0x09)
      case UInt8(ascii: "b"): bytes.append(0x08)
      case UInt8(ascii: "f"): bytes.append(0x0C)
      case UInt8(ascii: "u"):
        // The writer escapes nothing above 0x1F by number.
        var value: UInt8 = 0
        for digit in 0..<4 where index + digit < text.count {
          value = value << 4 | hexValue(text[index + digit])
        }
        bytes.append(value)
        index += 4
      default: bytes.append(escape)
      }
    }
  }

  /// How many line feeds a row's parameters stand for.
  static func feeds(in text: Span<UInt8>) -> Int64 {
    var count: Int64 = 0
    var index = 0
    while index < text.count {
      guard text[index] == backslash, index + 1 < text.count else {
        index += 1
        continue
      }
      if text[index + 1] == UInt8(ascii: "n") { count += 1 }
      index += 2
    }
    return count
  }

  /// `0|[1-9][0-9]{0,17}`: the numbers that fit 64 bits and have one spelling.
  static func isNumber(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count > 0 && bytes.count <= 18 else { return false }
    if bytes[0] == UInt8(ascii: "0") { return bytes.count == 1 }
    for index in bytes.indices where bytes[index] &- 0x30 > 9 { return false }
    return true
  }

  private static func hexValue(_ digit: UInt8) -> UInt8 {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x61 + 10
    case 0x41...0x46: digit - 0x41 + 10
    default: 0
    }
  }
}

private let backslash = UInt8(ascii: "\\")
