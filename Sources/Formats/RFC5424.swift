import JSON
import LogModel

/// `<PRI>1 TIME HOST APP PROCID MSGID SD MESSAGE` (RFC 5424).
struct RFC5424: Format {
  static let name = "rfc5424"
  static let summary = "syslog, RFC 5424, with structured data"

  init() {}

  mutating func parse(
    _ line: Span<UInt8>, _ context: inout TimeContext, into head: inout LineHead
  ) -> Bool {
    guard let priority = SyslogPriority(line), let found = Fields(line, from: priority.end) else {
      return false
    }
    if line[found.time.lowerBound] != 0x2D {
      guard let match = context.iso(line, at: found.time.lowerBound),
        match.end == found.time.upperBound
      else { return false }
      head.set(match, from: found.time.lowerBound)
    }
    head.severity = LevelWords.severity(syslog: priority.value & 7)
    head.body = found.message..<max(found.message, line.textEnd)
    return true
  }

  private struct Fields {
    var time: Range<Int>
    /// Host, application, process, message id.
    var host: Range<Int>
    var application: Range<Int>
    var process: Range<Int>
    var messageID: Range<Int>
    var data: Range<Int>
    var message: Int

    init?(_ line: Span<UInt8>, from start: Int) {
      guard line.byte(start) == 0x31, line.byte(start + 1) == 0x20 else { return nil }
      var index = start + 2
      func token() -> Range<Int>? {
        let end = line.tokenEnd(index)
        guard end > index, end < line.count else { return nil }
        let range = index..<end
        index = end + 1
        return range
      }
      guard let time = token(), let host = token(), let application = token(),
        let process = token(), let messageID = token(),
        let dataEnd = RFC5424.dataEnd(line, from: index)
      else { return nil }
      self.time = time
      self.host = host
      self.application = application
      self.process = process
      self.messageID = messageID
      data = index..<dataEnd
      message = line.byte(dataEnd) == 0x20 ? dataEnd + 1 : dataEnd
      if line.hasPrefix("\u{FEFF}", at: message) { message += 3 }
    }
  }

  /// Behind `-` or the last `[…]`.
  private static func dataEnd(_ line: Span<UInt8>, from start: Int) -> Int? {
    var index = start
    if line.byte(index) == 0x2D {
      index += 1
    } else {
      guard line.byte(index) == 0x5B else { return nil }
      while line.byte(index) == 0x5B {
        var isQuoted = false
        index += 1
        while index < line.count, isQuoted || line[index] != 0x5D {
          if line[index] == 0x22 { isQuoted.toggle() }
          index += isQuoted && line[index] == 0x5C ? 2 : 1
        }
        guard index < line.count else { return nil }
        index += 1
      }
    }
    return index == line.count || line[index] == 0x20 || line[index] == 0x0D ? index : nil
  }

  func attributes(
    of record: Span<UInt8>, among _: FieldNames
  ) -> [(key: String, value: Value)] {
    guard let priority = SyslogPriority(record), let found = Fields(record, from: priority.end)
    else {
      return []
    }
    var result: [(key: String, value: Value)] = [
      ("facility", .integer(Int64(priority.value / 8))),
      ("severity", .integer(Int64(priority.value % 8))),
    ]
    let named = [
      ("host", found.host), ("app", found.application), ("pid", found.process),
      ("msgid", found.messageID),
    ]
    for (key, range) in named {
      let text = record.text(range)
      if text != "-" { result.append((key, .text(text))) }
    }
    Self.appendData(record, found.data, to: &result)
    let end = record.firstIndex(of: 0x0A, in: found.message..<record.count) ?? record.count
    result.append(("message", .text(record.text(found.message..<end))))
    return result
  }

  /// A parameter is named `ID.NAME`.
  private static func appendData(
    _ line: Span<UInt8>, _ range: Range<Int>, to result: inout [(key: String, value: Value)]
  ) {
    var index = range.lowerBound
    while index < range.upperBound, line[index] == 0x5B {
      var end = index + 1
      while end < range.upperBound, line[end] != 0x20, line[end] != 0x5D { end += 1 }
      let identifier = line.text(index + 1..<end)
      while end < range.upperBound, line[end] != 0x5D {
        let start = line.skippingBlanks(end)
        guard let equals = line.firstIndex(of: 0x3D, in: start..<range.upperBound),
          line.byte(equals + 1) == 0x22, let quote = JSONCursor.stringEnd(line, equals + 2),
          quote < range.upperBound
        else { return }
        let value = unescaped(line, equals + 2..<quote)
        result.append(("\(identifier).\(line.text(start..<equals))", .text(value)))
        end = quote + 1
      }
      index = end + 1
    }
  }

  /// A backslash before `"`, `\` and `]` goes away; any other stays.
  private static func unescaped(_ line: Span<UInt8>, _ range: Range<Int>) -> String {
    var bytes: [UInt8] = []
    var index = range.lowerBound
    while index < range.upperBound {
      if line[index] == 0x5C, index + 1 < range.upperBound,
        line[index + 1] == 0x22 || line[index + 1] == 0x5C || line[index + 1] == 0x5D
      {
        index += 1
      }
      bytes.append(line[index])
      index += 1
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
