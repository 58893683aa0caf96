/// The grammar of RFC 8259, strictly, for text that is handed on as JSON.
package enum JSONValidator {
  /// SQLite reads no deeper.
  private static let deepest = 1000

  /// Whether `range` is exactly one JSON value.
  package static func isValid(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    let end = range.upperBound
    var isObject: [Bool] = []
    var needsValue = true
    while true {
      index = skippingSpace(line, index, end)
      if needsValue {
        guard index < end else { return false }
        let byte = line[index]
        if byte == 0x7B || byte == 0x5B {
          guard isObject.count < deepest else { return false }
          isObject.append(byte == 0x7B)
          index = skippingSpace(line, index + 1, end)
          if index < end, line[index] == (byte == 0x7B ? 0x7D : 0x5D) {
            isObject.removeLast()
            index += 1
            needsValue = false
          } else if byte == 0x7B {
            guard key(line, &index, end) else { return false }
          }
          continue
        }
        guard scalar(line, &index, end) else { return false }
        needsValue = false
        continue
      }
      guard let inObject = isObject.last else { return index == end }
      guard index < end else { return false }
      let byte = line[index]
      index += 1
      if byte == 0x2C {
        index = skippingSpace(line, index, end)
        if inObject { guard key(line, &index, end) else { return false } }
        needsValue = true
      } else if byte == (inObject ? 0x7D : 0x5D) {
        isObject.removeLast()
      } else {
        return false
      }
    }
  }

  private static func skippingSpace(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    min(JSONCursor.skippingSpace(line, start), end)
  }

  private static func key(_ line: Span<UInt8>, _ index: inout Int, _ end: Int) -> Bool {
    guard string(line, &index, end) else { return false }
    index = skippingSpace(line, index, end)
    guard index < end, line[index] == 0x3A else { return false }
    index += 1
    return true
  }

  private static func scalar(_ line: Span<UInt8>, _ index: inout Int, _ end: Int) -> Bool {
    if line[index] == 0x22 { return string(line, &index, end) }
    for literal in ["true", "false", "null"] where line.hasPrefix(literal, at: index) {
      index += literal.utf8.count
      return index <= end
    }
    return number(line, &index, end)
  }

  private static func string(_ line: Span<UInt8>, _ index: inout Int, _ end: Int) -> Bool {
    guard index < end, line[index] == 0x22 else { return false }
    index += 1
    while index < end {
      let byte = line[index]
      index += 1
      if byte == 0x22 { return true }
      if byte < 0x20 { return false }
      guard byte == 0x5C else { continue }
      guard index < end else { return false }
      let escape = line[index]
      index += 1
      switch escape {
      case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: continue
      case 0x75:
        guard index + 4 <= end else { return false }
        for place in index..<index + 4 {
          let digit = line[place]
          guard digit.isDigit || (digit | 0x20) &- 0x61 <= 5 else { return false }
        }
        index += 4
      default: return false
      }
    }
    return false
  }

  private static func number(_ line: Span<UInt8>, _ index: inout Int, _ end: Int) -> Bool {
    func digits() -> Int {
      let start = index
      while index < end, line[index].isDigit { index += 1 }
      return index - start
    }
    if index < end, line[index] == 0x2D { index += 1 }
    let start = index
    let count = digits()
    guard count > 0, count == 1 || line[start] != 0x30 else { return false }
    if index < end, line[index] == 0x2E {
      index += 1
      guard digits() > 0 else { return false }
    }
    if index < end, line[index] | 0x20 == 0x65 {
      index += 1
      if index < end, line[index] == 0x2B || line[index] == 0x2D { index += 1 }
      guard digits() > 0 else { return false }
    }
    return true
  }
}
