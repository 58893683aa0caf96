/// Builds the node tree of the only document in a stream.
///
/// Anchors are shared, not copied, yet a use counts as all the nodes it stands for: a document of a few
/// hundred bytes can otherwise name billions of values ("billion laughs").
struct Composer: ~Copyable {
  private var stream: EventStream
  private var anchors: [String: Node] = [:]
  private var count = 0

  init(_ bytes: [UInt8]) { stream = EventStream(bytes) }

  mutating func document() throws(Fault) -> Node {
    var root: Node?
    while true {
      let event = try stream.next()
      switch event.kind {
      case .streamEnd:
        guard let root else { throw Fault(mark: nil, problem: .empty) }
        return root
      case .documentStart:
        guard root == nil else { throw Fault(mark: event.mark, problem: .secondDocument) }
        root = try node(stream.next(), depth: 0)
      default: break
      }
    }
  }

  private mutating func node(_ event: Event, depth: Int) throws(Fault) -> Node {
    var result: Node
    switch event.kind {
    case .alias(let name):
      guard let anchored = anchors[name] else {
        throw Fault(mark: event.mark, problem: .undefinedAlias(name))
      }
      result = anchored
      result.mark = event.mark
      try admit(result.count, height: depth + result.height, at: event.mark)
      return result
    case .scalar(let scalar): result = try self.scalar(scalar, event)
    case .sequenceStart: result = try sequence(event, depth: depth)
    case .mappingStart: result = try mapping(event, depth: depth)
    default: throw Fault(mark: event.mark, problem: .empty)
    }
    if let anchor = event.anchor { anchors[anchor] = result }
    return result
  }

  private mutating func scalar(_ scalar: Node.ScalarContent, _ event: Event) throws(Fault) -> Node {
    try admit(1, height: 0, at: event.mark)
    var scalar = scalar
    guard !scalar.text.utf8.contains(0) else {
      throw Fault(mark: event.mark, problem: .forbiddenCharacter(0))
    }
    switch event.tag {
    case nil: break
    case "!", coreTag + "str": scalar.isPlain = false
    case coreTag + "null", coreTag + "bool", coreTag + "int", coreTag + "float":
      scalar.isPlain = true
    case let tag?: throw Fault(mark: event.mark, problem: .unknownTag(tag))
    }
    return Node(mark: event.mark, content: .scalar(scalar))
  }

  private mutating func sequence(_ event: Event, depth: Int) throws(Fault) -> Node {
    try begin(event, depth: depth, tag: "seq")
    var result = Node(mark: event.mark, content: .sequence([]))
    var items: [Node] = []
    while true {
      let next = try stream.next()
      if case .collectionEnd = next.kind { break }
      let item = try node(next, depth: depth + 1)
      result.include(item)
      items.append(item)
    }
    result.content = .sequence(items)
    return result
  }

  private mutating func mapping(_ event: Event, depth: Int) throws(Fault) -> Node {
    try begin(event, depth: depth, tag: "map")
    var result = Node(mark: event.mark, content: .mapping([]))
    var entries: [Node.Entry] = []
    var lines: [String: Int] = [:]
    while true {
      let next = try stream.next()
      if case .collectionEnd = next.kind { break }
      let key = try node(next, depth: depth + 1)
      guard case .scalar(let scalar) = key.content else {
        throw Fault(mark: key.mark, problem: .keyNotScalar)
      }
      if let first = lines.updateValue(key.mark.line, forKey: scalar.text) {
        throw Fault(mark: key.mark, problem: .duplicateKey(scalar.text, firstLine: first))
      }
      let value = try node(stream.next(), depth: depth + 1)
      result.include(key)
      result.include(value)
      entries.append(Node.Entry(key: scalar.text, keyMark: key.mark, value: value))
    }
    result.content = .mapping(entries)
    return result
  }

  private mutating func begin(_ event: Event, depth: Int, tag: String) throws(Fault) {
    try admit(1, height: depth + 1, at: event.mark)
    guard event.tag == nil || event.tag == "!" || event.tag == coreTag + tag else {
      throw Fault(mark: event.mark, problem: .unknownTag(event.tag ?? ""))
    }
  }

  private mutating func admit(_ nodes: Int, height: Int, at mark: Mark) throws(Fault) {
    guard height <= Limits.depth else {
      throw Fault(mark: mark, problem: .tooDeep(limit: Limits.depth))
    }
    count += nodes
    guard count <= Limits.nodes else {
      throw Fault(mark: mark, problem: .tooManyNodes(limit: Limits.nodes))
    }
  }
}

extension Node {
  fileprivate mutating func include(_ child: Node) {
    height = max(height, child.height + 1)
    count += child.count
  }
}

private let coreTag = "tag:yaml.org,2002:"
