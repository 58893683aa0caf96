struct KeyedNode<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: NodeDecoder
  let entries: [Node.Entry]

  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { entries.compactMap { Key(stringValue: $0.key) } }

  func contains(_ key: Key) -> Bool { entry(key) != nil }

  func decodeNil(forKey key: Key) throws -> Bool { try required(key).node.isNull }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try required(key).decode(type)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try required(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try required(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { decoder }

  func superDecoder(forKey key: Key) throws -> any Decoder { try required(key) }

  private func entry(_ key: Key) -> Node.Entry? {
    decoder.asked?.names.append(key.stringValue)
    return entries.first { $0.key == key.stringValue }
  }

  private func required(_ key: Key) throws(Fault) -> NodeDecoder {
    guard let entry = entry(key) else {
      throw Fault(mark: decoder.node.mark, problem: .missingKey(key.stringValue))
    }
    return NodeDecoder(node: entry.value, key: (entry.key, entry.keyMark))
  }
}
