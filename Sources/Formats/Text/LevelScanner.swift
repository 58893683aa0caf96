import LogModel

/// A level word in running text.
struct LevelMatch {
  var severity: Severity
  /// Behind the word.
  var end: Int
}

/// Looks for the level near `start`.
///
/// It is an upper-case word among the first five tokens (what stands in brackets is one token), any
/// case where punctuation or the first place mark it, a letter where a logger is known to write one,
/// `level=` a little further on. Nothing is found in or behind an object of JSON: its words are data.
enum LevelScanner {
  private static let reach = 160
  private static let tokens = 5

  @inline(__always)
  static func find(_ line: Span<UInt8>, from start: Int, limit: Int? = nil) -> LevelMatch? {
    let end = min(line.count, limit ?? start &+ reach)
    var index = start
    var token = 0
    var depth = 0
    var isFirst = true
    var previous: UInt8 = 0x20
    while index < end {
      let byte = line[index]
      if byte.isWord {
        let wordStart = index
        var isUpper = true
        var isPlain = true
        while index < line.count, line[index].isWord {
          let letter = line[index]
          if !letter.isLetter { isPlain = false } else if !letter.isUppercase { isUpper = false }
          index &+= 1
        }
        let count = index &- wordStart
        if isPlain, count <= 13 {
          let next = line.byte(index)
          if count == 1 {
            if previous == 0x5B, next == 0x5D || next == 0x20,
              let severity = LevelWords.severity(letter: line[wordStart])
            {
              return LevelMatch(severity: severity, end: index)
            }
            if isFirst, previous == 0x20,
              let match = LevelLetter.find(line, at: wordStart, token: token)
            {
              return match
            }
          } else if next == 0x3D {
            if let match = assigned(line, key: wordStart..<index) { return match }
          } else if count > 2, token <= tokens,
            let found = LevelWords.found(line, wordStart..<index),
            accepts(
              isUpper: isUpper, isWeak: found.isWeak, isFirst: isFirst, token: token,
              previous: previous, next: next)
          {
            return LevelMatch(severity: found.severity, end: index)
          }
        }
        if isPlain || count > 6 { isFirst = false }
        previous = 0x61
      } else if byte == 0x1B {
        index = skippingEscape(line, index)
        previous = 0x20
      } else {
        if byte == 0x20 || byte == 0x09 {
          if depth <= 0, previous != 0x20 { token &+= 1 }
          previous = 0x20
        } else {
          if byte == 0x7B, EmbeddedObject.begins(line, at: index) { return nil }
          if byte == 0x5B { depth &+= 1 }
          if byte == 0x5D { depth &-= 1 }
          previous = byte
        }
        index &+= 1
      }
    }
    return nil
  }

  @inline(__always)
  private static func accepts(
    isUpper: Bool, isWeak: Bool, isFirst: Bool, token: Int, previous: UInt8, next: UInt8
  ) -> Bool {
    let isEnclosed = isOpening(previous) && isClosing(next)
    if isWeak { return isEnclosed || isUpper && next == 0x3A }
    return isUpper || isEnclosed || isFirst && (isClosing(next) || next == 0x20 || next == 0)
      || next == 0x3A && previous == 0x20 && token <= 3
  }

  private static func isOpening(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x5B, 0x3C, 0x28, 0x7C, 0x3A, 0x3D, 0x22, 0x27: true  // [ < ( | : = " '
    default: false
    }
  }

  private static func isClosing(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x5D, 0x3E, 0x29, 0x7C, 0x3A, 0x3D, 0x22, 0x27: true  // ] > ) | : = " '
    default: false
    }
  }

  /// `level=info`, `severity="ERROR"`.
  private static func assigned(_ line: Span<UInt8>, key: Range<Int>) -> LevelMatch? {
    switch key.count {
    case 3: guard line.hasPrefix("lvl", at: key.lowerBound) else { return nil }
    case 5: guard line.hasPrefix("level", at: key.lowerBound) else { return nil }
    case 8: guard line.hasPrefix("severity", at: key.lowerBound) else { return nil }
    default: return nil
    }
    var start = key.upperBound + 1
    if line.byte(start) == 0x22 { start += 1 }
    var end = start
    while line.byte(end).isLetter { end += 1 }
    guard end > start, let severity = LevelWords.severity(line, word: start..<end) else {
      return nil
    }
    return LevelMatch(severity: severity, end: line.byte(end) == 0x22 ? end + 1 : end)
  }

  /// Behind a terminal's control sequence (`ESC [ … letter`), or behind the escape byte alone.
  static func skippingEscape(_ line: Span<UInt8>, _ start: Int) -> Int {
    guard line.byte(start + 1) == 0x5B else { return start + 1 }
    var index = start + 2
    while index < line.count, line[index] < 0x40 { index += 1 }
    return min(index + 1, line.count)
  }

  /// The level with which a message begins, when the first word can hardly mean anything else.
  static func leading(_ line: Span<UInt8>, from start: Int) -> Severity? {
    var index = line.skippingBlanks(start)
    let opening = line.byte(index)
    if opening == 0x3C, let priority = SyslogPriority(line, at: index) {
      return LevelWords.severity(syslog: priority.value & 7)
    }
    if let match = LevelLetter.logcat(line, at: index) { return match.severity }
    if opening == 0x5B || opening == 0x3C { index += 1 }
    let wordStart = index
    while line.byte(index).isLetter { index += 1 }
    guard (3...13).contains(index - wordStart),
      let found = LevelWords.found(line, wordStart..<index)
    else { return nil }
    let next = line.byte(index)
    if opening == 0x5B { return next == 0x5D ? found.severity : nil }
    if opening == 0x3C { return next == 0x3E ? found.severity : nil }
    if next == 0x3A { return found.isWeak ? nil : found.severity }
    let isUpper = line[wordStart].isUppercase && line[wordStart + 1].isUppercase
    return isUpper && !found.isWeak && next == 0x20 ? found.severity : nil
  }
}
