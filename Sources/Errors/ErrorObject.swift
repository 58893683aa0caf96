import JSON

/// The members of a JSON record that say what went wrong.
struct ErrorObject {
  private enum Name: UInt8 {
    case message = 1
    case error
    case errorType
    case errorMessage
    case stack
    case logger
    case fingerprint
    case status
    case flags
    case route
    case method
    case path
    case log
    case stream
    case time
    case aiLog
    /// An object about a request or its answer.
    case exchange
    /// More places for messages, where there is no better one.
    case weakMessage
  }

  private static let table: KeyTable = {
    let names: [(Name, [String])] = [
      (.message, ["message", "msg", "short_message", "@m", "@mt"]),
      (.weakMessage, ["event", "body", "text", "description", "reason", "detail", "details"]),
      (.error, ["error", "err", "exception", "exc"]),
      (.errorType, ["error.type", "exception.type", "error_type", "exc_type", "exception_class"]),
      (.errorType, ["error.kind", "exception_type", "error_class"]),
      (.errorMessage, ["error.message", "exception.message", "error_message", "errorMessage"]),
      (
        .stack, ["stack_trace", "stacktrace", "stack", "error.stack_trace", "exception.stacktrace"]
      ),
      (.stack, ["exc_info", "exc_text", "traceback", "@x", "throwable", "error.stack"]),
      (.stack, ["full_message", "errorVerbose", "backtrace", "stderr"]),
      (.logger, ["logger", "logger_name", "log.logger", "loggerName"]),
      (.fingerprint, ["fingerprint"]),
      (.status, ["response_code", "status", "status_code", "http_status", "statusCode"]),
      (.status, ["http.response.status_code"]),
      (.exchange, ["http", "req", "res", "request", "response"]),
      (.flags, ["response_flags"]), (.route, ["route_name"]),
      (.method, ["method", "request_method", "http.request.method", "http_method"]),
      (.path, ["path", "request_uri", "uri", "url", "url.path"]),
      (.log, ["log"]), (.stream, ["stream"]), (.time, ["time"]), (.aiLog, ["ai_log"]),
    ]
    return KeyTable(names.flatMap { name, keys in keys.map { ($0, name.rawValue) } })
  }()

  private struct Member {
    var range: Range<Int>
    var kind: UInt8

    var isString: Bool { kind == 0x22 }
    var isObject: Bool { kind == 0x7B }
    var isArray: Bool { kind == 0x5B }
  }

  /// By their names' numbers; the kind of one that is not there is 0.
  private var members = InlineArray<24, Member>(repeating: Member(range: 0..<0, kind: 0))

  /// Nil where no object begins the text; of one that breaks off, what stands before the break counts.
  init?(_ line: Span<UInt8>) {
    guard var cursor = JSONCursor(line) else { return nil }
    let table = Self.table
    while case .member = cursor.next(line) {
      let name = table.value(line, cursor.key)
      if cursor.isObject, name == Name.exchange.rawValue || name == Name.path.rawValue {
        readExchange(line, cursor.value.lowerBound, depth: 1)
        continue
      }
      guard name != 0, members[Int(name)].kind == 0, cursor.kind != UInt8(ascii: "n") else {
        continue
      }
      members[Int(name)] = Member(range: cursor.value, kind: cursor.kind)
    }
  }

  /// Reads `"http":{"response":{"status_code":502}}`, or `"res":{"statusCode":502}`.
  private mutating func readExchange(_ line: Span<UInt8>, _ start: Int, depth: Int) {
    guard var cursor = JSONCursor(line, at: start) else { return }
    while case .member = cursor.next(line) {
      let value = Self.table.value(line, cursor.key)
      switch Name(rawValue: value) {
      case .exchange? where cursor.isObject && depth < 2:
        readExchange(line, cursor.value.lowerBound, depth: depth + 1)
      case .status?, .method?, .path?:
        guard members[Int(value)].kind == 0, !cursor.isObject else { break }
        members[Int(value)] = Member(range: cursor.value, kind: cursor.kind)
      default: break
      }
    }
  }

  private subscript(_ name: Name) -> Member? {
    let member = members[Int(name.rawValue)]
    return member.kind == 0 ? nil : member
  }

  private func bytes(_ line: Span<UInt8>, _ member: Member?) -> [UInt8]? {
    guard let member, !member.isObject, !member.isArray else { return nil }
    guard member.isString else { return line.array(member.range) }
    var text: [UInt8] = []
    let count = JSONText.unescape(line, member.range, into: &text)
    text.removeSubrange(count...)
    return text
  }

