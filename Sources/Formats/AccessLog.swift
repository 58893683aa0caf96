import LogModel

/// The access logs of web servers: `host ident user [time] "request" status bytes`, then referrer,
/// agent and any further fields; also behind a virtual host or other words.
struct AccessLog: Format {
  static let name = "access"
  static let aliases = ["common", "combined", "nginx", "apache"]
  static let summary = "web access logs, common and combined, with extra fields"

  /// How far the time may stand from the line's beginning.
  private static let reach = 512

  init() {}

  mutating func parse(
    _ line: Span<UInt8>, _ context: inout TimeContext, into head: inout LineHead
  ) -> Bool {
    guard let time = Self.time(line, &context),
      let request = Self.request(line, from: time.match.end)
    else { return false }
    head.set(time.match, from: time.start)
    head.body = 0..<line.textEnd
    if let status = request.status { head.severity = LevelWords.severity(status: status) }
    var logged = LoggedRequest(target: request.text, status: request.status ?? 0)
    logged.size = Self.size(line, at: request.end)
    logged.duration = Self.duration(line, from: request.end)
    head.request = logged
    return true
  }

  @inline(__always)
  static func time(
    _ line: Span<UInt8>, _ context: inout TimeContext
  ) -> (match: TimeMatch, start: Int)? {
    let end = min(line.count, reach)
    var index = 0
    while let bracket = line.firstIndex(of: 0x5B, in: index..<end) {
      index = bracket &+ 1
      guard line.byte(index).isDigit, bracket > 0, line[bracket &- 1] == 0x20,
        let match = context.apache(line, at: index), line.byte(match.end) == 0x5D
      else { continue }
      return (match, index)
    }
    return nil
  }

  struct Request {
    /// Inside the quotes.
    var text: Range<Int>
    /// Nil for `-`.
    var status: Int?
    /// Behind the status.
    var end: Int
  }

  /// The quoted request ends at the first quote behind which a status stands: clients put quotes
  /// into requests, and not every server escapes them.
  @inline(__always)
  static func request(_ line: Span<UInt8>, from bracket: Int) -> Request? {
    let quote = line.skippingBlanks(bracket &+ 1)
    guard line.byte(quote) == 0x22 else { return nil }
    var index = quote &+ 1
    while let hit = line.firstIndex(of: 0x22, in: index..<line.count) {
      index = hit &+ 1
      guard line.byte(hit &+ 1) == 0x20 else { continue }
      if let status = status(line, at: hit &+ 2) {
        return Request(text: quote &+ 1..<hit, status: status.value, end: status.end)
      }
    }
    return nil
  }

  /// `200`, `-` or, where a log format says so, `[code=200]`.
  @inline(__always)
  private static func status(_ line: Span<UInt8>, at start: Int) -> (value: Int?, end: Int)? {
    if line.byte(start) == 0x5B { return labelledStatus(line, at: start) }
    guard let number = number(line, at: start) else {
      let end = start &+ 1
      return line.byte(start) == 0x2D && line.byte(end) == 0x20 ? (nil, end) : nil
    }
    let next = line.byte(start &+ 3)
    return next == 0x20 || next == 0 || next == 0x0D ? (number, start &+ 3) : nil
  }

  private static func labelledStatus(_ line: Span<UInt8>, at start: Int) -> (value: Int?, end: Int)?
  {
    var index = start + 1
    while line.byte(index).isLetter { index += 1 }
    guard line.byte(index) == 0x3D, let number = number(line, at: index + 1),
      line.byte(index + 4) == 0x5D
    else { return nil }
    return (number, index + 5)
  }

  /// Three digits.
  private static func number(_ line: Span<UInt8>, at start: Int) -> Int? {
    guard line.byte(start).isDigit, let rest = line.twoDigits(at: start + 1) else { return nil }
    return Int(line[start] - 0x30) * 100 + rest
  }

  /// The bytes of the answer, which stand behind the status: none for `-`; below 0 where there is no such number.
  @inline(__always)
  private static func size(_ line: Span<UInt8>, at end: Int) -> Int64 {
    var index = end &+ 1
    guard line.byte(end) == 0x20, index < line.count else { return -1 }
    if line[index] == 0x2D { return 0 }
    var size: Int64 = 0
    let start = index
    while index < line.count, line[index].isDigit, index &- start < 12 {
      size = size &* 10 &+ Int64(line[index] &- 0x30)
      index &+= 1
    }
    return index > start && !line.byte(index).isDigit ? size : -1
  }

