import JSON
import LogModel

/// What the members of one JSON object say about the record: the first usable one of each kind
/// counts, a name that may mean something else only when there is no better one.
struct JSONRecord {
  private var time: TimeMatch?
  private var timeStart = 0
  private var hasStrongTime = false
  private(set) var severity: Severity?
  private(set) var message: Range<Int>?
  private var hasStrongMessage = false
  private var mayFail = false
  /// A status from 500 on.
  private var hasFailed = false
  private var isRequest = false
  private var hasStatus = false
  private var isGateway = false
  private var isUnanswered = false
  private var mayMeasure = false

  /// Takes the cursor's member; `keys` is handed in so that the table is fetched once per format.
  @inline(__always)
  mutating func take(
    _ line: Span<UInt8>, _ cursor: JSONCursor, _ keys: KeyTable, _ context: inout TimeContext
  ) {
    let value = keys.value(line, cursor.key)
    if value != 0, let role = JSONKeys.Role(rawValue: value) {
      take(line, cursor, role, keys, &context)
    }
  }

  private mutating func take(
    _ line: Span<UInt8>, _ cursor: JSONCursor, _ role: JSONKeys.Role, _ keys: KeyTable,
    _ context: inout TimeContext
  ) {
    switch role {
    case .time, .weakTime:
      if cursor.isObject { return takeMembers(line, cursor, keys, &context) }
      takeTime(line, cursor, isStrong: role == .time, &context)
    case .level, .syslogLevel, .openTelemetryLevel:
      if severity == nil { severity = Self.severity(line, cursor.value, role) }
    case .levelLetter:
      if severity == nil, cursor.isString, (1...2).contains(cursor.value.count) {
        severity = Self.severity(line, cursor.value, role)
      }
    case .message, .weakMessage:
      // ECS has `"log":{"level":…}`, OpenTelemetry `"body":{"stringValue":…}`.
      if cursor.isObject { return takeMembers(line, cursor, keys, &context) }
      guard cursor.isString || cursor.kind.isDigit || cursor.kind == 0x2D else { return }
      if role == .message, !hasStrongMessage {
        message = cursor.value
        hasStrongMessage = true
      } else if message == nil {
        message = cursor.value
      }
    case .fields:
      if cursor.isObject { takeMembers(line, cursor, keys, &context) }
    case .resourceLogs:
      if cursor.isArray { takeLogRecord(line, cursor.value, &context) }
    case .status:
      hasStatus = true
      // 5xx; a text of any other kind is no status of HTTP.
      if cursor.value.count == 1, line[cursor.value.lowerBound] == UInt8(ascii: "0") {
        isUnanswered = true
      }
      hasFailed = hasFailed || Self.isFailure(line, cursor.value)
    case .request: isRequest = true
    case .exchange:
      if cursor.isObject {
        takeExchange(line, cursor.value.lowerBound, keys)
      } else {
        isRequest = true
      }
    case .responseFlags:
      isGateway = true
      if !cursor.value.isEmpty, line[cursor.value.lowerBound] != 0x2D { mayFail = true }
    case .measure:
      mayMeasure = mayMeasure || cursor.isObject && cursor.value.count > 2 || cursor.kind.isDigit
    case .failure:
      // A short text is what went wrong in a word; the level tells how bad that is.
      if cursor.isObject || cursor.isString && cursor.value.count > 32 { mayFail = true }
    }
  }

  /// Whether a status is 5xx.
  static func isFailure(_ line: Span<UInt8>, _ status: Range<Int>) -> Bool {
    status.count == 3 && line[status.lowerBound] == UInt8(ascii: "5")
      && line[status.lowerBound + 1].isDigit && line[status.lowerBound + 2].isDigit
  }

  /// One level into an object; what is an object there is skipped.
  private mutating func takeMembers(
    _ line: Span<UInt8>, _ outer: JSONCursor, _ keys: KeyTable, _ context: inout TimeContext
  ) {
    guard var inner = JSONCursor(line, at: outer.value.lowerBound) else { return }
    while case .member = inner.next(line) {
      guard !inner.isObject, !inner.isArray,
        let role = JSONKeys.Role(rawValue: keys.value(line, inner.key))
      else { continue }
      take(line, inner, role, keys, &context)
    }
  }

