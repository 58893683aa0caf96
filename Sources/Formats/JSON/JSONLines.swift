import JSON
import LogModel

/// One JSON object a line: structured loggers of every kind, journald's export, OTLP.
struct JSONLines: Format {
  static let name = "json"
  static let summary = "JSON lines: time, level and message under their usual names"

  private let keys = JSONKeys.table

  init() {}

  mutating func parse(
    _ line: Span<UInt8>, _ context: inout TimeContext, into head: inout LineHead
  ) -> Bool {
    guard var cursor = JSONCursor(line) else { return false }
    var record = JSONRecord()
    while true {
      switch cursor.next(line) {
      case .member: record.take(line, cursor, keys, &context)
      case .broken: return false
      case .end:
        guard cursor.isLast(line) else { return false }
        record.fill(&head, line)
        head.role = .whole
        return true
      }
    }
  }

  func attributes(
    of record: Span<UInt8>, among names: FieldNames
  ) -> [(key: String, value: Value)] {
    JSONAttributes.members(record, at: 0, among: names)
  }
}
