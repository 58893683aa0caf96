import LineStore

/// Checks the parameters of one row for the one form that the writer gives them.
///
/// `ColumnReader` and `ChunkRows` only find their ends; here every byte is looked at. UTF-8 is checked
/// elsewhere, for the whole chunk at once.
enum RowText {
  enum Fault: String, Error {
    case number = "holds a malformed number"
    case string = "holds a malformed string"
    case nul = "holds NUL, where the line would end"
    case mark = "holds the mark of the time in a parameter"
  }

  /// The number of parameters of the row at which `rows` stands.
  static func parameters(
    _ rows: ChunkRows, in text: Span<UInt8>, isTimed: Bool
  ) throws(Fault) -> Int {
    var count = 0
    var index = rows.parameters.lowerBound
    let end = rows.parameters.upperBound
    while index < end {
      index += 1  // A comma: `ChunkRows` has seen it.
      count += 1
      guard index < end else { throw .number }
      index =
        text[index] == quote
        ? try endOfString(index + 1, end, text, isTimed: isTimed)
        : try endOfNumber(index, end, text)
    }
    return count
  }

  /// A number is `0|[1-9][0-9]{0,17}`.
  private static func endOfNumber(
    _ start: Int, _ end: Int, _ text: Span<UInt8>
  ) throws(Fault) -> Int {
    var index = start
    while index < end, text[index] &- 0x30 <= 9 { index += 1 }
    let count = index - start
    let isShortest = count == 1 || text[start] != UInt8(ascii: "0")
    let isWhole = index == end || text[index] == UInt8(ascii: ",")
    guard count > 0, count <= 18, isShortest, isWhole else { throw .number }
    return index
  }

  private static func endOfString(
    _ start: Int, _ end: Int, _ text: Span<UInt8>, isTimed: Bool
  ) throws(Fault) -> Int {
    var index = start
    while index < end {
      let byte = text[index]
      index += 1
      if byte == quote {
        guard index == end || text[index] == UInt8(ascii: ",") else { throw .string }
        return index
      }
      if byte < 0x20 { throw .string }
      guard byte == UInt8(ascii: "\\") else { continue }
      guard index < end else { throw .string }
      switch text[index] {
      case quote, UInt8(ascii: "\\"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
        index += 1
      case UInt8(ascii: "u"):
        guard index + 4 < end else { throw .string }
        var value = 0
        for digit in 1...4 {
          guard let nibble = hexValue(text[index + digit]) else { throw .string }
          value = value << 4 | nibble
        }
        if value == 0 { throw .nul }
        if value == 1 && isTimed { throw .mark }
        if value >= 0x20 { throw .string }
        index += 5
      default: throw .string
      }
    }
    throw .string
  }

  /// Lower case only, as the writer does.
  private static func hexValue(_ byte: UInt8) -> Int? {
    switch byte {
    case 0x30...0x39: Int(byte) - 0x30
    case 0x61...0x66: Int(byte) - 0x61 + 10
    default: nil
    }
  }
}

private let quote = UInt8(ascii: "\"")
