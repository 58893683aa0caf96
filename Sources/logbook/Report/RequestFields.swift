import Formats
import Querying

/// How searches name what requests have: each format in its own way.
struct RequestFields {
  enum Field {
    case request, status, bytes, client, path, agent, referrer, time

    /// Of a table.
    var column: String { name(in: .access) }

    fileprivate func name(in format: RequestFormat) -> String {
      switch (self, format) {
      case (.request, .higress): "method"
      case (.request, _): "request"
      case (.status, .higress): "response_code"
      case (.status, _): "status"
      case (.bytes, .higress): "bytes_sent"
      case (.bytes, _): "bytes"
      case (.client, .higress): "x_forwarded_for"
      case (.client, _): "host"
      case (.path, _): "path"
      case (.agent, _): "user_agent"
      case (.referrer, _): "referer"
      case (.time, .higress): "duration"
      case (.time, _): "extra"
      }
    }

    fileprivate var roles: [RecordFieldReader.Role] {
      switch self {
      case .request: [.method]
      case .status: [.status]
      case .bytes: [.bytes]
      case .client: [.host]
      case .path: [.path]
      case .agent: [.agent]
      case .referrer: [.referrer]
      case .time: [.seconds, .milliseconds, .duration]
      }
    }
  }

  let formats: [RequestFormat]
  /// What records call it.
  private let names: [RecordFieldReader.Role: [String]]

  init(_ tally: AccessTally, _ before: AccessTally?) {
    let found = tally.formats.union(before?.formats ?? [])
    formats = RequestFormat.allCases.filter { found.contains($0) }
    var names: [RecordFieldReader.Role: [String]] = [:]
    for role in RecordFieldReader.Role.allCases {
      names[role] = tally.names(of: role)
      for name in before?.names(of: role) ?? [] where names[role]?.contains(name) == false {
        names[role]?.append(name)
      }
    }
    self.names = names
  }

  private var apart: [RequestFormat] { formats.filter { !$0.isOfRecords } }

  private func recordNames(_ field: Field) -> [String] {
    field.roles.flatMap { names[$0] ?? [] }
  }

  /// `rest` is what stands behind the name, such as `>=500`.
  func query(_ field: Field, _ rest: String) -> String {
    any(apart.map { field.name(in: $0) + rest } + records(recordNames(field).map { $0 + rest }))
  }

  /// Of records those that are requests, whatever others have of the same names.
  private func records(_ parts: [String]) -> [String] {
    guard !parts.isEmpty else { return [] }
    let needed = [RecordFieldReader.Role.method, .path, .status].map { role in
      any((names[role] ?? []).map { $0 + ":*" })
    }
    return ["(" + ([any(parts)] + needed).joined(separator: " ") + ")"]
  }

  /// The command that lists the requests of a field that is exactly `value`.
  func command(_ field: Field, is value: String, _ scope: ReportScope) -> String {
    let names = apart.map { field.name(in: $0) }
    // A client that no proxy names is that of the connection, whose port is another each time.
    let hasAddress =
      field == .client && formats.contains(.higress) && FieldValue(value).isAddress
    let address =
      "(downstream_remote_address:\(value):* (x_forwarded_for:\"-\" OR -x_forwarded_for:*))"
    if let text = FieldValue(value).query {
      return scope.search(
        any(
          names.map { "\($0):\(text)" } + (hasAddress ? [address] : [])
            + records(recordNames(field).map { "\($0):\(text)" })))
    }
    return scope.search(
      sql: anySQL((names + recordNames(field)).map { FieldValue(value).sql($0) }))
  }

  /// The command that lists the requests without a status.
  func commandWithoutStatus(_ scope: ReportScope) -> String {
    scope.search(
      sql: anySQL(
        apart.map { format in
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
