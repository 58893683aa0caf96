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
