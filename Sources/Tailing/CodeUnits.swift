// What differs between one-byte and two-byte code units.

extension LineReader {
  /// Behind the last whole code unit in the buffer; at the end of the file, behind the last byte.
  var wholeUnits: Int {
    lineIndex + (buffer.count - lineIndex) / encoding.unit * encoding.unit
  }

  func lineFeed(from start: Int, to end: Int) -> Int? {
    guard encoding.unit == 2 else { return buffer.firstIndex(of: 0x0A, from: start, to: end) }
    var index = start
    while let found = buffer.firstIndex(of: 0x0A, from: index, to: end) {
      let isSecond = (found - start) % 2 == 1
      if encoding == .utf16be, isSecond, buffer[found - 1] == 0 { return found - 1 }
      if encoding == .utf16le, !isSecond, buffer[found + 1] == 0 { return found }
      index = found + 1
    }
    return nil
  }

  func isReturn(at index: Int) -> Bool {
    switch encoding {
    case .utf16le: buffer[index] == 0x0D && buffer[index + 1] == 0
    case .utf16be: buffer[index] == 0 && buffer[index + 1] == 0x0D
    default: buffer[index] == 0x0D
    }
  }

  func firstNUL(from start: Int, to end: Int) -> Int? {
    guard encoding.unit == 2 else { return buffer.firstIndex(of: 0, from: start, to: end) }
    return stride(from: start, to: end, by: 2).first { buffer[$0] == 0 && buffer[$0 + 1] == 0 }
  }

  func endOfNULs(from start: Int) -> Int {
    let end = buffer.endOfNULs(from: start)
    return end - (end - start) % encoding.unit
  }

  mutating func transcodeLine() {
    (text, isRepaired) = transcoded(
      contentIndex..<(contentIndex + contentCount), reusing: exchange(&text, with: []))
  }

  func transcoded(
    _ range: Range<Int>, reusing text: consuming [UInt8]
  ) -> (text: [UInt8], isRepaired: Bool) {
    text.removeAll(keepingCapacity: true)
    let isValid = UTF16Transcoder.append(
      buffer.span(range), isBigEndian: encoding == .utf16be, to: &text)
    return (text, !isValid)
  }
}
