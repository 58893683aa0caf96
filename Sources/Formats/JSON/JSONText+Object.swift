import JSON
import LogModel

extension JSONText {
  /// One JSON object with its keys in the order of their UTF-8 bytes, the first of equal keys.
  static func object(_ attributes: [(key: String, value: Value)]) -> String {
    func precedes(_ left: String, _ right: String) -> Bool {
      left.utf8.lexicographicallyPrecedes(right.utf8)
    }
    let order = attributes.indices.sorted { one, other in
      let (left, right) = (attributes[one].key, attributes[other].key)
      return precedes(left, right) || one < other && !precedes(right, left)
    }
    var output: [UInt8] = [UInt8(ascii: "{")]
    output.reserveCapacity(512)
    var previous: String?
    for index in order {
      let (key, value) = attributes[index]
      if let previous, !precedes(previous, key) { continue }
      if previous != nil { output.append(UInt8(ascii: ",")) }
      previous = key
      append(key, to: &output)
      output.append(UInt8(ascii: ":"))
      switch value {
      case .null: output += "null".utf8
      case .integer(let value): output += String(value).utf8
      case .real(let value): output += (value.isFinite ? String(value) : "null").utf8
      case .text(let value): append(value, to: &output)
      case .blob(let bytes): append(String(decoding: bytes, as: UTF8.self), to: &output)
      case .json(let value): output += value.utf8
      }
    }
    output.append(UInt8(ascii: "}"))
    return String(decoding: output, as: UTF8.self)
  }
}
