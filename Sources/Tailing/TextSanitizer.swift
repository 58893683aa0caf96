import CBytes

/// Makes any bytes storable as text: SQLite cuts a text at NUL and readers choke on invalid UTF-8.
package enum TextSanitizer {
  /// Valid UTF-8 without NUL.
  package static func isClean(_ bytes: Span<UInt8>) -> Bool {
    unsafe bytes.withUnsafeBufferPointer { unsafe isClean($0) }
  }

  private static func isClean(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    var index = 0
    while index < bytes.count {
      index += unsafe logbook_plain_ascii(base + index, bytes.count - index)
      while index < bytes.count, unsafe bytes[index] >= 0x80 {
        let step = unsafe sequence(at: index, of: bytes)
        guard step.isValid else { return false }
        index += step.length
      }
      if index < bytes.count, unsafe bytes[index] == 0 { return false }
    }
    return true
  }

  /// NUL becomes U+2400; what is not UTF-8 becomes U+FFFD, one for each maximal subpart of an
  /// ill-formed sequence (Unicode 16, §3.9, as WHATWG and Swift's own repair do).
  package static func clean(_ bytes: Span<UInt8>) -> [UInt8] {
    unsafe bytes.withUnsafeBufferPointer { source in
      var result: [UInt8] = []
      result.reserveCapacity(source.count + 16)
      var index = 0
      while index < source.count {
        let step = unsafe sequence(at: index, of: source)
        if !step.isValid {
          result.append(contentsOf: [0xEF, 0xBF, 0xBD])
        } else if unsafe source[index] == 0 {
          result.append(contentsOf: [0xE2, 0x90, 0x80])
        } else {
          unsafe result.append(contentsOf: source[index..<(index + step.length)])
        }
        index += step.length
      }
      return result
    }
  }

  /// The character at `index`, or the maximal subpart of one that is ill-formed there (Unicode,
  /// table 3-7).
  @inline(__always)
  private static func sequence(
    at index: Int, of bytes: UnsafeBufferPointer<UInt8>
  ) -> (length: Int, isValid: Bool) {
    let first = unsafe bytes[index]
    let wanted: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case ..<0x80: return (1, true)
    case 0xC2...0xDF: wanted = 2
    case 0xE0: (wanted, second) = (3, 0xA0...0xBF)
    case 0xED: (wanted, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: wanted = 3
    case 0xF0: (wanted, second) = (4, 0x90...0xBF)
    case 0xF4: (wanted, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: wanted = 4
    default: return (1, false)
    }
    guard index + 1 < bytes.count, unsafe second.contains(bytes[index + 1]) else {
      return (1, false)
    }
    var length = 2
    while length < wanted {
      guard index + length < bytes.count, unsafe bytes[index + length] & 0xC0 == 0x80 else {
        return (length, false)
      }
      length += 1
    }
    return (length, true)
  }
}
