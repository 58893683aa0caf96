import JSON
import LogModel

/// `key=value` pairs, values in quotes where they hold spaces.
struct Logfmt: Format {
  static let name = "logfmt"
  static let summary = "key=value pairs"

  private let keys = JSONKeys.table

  init() {}

  mutating func parse(
    _ line: Span<UInt8>, _ context: inout TimeContext, into head: inout LineHead
  ) -> Bool {
    var cursor = PairCursor()
    var pairs = 0
    var isKnown = false
    var message: Range<Int>?
    var (hasFailed, hasStatus, isRequest) = (false, false, false)
    while cursor.next(line) {
      guard cursor.hasValue else {
        if pairs == 0 { return false }
        continue
      }
      pairs += 1
      switch JSONKeys.Role(rawValue: keys.value(line, cursor.key)) {
      case .time?, .weakTime?:
        guard head.time == nil, let match = JSONRecord.time(line, cursor.value, &context) else {
          break
        }
        head.set(match, from: cursor.value.lowerBound)
        isKnown = true
      case .level?, .syslogLevel?:
        guard head.severity == nil else { break }
        head.severity = JSONRecord.severity(line, cursor.value, .level)
        isKnown = isKnown || head.severity != nil
      case .message?:
        message = message ?? cursor.value
        isKnown = true
      case .status?:
        hasStatus = true
        hasFailed = hasFailed || JSONRecord.isFailure(line, cursor.value)
      case .request?, .exchange?: isRequest = true
      default: break
      }
    }
    guard pairs >= 2, isKnown else { return false }
    if hasFailed, isRequest {
      head.mayFail = true
      head.severity = head.severity ?? .error
    }
    head.mayBeRequest = isRequest && hasStatus
    head.body = message ?? 0..<line.textEnd
    return true
  }

  func attributes(
    of record: Span<UInt8>, among names: FieldNames
  ) -> [(key: String, value: Value)] {
    var cursor = PairCursor()
    var result: [(key: String, value: Value)] = []
    while cursor.next(record) {
      guard names.mayContain(record, cursor.key) else { continue }
      let key = record.text(cursor.key)
      guard cursor.hasValue else {
        result.append((key, .json("true")))
        continue
      }
      let text =
        cursor.isQuoted
        ? JSONText.unescaped(record, cursor.value) : record.text(cursor.value)
      if !cursor.isQuoted, JSONValidator.isValid(record, cursor.value), let integer = Int64(text) {
        result.append((key, .integer(integer)))
      } else if !cursor.isQuoted, JSONValidator.isValid(record, cursor.value),
        text.utf8.first.map({ $0.isDigit || $0 == 0x2D }) == true, let real = Double(text),
        real.isFinite
      {
        result.append((key, .real(real)))
      } else {
        result.append((key, .text(text)))
      }
    }
    return result
  }
}

/// Walks over the pairs of a logfmt line.
struct PairCursor {
  private var position = 0
  private(set) var key: Range<Int> = 0..<0
  /// Without the quotes.
  private(set) var value: Range<Int> = 0..<0
  private(set) var hasValue = false
  private(set) var isQuoted = false

  /// False at the line's end.
  mutating func next(_ line: Span<UInt8>) -> Bool {
    var index = position
    while index < line.count, line[index] <= 0x20 { index &+= 1 }
    guard index < line.count else { return false }
    let start = index
    while index < line.count, line[index] > 0x20, line[index] != 0x3D, line[index] != 0x22 {
      index &+= 1
    }
    key = start..<index
    hasValue = line.byte(index) == 0x3D && index > start
    isQuoted = false
    guard hasValue else {
      // Not a key: the whole word is passed over.
      while index < line.count, line[index] > 0x20 { index &+= 1 }
      key = start..<index
      position = index
      return true
    }
    index &+= 1
    if line.byte(index) == 0x22, let end = JSONCursor.stringEnd(line, index &+ 1) {
      isQuoted = true
      value = index &+ 1..<end
      position = end &+ 1
      return true
    }
    let valueStart = index
    while index < line.count, line[index] > 0x20 { index &+= 1 }
    value = valueStart..<index
    position = index
    return true
  }
}
