import JSON
import LogModel

/// A JSON line with the `usage` of the messages API, whose input excludes what was cached.
enum AnthropicResponse: WireFormat {
  static func claims(_ record: Members<RecordName>, _ line: Span<UInt8>) -> Bool {
    ProviderRecord(record, line)?.agent == .anthropic
  }

  static func read(
    _ record: Members<RecordName>, _ line: Span<UInt8>, _ state: inout TurnExtractor.State,
    _ findings: inout Findings
  ) {
    guard let found = ProviderRecord(record, line) else { return }
    let calls = toolCalls(found.response[.content], line)
    found.read(record, line, .anthropic, toolCalls: calls, &findings)
  }

  /// How many blocks of the content are calls of tools; nil where there is no list of blocks.
  static func toolCalls(_ content: Member?, _ line: Span<UInt8>) -> Int64? {
    guard let content, content.isArray,
      var blocks = JSONElements(line, at: content.range.lowerBound)
    else { return nil }
    var calls: Int64 = 0
    while blocks.next(line) {
      guard var cursor = JSONCursor(line, at: blocks.value.lowerBound) else { continue }
      while case .member = cursor.next(line) {
        guard cursor.key.count == 4, line.hasPrefix("type", at: cursor.key.lowerBound) else {
          continue
        }
        if line.equals(Member(range: cursor.value, kind: cursor.kind), "tool_use") { calls += 1 }
        break
      }
    }
    return calls
  }
}
