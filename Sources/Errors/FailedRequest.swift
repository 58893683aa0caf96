import LogModel

/// A request that a server or a gateway could not answer.
struct FailedRequest {
  /// `HTTP 5xx`, or the gateway's reasons such as `UH`.
  var type: String
  var method: String
  /// As a route: without query and values.
  var path: String
  /// The gateway's name for where requests of this kind go.
  var route: String?

  var error: LoggedError {
    let name = route ?? path
    return LoggedError(
      .message, type: type, text: method.isEmpty ? name : "\(method) \(path)", culprit: name,
      of: [type, route == nil ? "\(method) \(path)" : name])
  }

  /// Such as `HTTP 5xx`.
  static func type(status: Int) -> String { status == 0 ? "no response" : "HTTP \(status / 100)xx" }

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
      else { continue }
      let start = method.endIndex + 1
      var end = start
      while let close = line[end...].firstIndex(of: UInt8(ascii: "\"")) {
        end = close + 1
        guard let status = Self.status(line[end...]) else { continue }
        guard status >= 500 else { return nil }
        let request = line[start..<close]
        let path = request.lastIndex(of: 0x20).map { request[..<$0] } ?? request
        self.init(type: Self.type(status: status), method: method.text, path: path, route: nil)
        return
      }
      return nil
    }
    return nil
  }

  /// ` 502`, or ` [code=502]`.
  private static func status(_ rest: Line) -> Int? {
    guard rest.first == 0x20 else { return nil }
    var digits = rest.dropFirst()
    if digits.first == UInt8(ascii: "["), let equals = digits.firstIndex(of: UInt8(ascii: "=")) {
      digits = digits[(equals + 1)...]
    }
    let number = digits.prefix { $0.isDigit }
    return number.count == 3 ? Int(number.text) : nil
  }

  private static let maxParts = 6
  private static let longest = 32

  private static func masked(_ path: Line) -> String {
    var path = path
    if let scheme = path.range(of: "://") {
      let host = path[scheme.upperBound...]
      path = host.firstIndex(of: UInt8(ascii: "/")).map { host[$0...] } ?? host[host.endIndex...]
    }
    path = path.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") && $0 != 0x20 }
    let parts = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let names = parts.prefix(maxParts + 1).map { part in
      let isVersion = part.first == UInt8(ascii: "v") && part.count == 2
      return part.count > longest || part.contains(where: \.isDigit) && !isVersion
        ? MessageMask.wildcard : part.text
    }
    return names.joined(separator: "/") + (parts.count > maxParts + 1 ? "/…" : "")
  }
}
