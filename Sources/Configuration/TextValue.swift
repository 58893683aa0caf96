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
    let scalar = try? decoder.singleValueContainer().decode(Scalar.self)
    guard let scalar, let value = Value(scalar.text) else {
      throw Unexpected(expected: .described(Value.expectation))
    }
    self.value = value
  }
}
