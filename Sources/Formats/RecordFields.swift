import JSON

/// Finds the fields of requests in records of JSON or logfmt, one after the other: under the names that servers and
/// proxies usually give them, also one level into an object of the request or its answer.
///
/// A record is a request when it has a method, a path and a status, which is a number from 0 to less than 1000, or 000. Servers write a method and a path without text for
/// requests that they could not read.
package struct RecordFieldReader: Sendable {
  package enum Role: UInt8, Sendable, CaseIterable {
    case method = 1
    case path, status, bytes, seconds, milliseconds, host, agent, referrer
    /// Seconds where it has a point; what a whole number means differs.
    case duration
    /// An object whose members count.
    case part

    fileprivate var isText: Bool {
      switch self {
      case .path, .host, .agent, .referrer: true
      default: false
      }
    }
  }

  private static let keys: [(name: String, role: Role)] = [
    (.method, ["method", "request_method", "verb", "http_method"]),
    (.path, ["path", "uri", "request_uri", "url", "RequestPath", "request_path"]),
    (.status, ["status", "status_code", "response_code", "http_status", "statusCode"]),
    (.status, ["DownstreamStatus"]), (.method, ["RequestMethod"]),
    (.bytes, ["bytes", "body_bytes_sent", "bytes_sent", "size", "response_size"]),
    (.bytes, ["DownstreamContentSize"]), (.seconds, ["request_time"]), (.duration, ["duration"]),
    (.milliseconds, ["duration_ms", "latency_ms", "response_time_ms", "elapsed_ms"]),
    (.host, ["remote_addr", "remote_ip", "client_ip", "clientip", "ClientHost", "remote_address"]),
    (.agent, ["user_agent", "http_user_agent", "userAgent"]),
    (.referrer, ["referer", "http_referer", "referrer"]),
    (.part, ["request", "req", "response", "res", "http"]),
  ].flatMap { (role: Role, names: [String]) in names.map { ($0, role) } }

  private static let table = KeyTable(
    keys.enumerated().map { ($0.element.name, UInt8($0.offset + 1)) })

  private let isLogfmt: Bool
  private let table = Self.table
  private let roles = keys.map(\.role)
  /// The keys of the last records, by their order in them: most have the same.
  private var expected: [ExpectedKey] = []
  /// How many keys of the record at hand were looked at.
  private var count = 0
  /// Which keys requests had, by the place of the object that they were in, 0 for none.
  private var seen = [Bool](repeating: false, count: (keys.count + 1) * keys.count)
  /// Of the record at hand: such places, and which roles they have.
  private var places: [Int] = []
  private var found: UInt16 = 0
  /// Something had another status than three digits: commands must tell which are requests.
  package private(set) var hasOddStatuses = false

  package init(isLogfmt: Bool) { self.isLogfmt = isLogfmt }

  /// The names that requests had for it, as searches take them.
  package func names(of role: Role) -> [String] {
    let count = Self.keys.count
    return seen.indices.filter { seen[$0] && Self.keys[$0 % count].role == role }.map { place in
      let name = Self.keys[place % count].name
      return place < count ? name : "\(Self.keys[place / count - 1].name).\(name)"
    }
  }

  package mutating func add(_ other: RecordFieldReader) {
    if other.hasOddStatuses { hasOddStatuses = true }
    for index in seen.indices where other.seen[index] { seen[index] = true }
  }

  /// Nil for a record that is no request.
  package mutating func fields(of line: Span<UInt8>) -> AccessFields? {
    places.removeAll(keepingCapacity: true)
    (found, count) = (0, 0)
    var fields = AccessFields()
    fields.isEscaped = true
    if isLogfmt {
      var cursor = PairCursor()
      while cursor.next(line) {
        guard cursor.hasValue else { continue }
        take(line, cursor.key, cursor.value, 0, &fields)
      }
    } else {
      guard var cursor = JSONCursor(line) else { return nil }
      while case .member = cursor.next(line) {
        guard cursor.isObject else {
          if !cursor.isArray { take(line, cursor.key, cursor.value, 0, &fields) }
          continue
        }
        guard let part = key(line, cursor.key), roles[part] == .part,
          var inner = JSONCursor(line, at: cursor.value.lowerBound)
        else { continue }
        while case .member = inner.next(line) {
          if inner.isObject || inner.isArray { continue }
          take(line, inner.key, inner.value, part + 1, &fields)
        }
      }
    }
    guard fields.status != nil, has(.method), has(.path) else { return nil }
    for place in places { seen[place] = true }
    return fields
  }

  /// The place of a key that is spelled as it is here.
  @inline(__always)
  private mutating func key(_ line: Span<UInt8>, _ range: Range<Int>) -> Int? {
    let turn = count
    count &+= 1
    if turn < expected.count, expected[turn].isEqual(line, range) { return expected[turn].place }
    return unexpectedKey(line, range, at: turn)
  }

  private mutating func unexpectedKey(
    _ line: Span<UInt8>, _ range: Range<Int>, at turn: Int
  ) -> Int? {
    let value = Int(table.value(line, range))
    let isKnown = value > 0 && line.hasPrefix(Self.keys[value - 1].name, at: range.lowerBound)
    let place = isKnown ? value - 1 : nil
    if let key = ExpectedKey(line, range, place) {
      if turn < expected.count { expected[turn] = key } else if turn < 64 { expected.append(key) }
    }
    return place
  }

  /// Whether the record at hand has it.
  @inline(__always)
  private func has(_ role: Role) -> Bool { found & 1 << role.rawValue != 0 }

  private mutating func take(
    _ line: Span<UInt8>, _ name: Range<Int>, _ value: Range<Int>, _ part: Int,
    _ fields: inout AccessFields
  ) {
    guard let key = key(line, name) else { return }
    let role = roles[key]
    let known = named(line, value).flatMap { role.isText ? shown(line, $0) : $0 }
    guard known != nil || role == .method || role == .path, !has(role) else { return }
    let text = known ?? value
    switch role {
    case .method: fields.method = known
    case .path: fields.path = known
    case .status:
      guard let status = number(ofStatus: text, line) else { return }
      fields.status = status
    case .bytes: fields.bytes = whole(line, text, times: 1)
    case .duration, .seconds:
      guard role == .seconds || text.contains(where: { line[$0] == 0x2E }) else { return }
      fields.microseconds = whole(line, text, times: 1e6)
    case .milliseconds: fields.microseconds = whole(line, text, times: 1000)
    case .host: fields.host = text
    case .agent: fields.agent = text
    case .referrer: fields.referrer = text
    case .part: return
    }
    places.append(part * roles.count + key)
    found |= 1 << role.rawValue
  }

  private mutating func number(ofStatus range: Range<Int>, _ line: Span<UInt8>) -> Int? {
    if range.count == 3, range.allSatisfy({ line[$0].isDigit }) {
      let status = range.reduce(0) { $0 * 10 + Int(line[$1] - 0x30) }
      if status >= 100 || status == 0 { return status }
    }
    hasOddStatuses = true
    guard JSONValidator.isValid(line, range), let value = whole(line, range, times: 1), value < 1000
    else { return nil }
    return Int(value)
  }

  /// What searches see of a value; nil where that does not stand there, as of numbers such as `1e3` and of literals of JSON.
  private func shown(_ line: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
    if line.byte(range.lowerBound - 1) == 0x22 { return range }
    let isNegative = line[range.lowerBound] == 0x2D
    let digits = range.lowerBound + (isNegative ? 1 : 0)..<range.upperBound
    guard let first = digits.first, line[first].isDigit else { return isLogfmt ? range : nil }
    let isWhole = digits.count <= 18 && digits.allSatisfy { line[$0].isDigit }
    if isWhole, line[first] != 0x30 || range.count == 1 { return range }
    guard JSONValidator.isValid(line, range) else { return isLogfmt ? range : nil }
    return decimal(line, digits).map { range.lowerBound..<$0 }
  }

  /// Where a number ends without the zeros at its end, of which one stays behind the point; nil for one that searches see
  /// in another form.
  private func decimal(_ line: Span<UInt8>, _ digits: Range<Int>) -> Int? {
    guard digits.count <= 16, let point = digits.first(where: { line[$0] == 0x2E }),
      digits.allSatisfy({ $0 == point || line[$0].isDigit })
    else { return nil }
    let isSmall = point == digits.lowerBound + 1 && line[digits.lowerBound] == 0x30
    if isSmall, !digits.dropFirst(2).prefix(4).contains(where: { line[$0] != 0x30 }) { return nil }
    var end = digits.upperBound
    while end > point + 2, line[end - 1] == 0x30 { end -= 1 }
    return end
  }

  /// A number so many times, less its decimals; not below 0, and no more than a double holds exactly.
  private func whole(_ line: Span<UInt8>, _ range: Range<Int>, times factor: Double) -> Int64? {
    guard let value = DecimalText.value(line, range) ?? otherNumber(line, range),
      (0..<9e15).contains(value * factor)
    else { return nil }
    return Int64(value * factor)
  }

  /// With a sign or an exponent; Swift would take `0x10` and `nan`, too.
  private func otherNumber(_ line: Span<UInt8>, _ range: Range<Int>) -> Double? {
    let isPlain = range.allSatisfy { line[$0].isDigit || "+-.eE".utf8.contains(line[$0]) }
    return range.count <= 20 && isPlain ? Double(line.text(range)) : nil
  }
}

