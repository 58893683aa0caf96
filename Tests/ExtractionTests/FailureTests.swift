import LogModel
import Testing

@Suite struct `What failures are called` {
  @Test(arguments: [
    ("API Error: 529 overloaded", "529 overloaded_error"),
    ("API Error (429 {\\\"type\\\":\\\"rate_limit_error\\\"}) · Retrying", "429 rate_limit_error"),
    ("API Error: Repeated 529 Overloaded errors", "529 overloaded_error"),
    ("API Error: 502 Bad gateway", "502"), ("API Error: Connection error.", "connection_error"),
    ("5-hour limit reached ∙ resets 3pm", "rate_limit_error"), ("I counted 500 of them", nil),
    ("API Error: 12345", nil), ("API Error", nil), ("", nil),
  ])
  func `a failure that is said in words has a class`(_ said: String, _ expected: String?) {
    let line =
      #"{"type":"assistant","isApiErrorMessage":true,"sessionId":"s1","timestamp":"2026-03-02T09:00:00.000Z","message":{"id":"e1","content":[{"type":"text","text":"\#(said)"}],"usage":{"input_tokens":0,"output_tokens":0}}}"#
    let turns = Ledger([[line]]).turns
    #expect(turns.map(\.errorClass) == [expected])
    #expect(turns.map(\.status) == [expected.flatMap { Int64($0.prefix(3)) }])
  }
}
