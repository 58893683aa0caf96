import JSON
import LogModel

extension JSONText {
  /// One JSON object with its keys in the order of their UTF-8 bytes, the first of equal keys.
  static func object(_ attributes: [(key: String, value: Value)]) -> String {
    var first: [String: Value] = [:]
    for attribute in attributes where first[attribute.key] == nil {
      first[attribute.key] = attribute.value
    }
    let keys = first.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var output = "{"
    for key in keys {
      if output.utf8.count > 1 { output.append(",") }
      append(key, to: &output)
      output.append(":")
      switch first[key] ?? .null {
      case .null: output.append("null")
      case .integer(let value): output.append(String(value))
      case .real(let value): output.append(value.isFinite ? String(value) : "null")
      case .text(let value): append(value, to: &output)
      case .blob(let bytes): append(String(decoding: bytes, as: UTF8.self), to: &output)
      case .json(let value): output.append(value)
      }
    }
    output.append("}")
    return output
  }
}
