import Querying

/// How searches name what requests have: each format in its own way.
struct RequestFields {
  enum Field {
    case request, status, bytes, client, path, agent, referrer, time

    /// Of a table.
    var column: String { name(in: .access) }

    fileprivate func name(in format: RequestFormat) -> String {
      switch (self, format) {
      case (.request, .access): "request"
      case (.request, .higress): "method"
      case (.status, .access): "status"
      case (.status, .higress): "response_code"
      case (.bytes, .access): "bytes"
      case (.bytes, .higress): "bytes_sent"
      case (.client, .access): "host"
      case (.client, .higress): "x_forwarded_for"
      case (.path, _): "path"
      case (.agent, _): "user_agent"
      case (.referrer, _): "referer"
      case (.time, .access): "extra"
      case (.time, .higress): "duration"
      }
    }
  }

  let formats: [RequestFormat]

  init(_ formats: Set<RequestFormat>) {
    self.formats = RequestFormat.allCases.filter { formats.contains($0) }
  }

  /// `rest` is what stands behind the name, such as `>=500`.
  func query(_ field: Field, _ rest: String) -> String {
    any(formats.map { field.name(in: $0) + rest })
  }

  /// A query for a field that is exactly `value`; nil where no command can hold it.
  func query(_ field: Field, is value: String) -> String? {
    var parts: [String] = []
    for format in formats {
      guard let part = fieldQuery(field.name(in: format), value) else { return nil }
      parts.append(part)
      // A client that no proxy names is that of the connection, whose port is another each time.
      if field == .client, format == .higress {
        parts.append("downstream_remote_address:\(value):*")
      }
    }
    return any(parts)
  }

  private func any(_ parts: [String]) -> String {
    var different: [String] = []
    for part in parts where !different.contains(part) { different.append(part) }
    return different.count == 1 ? different[0] : "(\(different.joined(separator: " OR ")))"
  }
}