  /// Nil for nothing, and for what gateways write instead.
  private func text(_ line: Span<UInt8>, _ member: Member?) -> String? {
    guard let bytes = bytes(line, member), !bytes.isEmpty, bytes != [0x2D] else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: Parts of a record

  /// The line that a container wrote, in Docker's envelope.
  func containerLog(_ line: Span<UInt8>) -> [UInt8]? {
    guard self[.stream] != nil, self[.time] != nil, let log = self[.log], log.isString else {
      return nil
    }
    return bytes(line, log)
  }

  func message(_ line: Span<UInt8>) -> [UInt8]? {
    bytes(line, self[.message]) ?? bytes(line, self[.weakMessage])
  }

  /// Names of members that say when, where and how bad, but not what.
  private static let frame = KeyTable(
    [
      "time", "timestamp", "@timestamp", "ts", "date", "datetime", "level", "lvl", "severity",
      "levelname", "log.level", "loglevel", "@l", "logger", "logger_name", "pid", "host",
      "hostname", "thread", "thread_name", "v",
    ].map { ($0, 1) })
  private static let maxMembers = 8

  /// What a record without a message says: its members as `name: value`.
  func members(_ line: Span<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    guard var cursor = JSONCursor(line) else { return text }
    var count = 0
    while count < Self.maxMembers, case .member = cursor.next(line) {
      guard Self.frame.value(line, cursor.key) == 0, !cursor.isObject,
        cursor.kind != UInt8(ascii: "["), cursor.kind != UInt8(ascii: "n")
      else { continue }
      if count > 0 { text += [UInt8(ascii: ","), 0x20] }
      text += line.array(cursor.key) + [UInt8(ascii: ":"), 0x20]
      text += bytes(line, Member(range: cursor.value, kind: cursor.kind)) ?? []
      count += 1
    }
    return text
  }

  func logger(_ line: Span<UInt8>) -> String? { text(line, self[.logger]) }

  /// What the writer says that identifies the error.
  func fingerprint(_ line: Span<UInt8>) -> [String]? {
    guard let member = self[.fingerprint] else { return nil }
    if let name = text(line, member) { return [name] }
    guard member.isArray, var elements = JSONElements(line, at: member.range.lowerBound) else {
      return nil
    }
    var names: [String] = []
    while elements.next(line), names.count < 32 {
      if elements.kind == 0x22 { names.append(JSONText.unescaped(line, elements.value)) }
    }
    return names.isEmpty ? nil : names
  }

  /// The exception that fields describe: an object `error`, or `error.type` and the like.
  func exception(_ line: Span<UInt8>) -> RaisedException? {
    var raised = RaisedException(type: text(line, self[.errorType]))
    raised.message = bytes(line, self[.errorMessage]) ?? []
    if let error = self[.error] {
      if error.isObject {
        let inner = Self.inner(line, error)
        raised.type = raised.type ?? inner.type
        if raised.message.isEmpty { raised.message = inner.message }
      } else if raised.message.isEmpty, let said = bytes(line, error), !said.contains(0x0A) {
        raised.message = said
      }
    }
    return raised.type == nil && raised.message.isEmpty ? nil : raised
  }

  private enum InnerName: UInt8 {
    case type = 1
    case code
    case message
    case stack
  }

  private static let innerTable = KeyTable([
    ("type", InnerName.type.rawValue), ("name", InnerName.type.rawValue),
    ("class", InnerName.type.rawValue), ("kind", InnerName.type.rawValue),
    ("code", InnerName.code.rawValue),
    ("message", InnerName.message.rawValue), ("msg", InnerName.message.rawValue),
    ("stack", InnerName.stack.rawValue), ("stack_trace", InnerName.stack.rawValue),
    ("stacktrace", InnerName.stack.rawValue), ("trace", InnerName.stack.rawValue),
  ])

  private static func inner(
    _ line: Span<UInt8>, _ object: Member
  ) -> (type: String?, message: [UInt8], stack: [UInt8]?) {
    var (type, code): (String?, String?) = (nil, nil)
    var message: [UInt8] = []
    var stack: [UInt8]?
    guard var cursor = JSONCursor(line, at: object.range.lowerBound) else {
      return (nil, [], nil)
    }
    while case .member = cursor.next(line) {
      guard cursor.isString, !cursor.value.isEmpty,
        let name = InnerName(rawValue: innerTable.value(line, cursor.key))
      else { continue }
      switch name {
      case .type: type = type ?? JSONText.unescaped(line, cursor.value)
      case .code: code = code ?? JSONText.unescaped(line, cursor.value)
      case .message: message = Array(JSONText.unescaped(line, cursor.value).utf8)
      case .stack: stack = Array(JSONText.unescaped(line, cursor.value).utf8)
      }
    }
    return (type ?? code, message, stack)
  }

  /// The trace as text; also where the message goes on as one.
  func stack(_ line: Span<UInt8>) -> [UInt8]? {
    if let stack = bytes(line, self[.stack]), stack.contains(0x0A) { return stack }
    if let error = self[.error] {
      if error.isObject { if let stack = Self.inner(line, error).stack { return stack } }
      if let text = bytes(line, error), text.contains(0x0A) { return text }
    }
    guard let message = message(line), message.contains(0x0A) else { return nil }
    return message
  }

  // MARK: Requests

  private func status(_ line: Span<UInt8>) -> Int? {
    text(line, self[.status]).flatMap { Int($0) }
  }

  /// A request that a gateway of Envoy's kind reports as failed.
  func gatewayRequest(_ line: Span<UInt8>) -> FailedRequest? {
    guard self[.flags] != nil || self[.aiLog] != nil else { return nil }
    let flags = text(line, self[.flags])
    let status = status(line)
    let isFailed = flags != nil || status.map(FailedRequest.isFailure) ?? false
    guard isFailed else { return nil }
    return request(line, type: flags ?? FailedRequest.type(status: status ?? 500))
  }

  /// A request that a server answered by a status from 500 on.
  func failedRequest(_ line: Span<UInt8>) -> FailedRequest? {
    guard let status = status(line), (500...599).contains(status),
      self[.path] != nil || self[.exchange]?.isString == true
    else { return nil }
    let request = request(line, type: FailedRequest.type(status: status))
    return request.path.isEmpty ? nil : request
  }

  private func request(_ line: Span<UInt8>, type: String) -> FailedRequest {
    // nginx writes `"request":"GET /a HTTP/1.1"`.
    let whole = (bytes(line, self[.exchange]) ?? []).split(separator: 0x20)
    let path = bytes(line, self[.path]).map { $0[...] } ?? (whole.count > 1 ? whole[1] : [])
    let method = text(line, self[.method]) ?? (whole.count > 1 ? whole[0].text : "")
    return FailedRequest(
      type: type, method: method, path: path,
      route: text(line, self[.route]))
  }
}
