import CBytes

/// Walks the rows of a chunk, `[[step,template,p1,…],null,…]`, without building anything.
///
/// A row that was dropped is `null`, or the number of lines that its record had where these are more than
/// one.
///
/// The text is made of a chunk's columns, which may be damaged: every step checks, and `isDamaged` is set
/// where the text is not of that form.
package struct ChunkRows {
  /// Behind the row.
  package private(set) var position = 0
  /// The row's index in the chunk; -1 before the first.
  package private(set) var index = -1
  package private(set) var isDropped = false
  /// Of a row that was dropped: how many lines of the file its record had.
  package private(set) var droppedLines: Int64 = 1
  package private(set) var isDamaged = false
  /// The sum of the steps up to the row, in units after the chunk's earliest time: never negative.
  package private(set) var offset: Int64 = 0
  package private(set) var template: Int64 = 0
  /// The row's parameters as JSON text: empty, or a comma before each.
  package private(set) var parameters = 0..<0

  package init() {}

  /// Goes to the next row; false at the end.
  package mutating func next(_ text: Span<UInt8>) -> Bool {
    guard !isDamaged, position < text.count else { return fail() }
    if index < 0 {
      guard text[0] == openBracket else { return fail() }
      position = 1
      guard text.count > 1, text[1] != closeBracket else { return false }
    } else if text[position] == comma {
      position += 1
    } else {
      if text[position] != closeBracket || position != text.count - 1 { isDamaged = true }
      return false
    }
    index += 1
    guard position < text.count else { return fail() }
    if text[position] == openBracket {
      isDropped = false
      position += 1
      let isNegative = position < text.count && text[position] == UInt8(ascii: "-")
      if isNegative { position += 1 }
      guard let step = integer(text), position < text.count, text[position] == comma else {
        return fail()
      }
      position += 1
      guard let template = integer(text) else { return fail() }
      let (sum, isOut) = offset.addingReportingOverflow(isNegative ? -step : step)
      guard !isOut, sum >= 0 else { return fail() }
      offset = sum
      self.template = template
      return skipParameters(text)
    }
    isDropped = true
    if let lines = integer(text) {
      droppedLines = lines
      return true
    }
    guard position + 4 <= text.count, text[position] == UInt8(ascii: "n") else { return fail() }
    droppedLines = 1
    position += 4
    return true
  }

  private mutating func skipParameters(_ text: Span<UInt8>) -> Bool {
    let start = position
    while position < text.count && text[position] == comma {
      position = Self.endOfValue(text, position + 1)
    }
    guard position < text.count, text[position] == closeBracket else { return fail() }
    parameters = start..<position
    position += 1
    return true
  }

  private mutating func fail() -> Bool {
    isDamaged = true
    return false
  }

  private mutating func integer(_ text: Span<UInt8>) -> Int64? {
    let start = position
    let value: Int64
    (value, position) = text.decimal(from: start)
    return position > start ? value : nil
  }

  /// The index behind the string or number that begins at `start`; the text's end where it does not end.
  static func endOfValue(_ text: Span<UInt8>, _ start: Int) -> Int {
    guard start < text.count else { return text.count }
    guard text[start] == quote else {
      var index = start
      while index < text.count, text[index] != comma, text[index] != closeBracket { index += 1 }
      return index
    }
    return unsafe text.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      return unsafe min(logbook_json_string_end(base, start + 1, buffer.count) + 1, buffer.count)
    }
  }
}

private let comma = UInt8(ascii: ",")
private let quote = UInt8(ascii: "\"")
private let openBracket = UInt8(ascii: "[")
private let closeBracket = UInt8(ascii: "]")
