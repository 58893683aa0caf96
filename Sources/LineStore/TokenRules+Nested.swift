import CBytes

// A quoted value may be a JSON text by itself, as in the logs of gateways: its keys are constant, and
// each of its values is a hole. An array is one hole, whatever is in it.

extension TokenRules {
  /// Whether what stands between the quotes begins as an object with a key: `{\"`.
  static func isNested(_ line: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    unsafe end &- start > 3 && line[start] == UInt8(ascii: "{")
      && line[start &+ 1] == backslash && line[start &+ 2] == doubleQuote
  }

  /// What a quote begins inside of a nested text.
  func nestedString(_ line: UnsafePointer<UInt8>, _ quote: Int, _ count: Int) -> Quoted {
    guard quote > 1, unsafe line[quote - 1] == backslash && line[quote - 2] != backslash else {
      return Quoted(end: quote, isLocal: false)
    }
    var hasEscapes = false
    let start = quote + 1
    let end = unsafe logbook_nested_quote_end(line, start, count, &hasEscapes)
    guard end < count else { return Quoted(end: quote, isLocal: false) }
    let isKey = unsafe end + 2 < count && line[end + 2] == UInt8(ascii: ":")
    return Quoted(
      end: end, flags: ByteClass.joiner | (hasEscapes ? ByteClass.escaped : 0),
      isHole: !isKey && end > start, looksBack: false)
  }

  /// What a bracket opens inside of a nested text.
  func nestedArray(_ line: UnsafePointer<UInt8>, _ bracket: Int, _ count: Int) -> Quoted {
    let end = unsafe logbook_nested_array_end(line, bracket + 1, count)
    guard end < count else { return Quoted(end: bracket, isLocal: false) }
    return Quoted(
      end: end, flags: ByteClass.joiner | ByteClass.escaped, isHole: end > bracket + 1,
      looksBack: false)
  }

  /// Whether nothing that follows a nested text can have had a part in finding its end.
  func isClosed(_ line: UnsafePointer<UInt8>, _ quote: Int, _ count: Int) -> Bool {
    guard quote + 1 < count else { return true }
    return unsafe line[quote + 1] == UInt8(ascii: ",") || line[quote + 1] == UInt8(ascii: "}")
  }
}

private let backslash = UInt8(ascii: "\\")
private let doubleQuote = UInt8(ascii: "\"")
