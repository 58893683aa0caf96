import LogModel

/// The log of a Kubernetes container: `TIME stdout F message`, with `P` for a part of a line.
///
/// Parts of one stream are one record, also where lines of the other stand between them.
struct CRI: Format {
  static let name = "cri"
  static let aliases = ["containerd", "kubernetes"]
  static let summary = "Kubernetes container log (CRI), partial lines joined"

  private var parts = PartJoiner()

  init() {}

  mutating func parse(
    _ line: Span<UInt8>, _ context: inout TimeContext, into head: inout LineHead
  ) -> Bool {
    guard let match = context.iso(line, at: 0), line[10] == 0x54,
      let fields = Self.fields(line, from: match.end)
    else {
      parts.interrupt()
      return false
    }
    head.set(match, from: 0)
    let isOutput = line[fields.stream + 3] == UInt8(ascii: "o")
    parts.join(isOutput ? .output : .errors, isComplete: fields.isComplete, into: &head)
    head.body = fields.message..<max(line.textEnd, fields.message)
    head.severity = MessageLevel.find(line, head.body, &context)
    return true
  }

  private struct Fields {
    var stream: Int
    var isComplete: Bool
    var message: Int
  }

  private static func fields(_ line: Span<UInt8>, from start: Int) -> Fields? {
    let stream = start + 1
    guard line.byte(start) == 0x20,
      line.hasPrefix("stdout ", at: stream) || line.hasPrefix("stderr ", at: stream)
    else { return nil }
    let tag = stream + 7
    let letter = line.byte(tag)
    guard letter == 0x46 || letter == 0x50 else { return nil }
    let end = line.tokenEnd(tag)
    guard end == tag + 1 || line[tag + 1] == 0x3A else { return nil }
    return Fields(
      stream: stream, isComplete: letter == 0x46, message: min(end + 1, line.count))
  }

  /// `message` is the joined text of all parts, `partial` says that the last of them is missing; when
  /// the text is a JSON object, its members stand first.
  func attributes(
    of record: Span<UInt8>, among _: FieldNames
  ) -> [(key: String, value: Value)] {
    var context = TimeContext(zone: .utc, reference: 0)
    var message = ""
    var stream: String?
    var isComplete = true
    var start = 0
    while start < record.count {
      let end = record.firstIndex(of: 0x0A, in: start..<record.count) ?? record.count
      if let match = context.iso(record, at: start),
        let fields = Self.fields(record, from: match.end), fields.message <= end
      {
        let name = record.text(fields.stream..<fields.stream + 6)
        // The open record at the end of a file may hold both streams.
        if stream == nil || stream == name {
          stream = name
          isComplete = fields.isComplete
          message += record.text(fields.message..<end)
        }
      }
      start = end + 1
    }
    guard let stream else { return [] }
    return JSONAttributes.members(of: message)
      + (isComplete ? [] : [("partial", .json("true"))])
      + [("stream", .text(stream)), ("message", .text(message))]
  }
}
