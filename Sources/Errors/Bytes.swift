import Glibc

/// A line of a trace, as bytes.
typealias Line = ArraySlice<UInt8>

extension ArraySlice<UInt8> {
  func begins(with text: String) -> Bool { starts(with: text.utf8) }

  func begins(withAnyOf texts: [String]) -> Bool {
    guard let first else { return false }
    return texts.contains { $0.utf8.first == first && begins(with: $0) }
  }

  func ends(with text: String) -> Bool {
    count >= text.utf8.count && suffix(text.utf8.count).elementsEqual(text.utf8)
  }

  /// Where `text`, which is not empty, first stands.
  func range(of text: String) -> Range<Int>? {
    var text = text
    let found = text.withUTF8 { wanted in
      unsafe withUnsafeBufferPointer { bytes in unsafe Self.find(wanted, in: bytes) }
    }
    return found.map { startIndex + $0..<startIndex + $0 + text.utf8.count }
  }

  private static func find(
    _ wanted: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>
  ) -> Int? {
    guard let line = bytes.baseAddress, let text = wanted.baseAddress else { return nil }
    var start = 0
    while bytes.count - start >= wanted.count {
      let rest = bytes.count - start - wanted.count + 1
      guard let found = unsafe memchr(line + start, Int32(text.pointee), rest) else { return nil }
      start = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(line)
      if unsafe memcmp(line + start, text, wanted.count) == 0 { return start }
      start += 1
    }
    return nil
  }

  func contains(_ text: String) -> Bool { range(of: text) != nil }

  /// What stands behind `prefix`; nil where the line begins otherwise.
  func dropping(_ prefix: String) -> Line? {
    begins(with: prefix) ? dropFirst(prefix.utf8.count) : nil
  }

  /// Without blanks at both ends.
  var trimmed: Line {
    var line = self
    while let first = line.first, first <= 0x20 { line.removeFirst() }
    while let last = line.last, last <= 0x20 { line.removeLast() }
    return line
  }

  /// How many blanks stand in front.
  var indentation: Int { prefix { $0 == 0x20 || $0 == 0x09 }.count }

  /// The value of the first of `keys` in `key=value` pairs that the line has.
  func value(of keys: [String]) -> Line? {
    for key in keys {
      var rest = self
      while let place = rest.range(of: key + "=") {
        rest = rest[place.upperBound...]
        guard place.lowerBound == startIndex || self[place.lowerBound - 1] == 0x20 else {
          continue
        }
        if rest.first == UInt8(ascii: "\"") {
          return rest.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
        }
        return rest.prefix { $0 > 0x20 }
      }
    }
    return nil
  }

  var text: String { String(decoding: self, as: UTF8.self) }
}

extension UInt8 {
  var isDigit: Bool { self &- 0x30 <= 9 }
  var isLetter: Bool { (self | 0x20) &- 0x61 <= 25 }
  /// Part of an identifier in ASCII.
  var isWord: Bool { isLetter || isDigit || self == 0x5F }
  var isHexadecimal: Bool { isDigit || (self | 0x20) &- 0x61 <= 5 }
}

extension Span<UInt8> {
  func array(_ range: Range<Int>) -> [UInt8] {
    let part = extracting(range)
    return unsafe part.withUnsafeBufferPointer { unsafe Array($0) }
  }
}
