import CBytes

/// Walks over the members of one JSON object in a single forward pass; values inside values are
/// skipped, not read, and without recursion.
///
/// It checks what it needs to stay in step (quotes, brackets, separators), not the whole grammar:
/// `JSONValidator` does that for what is handed on.
package struct JSONCursor {
  package enum Step {
    case member
    case end
    case broken
  }

  /// Where reading goes on; behind the closing brace after `.end`.
  package var position: Int
  var isFirst = true
  /// Of the last member, without the quotes.
  package var key: Range<Int> = 0..<0
  /// Of the last member, without the quotes of a string.
  package var value: Range<Int> = 0..<0
  /// The value's first byte: a quote, `{`, `[`, or that of a number or literal.
  package var kind: UInt8 = 0

  package var isString: Bool { kind == 0x22 }
  package var isObject: Bool { kind == 0x7B }
  package var isArray: Bool { kind == 0x5B }

  /// Nil when no object begins at `start`, blanks aside.
  package init?(_ line: Span<UInt8>, at start: Int = 0) {
    let open = Self.skippingSpace(line, start)
    guard line.byte(open) == 0x7B else { return nil }
    position = open &+ 1
  }

  package mutating func next(_ line: Span<UInt8>) -> Step {
    var index = Self.skippingSpace(line, position)
    guard index < line.count else { return .broken }
    if line[index] == 0x7D {
      position = index &+ 1
      return .end
    }
    if !isFirst {
      guard line[index] == 0x2C else { return .broken }
      index = Self.skippingSpace(line, index &+ 1)
    }
    isFirst = false
    guard line.byte(index) == 0x22, let keyEnd = Self.stringEnd(line, index &+ 1) else {
      return .broken
    }
    key = index &+ 1..<keyEnd
    index = Self.skippingSpace(line, keyEnd &+ 1)
    guard line.byte(index) == 0x3A else { return .broken }
    index = Self.skippingSpace(line, index &+ 1)
    guard index < line.count else { return .broken }
    kind = line[index]
    guard let end = Self.valueEnd(line, index) else { return .broken }
    value = kind == 0x22 ? index &+ 1..<end &- 1 : index..<end
    position = end
    return .member
  }

  /// Whether nothing but blanks stands behind the object.
  package func isLast(_ line: Span<UInt8>) -> Bool {
    Self.skippingSpace(line, position) == line.count
  }

  @inline(__always)
  package static func skippingSpace(_ line: Span<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < line.count {
      let byte = line[index]
      guard byte <= 0x20, byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A else {
        break
      }
      index &+= 1
    }
    return index
  }

  /// The closing quote of the string whose text begins at `start`.
  @inline(__always)
  package static func stringEnd(_ line: Span<UInt8>, _ start: Int) -> Int? {
    guard start <= line.count else { return nil }
    let end = unsafe line.withUnsafeBufferPointer { bytes in
      unsafe bytes.isEmpty
        ? 0 : logbook_json_string_end(bytes.baseAddress.unsafelyUnwrapped, start, bytes.count)
    }
    return end < line.count ? end : nil
  }

  /// Behind the value that begins at `start`.
  @inline(__always)
  package static func valueEnd(_ line: Span<UInt8>, _ start: Int) -> Int? {
    switch line[start] {
    case 0x22:
      guard let quote = stringEnd(line, start &+ 1) else { return nil }
      return quote &+ 1
    case 0x7B, 0x5B: return nestedEnd(line, start)
    case 0x2D, 0x30...0x39, 0x61...0x7A, 0x49, 0x4E:  // also NaN and Infinity, which Python writes
      var index = start &+ 1
      while index < line.count {
        switch line[index] {
        case 0x30...0x39, 0x2E, 0x2B, 0x2D, 0x45, 0x61...0x7A, 0x49, 0x4E: index &+= 1
        default: return index
        }
      }
      return index
    default: return nil
    }
  }

  /// Behind the bracket that closes the one at `start`; the kinds of the innermost 64 must match.
  static func nestedEnd(_ line: Span<UInt8>, _ start: Int) -> Int? {
    var index = start
    var depth = 0
    var kinds: UInt64 = 0
    while index < line.count {
      switch line[index] {
      case 0x22:
        guard let quote = stringEnd(line, index &+ 1) else { return nil }
        index = quote
      case 0x7B:
        depth &+= 1
        kinds = kinds << 1 | 1
      case 0x5B:
        depth &+= 1
        kinds = kinds << 1
      case 0x7D, 0x5D:
        if depth <= 64, kinds & 1 != (line[index] == 0x7D ? 1 : 0) { return nil }
        kinds >>= 1
        depth &-= 1
        if depth == 0 { return index &+ 1 }
      default: break
      }
      index &+= 1
    }
    return nil
  }
}

/// Walks over the elements of one JSON array as `JSONCursor` does over an object's members.
package struct JSONElements {
  private var position: Int
  private var isFirst = true
  /// Of the last element, without the quotes of a string.
  package private(set) var value: Range<Int> = 0..<0
  /// The element's first byte.
  package private(set) var kind: UInt8 = 0

  /// Nil when no array begins at `start`.
  package init?(_ line: Span<UInt8>, at start: Int) {
    guard line.byte(start) == 0x5B else { return nil }
    position = start + 1
  }

  /// Whether there was one more; false also where the array is broken.
  package mutating func next(_ line: Span<UInt8>) -> Bool {
    var index = JSONCursor.skippingSpace(line, position)
    if !isFirst {
      guard line.byte(index) == 0x2C else { return false }
      index = JSONCursor.skippingSpace(line, index + 1)
    }
    isFirst = false
    guard index < line.count, let end = JSONCursor.valueEnd(line, index) else { return false }
    kind = line[index]
    value = kind == 0x22 ? index + 1..<end - 1 : index..<end
    position = end
    return true
  }
}
