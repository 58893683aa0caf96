import JSON
import LogModel

/// The access log of the Higress gateway with the `ai_log` of its plugins.
///
/// Envoy fills a JSON-shaped text template without escaping the values, so a quote in a user agent
/// breaks the line behind it; `ai_log`, which is escaped, then still counts when it stands first.
struct Higress: Format {
  static let name = "higress"
  static let summary = "Higress access log with ai_log"

  private enum Role: UInt8 {
    case aiLog = 1
    case startTime
    case timestamp
    case responseCode
    case responseFlags
    case method
    case path
    case bytesSent
    case duration
  }

  private static let table = KeyTable([
    ("ai_log", Role.aiLog.rawValue), ("start_time", Role.startTime.rawValue),
    ("timestamp", Role.timestamp.rawValue), ("response_code", Role.responseCode.rawValue),
    ("response_flags", Role.responseFlags.rawValue), ("method", Role.method.rawValue),
    ("path", Role.path.rawValue), ("bytes_sent", Role.bytesSent.rawValue),
    ("duration", Role.duration.rawValue),
  ])

  private let keys = table

  init() {}

  mutating func parse(
    _ line: Span<UInt8>, _ context: inout TimeContext, into head: inout LineHead
  ) -> Bool {
    guard var cursor = JSONCursor(line) else { return false }
    var isFirst = true
    var hasLog = false
    var beginsWithLog = false
    var hasFlags = false
    var match: TimeMatch?
    var startTime: Range<Int>?
    var timestamp: Range<Int>?
    var status: Range<Int>?
    var method: Range<Int>?
    var path: Range<Int>?
    var size: Range<Int>?
    var duration: Range<Int>?
    loop: while true {
      switch cursor.next(line) {
      case .broken:
        guard beginsWithLog else { return false }
        let rest = cursor.position..<line.count
        startTime = startTime ?? Self.recovered("\"start_time\":\"", line, rest)
        status = status ?? Self.recovered("\"response_code\":\"", line, rest)
        break loop
      case .end:
        guard cursor.isLast(line) || beginsWithLog else { return false }
        break loop
      case .member:
        switch Role(rawValue: keys.value(line, cursor.key)) {
        case .aiLog?:
          if isFirst, cursor.isString { beginsWithLog = true }
          hasLog = true
        case .startTime?: startTime = startTime ?? cursor.value
        case .timestamp?: timestamp = timestamp ?? cursor.value
        case .responseCode?: status = status ?? cursor.value
        case .responseFlags?:
          hasFlags = true
          if !cursor.value.isEmpty, line[cursor.value.lowerBound] != 0x2D { head.mayFail = true }
        case .method?: method = method ?? cursor.value
        case .path?: path = path ?? cursor.value
        case .bytesSent?: size = size ?? cursor.value
        case .duration?: duration = duration ?? cursor.value
        case nil: break
        }
        isFirst = false
        // The rest of the template is a dozen members that nobody asks for; a break there changes nothing.
        if beginsWithLog, hasFlags, method != nil, path != nil, status != nil, size != nil,
          duration != nil, let startTime
        {
          match = JSONRecord.time(line, startTime, &context)
          if match != nil { break loop }
        }
      }
    }
    guard hasLog, beginsWithLog || startTime != nil || timestamp != nil else { return false }
    head.body = 0..<line.textEnd
    let code = status.flatMap { Self.status(line, $0) }
    head.severity = code.flatMap { LevelWords.severity(status: $0) }
    if let method, let path {
      var request = LoggedRequest(target: path, status: code ?? 0)
      request.method = method
      request.size = size.flatMap { Self.number(line, $0) } ?? -1
      request.duration = duration.flatMap { Self.number(line, $0) }.map { $0 &* 1000 } ?? -1
      head.request = request
    }
    for range in [startTime, timestamp] {
      guard let range, let match = match ?? JSONRecord.time(line, range, &context) else { continue }
      head.set(match, from: range.lowerBound)
      break
    }
    return true
  }

  /// The value behind `key`, up to the next quote.
  private static func recovered(
    _ key: String, _ line: Span<UInt8>, _ range: Range<Int>
  ) -> Range<Int>? {
    guard let place = line.firstIndex(of: key, in: range) else { return nil }
    let start = place + key.utf8.count
    return line.firstIndex(of: 0x22, in: start..<line.count).map { start..<$0 }
  }

  private static func status(_ line: Span<UInt8>, _ range: Range<Int>) -> Int? {
    range.count <= 3 ? number(line, range).map { Int($0) } : nil
  }

  /// Digits, and not so many that they are beyond all sizes and times.
  private static func number(_ line: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard (1...12).contains(range.count) else { return nil }
    var number: Int64 = 0
    for index in range {
      guard line[index].isDigit else { return nil }
      number = number * 10 + Int64(line[index] - 0x30)
    }
    return number
  }

  /// The members; of a broken line those before the break, then the time and the status.
  func attributes(
    of record: Span<UInt8>, among names: FieldNames
  ) -> [(key: String, value: Value)] {
    var result = JSONAttributes.members(record, at: 0, among: names)
    guard var cursor = JSONCursor(record) else { return result }
    var step = cursor.next(record)
    while step == .member { step = cursor.next(record) }
    guard step == .broken else { return result }
    let rest = cursor.position..<record.count
    for key in ["start_time", "response_code", "request_id"]
    where !result.contains(where: { $0.key == key }) {
      if let range = Self.recovered("\"\(key)\":\"", record, rest) {
        result.append((key, .text(record.text(range))))
      }
    }
    return result
  }
}
