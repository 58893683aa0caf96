import LogModel

/// Text of which nothing is known: every line is a record.
struct Raw: Format {
  static let name = "raw"
  static let aliases = ["none", "text"]
  static let summary = "lines of any kind, each a record"

  init() {}

  mutating func parse(
    _ line: Span<UInt8>, _ context: inout TimeContext, into head: inout LineHead
  ) -> Bool {
    head.body = 0..<line.textEnd
    head.severity = LevelScanner.leading(line, from: 0)
    return true
  }
}
