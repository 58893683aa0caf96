import CBytes

/// JSON strings, read and written.
package enum JSONText {
  /// The text of a string's inside; a lone surrogate or a broken escape becomes U+FFFD.
  package static func unescaped(_ line: Span<UInt8>, _ range: Range<Int>) -> String {
    let text = line.extracting(range)
    if text.firstBackslash(from: 0) == text.count, let plain = try? UTF8Span(validating: text) {
      return String(copying: plain)
    }
    var bytes: [UInt8] = []
    let count = unescape(line, range, into: &bytes)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// Writes the text of a string's inside to the beginning of `output`, which grows where it is too
  /// short and never shrinks: scratch space for one line after the other.
  ///
  /// Returns how many bytes were written. A lone surrogate or a broken escape becomes U+FFFD.
  package static func unescape(
    _ line: Span<UInt8>, _ range: Range<Int>, into output: inout [UInt8]
  ) -> Int {
    // Two bytes of a broken escape become three; the copy goes by sixteen.
    let room = range.count + range.count / 2 + 16
    if output.count < room {
      output.append(contentsOf: repeatElement(0, count: room - output.count))
    }
    let text = line.extracting(range)
    var index = 0
    var end = 0
    while index < text.count {
      end += unsafe text.withUnsafeBufferPointer { input in
        unsafe output.withUnsafeMutableBufferPointer { output in
          guard let start = input.baseAddress, let target = output.baseAddress else { return 0 }
          return unsafe logbook_json_unescape(start, &index, input.count, target + end)
        }
      }
      guard index < text.count else { break }
      let (scalar, next) = escape(text, at: index)
      index = next
      for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
        output[end] = byte
        end += 1
      }
    }
    return end
  }

  /// The scalar of the escape whose backslash stands at `start`, and the place behind it.
  private static func escape(_ text: Span<UInt8>, at start: Int) -> (Unicode.Scalar, Int) {
    let letter = text.byte(start + 1)
    let next = start + 2
    return switch letter {
    case 0x22, 0x5C, 0x2F: (Unicode.Scalar(letter), next)
    case 0x62: ("\u{8}", next)
    case 0x66: ("\u{C}", next)
    case 0x6E: ("\n", next)
    case 0x72: ("\r", next)
    case 0x74: ("\t", next)
    case 0x75: scalar(text, at: next)
    default: ("\u{FFFD}", next)
    }
  }

  /// The scalar whose hexadecimal digits begin at `start`, the second half of a pair included.
  private static func scalar(_ text: Span<UInt8>, at start: Int) -> (Unicode.Scalar, Int) {
    guard let first = hexadecimal(text, start) else { return ("\u{FFFD}", start) }
    if let scalar = Unicode.Scalar(first) { return (scalar, start + 4) }
    guard first < 0xDC00, text.byte(start + 4) == 0x5C, text.byte(start + 5) == 0x75,
      let second = hexadecimal(text, start + 6), (0xDC00...0xDFFF).contains(second)
    else { return ("\u{FFFD}", start + 4) }
    let pair = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    return (Unicode.Scalar(pair) ?? "\u{FFFD}", start + 10)
  }

  private static func hexadecimal(_ text: Span<UInt8>, _ start: Int) -> UInt32? {
    guard start + 4 <= text.count else { return nil }
    var value: UInt32 = 0
    for index in start..<start + 4 {
      let byte = text[index]
      let digit = byte.isDigit ? byte &- 0x30 : (byte | 0x20) &- 0x61 &+ 10
      guard digit < 16, byte.isDigit || digit >= 10 else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  /// Appends `text` with its quotes.
  package static func append(_ text: String, to output: inout [UInt8]) {
    if !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) {
      // Nearly all texts, whole.
      output.append(0x22)
      output += text.utf8
      return output.append(0x22)
    }
    var quoted = ""
    append(text, to: &quoted)
    output += quoted.utf8
  }

  /// Appends `text` with its quotes.
  package static func append(_ text: String, to output: inout String) {
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
}
