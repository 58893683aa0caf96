import JSON

/// What the record of a structured event says, as ranges of its line.
///
/// The names are those of 1688sync's logger: what happened is in the object `details`.
struct EventFields {
  enum Name: UInt8, CaseIterable {
    case event = 1
    case method, path, status, duration, operation, table, rows, task, seconds, error, queue
    case eventName, metric, value, unit

    fileprivate var keys: [String] {
      switch self {
      case .event: ["event"]
      case .method: ["method"]
      case .path: ["path"]
      case .status: ["status_code"]
      case .duration: ["duration_ms"]
      case .operation: ["operation", "operation_name"]
      case .table: ["table"]
      case .rows: ["affected_rows"]
      case .task: ["task_name"]
      case .seconds: ["duration_seconds"]
      case .error: ["error_type"]
      case .queue: ["queue_name", "queue"]
      case .eventName: ["event_name"]
      case .metric: ["metric_name"]
      case .value: ["value"]
      case .unit: ["unit"]
      }
    }
  }

  private static let names = KeyTable(
    Name.allCases.flatMap { name in name.keys.map { ($0, name.rawValue) } })
  private static let outer = KeyTable([("details", 1), ("duration_ms", 2), ("event", 3)])

  /// By name; nil for what is not there, for null, and for what holds other values.
  private var ranges = [Range<Int>?](repeating: nil, count: Name.allCases.count + 1)
  /// Of the record itself.
  private(set) var duration: Range<Int>?
  /// The same, where it is one word: some loggers have their message there.
  private(set) var event: Range<Int>?

  subscript(_ name: Name) -> Range<Int>? { ranges[Int(name.rawValue)] }

  /// Nil where the line is no JSON object.
  init?(_ line: Span<UInt8>) {
    guard var cursor = JSONCursor(line) else { return nil }
    while case .member = cursor.next(line) {
      switch Self.outer.value(line, cursor.key) {
      case 1 where cursor.isObject: readDetails(line, cursor.value.lowerBound)
      case 2: duration = duration ?? Self.value(line, cursor)
      case 3 where cursor.isString && event == nil:
        let isWord = cursor.value.count <= 64 && cursor.value.allSatisfy { line[$0] > 0x20 }
        event = isWord ? cursor.value : nil
      default: break
      }
    }
  }

  private mutating func readDetails(_ line: Span<UInt8>, _ start: Int) {
    guard var cursor = JSONCursor(line, at: start) else { return }
    while case .member = cursor.next(line) {
      let name = Int(Self.names.value(line, cursor.key))
      if name > 0, ranges[name] == nil { ranges[name] = Self.value(line, cursor) }
    }
  }

  private static func value(_ line: Span<UInt8>, _ cursor: JSONCursor) -> Range<Int>? {
    let isNull = !cursor.isString && line[cursor.value.lowerBound] == UInt8(ascii: "n")
    return cursor.isObject || cursor.isArray || isNull ? nil : cursor.value
  }
}
