import JSON
import LogModel

/// A JSON line with the `usage` of the chat completions or the responses API, or of one of the many
/// that imitate them.
enum OpenAIResponse: WireFormat {
  static func claims(_ record: Members<RecordName>, _ line: Span<UInt8>) -> Bool {
    ProviderRecord(record, line)?.agent == .openai
  }

  static func read(
    _ record: Members<RecordName>, _ line: Span<UInt8>, _ state: inout TurnExtractor.State,
    _ findings: inout Findings
  ) {
    guard let found = ProviderRecord(record, line) else { return }
    found.read(
      record, line, .openAI, toolCalls: toolCalls(found.response, line), &findings)
  }

  /// The tool calls of the first choice.
  private static func toolCalls(_ response: Members<RecordName>, _ line: Span<UInt8>) -> Int64? {
    guard let choices = response[.choices],
      var elements = JSONElements(line, at: choices.range.lowerBound), elements.next(line),
      let choice = Members<RecordName>(line, at: elements.value.lowerBound),
      let message = choice[.message], message.isObject,
      var cursor = JSONCursor(line, at: message.range.lowerBound)
    else { return nil }
    while case .member = cursor.next(line) {
      if cursor.key.count == 10, line.hasPrefix("tool_calls", at: cursor.key.lowerBound) {
        return line.elementCount(Member(range: cursor.value, kind: cursor.kind)) ?? 0
      }
    }
    return 0
  }
}
