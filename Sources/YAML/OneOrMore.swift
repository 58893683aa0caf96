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
