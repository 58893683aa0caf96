/// A method and a path whose ids are masked, of the requests of one source.
package struct Route: Hashable, Sendable {
  package var source: Int64
  /// Of `RequestMethod`.
  package var method: UInt8
  package var path: [UInt8]

  package init(source: Int64, method: UInt8, path: [UInt8]) {
    self.source = source
    self.method = method
    self.path = path
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(source)
    hasher.combine(method)
    unsafe path.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }

  /// As a series has them, with or without a class of status; 0 is that of no answer.
  package func labels(_ status: UInt8?) -> [UInt8] {
    var labels = Array(#"{"method":""#.utf8)
    labels += (RequestMethod(rawValue: method) ?? .other).name.utf8
    labels += #"","route":"#.utf8
    LabelText.append(path.span, to: &labels)
    if let status {
      labels += #","status":""#.utf8
      if status > 0 { labels += [0x30 + status] + Array("xx".utf8) }
      labels.append(0x22)
    }
    labels.append(0x7D)
    return labels
  }
}

extension Route {
  /// Reads labels as `labels` writes them, with the class of status if they have one; the path stays as JSON has it.
  ///
  /// Nil for other labels.
  package static func read(
    _ labels: [UInt8], source: Int64
  ) -> (route: Route, status: UInt8?)? {
    let begin = Array(#"{"method":""#.utf8)
    guard labels.starts(with: begin) else { return nil }
    var place = begin.count
    guard let name = text(labels, &place, behind: ""),
      let method = RequestMethod(name: String(decoding: name, as: UTF8.self)),
      let path = text(labels, &place, behind: #","route":""#)
    else { return nil }
    let route = Route(source: source, method: method.rawValue, path: Array(path))
    guard let status = text(labels, &place, behind: #","status":""#) else { return (route, nil) }
    return (route, status.first.map { $0 &- 0x30 } ?? 0)
  }

  /// What stands between the next quotes, of which the first follows on `lead`.
  private static func text(
    _ labels: [UInt8], _ place: inout Int, behind lead: String
  ) -> ArraySlice<UInt8>? {
    let start = place + lead.utf8.count
    guard start <= labels.count, labels[place..<start].elementsEqual(lead.utf8) else { return nil }
    var end = start
    while end < labels.count, labels[end] != 0x22 { end += labels[end] == 0x5C ? 2 : 1 }
    guard end < labels.count else { return nil }
    place = end + 1
    return labels[start..<end]
  }
}

/// The methods that are kept apart.
package enum RequestMethod: UInt8, CaseIterable, Sendable {
  case other, get, head, post, put, delete, patch, options

  package var name: String {
    switch self {
    case .other: "__other__"
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .delete: "DELETE"
    case .patch: "PATCH"
    case .options: "OPTIONS"
    }
  }

  package init?(name: String) {
    guard let known = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = known
  }
}
