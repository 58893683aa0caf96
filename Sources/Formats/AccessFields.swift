import Glibc
import JSON
import LogModel

/// Where the fields of a request's line stand: as the format's `attributes`, without a copy.
package struct AccessFields: Sendable, Equatable {
  package var host: Range<Int>?
  /// Of records; in a line of an access log it stands before the path.
  package var method: Range<Int>?
  package var path: Range<Int>?
  package var status: Int?
  package var bytes: Int64?
  package var referrer: Range<Int>?
  package var agent: Range<Int>?
  /// How long the request took; of access logs, where the first further field is seconds with three decimals.
  package var microseconds: Int64?
  /// Texts are the insides of strings of JSON.
  var isEscaped = false

  /// Writes the text of a field that has escapes, as searches see it, to the beginning of `output`; nil where it
  /// stands as it is.
  package func unescape(
    _ line: Span<UInt8>, _ range: Range<Int>, into output: inout [UInt8]
  ) -> Int? {
    guard isEscaped, line.place(of: 0x5C, in: range) != nil else { return nil }
    return JSONText.unescape(line, range, into: &output)
  }
}

/// Finds the fields of one line of an access log after the other.
package struct AccessFieldReader {
  private var context = TimeContext(zone: .utc, reference: 0)

  package init() {}

  /// Nil for a line that is none of an access log.
  package mutating func fields(of line: Span<UInt8>) -> AccessFields? {
    guard let time = AccessLog.time(line, &context),
      let request = AccessLog.request(line, from: time.match.end)
    else { return nil }
    var fields = AccessFields()
    fields.host = host(line, before: time.start - 2)
    fields.path = Self.path(line, request.text)
    fields.status = request.status
    var index = line.skippingBlanks(request.end)
    let end = line.place(of: 0x0A, in: index..<line.count) ?? line.textEnd
    guard let bytes = field(line, &index, end) else { return fields }
    fields.bytes = number(line, bytes.text)
    var next = field(line, &index, end)
    if let referrer = next, referrer.isQuoted, let agent = field(line, &index, end), agent.isQuoted
    {
      fields.referrer = named(line, referrer.text)
      fields.agent = named(line, agent.text)
      next = field(line, &index, end)
    }
    if let extra = next, !extra.isQuoted { fields.microseconds = seconds(line, extra.text) }
    return fields
  }

  /// The first word, or the second of four, before which a virtual host stands.
  private func host(_ line: Span<UInt8>, before end: Int) -> Range<Int>? {
    var (first, second): (Range<Int>, Range<Int>) = (0..<0, 0..<0)
    var words = 0
    var index = 0
    while index < end {
      while index < end, line[index] == 0x20 { index += 1 }
      var stop = index
      while stop < end, line[stop] != 0x20 { stop += 1 }
      if stop == index { break }
      var word = index..<stop
      index = stop
      // A label such as `[name]` stands before it, or is glued to it.
      if words == 0, line[word.lowerBound] == 0x5B, let close = line.firstIndex(of: 0x5D, in: word)
      {
        word = close + 1..<stop
        if word.isEmpty { continue }
      }
      if words == 0 { first = word } else if words == 1 { second = word }
      words += 1
    }
    return words == 0 ? nil : named(line, words == 4 ? second : first)
  }

  /// What stands between the method and the protocol, or behind the method alone.
  static func path(_ line: Span<UInt8>, _ request: Range<Int>) -> Range<Int>? {
    var start = request.lowerBound
    while start < request.upperBound, line[start] == 0x20 { start += 1 }
    while start < request.upperBound, line[start] != 0x20 { start += 1 }
    while start < request.upperBound, line[start] == 0x20 { start += 1 }
    var end = request.upperBound
    while end > start, line[end - 1] == 0x20 { end -= 1 }
    guard start < end else { return nil }
    var last = end
    while last > start, line[last - 1] != 0x20 { last -= 1 }
    while last > start, line[last - 1] == 0x20 { last -= 1 }
    return named(line, start..<(last > start ? last : end))
  }

  private func field(
    _ line: Span<UInt8>, _ index: inout Int, _ end: Int
  ) -> (text: Range<Int>, isQuoted: Bool)? {
    guard index < end else { return nil }
    var stop = index
    let isQuoted = line[index] == 0x22
    let text: Range<Int>
    if isQuoted {
      stop = line.place(of: 0x22, in: index + 1..<end) ?? end
      if line.place(of: 0x5C, in: index + 1..<stop) != nil {
        stop = index + 1
        while stop < end, line[stop] != 0x22 { stop += line[stop] == 0x5C ? 2 : 1 }
        stop = min(stop, end)
      }
      text = index + 1..<stop
      stop = min(stop + 1, end)
    } else {
      while stop < end, line[stop] != 0x20 { stop += 1 }
      text = index..<stop
    }
    index = line.skippingBlanks(stop)
    return (text, isQuoted)
  }

  private func number(_ line: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard (1...18).contains(range.count) else { return nil }
    var value: Int64 = 0
    for index in range {
      guard line[index].isDigit else { return nil }
      value = value * 10 + Int64(line[index] - 0x30)
    }
    return value
  }

  private func seconds(_ line: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    let point = range.upperBound - 4
    guard point > range.lowerBound, line[point] == 0x2E,
      let whole = number(line, range.lowerBound..<point), whole < 1_000_000,
      let part = number(line, point + 1..<range.upperBound)
    else { return nil }
    return whole * 1_000_000 + part * 1000
  }
}

