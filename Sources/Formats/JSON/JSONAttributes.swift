import JSON
import LogModel

/// The members of a JSON object as values.
enum JSONAttributes {
  /// In the order of the line, the first of equal keys; up to where the object breaks.
  static func members(
    _ line: Span<UInt8>, at start: Int, among names: FieldNames = .all
  ) -> [(key: String, value: Value)] {
    guard var cursor = JSONCursor(line, at: start) else { return [] }
    var seen: Set<String> = []
    var result: [(key: String, value: Value)] = []
    while case .member = cursor.next(line) {
      guard names.mayContain(line, cursor.key) else { continue }
      let key = JSONText.unescaped(line, cursor.key)
      guard seen.insert(key).inserted else { continue }
      result.append((key, value(line, cursor)))
    }
    return result
  }

  /// The members of a text that is one JSON object, none of any other text.
  static func members(of text: String) -> [(key: String, value: Value)] {
    let bytes = Array(text.utf8)
    guard bytes.first == 0x7B, JSONValidator.isValid(bytes.span, 0..<bytes.count) else { return [] }
    return members(bytes.span, at: 0)
  }

  static func value(_ line: Span<UInt8>, _ cursor: JSONCursor) -> Value {
    if cursor.isString { return .text(JSONText.unescaped(line, cursor.value)) }
    let text = line.text(cursor.value)
    switch text {
    case "null": return .null
    case "true", "false": return .json(text)
    default: break
    }
    guard JSONValidator.isValid(line, cursor.value) else { return .text(text) }
    if cursor.isObject || cursor.isArray { return .json(text) }
    if let integer = Int64(text) { return .integer(integer) }
    // A number beyond 64 bits keeps its digits.
    if text.utf8.allSatisfy({ $0.isDigit || $0 == 0x2D }) { return .json(text) }
    guard let real = Double(text), real.isFinite else { return .json(text) }
    return .real(real)
  }
}
