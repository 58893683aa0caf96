import YAML

/// A value that a document writes as one scalar, plain or quoted.
protocol TextValue {
  /// A noun phrase for errors.
  static var expectation: String { get }
  init?(_ text: String)
}

struct Parsed<Value: TextValue>: Decodable {
  var value: Value

  init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(Scalar.self).text
    guard let value = Value(text) else {
      throw Unexpected(expected: .described(Value.expectation))
    }
    self.value = value
  }
}
