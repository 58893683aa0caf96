import LogModel

/// A request that a server or a gateway could not answer.
struct FailedRequest {
  /// `HTTP 5xx`, or the gateway's reasons such as `UH`.
  var type: String
  var method: String
  /// As a route: without query and values.
  var path: [UInt8]
  /// The gateway's name for where requests of this kind go.
  var route: String?

  var error: LoggedError {
    let path = String(decoding: path, as: UTF8.self)
    let name = route ?? path
    return LoggedError(
      .message, type: type, text: method.isEmpty ? name : "\(method) \(path)", culprit: name,
      of: [type, route == nil ? "\(method) \(path)" : name])
  }

  /// Such as `HTTP 5xx`.
  static func type(status: Int) -> String { status == 0 ? "no response" : "HTTP \(status / 100)xx" }

  static func isFailure(_ status: Int) -> Bool { status == 0 || (500...599).contains(status) }

  init(type: String, method: String, path: Line, route: String?) {
    self.type = type
    self.method = method
    self.path = Self.masked(path)
    self.route = route
  }

  /// `"GET /a/b?c=d HTTP/1.1" 502` in a line of an access log; nil for a status below 500.
  init?(accessLine line: Line) {
    var index = line.startIndex
    while let quote = line[index...].firstIndex(of: UInt8(ascii: "\"")) {
      index = quote + 1
      let method = line[index...].prefix { $0 &- 0x41 <= 25 }
      guard (3...10).contains(method.count), method.endIndex < line.endIndex,
        line[method.endIndex] == 0x20
      else {
        // Behind the time stands what was asked, be it `-` or bytes of another protocol.
        if line[..<quote].ends(with: "] "), let unread = Self(unread: line[index...]) {
          self = unread
          return
        }
        continue
      }
      let start = method.endIndex + 1
      var end = start
      while let close = line[end...].firstIndex(of: UInt8(ascii: "\"")) {
        end = close + 1
        guard let status = Self.status(line[end...]) else { continue }
        let flags = Self.flags(line[end...])
        guard flags != nil || Self.isFailure(status) else { return nil }
        let request = line[start..<close]
        let path = request.lastIndex(of: 0x20).map { request[..<$0] } ?? request
        self.init(
          type: flags ?? Self.type(status: status), method: method.text, path: path, route: nil)
        return
      }
      return nil
    }
    return nil
  }

  /// A request that cannot be read, from behind its quote on; nil for a status below 500.
  private init?(unread line: Line) {
    guard let close = line.firstIndex(of: UInt8(ascii: "\"")),
      let status = Self.status(line[(close + 1)...]), (500...599).contains(status)
    else { return nil }
    self.init(type: Self.type(status: status), method: "", path: [UInt8(ascii: "-")], route: nil)
  }

  /// ` 502`, or ` [code=502]`.
  private static func status(_ rest: Line) -> Int? {
    guard rest.first == 0x20 else { return nil }
    var digits = rest.dropFirst()
    if digits.first == UInt8(ascii: "["), let equals = digits.firstIndex(of: UInt8(ascii: "=")) {
      digits = digits[(equals + 1)...]
    }
    let number = digits.prefix { $0.isDigit }
    return number.count == 3 || number.elementsEqual("0".utf8) ? Int(number.text) : nil
  }

  private static let envoyFlags: Set<String> = [
    "UH", "UF", "UO", "NR", "URX", "NC", "DT", "DC", "LH", "UT", "LR", "UR", "UC", "DI", "FI", "RL",
    "UAEX", "RLSE", "IH", "SI", "DPE", "UMSDR", "RFCF", "NFCF", "OM", "DF", "DO", "UPE",
  ]

  /// What Envoy writes behind the status, such as `UH` or `UF,URX`; others write a number there, or `-`.
  private static func flags(_ rest: Line) -> String? {
    let status: Line = rest.prefix(64).drop { $0 == 0x20 }
    let behind: Line = status.drop { $0 != 0x20 }.drop { $0 == 0x20 }
    guard let first = behind.first, first &- 0x41 <= 25 else { return nil }
    let flags: Line = behind.prefix { $0 != 0x20 }
    guard
      flags.split(separator: UInt8(ascii: ",")).allSatisfy({ envoyFlags.contains($0.text) })
    else { return nil }
    return flags.text
  }

  /// The request of a line of `key=value` pairs; nil for a status below 500, and without a path.
  init?(pairs line: Span<UInt8>) {
    guard line.count > 1, line[0] != 0x7B else { return nil }
    let line = line.array(0..<min(line.count, 4096))[...]
    let names = ["status", "status_code", "http_status", "response_code", "statusCode"]
    guard let status = line.value(of: names).flatMap({ Int($0.text) }),
      (500..<600).contains(status),
      Self.isFailure(status),
      let path = line.value(of: ["path", "uri", "request_uri", "url"])
    else { return nil }
    let method = line.value(of: ["method", "request_method", "http_method"])
    self.init(
      type: Self.type(status: status), method: method?.text ?? "", path: path, route: nil)
  }

  private static let maxParts = 6
  private static let longest = 32

  private static func masked(_ path: Line) -> [UInt8] {
    var path = path
    if path.first != UInt8(ascii: "/"), let scheme = path.range(of: "://") {
      let host = path[scheme.upperBound...]
      path = host.firstIndex(of: UInt8(ascii: "/")).map { host[$0...] } ?? host[host.endIndex...]
    }
    var output: [UInt8] = []
    var start = path.startIndex
    var parts = 0
    while true {
      var end = start
      var hasDigit = false
      while end < path.endIndex, path[end] > 0x20, path[end] != UInt8(ascii: "/"),
        path[end] != UInt8(ascii: "?"), path[end] != UInt8(ascii: "#")
      {
        if path[end].isDigit { hasDigit = true }
        end += 1
      }
      let isVersion = end - start == 2 && path[start] == UInt8(ascii: "v")
      if end - start > longest || hasDigit && !isVersion {
        output.append(contentsOf: MessageMask.wildcard.utf8)
      } else {
        output.append(contentsOf: path[start..<end])
      }
      guard end < path.endIndex, path[end] == UInt8(ascii: "/") else { return output }
      parts += 1
      if parts > maxParts { return output + "/…".utf8 }
      output.append(UInt8(ascii: "/"))
      start = end + 1
    }
  }
}