/// A key as it is expected again, of at most 16 bytes.
private struct ExpectedKey {
  private let first: UInt64
  private let last: UInt64
  private let count: Int
  let place: Int?

  init?(_ line: Span<UInt8>, _ range: Range<Int>, _ place: Int?) {
    guard let (first, last) = Self.words(line, range) else { return nil }
    (self.first, self.last, count, self.place) = (first, last, range.count, place)
  }

  @inline(__always)
  func isEqual(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count == count, let words = Self.words(line, range) else { return false }
    return words == (first, last)
  }

  /// The first and the last eight bytes, which may overlap; of a shorter key what stands there.
  @inline(__always)
  private static func words(
    _ line: Span<UInt8>, _ range: Range<Int>
  ) -> (UInt64, UInt64)? {
    let count = range.count
    guard count > 0, count <= 16, range.lowerBound &+ 8 <= line.count else { return nil }
    let first = line.word64(at: range.lowerBound)
    if count >= 8 { return (first, line.word64(at: range.upperBound &- 8)) }
    return (first & (UInt64.max >> (64 &- 8 &* UInt64(count))), 0)
  }
}

/// Numbers as logs mostly write them: digits, with a point between some.
enum DecimalText {
  private static let powers: InlineArray<16, Double> = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  /// The double next to it; nil for what has another form, or more than 15 digits.
  static func value(_ line: Span<UInt8>, _ range: Range<Int>) -> Double? {
    guard !range.isEmpty, range.count <= 16 else { return nil }
    var digits: UInt64 = 0
    var point: Int?
    for index in range {
      let digit = line[index] &- 0x30
      if digit <= 9 {
        digits = digits &* 10 &+ UInt64(digit)
      } else {
        guard line[index] == 0x2E, point == nil, index > range.lowerBound else { return nil }
        point = index
      }
    }
    guard let point else { return range.count <= 15 ? Double(digits) : nil }
    let decimals = range.upperBound - point - 1
    // Both are exact, and so is the division but for its one rounding.
    return decimals > 0 ? Double(digits) / powers[decimals] : nil
  }
}
