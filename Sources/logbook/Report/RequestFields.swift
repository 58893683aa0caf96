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
  /// Some records have statuses of other forms than `200`.
  private let hasOddStatuses: Bool

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
    hasOddStatuses = tally.hasOddStatuses || before?.hasOddStatuses ?? false
  }

  private var apart: [RequestFormat] { formats.filter { !$0.isOfRecords } }

  private func recordNames(_ field: Field) -> [String] {
    field.roles.flatMap { names[$0] ?? [] }
  }

  /// The requests whose field meets all of `tests`, such as `>=500`; nil where none can have it.
  func query(_ field: Field, _ tests: String...) -> String? {
    any(
      requests(field, and: " ", exists: searched) { name in
        tests.map { name + $0 }.joined(separator: " ")
      })
  }

  /// The requests of a status.
  func query(status: Int) -> String? {
    hasOddStatuses
      ? query(.status, ">=\(status)", "<\(status + 1)") : query(.status, ":\"\(status)\"")
  }

  private func searched(_ name: String, _ role: RecordFieldReader.Role) -> String {
    role == .status && hasOddStatuses ? "(\(name)>=0 \(name)<1000 OR \(name):\"000\")" : "\(name):*"
  }

  /// The conditions of requests whose field passes `test`, which holds of no field that is missing.
  ///
  /// Records that are no requests may have fields of the same names.
  private func requests(
    _ field: Field, and: String, exists: (String, RecordFieldReader.Role) -> String,
    _ test: (String) -> String
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
      let (name, mark) = (field.name(in: format), format == .higress ? "ai_log" : "request")
      add(test(name), names.contains(name) ? exists(mark, .method) : nil)
    }
    if let some = any(names.map(test)) {
      let others = Self.needed.filter { !field.roles.contains($0) }
      let conditions = others.compactMap { role in
        any((self.names[role] ?? []).map { exists($0, role) })
      }
      add(some, conditions.joined(separator: and))
    }
    return parts.map { part in
      [part.test, part.requests.flatMap(any)].compactMap { $0 }.joined(separator: and)
    }
  }

  /// What makes a record a request.
  private static let needed: [RecordFieldReader.Role] = [.method, .path, .status]

  /// Also where it is null, as `name:*`.
  private func exists(_ name: String, _ role: RecordFieldReader.Role) -> String {
    role == .status && hasOddStatuses
      ? Self.isNumber(name, below: 1000) : "attributes->'$.\(name)' IS NOT NULL"
  }

  /// As `name>=0 name<limit OR name:"000"`.
  private static func isNumber(_ name: String, below limit: Int) -> String {
    let value = "attributes->>'$.\(name)'"
    return """
      (\(value) = '000' OR json_type(attributes, '$.\(name)') IN ('integer', 'real', 'text') \
      AND json_type(iif(json_valid(\(value)), \(value), 'null')) IN ('integer', 'real') \
      AND CAST(\(value) AS REAL) >= 0 AND CAST(\(value) AS REAL) < \(limit))
      """
  }

  /// The command that lists the requests of a field that is exactly `value`.
  func command(_ field: Field, is value: String, _ scope: ReportScope) -> String? {
    guard let text = FieldValue(value).query else {
      let test = FieldValue(value).sql
      return any(requests(field, and: " AND ", exists: exists, test)).map(scope.search(sql:))
    }
    // A client that no proxy names is that of the connection, whose port is another each time.
    let hasAddress =
      field == .client && formats.contains(.higress) && FieldValue(value).isAddress
    let address =
      "downstream_remote_address:\(value):* (x_forwarded_for:\"-\" OR -x_forwarded_for:*)"
    return scope.search(
      any(
        requests(field, and: " ", exists: searched) { "\($0):\(text)" }
          + (hasAddress ? [address] : [])))
  }

  /// The command that lists the requests without a status, or of status 0.
  func commandWithoutStatus(_ scope: ReportScope) -> String? {
    func isMissing(_ status: String) -> String {
      "coalesce(CAST(attributes->>'$.\(status)' AS INTEGER), 0) = 0"
    }
    let apart = apart.map { format in
      "\(exists(Field.request.name(in: format), .method)) AND \(isMissing(Field.status.name(in: format)))"
    }
    let records = any(recordNames(.status).map { Self.isNumber($0, below: 1) }).map { some in
      let needed = Self.needed.filter { $0 != .status }.compactMap { role in
        any((names[role] ?? []).map { exists($0, role) })
      }
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
