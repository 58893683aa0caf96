/// A value and where it begins.
package struct Marked<Value: Decodable>: Decodable {
  package var value: Value
  package var mark: Mark

  package init(from decoder: any Decoder) throws {
    value = try decoder.singleValueContainer().decode(Value.self)
    mark = decoder.mark
  }
}

extension Marked: Sendable where Value: Sendable {}

/// A scalar's text as written, whatever its type would be: `65536`, `0640` and `'0640'` alike.
package struct Scalar: Decodable {
  package var text: String

  package init(from decoder: any Decoder) throws {
    guard let decoder = decoder as? NodeDecoder, case .scalar(let scalar) = decoder.node.content,
      scalar.kind != .null
    else { throw Unexpected(expected: .text) }
    text = scalar.text
  }
}

/// A list, or one value that stands for a list of one.
package struct OneOrMore<Value: Decodable>: Decodable {
  package var values: [Value]

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    values =
      decoder.shape == .list
      ? try container.decode([Value].self) : [try container.decode(Value.self)]
  }
}

/// The value of a key with a meaning that the program does not carry out: decoding it always fails.
package struct UnsupportedKey: Decodable {
  package init(from decoder: any Decoder) throws {
    let key = (decoder as? NodeDecoder)?.key
    throw Fault(mark: key?.mark ?? decoder.mark, problem: .unsupportedKey(key?.name ?? ""))
  }
}

package enum Shape {
  case scalar, list, mapping
}

extension Decoder {
  /// What stands at this place, for types that more than one shape can describe.
  package var shape: Shape {
    switch (self as? NodeDecoder)?.node.content {
    case .sequence: .list
    case .mapping: .mapping
    case .scalar, nil: .scalar
    }
  }

  fileprivate var mark: Mark { (self as? NodeDecoder)?.node.mark ?? Mark(line: 1, column: 1) }
}
