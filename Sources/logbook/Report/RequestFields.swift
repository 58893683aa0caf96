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

  /// The requests whose field meets all of `tests`, such as `>=500`; nil where none can have it.
  func query(_ field: Field, _ tests: String...) -> String? {
    any(
      requests(field, and: " ", exists: { "\($0):*" }) { name in
        tests.map { name + $0 }.joined(separator: " ")
      })
  }

  /// The conditions of requests whose field passes `test`, which holds of no field that is missing.
  ///
  /// Records that are no requests may have fields of the same names.
  private func requests(
    _ field: Field, and: String, exists: (String) -> String, _ test: (String) -> String
  ) -> [String] {
    // What they are known by besides; nil for those that nothing else has the name of.
    var parts: [(test: String, requests: [String]?)] = []
    func add(_ test: String, _ request: String?) {
      if let index = parts.firstIndex(where: { $0.test == test }) {
        parts[index].requests = request.map { (parts[index].requests ?? []) + [$0] }
      } else {
        parts.append((test, request.map { [$0] }))
      }
    }
    let names = recordNames(field)
    for format in apart {
      let (name, request) = (field.name(in: format), Field.request.name(in: format))
      add(test(name), name != request && names.contains(name) ? exists(request) : nil)
    }
    if let some = any(names.map(test)) {
      let others = Self.needed.filter { !field.roles.contains($0) }
      let conditions = others.compactMap { any((self.names[$0] ?? []).map(exists)) }
      add(some, conditions.joined(separator: and))
    }
    return parts.map { part in
      [part.test, part.requests.flatMap(any)].compactMap { $0 }.joined(separator: and)
    }
  }

  /// What makes a record a request.
  private static let needed: [RecordFieldReader.Role] = [.method, .path, .status]

  /// Also where it is null, as `name:*`.
  private static func exists(_ name: String) -> String {
    "attributes->'$.\(name)' IS NOT NULL"
  }

  /// The command that lists the requests of a field that is exactly `value`.
  func command(_ field: Field, is value: String, _ scope: ReportScope) -> String? {
    guard let text = FieldValue(value).query else {
      let test = FieldValue(value).sql
      return any(requests(field, and: " AND ", exists: Self.exists, test)).map(scope.search(sql:))
    }
    // A client that no proxy names is that of the connection, whose port is another each time.
    let hasAddress =
      field == .client && formats.contains(.higress) && FieldValue(value).isAddress
    let address =
      "downstream_remote_address:\(value):* (x_forwarded_for:\"-\" OR -x_forwarded_for:*)"
    return scope.search(
      any(
        requests(field, and: " ", exists: { "\($0):*" }) { "\($0):\(text)" }
          + (hasAddress ? [address] : [])))
  }

  /// The command that lists the requests without a status, or of status 0.
  func commandWithoutStatus(_ scope: ReportScope) -> String? {
    func isMissing(_ status: String) -> String {
      "coalesce(CAST(attributes->>'$.\(status)' AS INTEGER), 0) = 0"
    }
    let apart = apart.map { format in
      "\(Self.exists(Field.request.name(in: format))) AND \(isMissing(Field.status.name(in: format)))"
    }
    let records = any(recordNames(.status).map(isMissing)).map { some in
      let needed = Self.needed.compactMap { any((names[$0] ?? []).map(Self.exists)) }
      return ([some] + needed).joined(separator: " AND ")
    }
    return any(apart + [records].compactMap { $0 }).map(scope.search(sql:))
  }

  /// Any of them, within which a blank or AND binds tighter; nil for none.
  private func any(_ parts: [String]) -> String? {
    var different: [String] = []
    for part in parts where !different.contains(part) { different.append(part) }
    return different.count < 2 ? different.first : "(\(different.joined(separator: " OR ")))"
  }
}
