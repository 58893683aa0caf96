import JSON
import LogModel

/// `TIME LEVEL message` in the layouts of common loggers; a line without a time continues the
/// record before it, as stack traces do.
///
/// The time stands first, perhaps in brackets, or behind a prefix of at most 64 bytes.
struct Generic: Format {
  static let name = "generic"
  static let aliases = ["time", "auto-time"]
  static let summary = "a time, a level, a message; lines without a time continue the record"
  static let isMultiline = true

  /// How far the time may stand from the line's beginning.
  private static let reach = 64

  init() {}

  mutating func parse(
    _ line: Span<UInt8>, _ context: inout TimeContext, into head: inout LineHead
  ) -> Bool {
    guard let (found, start) = Self.time(line, &context) else { return false }
    head.set(found.match, from: start)
    head.role = .begins
    readRest(line, found, &context, &head)
    // A level before the time.
    if head.severity == nil, start > 1 {
      head.severity = LevelScanner.find(line, from: 0, limit: start)?.severity
    }
    return true
  }

  @inline(__always)
  private static func time(
    _ line: Span<UInt8>, _ context: inout TimeContext
  ) -> (found: LeadingTime, start: Int)? {
    guard line.count >= 10 else { return nil }
    let first = line[0]
    if first == 0x20 || first == 0x09 { return nil }
    // `#Date: …`: a W3C directive, not a record.
    if first == 0x23, line[1].isLetter { return nil }
    let start = first == 0x5B || first == 0x28 || first == 0x22 || first == 0x3C ? 1 : 0
    if let found = context.leading(line, at: start) { return (found, start) }
    if first == 0x7B { return nil }
    var index = max(start, 1)
    let end = min(line.count &- 10, reach)
    var previous = line[index &- 1]
    var isKey = start == 0
    while index < end {
      let byte = line[index]
      if byte.isDigit || byte.isUppercase,
        canPrecede(previous) || isKey && (previous == 0x3D || previous == 0x22),
        let match = context.inner(line, at: index)
      {
        return (LeadingTime(match: match), index)
      }
      if byte == 0x20 { isKey = false }
      previous = byte
      index &+= 1
    }
    return nil
  }

  /// Blanks, opening brackets, and the `m` that ends a colour.
  private static func canPrecede(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x09, 0x5B, 0x28, 0x7C, 0x6D, 0x3C: true
    default: false
    }
  }

  /// The level and the message behind the time; an object of JSON says its own level.
  @inline(__always)
  private func readRest(
    _ line: Span<UInt8>, _ found: LeadingTime, _ context: inout TimeContext,
    _ head: inout LineHead
  ) {
    var end = found.match.end
    if let severity = found.severity {
      head.severity = severity
      end = found.levelEnd
    } else if let level = LevelScanner.find(line, from: end) {
      head.severity = level.severity
      end = level.end
    }
    let textEnd = line.textEnd
    while end < textEnd, Self.separates(line[end]) { end &+= 1 }
    head.body = min(end, textEnd)..<textEnd
    readRequest(line, &head)
    guard head.severity == nil else { return }
    let near = head.body.lowerBound..<min(textEnd, head.body.lowerBound &+ EmbeddedObject.reach)
    head.severity = EmbeddedObject(line, in: near)?.severity(line, &context)
  }

  /// Looks for a request that failed in the line of a gateway of Envoy's kind: `[time] "GET / HTTP/1.1" 503 UH`.
  @inline(__always)
  private func readRequest(_ line: Span<UInt8>, _ head: inout LineHead) {
    let start = head.body.lowerBound
    guard line[0] == 0x5B, start > 0, line[start &- 1] == 0x22, line.byte(start).isUppercase,
      let quote = line.firstIndex(of: 0x22, in: start..<head.body.upperBound),
      line.byte(quote &+ 1) == 0x20, line.byte(quote &+ 2).isDigit
    else { return }
    let status = quote &+ 2
    var end = status
    while line.byte(end).isDigit { end &+= 1 }
    let isFailure =
      JSONRecord.isFailure(line, status..<end) || end == status &+ 1 && line[status] == 0x30
    head.mayFail = isFailure || line.byte(end) == 0x20 && line.byte(end &+ 1).isUppercase
    if isFailure { head.severity = head.severity ?? .error }
  }

  private static func separates(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x09, 0x5D, 0x29, 0x3E, 0x3A, 0x7C, 0x2D, 0x2C, 0x22: true  // ] ) > : | - , "
    default: false
    }
  }

  /// The `key=value` pairs of the first line; of one that is JSON, or ends in it, first the members
  /// and then the pairs before it and the line's own `time`.
  func attributes(
    of record: Span<UInt8>, among _: FieldNames
  ) -> [(key: String, value: Value)] {
    let end = record.firstIndex(of: 0x0A, in: 0..<record.count) ?? record.count
    let line = record.extracting(0..<end)
    var context = TimeContext(zone: .utc, reference: 0)
    var head = LineHead()
    var reader = self
    guard let (found, start) = Self.time(line, &context),
      reader.parse(line, &context, into: &head),
      let object = EmbeddedObject(line, in: head.body)
    else { return Self.pairs(line) }
    let time = Value.text(line.text(start..<found.match.end))
    return JSONAttributes.members(line, at: object.start)
      + Self.pairs(line.extracting(0..<object.start)) + [("time", time)]
  }

  private static func pairs(_ line: Span<UInt8>) -> [(key: String, value: Value)] {
    var cursor = PairCursor()
    var result: [(key: String, value: Value)] = []
    while cursor.next(line) {
      guard cursor.hasValue, isName(line, cursor.key) else { continue }
      let text =
        cursor.isQuoted
        ? JSONText.unescaped(line, cursor.value)
        : line.text(cursor.value).trimmingTrailingPunctuation
      result.append((line.text(cursor.key), Int64(text).map { .integer($0) } ?? .text(text)))
    }
    return result
  }

  private static func isName(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard line[range.lowerBound].isLetter || line[range.lowerBound] == 0x5F else { return false }
    for index in range {
      guard line[index].isWord || line[index] == 0x2E || line[index] == 0x2D else { return false }
    }
    return true
  }
}

extension String {
  fileprivate var trimmingTrailingPunctuation: String {
    var text = Substring(self)
    while let last = text.last, ",;)]".contains(last) { text.removeLast() }
    return String(text)
  }
}
