import LogModel
import Testing

/// Where a response stands in a record, and how its numbers are written.
@Suite struct PlacementTests {
  static let response =
    #"{"id":"chatcmpl-0123456789abcdef","model":"m","usage":{"prompt_tokens":3,"completion_tokens":4}}"#
  static let escaped = response.replacing("\"", with: "\\\"")

  @Test(arguments: [
    #"{"id":"batch_req_1","custom_id":"a","response":{"status_code":200,"body":\#(response)},"error":null}"#,
    #"{"custom_id":"a","result":{"type":"succeeded","message":\#(response)}}"#,
    #"{"msg":"call","message":\#(response)}"#, #"{"llm":\#(response)}"#, #"{"data":\#(response)}"#,
    #"{"MESSAGE":"\#(escaped)","PRIORITY":"6"}"#, #"{"level":"info","message":"\#(escaped)"}"#,
    #"{"level":"info","msg":"\#(escaped)"}"#, "envoy | \(response)", "data: \(response)",
    #"{"usage":null,"model":"m","usage":{"prompt_tokens":3,"completion_tokens":4}}"#,
    #"{"model":"m","usage":{"prompt_tokens":"3.0","completion_tokens":0.4e1}}"#,
    #"{"model":"m","usage":{"input":3,"output":4}, "kind":"token"}"#,
  ])
  func `a response is found where programs put it`(_ line: String) {
    let ledger = Ledger([[line]])
    #expect(ledger.turns.map(\.usage) == [TokenUsage(uncachedInput: 3, visibleOutput: 4)])
    #expect(ledger.turns.map(\.model) == ["m"] && ledger.rejects.isEmpty)
  }

  @Test func `a request of a batch is of another service`() {
    let line =
      #"{"id":"batch_req_1","response":{"body":\#(Self.response)},"error":null}"#
    #expect(Ledger([[line]]).turns.map(\.serviceTier) == ["batch"])
  }

  static let start =
    #"{"time":"2026-05-01T10:00:00Z","type":"message_start","message":{"id":"msg_1","model":"claude-x","usage":{"input_tokens":25,"cache_read_input_tokens":7,"output_tokens":1}}}"#
  static let delta =
    #"{"time":"2026-05-01T10:00:03Z","type":"message_delta","delta":{},"usage":{"output_tokens":15}}"#

  @Test(arguments: Ledger.Manner.allCases)
  func `a streamed response has the prompt of its start and the answer of its end`(
    _ manner: Ledger.Manner
  ) {
    let whole = TokenUsage(uncachedInput: 25, cacheRead: 7, visibleOutput: 15)
    let ledger = Ledger([[Self.start, Self.delta], [Self.start]], manner)
    #expect(ledger.turns.map(\.usage) == [whole] && ledger.turns.map(\.model) == ["claude-x"])
    let wrapped = [Self.start, Self.delta].map { #"{"event":"x","data":\#($0)}"# }
    #expect(Ledger([wrapped], manner).turns.map(\.usage) == [whole])
    #expect(Ledger([[Self.delta]], manner).turns.isEmpty)
    let other = Self.delta.replacing("{\"time\"", with: #"{"session_id":"other","time""#)
    #expect(Ledger([[Self.start, other]], manner).turns.map(\.usage.output) == [1])
  }

  @Test(
    arguments: [
      ("1234.56", 1235), ("\"985.5\"", 986), ("88", 88), ("1.5e3", 1500), ("0.4", 0),
      ("1e-3", 0), ("-3.5", nil), ("\"fast\"", nil), ("1e40", nil), ("1..5", nil),
    ] as [(String, Int64?)])
  func `durations are rounded`(_ text: String, _ milliseconds: Int64?) {
    let line = #"{"latency_ms":\#(text),"ttft_ms":\#(text),"usage":{"prompt_tokens":3}}"#
    let turns = Ledger([[line]]).turns
    #expect(turns.map(\.latency) == [milliseconds])
    #expect(turns.map(\.firstToken) == [milliseconds])
  }

  @Test(arguments: ["1e3", "1000.0", "\"1.0e3\"", "1000"])
  func `counts may have an exponent`(_ text: String) {
    let line = #"{"usage":{"prompt_tokens":\#(text)}}"#
    #expect(Ledger([[line]]).sum.input == 1000)
  }

  @Test func `an empty error is none`() {
    let line = #"{"error":{},"usage":{"prompt_tokens":3}}"#
    #expect(Ledger([[line]]).turns.map(\.hasFailed) == [false])
    let named = line.replacing("{}", with: #"{"x":1}"#)
    #expect(Ledger([[named]]).turns.map(\.error) == ["error"])
  }

  @Test func `a split of the cache's writes may stand in the details`() {
    let line =
      #"{"model":"claude-x","usage":{"input_tokens":1,"cache_creation_input_tokens":30,"prompt_tokens_details":{"cache_creation_token_details":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20}},"output_tokens":5}}"#
    #expect(
      Ledger([[line]]).turns.map(\.usage) == [
        TokenUsage(uncachedInput: 1, cacheWrite5m: 10, cacheWrite1h: 20, visibleOutput: 5)
      ])
  }
}
