import JSON
import LogModel

/// Docker's json-file: `{"log":"…\n","stream":"stdout","time":"…"}`.
///
/// Docker splits a line of more than 16 KiB; only the last part ends in `\n`. Parts of one stream
/// are one record, also where lines of the other stand between them.
struct DockerJSON: Format {
  static let name = "docker"
  static let aliases = ["docker-json", "json-file"]
  static let summary = "Docker json-file, split lines joined"

  private enum Role: UInt8 {
    case log = 1
    case stream
    case time
  }

  private static let table = KeyTable([
    ("log", Role.log.rawValue), ("stream", Role.stream.rawValue), ("time", Role.time.rawValue),
  ])

  private let keys = table
  private var parts = PartJoiner()

  init() {}

  mutating func parse(
    _ line: Span<UInt8>, _ context: inout TimeContext, into head: inout LineHead
  ) -> Bool {
    guard let found = Self.members(line, keys) else {
      parts.interrupt()
      return false
    }
    let isComplete = found.log.count >= 2 && Self.endsInNewline(line, found.log)
    let isErrors = line.byte(found.stream.lowerBound + 3) == UInt8(ascii: "e")
    parts.join(isErrors ? .errors : .output, isComplete: isComplete, into: &head)
    if let match = context.iso(line, at: found.time.lowerBound), match.end == found.time.upperBound
    {
      head.set(match, from: found.time.lowerBound)
    }
    var end = found.log.upperBound
    if isComplete {
      end -= 2
      if end - 2 >= found.log.lowerBound, line[end - 2] == 0x5C, line[end - 1] == 0x72 { end -= 2 }
    }
    head.body = found.log.lowerBound..<end
    head.severity = MessageLevel.find(line, head.body, &context)
    return true
  }

  private struct Members {
    var log: Range<Int>
    var stream: Range<Int>
    var time: Range<Int>
  }

  private static func members(_ line: Span<UInt8>, _ keys: KeyTable) -> Members? {
    guard var cursor = JSONCursor(line) else { return nil }
    var log: Range<Int>?
    var stream: Range<Int>?
    var time: Range<Int>?
    while true {
      switch cursor.next(line) {
      case .broken: return nil
      case .end:
        guard cursor.isLast(line), let log, let stream, let time else { return nil }
        return Members(log: log, stream: stream, time: time)
      case .member:
        guard let role = Role(rawValue: keys.value(line, cursor.key)) else { continue }
        guard cursor.isString else { return nil }
        switch role {
        case .log: log = log ?? cursor.value
        case .stream: stream = stream ?? cursor.value
        case .time: time = time ?? cursor.value
        }
      }
    }
  }

  /// Whether the string ends in the escape `\n`, and not in a backslash and an n.
  private static func endsInNewline(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard line[range.upperBound - 1] == 0x6E else { return false }
    var index = range.upperBound - 2
    var backslashes = 0
    while index >= range.lowerBound, line[index] == 0x5C {
      backslashes += 1
      index -= 1
    }
    return backslashes % 2 == 1
  }

  /// `log` is the joined text of all parts, without its line end, `partial` says that the last of them
  /// is missing; when the text is a JSON object, its members stand first.
  func attributes(
    of record: Span<UInt8>, among _: FieldNames
  ) -> [(key: String, value: Value)] {
    var result = JSONAttributes.members(record, at: 0)
    let stream = result.first { $0.key == "stream" }?.value
    var text = ""
    var start = 0
    while start < record.count {
      let end = record.firstIndex(of: 0x0A, in: start..<record.count) ?? record.count
      let members = JSONAttributes.members(record, at: start)
      // The open record at the end of a file may hold both streams.
      if members.first(where: { $0.key == "stream" })?.value == stream,
        case .text(let part)? = members.first(where: { $0.key == "log" })?.value
      {
        text += part
      }
      start = end + 1
    }
    let isComplete = text.last?.isNewline == true
    while text.last?.isNewline == true { text.removeLast() }
    if let index = result.firstIndex(where: { $0.key == "log" }) {
      result[index].value = .text(text)
    }
    if !isComplete { result.append(("partial", .json("true"))) }
    return JSONAttributes.members(of: text) + result
  }
}
