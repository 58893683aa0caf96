/// Decodes one node.
///
/// Every problem leaves it as a `Fault` with the place of the node that has it.
struct NodeDecoder: Decoder {
  let node: Node
  /// The key whose value this is.
  var key: (name: String, mark: Mark)?
  /// Set while `askedKeys` finds out which keys a type knows.
  var asked: AskedKeys?
  /// The keys that the type at this node asks for.
  var knownKeys: () -> [String] = { [] }

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func decode<Value: Decodable>(_ type: Value.Type) throws(Fault) -> Value {
    if let primitive = type as? any Primitive.Type {
      guard case .scalar(let scalar) = node.content, let value = primitive.init(scalar) as? Value
      else { throw unexpected(primitive.expectation) }
      return value
    }
    var decoder = self
    decoder.knownKeys = { askedKeys(of: type) }
    do {
      return try Value(from: decoder)
    } catch let fault as Fault {
      throw fault
    } catch let error as Unexpected {
      throw unexpected(error.expected)
    } catch {
      // The standard library throws its own error for a raw value without a case.
      throw unexpected(choices(of: type) ?? .described("a value of type \(type)"))
    }
  }

  func unexpected(_ expected: Problem.Expectation) -> Fault {
    Fault(mark: node.mark, problem: .unexpected(node.found, expected: expected))
  }

  /// Throws for the first key that `Key` has no case for.
  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .mapping(let entries) = node.content else { throw unexpected(.mapping) }
    if let unknown = entries.first(where: { Key(stringValue: $0.key) == nil }) {
      let nearest = nearest(to: unknown.key, in: knownKeys())
      throw Fault(mark: unknown.keyMark, problem: .unknownKey(unknown.key, nearest: nearest))
    }
    return KeyedDecodingContainer(KeyedNode<Key>(decoder: self, entries: entries))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .sequence(let items) = node.content else { throw unexpected(.list) }
    return UnkeyedNode(decoder: self, items: items)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    SingleNode(decoder: self)
  }
}

/// The keys of a mapping that a type asked for, in its order.
final class AskedKeys {
  var names: [String] = []
}

/// Decodes an empty mapping to learn which keys `type` asks for, so that no second list of them is
/// written anywhere.
///
/// It sees the keys up to the first required one: types whose properties are all optional tell all.
private func askedKeys<Value: Decodable>(of type: Value.Type) -> [String] {
  let asked = AskedKeys()
  let empty = Node(mark: Mark(line: 1, column: 1), content: .mapping([]))
  _ = try? Value(from: NodeDecoder(node: empty, asked: asked))
  return asked.names
}

private func choices(of type: any Decodable.Type) -> Problem.Expectation? {
  guard let type = type as? any CaseIterable.Type else { return nil }
  let names = texts(of: type)
  return names.isEmpty ? nil : .oneOf(names)
}

private func texts<Cases: CaseIterable>(of type: Cases.Type) -> [String] {
  type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
}