  /// Looks for a status in `"http":{"response":{"status_code":502}}`, or `"res":{"statusCode":502}`.
  private mutating func takeExchange(
    _ line: Span<UInt8>, _ start: Int, _ keys: KeyTable, depth: Int = 1
  ) {
    guard var inner = JSONCursor(line, at: start) else { return }
    while case .member = inner.next(line) {
      switch JSONKeys.Role(rawValue: keys.value(line, inner.key)) {
      case .status?:
        hasStatus = true
        hasFailed = hasFailed || Self.isFailure(line, inner.value)
      case .request?: isRequest = true
      case .exchange?:
        if inner.isObject, depth < 2 {
          takeExchange(line, inner.value.lowerBound, keys, depth: depth + 1)
        } else {
          isRequest = true
        }
      default: break
      }
    }
  }

  private mutating func takeTime(
    _ line: Span<UInt8>, _ cursor: JSONCursor, isStrong: Bool, _ context: inout TimeContext
  ) {
    guard time == nil || isStrong && !hasStrongTime,
      let match = Self.time(line, cursor.value, &context)
    else { return }
    time = match
    timeStart = cursor.value.lowerBound
    hasStrongTime = isStrong
  }

  /// The instant that a member's value writes: a number, or a time as it may stand in a line.
  static func time(
    _ line: Span<UInt8>, _ range: Range<Int>, _ context: inout TimeContext
  ) -> TimeMatch? {
    if let match = context.iso(line, at: range.lowerBound) {
      return match.end == range.upperBound ? match : nil
    }
    if let match = EpochTime.read(line, range) { return match }
    let match = context.inner(line, at: range.lowerBound)
    return match?.end == range.upperBound ? match : nil
  }

  /// The level in a member's value: a word, or a number on the scale of its name.
  static func severity(
    _ line: Span<UInt8>, _ range: Range<Int>, _ role: JSONKeys.Role
  ) -> Severity? {
    guard !range.isEmpty, range.count <= 16 else { return nil }
    guard line[range.lowerBound].isDigit else {
      return LevelWords.severity(line, word: range)
    }
    var number = 0
    for index in range {
      guard line[index].isDigit, number < 1000 else { return nil }
      number = number * 10 + Int(line[index] - 0x30)
    }
    return switch role {
    case .syslogLevel: LevelWords.severity(syslog: number)
    case .openTelemetryLevel: LevelWords.severity(openTelemetry: number)
    default: LevelWords.severity(level: number)
    }
  }

  /// The first log record of an OTLP JSON line, which may hold many.
  private mutating func takeLogRecord(
    _ line: Span<UInt8>, _ range: Range<Int>, _ context: inout TimeContext
  ) {
    guard let records = line.firstIndex(of: "\"logRecords\"", in: range),
      let open = line.firstIndex(of: 0x7B, in: records..<range.upperBound),
      var record = JSONCursor(line, at: open)
    else { return }
    while case .member = record.next(line) {
      take(line, record, JSONKeys.table, &context)
    }
  }

  /// Writes what was found into `head`; without a message the body is the whole line.
  @inline(__always)
  func fill(_ head: inout LineHead, _ line: Span<UInt8>) {
    if let time { head.set(time, from: timeStart) }
    let isFailedRequest = hasFailed && isRequest
    head.severity = severity ?? (isFailedRequest ? .error : nil)
    head.mayFail = mayFail || isFailedRequest || isGateway && (hasFailed || isUnanswered)
    head.mayMeasure = mayMeasure
    head.mayBeRequest = isRequest && hasStatus
    head.body = message ?? 0..<line.textEnd
  }
}

extension LineHead {
  /// Takes a time that was read from `start` on.
  @inline(__always)
  mutating func set(_ match: TimeMatch, from start: Int) {
    time = match.time
    layout = match.layout
    timeRange = match.layout.kind == .none ? 0..<0 : start..<match.renderedEnd
  }
}
