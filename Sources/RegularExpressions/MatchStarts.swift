import CPCRE2

/// Where in a text a match may begin, as PCRE2 knows it of a compiled pattern.
enum MatchStarts {
  case anywhere
  /// At the beginning of the text only.
  case once
  /// There, and behind each line feed.
  case lines
  /// At one of these bytes.
  case bytes([Bool])

  init(of code: OpaquePointer) {
    var options: UInt32 = 0
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_ALLOPTIONS), &options)
    var kind: UInt32 = 0
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_FIRSTCODETYPE), &kind)
    if options & PCRE2_ANCHORED != 0 {
      self = .once
    } else if kind == 2 {
      self = .lines
    } else if kind == 1 {
      var first: UInt32 = 0
      unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_FIRSTCODEUNIT), &first)
      // Whether its case matters is not told.
      let byte = UInt8(truncatingIfNeeded: first)
      let isLetter = (byte | 0x20) &- 0x61 < 26
      self = .bytes((0..<256).map { UInt8($0) == byte || isLetter && UInt8($0) == byte ^ 0x20 })
    } else {
      var map: UnsafePointer<UInt8>?
      unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_FIRSTBITMAP), &map)
      guard let map = unsafe map else {
        self = .anywhere
        return
      }
      self = .bytes((0..<256).map { unsafe map[$0 >> 3] & 1 << ($0 & 7) != 0 })
    }
  }

  func count(in text: Span<UInt8>) -> Int {
    var count = 0
    switch self {
    case .anywhere: return text.count
    case .once: return 1
    case .lines:
      for index in text.indices where text[index] == 0x0A { count += 1 }
      return count + 1
    case .bytes(let bytes):
      for index in text.indices where bytes[Int(text[index])] { count += 1 }
      return count
    }
  }

  /// The first place from `start` on, in UTF-8; nil where there is none.
  func next(in text: Span<UInt8>, from start: Int) -> Int? {
    var index = start
    while index <= text.count {
      let isPlace =
        switch self {
        case .anywhere: index == text.count || text[index] & 0xC0 != 0x80
        case .once: index == 0
        case .lines: index == 0 || text[index - 1] == 0x0A
        case .bytes(let bytes): index < text.count && bytes[Int(text[index])]
        }
      if isPlace { return index }
      index += 1
    }
    return nil
  }
}
