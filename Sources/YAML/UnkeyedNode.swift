struct UnkeyedNode: UnkeyedDecodingContainer {
  let decoder: NodeDecoder
  let items: [Node]
  var currentIndex = 0

  var codingPath: [any CodingKey] { [] }
  var count: Int? { items.count }
  var isAtEnd: Bool { currentIndex == items.count }

  init(decoder: NodeDecoder, items: [Node]) {
    self.decoder = decoder
    self.items = items
  }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, items[currentIndex].isNull else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try next().decode(type)
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> {
    try next().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next().unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder { try next() }

  private mutating func next() throws(Fault) -> NodeDecoder {
    guard !isAtEnd else {
      let expected = Problem.Expectation.described("a list of \(currentIndex + 1) or more values")
      throw decoder.unexpected(expected)
    }
    defer { currentIndex += 1 }
    return NodeDecoder(node: items[currentIndex])
  }
}
