/// The labels of a series as a JSON object of texts: sorted by name, without blanks, as short as JSON is.
package enum LabelText {
  /// What every label's value is where a metric has too many series.
  package static let other = Array("__other__".utf8)
  /// Bytes of a value; what is longer is cut.
  package static let longest = 200

  package static func quoted(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    append(text.span, to: &result)
    return result
  }

  /// Appends a text in quotes.
  package static func append(_ text: Span<UInt8>, to result: inout [UInt8]) {
    result.append(0x22)
    for index in 0..<end(of: text) {
      let byte = text[index]
      switch byte {
      case 0x22, 0x5C:
        result.append(0x5C)
        result.append(byte)
      case 0..<0x20:
        result.append(contentsOf: "\\u00".utf8)
        result.append(digits[Int(byte >> 4)])
        result.append(digits[Int(byte & 15)])
      default: result.append(byte)
      }
    }
    result.append(0x22)
  }

  private static let digits = Array("0123456789abcdef".utf8)

  /// Where a long text is cut: not inside a character.
  private static func end(of text: Span<UInt8>) -> Int {
    guard text.count > longest else { return text.count }
    var end = longest
    while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    return end
  }
}
