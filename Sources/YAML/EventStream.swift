import CYAML

struct Event {
  enum Kind {
    case documentStart
    case alias(String)
    case scalar(Node.ScalarContent)
    case sequenceStart
    case mappingStart
    /// The end of a sequence or a mapping.
    case collectionEnd
    case streamEnd
    /// The stream's start and a document's end say nothing that is needed.
    case other
  }

  var mark: Mark
  var kind: Kind
  var anchor: String?
  var tag: String?
}

/// libyaml's events as values; it owns a copy of the text because libyaml reads from it at every step.
@safe struct EventStream: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let text: UnsafeMutableBufferPointer<UInt8>

  init(_ bytes: [UInt8]) {
    unsafe text = .allocate(capacity: max(1, bytes.count))
    unsafe text.initialize(repeating: 0)
    _ = unsafe text.update(from: bytes)
    unsafe parser = .allocate(capacity: 1)
    let initialized = unsafe yaml_parser_initialize(parser)
    precondition(initialized == 1, "out of memory")
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, text.baseAddress, bytes.count)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe text.deallocate()
  }

  /// Not to be called again after it threw or gave `streamEnd`.
  mutating func next() throws(Fault) -> Event {
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw fault() }
    defer { unsafe yaml_event_delete(&event) }
    var result = Event(mark: unsafe Mark(event.start_mark), kind: .other)
    switch unsafe event.type {
    case YAML_STREAM_END_EVENT: result.kind = .streamEnd
    case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: result.kind = .collectionEnd
    case YAML_ALIAS_EVENT: result.kind = .alias(unsafe string(event.data.alias.anchor) ?? "")
    case YAML_SEQUENCE_START_EVENT:
      let data = unsafe event.data.sequence_start
      result.kind = .sequenceStart
      result.anchor = unsafe string(data.anchor)
      result.tag = unsafe string(data.tag)
    case YAML_MAPPING_START_EVENT:
      let data = unsafe event.data.mapping_start
      result.kind = .mappingStart
      result.anchor = unsafe string(data.anchor)
      result.tag = unsafe string(data.tag)
    case YAML_SCALAR_EVENT:
      let data = unsafe event.data.scalar
      let bytes = unsafe UnsafeBufferPointer(start: data.value, count: data.length)
      result.kind = .scalar(
        Node.ScalarContent(
          text: unsafe String(decoding: bytes, as: UTF8.self),
          isPlain: unsafe data.style == YAML_PLAIN_SCALAR_STYLE))
      result.anchor = unsafe string(data.anchor)
      result.tag = unsafe string(data.tag)
    default: break
    }
    return result
  }

  private func fault() -> Fault {
    let mark = unsafe Mark(parser.pointee.problem_mark)
    let index = unsafe parser.pointee.problem_mark.index
    if character(at: index) == UInt8(ascii: "\t") {
      return Fault(mark: mark, problem: .tabIndentation)
    }
    let message = unsafe string(parser.pointee.problem) ?? "the document cannot be read"
    guard let context = unsafe string(parser.pointee.context) else {
      return Fault(mark: mark, problem: .syntax(message, context: nil, contextLine: nil))
    }
    let line = unsafe Mark(parser.pointee.context_mark).line
    return Fault(mark: mark, problem: .syntax(message, context: context, contextLine: line))
  }

  /// libyaml's indexes count characters.
  private func character(at index: Int) -> UInt8? {
    var seen = -1
    for byte in unsafe Array(text) where byte & 0xC0 != 0x80 {
      seen += 1
      if seen == index { return byte }
    }
    return nil
  }
}

extension Mark {
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }
}

private func string(_ pointer: UnsafePointer<CChar>?) -> String? {
  unsafe pointer.map { unsafe String(cString: $0) }
}

private func string(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
  unsafe pointer.map { unsafe String(cString: $0) }
}