/// Nil for `-`.
func named(_ line: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
  range.isEmpty || range.count == 1 && line[range.lowerBound] == 0x2D ? nil : range
}

/// Finds the fields of one line of a gateway's log after the other.
package struct GatewayFieldReader: Sendable {
  private enum Role: UInt8 {
    case forwarded = 1
    case address
    case agent
    case referrer
  }

  private static let table = KeyTable([
    ("x_forwarded_for", Role.forwarded.rawValue),
    ("downstream_remote_address", Role.address.rawValue),
    ("user_agent", Role.agent.rawValue), ("referer", Role.referrer.rawValue),
  ])

  private var format = Higress()
  private var context = TimeContext(zone: .utc, reference: 0)
  private let keys = table

  package init() {}

  /// Nil for a line that is no request.
  ///
  /// Texts are as they stand, with their escapes.
  package mutating func fields(of line: Span<UInt8>) -> AccessFields? {
    var head = LineHead()
    guard format.parse(line, &context, into: &head), let request = head.request,
      var cursor = JSONCursor(line)
    else { return nil }
    var fields = AccessFields()
    fields.isEscaped = true
    fields.path = named(line, request.target)
    if request.status > 0 { fields.status = request.status }
    if request.size >= 0 { fields.bytes = request.size }
    if request.duration >= 0 { fields.microseconds = request.duration }
    var address: Range<Int>?
    while case .member = cursor.next(line) {
      guard cursor.isString, let role = Role(rawValue: keys.value(line, cursor.key)) else {
        continue
      }
      let value = named(line, cursor.value)
      switch role {
      case .forwarded: fields.host = fields.host ?? value
      case .address: address = address ?? value
      case .agent: fields.agent = fields.agent ?? value
      case .referrer: fields.referrer = fields.referrer ?? value
      }
    }
    fields.host = fields.host ?? address.map { Self.withoutPort(line, $0) }
    return fields
  }

  /// Every connection has a port of its own.
  private static func withoutPort(_ line: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var index = range.upperBound
    while index > range.lowerBound, line[index - 1].isDigit { index -= 1 }
    guard index < range.upperBound, index > range.lowerBound + 1, line[index - 1] == 0x3A else {
      return range
    }
    return range.lowerBound..<index - 1
  }
}

extension Span<UInt8> {
  /// As `firstIndex`, which is faster in short ranges.
  fileprivate func place(of byte: UInt8, in range: Range<Int>) -> Int? {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress,
        let found = unsafe memchr(base + range.lowerBound, Int32(byte), range.count)
      else { return nil }
      return unsafe UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
    }
  }
}
