import JSON
import LogModel

/// `Feb  1 10:00:00 host tag[pid]: message` (RFC 3164), with or without `<PRI>`, and rsyslog's
/// variant with an ISO time.
struct Syslog: Format {
  static let name = "syslog"
  static let aliases = ["rfc3164"]
  static let summary = "syslog, RFC 3164 and with ISO times"

  init() {}

  mutating func parse(
    _ line: Span<UInt8>, _ context: inout TimeContext, into head: inout LineHead
  ) -> Bool {
    guard let found = Self.fields(line, &context) else { return false }
    head.set(found.match, from: found.start)
    head.body = found.message..<max(line.textEnd, found.message)
    head.severity =
      found.priority.flatMap { LevelWords.severity(syslog: $0 & 7) }
      ?? MessageLevel.find(line, head.body, &context)
    return true
  }

  private struct Fields {
    var priority: Int?
    var start: Int
    var match: TimeMatch
    var host: Range<Int>
    /// Empty when the message has none.
    var tag: Range<Int>
    var process: Range<Int>
    var message: Int
  }

  private static func fields(_ line: Span<UInt8>, _ context: inout TimeContext) -> Fields? {
    var start = 0
    var priority: Int?
    if line.byte(0) == 0x3C {
      guard let found = SyslogPriority(line) else { return nil }
      priority = found.value
      start = found.end
    }
    let isISO = line.byte(start).isDigit
    guard let match = isISO ? context.iso(line, at: start) : context.syslog(line, at: start),
      line.byte(match.end) == 0x20
    else { return nil }
    if isISO, line[start + 10] != 0x54 || match.end < start + 20 { return nil }
    let host = match.end + 1..<line.tokenEnd(match.end + 1)
    guard !host.isEmpty, line[host.lowerBound].isWord, host.upperBound < line.count else {
      return nil
    }
    let tagStart = host.upperBound + 1
    guard let tag = Self.tag(line, at: tagStart) else {
      guard !isISO, LevelWords.table.value(line, host) == 0 else { return nil }
      return Fields(
        priority: priority, start: start, match: match, host: host, tag: tagStart..<tagStart,
        process: tagStart..<tagStart, message: tagStart)
    }
    if isISO, LevelWords.table.value(line, host) != 0 || !isHost(line, host) { return nil }
    let message = line.byte(tag.end) == 0x20 ? tag.end + 1 : tag.end
    return Fields(
      priority: priority, start: start, match: match, host: host, tag: tag.name,
      process: tag.process, message: message)
  }

  private static func isHost(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    for index in range {
      let byte = line[index]
      guard byte.isWord || byte == 0x2D || byte == 0x2E || byte == 0x3A else { return false }
    }
    return line[range.upperBound - 1] != 0x3A
  }

  /// `sshd[123]:`, `kernel:`, `su(pam_unix)[21416]:`.
  private static func tag(
    _ line: Span<UInt8>, at start: Int
  ) -> (name: Range<Int>, process: Range<Int>, end: Int)? {
    var index = start
    while index < line.count, index < start + 128 {
      let byte = line[index]
      guard byte > 0x20, byte != 0x3A, byte != 0x5B else { break }
      index += 1
    }
    let name = start..<index
    guard !name.isEmpty else { return nil }
    var process = index..<index
    if line.byte(index) == 0x5B {
      guard let close = line.firstIndex(of: 0x5D, in: index..<min(line.count, index + 64)) else {
        return nil
      }
      process = index + 1..<close
      index = close + 1
    }
    guard line.byte(index) == 0x3A else { return nil }
    return (name, process, index + 1)
  }

  func attributes(
    of record: Span<UInt8>, among _: FieldNames
  ) -> [(key: String, value: Value)] {
    var context = TimeContext(zone: .utc, reference: 0)
    guard let found = Self.fields(record, &context) else { return [] }
    var result: [(key: String, value: Value)] = []
    if let priority = found.priority {
      result.append(("facility", .integer(Int64(priority / 8))))
      result.append(("severity", .integer(Int64(priority % 8))))
    }
    result.append(("host", .text(record.text(found.host))))
    if !found.tag.isEmpty { result.append(("tag", .text(record.text(found.tag)))) }
    if !found.process.isEmpty {
      let text = record.text(found.process)
      result.append(("pid", Int64(text).map { .integer($0) } ?? .text(text)))
    }
    let end = record.firstIndex(of: 0x0A, in: found.message..<record.count) ?? record.count
    result.append(("message", .text(record.text(found.message..<end))))
    return result
  }
}

/// `<PRI>` at the beginning of a line or a message: facility · 8 + severity, 0 to 191.
struct SyslogPriority {
  var value = 0
  /// Behind the bracket.
  var end: Int

  init?(_ line: Span<UInt8>, at start: Int = 0) {
    guard line.byte(start) == 0x3C else { return nil }
    var index = start + 1
    while line.byte(index).isDigit, index <= start + 3 {
      value = value * 10 + Int(line[index] - 0x30)
      index += 1
    }
    guard index > start + 1, value <= 191, line.byte(index) == 0x3E else { return nil }
    end = index + 1
  }
}
