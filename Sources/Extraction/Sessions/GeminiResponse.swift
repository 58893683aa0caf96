import JSON
import LogModel

/// A JSON line with the `usageMetadata` of Gemini, which counts thoughts beside the answer.
enum GeminiResponse: WireFormat {
  static func claims(_ record: Members<RecordName>, _ line: Span<UInt8>) -> Bool {
    ProviderRecord(record, line)?.agent == .gemini
  }

  static func read(
    _ record: Members<RecordName>, _ line: Span<UInt8>, _ state: inout TurnExtractor.State,
    _ findings: inout Findings
  ) {
    guard let found = ProviderRecord(record, line) else { return }
    found.read(record, line, .gemini, toolCalls: nil, &findings)
  }
}