  /// `host`, `ident`, `user`, `vhost` before the time, `method`, `path`, `protocol` of the request,
  /// `status`, `bytes`, `referer`, `user_agent`, and further fields as `extra`; `-` is null.
  func attributes(
    of record: Span<UInt8>, among names: FieldNames
  ) -> [(key: String, value: Value)] {
    var context = TimeContext(zone: .utc, reference: 0)
    guard let time = Self.time(record, &context),
      let request = Self.request(record, from: time.match.end)
    else { return [] }
    var result: [(key: String, value: Value)] = []
    func add(_ key: StaticString, _ text: @autoclosure () -> String) {
      guard names.contains(key) else { return }
      let text = text()
      result.append((key.description, text == "-" || text.isEmpty ? .null : .text(text)))
    }
    if names.containsAny(of: ["vhost", "host", "ident", "user"]) {
      var before = Self.words(record, 0..<time.start - 2)
      if let label = before.first, record[label.lowerBound] == 0x5B,
        let end = record.firstIndex(of: 0x5D, in: label)
      {
        before[0] = end + 1..<label.upperBound
      }
      before.removeAll { $0.isEmpty }
      if before.count == 4 { add("vhost", record.text(before.removeFirst())) }
      if before.count > 0 { add("host", record.text(before[0])) }
      if before.count > 1 { add("ident", record.text(before[1])) }
      if before.count > 2 { add("user", record.text(before[2])) }
    }
    add("request", record.text(request.text))
    if names.containsAny(of: ["method", "path", "protocol"]) {
      let words = Self.words(record, request.text)
      if words.count >= 2 {
        add("method", record.text(words[0]))
        add("path", AccessFieldReader.path(record, request.text).map { record.text($0) } ?? "")
        if words.count > 2 { add("protocol", record.text(words[words.count - 1])) }
      }
    }
    result.append(("status", request.status.map { .integer(Int64($0)) } ?? .null))
    guard names.containsAny(of: ["bytes", "referer", "user_agent", "extra"]) else { return result }
    let rest = Self.fields(record, from: request.end)
    guard let bytes = rest.first else { return result }
    result.append(("bytes", Int64(record.text(bytes.text)).map { .integer($0) } ?? .null))
    let hasAgent = rest.count > 2 && rest[1].isQuoted && rest[2].isQuoted
    if hasAgent {
      add("referer", record.text(rest[1].text))
      add("user_agent", record.text(rest[2].text))
    }
    let extra = rest.dropFirst(hasAgent ? 3 : 1)
    if !extra.isEmpty { add("extra", extra.map { record.text($0.text) }.joined(separator: " ")) }
    return result
  }

  /// What stands between blanks, by bytes: to look for whole characters takes ten times as long.
  private static func words(_ line: Span<UInt8>, _ range: Range<Int>) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var start = range.lowerBound
    for index in range where line[index] == 0x20 {
      if index > start { words.append(start..<index) }
      start = index + 1
    }
    if start < range.upperBound { words.append(start..<range.upperBound) }
    return words
  }

  private static func fields(
    _ line: Span<UInt8>, from start: Int
  ) -> [(text: Range<Int>, isQuoted: Bool)] {
    var result: [(text: Range<Int>, isQuoted: Bool)] = []
    let end = line.firstIndex(of: 0x0A, in: start..<line.count) ?? line.textEnd
    var index = line.skippingBlanks(start)
    while index < end {
      var stop = index
      let isQuoted = line[index] == 0x22
      if isQuoted {
        stop += 1
        while stop < end, line[stop] != 0x22 { stop += line[stop] == 0x5C ? 2 : 1 }
        stop = min(stop, end)
        result.append((index + 1..<stop, true))
        stop = min(stop + 1, end)
      } else {
        while stop < end, line[stop] != 0x20 { stop += 1 }
        result.append((index..<stop, false))
      }
      index = line.skippingBlanks(stop)
    }
    return result
  }
}
