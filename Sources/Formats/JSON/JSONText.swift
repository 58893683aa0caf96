import LogModel

/// JSON strings, read and written.
enum JSONText {
  /// The text of a string's inside; a lone surrogate or a broken escape becomes U+FFFD.
  static func unescaped(_ line: Span<UInt8>, _ range: Range<Int>) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = line[index]
      guard byte == 0x5C else {
        bytes.append(byte)
        index += 1
        continue
      }
      let escape = index + 1 < range.upperBound ? line[index + 1] : 0
      index += 2
      switch escape {
      case 0x22, 0x5C, 0x2F: bytes.append(escape)
      case 0x62: bytes.append(0x08)
      case 0x66: bytes.append(0x0C)
      case 0x6E: bytes.append(0x0A)
      case 0x72: bytes.append(0x0D)
      case 0x74: bytes.append(0x09)
      case 0x75:
        bytes.append(contentsOf: String(Character(scalar(line, &index, range.upperBound))).utf8)
      default: bytes.append(contentsOf: "\u{FFFD}".utf8)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The scalar whose hexadecimal digits begin at `index`, the second half of a pair included.
  private static func scalar(
    _ line: Span<UInt8>, _ index: inout Int, _ end: Int
  ) -> Unicode.Scalar {
    guard let first = hexadecimal(line, index, end) else { return "\u{FFFD}" }
    index += 4
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, index + 6 <= end, line[index] == 0x5C, line[index + 1] == 0x75,
      let second = hexadecimal(line, index + 2, end), (0xDC00...0xDFFF).contains(second)
    else { return "\u{FFFD}" }
    index += 6
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
  }

  private static func hexadecimal(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> UInt32? {
    guard start + 4 <= end else { return nil }
    return UInt32(line.text(start..<start + 4), radix: 16)
  }

  /// Appends `text` with its quotes.
  static func append(_ text: String, to output: inout String) {
    output.append("\"")
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output.append("\\\"")
      case "\\": output.append("\\\\")
      case "\n": output.append("\\n")
      case "\r": output.append("\\r")
      case "\t": output.append("\\t")
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        output.append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
      default: output.unicodeScalars.append(scalar)
      }
    }
    output.append("\"")
  }

  /// One JSON object with its keys in the order of their UTF-8 bytes, the first of equal keys.
  static func object(_ attributes: [(key: String, value: Value)]) -> String {
    var first: [String: Value] = [:]
    for attribute in attributes where first[attribute.key] == nil {
      first[attribute.key] = attribute.value
    }
    let keys = first.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var output = "{"
    for key in keys {
      if output.utf8.count > 1 { output.append(",") }
      append(key, to: &output)
      output.append(":")
      switch first[key] ?? .null {
      case .null: output.append("null")
      case .integer(let value): output.append(String(value))
      case .real(let value): output.append(value.isFinite ? String(value) : "null")
      case .text(let value): append(value, to: &output)
      case .blob(let bytes): append(String(decoding: bytes, as: UTF8.self), to: &output)
      case .json(let value): output.append(value)
      }
    }
    output.append("}")
    return output
  }
}
