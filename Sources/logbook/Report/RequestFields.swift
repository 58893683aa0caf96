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

  /// The command that lists the requests of a field that is exactly `value`.
  func command(_ field: Field, is value: String, _ scope: ReportScope) -> String {
    let names = formats.map { field.name(in: $0) }
    // A client that no proxy names is that of the connection, whose port is another each time.
    let hasAddress =
      field == .client && formats.contains(.higress) && FieldValue(value).isAddress
    let address =
      "(downstream_remote_address:\(value):* (x_forwarded_for:\"-\" OR -x_forwarded_for:*))"
    if let text = FieldValue(value).query {
      return scope.search(
        any(names.map { "\($0):\(text)" } + (hasAddress ? [address] : [])))
    }
    return scope.search(sql: anySQL(names.map { FieldValue(value).sql($0) }))
  }

  /// The command that lists the requests without a status.
  func commandWithoutStatus(_ scope: ReportScope) -> String {
    scope.search(
      sql: anySQL(
        formats.map { format in
          let (request, status) = (Field.request.name(in: format), Field.status.name(in: format))
          return
            "attributes->>'$.\(request)' IS NOT NULL AND coalesce(CAST(attributes->>'$.\(status)' AS INTEGER), 0) = 0"
        }))
  }

  private func anySQL(_ parts: [String]) -> String {
    "(\(Array(Set(parts)).sorted().joined(separator: " OR ")))"
  }

  private func any(_ parts: [String]) -> String {
    var different: [String] = []
    for part in parts where !different.contains(part) { different.append(part) }
    return different.count == 1 ? different[0] : "(\(different.joined(separator: " OR ")))"
  }
}
