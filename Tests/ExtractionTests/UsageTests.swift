import LogModel
import Testing

/// Plain JSON lines with a provider's usage, and what its counts mean.
@Suite struct UsageTests {
  struct Case: CustomTestStringConvertible {
    var testDescription: String
    var line: String
    var agent: Turn.Agent
    var usage: TokenUsage
    var isSuspect = false

    init(
      _ name: String, _ line: String, _ agent: Turn.Agent, _ usage: TokenUsage,
      isSuspect: Bool = false
    ) {
      (testDescription, self.line, self.agent) = (name, line, agent)
      (self.usage, self.isSuspect) = (usage, isSuspect)
    }
  }

  static let cases = [
    Case(
      "OpenAI chat",
      #"{"model":"gpt-4o","usage":{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,"prompt_tokens_details":{"cached_tokens":80},"completion_tokens_details":{"reasoning_tokens":20}}}"#,
      .openai, TokenUsage(uncachedInput: 20, cacheRead: 80, visibleOutput: 30, reasoning: 20)),
    Case(
      "OpenAI responses",
      #"{"response":{"model":"gpt-5","usage":{"input_tokens":100,"output_tokens":50,"total_tokens":150,"input_tokens_details":{"cached_tokens":80},"output_tokens_details":{"reasoning_tokens":20}}}}"#,
      .openai, TokenUsage(uncachedInput: 20, cacheRead: 80, visibleOutput: 30, reasoning: 20)),
    Case(
      "reasoning beside the completion",
      #"{"model":"grok","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":35,"completion_tokens_details":{"reasoning_tokens":20}}}"#,
      .openai, TokenUsage(uncachedInput: 10, visibleOutput: 5, reasoning: 20)),
    Case(
      "DeepSeek",
      #"{"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":6}}"#,
      .openai, TokenUsage(uncachedInput: 6, cacheRead: 4, visibleOutput: 5)),
    Case(
      "more cached than prompt",
      #"{"usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":80}}}"#,
      .openai, TokenUsage(cacheRead: 10, visibleOutput: 5), isSuspect: true),
    Case(
      "a total that fits nothing",
      #"{"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":99}}"#,
      .openai, TokenUsage(uncachedInput: 10, visibleOutput: 5), isSuspect: true),
    Case(
      "only a total", #"{"usage":{"total_tokens":12}}"#, .openai, TokenUsage(uncachedInput: 12),
      isSuspect: true),
    Case(
      "an embedding", #"{"usage":{"prompt_tokens":12,"total_tokens":12}}"#, .openai,
      TokenUsage(uncachedInput: 12)),
    Case(
      "Anthropic",
      #"{"type":"message","model":"claude-sonnet-4-5","usage":{"input_tokens":1000,"cache_read_input_tokens":10000,"cache_creation_input_tokens":2000,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":2000},"output_tokens":500}}"#,
      .anthropic,
      TokenUsage(
        uncachedInput: 1000, cacheRead: 10000, cacheWrite1h: 2000, visibleOutput: 500)),
    Case(
      "a split without its total",
      #"{"model":"claude-x","usage":{"input_tokens":1,"cache_creation":{"ephemeral_5m_input_tokens":3,"ephemeral_1h_input_tokens":4},"output_tokens":5}}"#,
      .anthropic,
      TokenUsage(uncachedInput: 1, cacheWrite5m: 3, cacheWrite1h: 4, visibleOutput: 5)),
    Case(
      "a split of nothing",
      #"{"model":"claude-x","usage":{"input_tokens":1,"cache_creation_input_tokens":1000,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":5}}"#,
      .anthropic, TokenUsage(uncachedInput: 1, cacheWrite5m: 1000, visibleOutput: 5)),
    Case(
      "a split of more than all",
      #"{"model":"claude-x","usage":{"input_tokens":1,"cache_creation_input_tokens":10,"cache_creation":{"ephemeral_1h_input_tokens":30},"output_tokens":5}}"#,
      .anthropic, TokenUsage(uncachedInput: 1, cacheWrite1h: 10, visibleOutput: 5),
      isSuspect: true),
    Case(
      "Gemini",
      #"{"modelVersion":"gemini-3-flash","usageMetadata":{"promptTokenCount":15000,"cachedContentTokenCount":11000,"candidatesTokenCount":20,"thoughtsTokenCount":900,"toolUsePromptTokenCount":5,"totalTokenCount":15925}}"#,
      .gemini, TokenUsage(uncachedInput: 4005, cacheRead: 11000, visibleOutput: 20, reasoning: 900)),
    Case(
      "Gemini with thoughts inside",
      #"{"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":20,"thoughtsTokenCount":5,"totalTokenCount":30}}"#,
      .gemini, TokenUsage(uncachedInput: 10, visibleOutput: 15, reasoning: 5)),
    Case(
      "the gateway's Anthropic",
      #"{"ai_log":"{\"input_token\":10,\"output_token\":5,\"total_token\":45,\"input_token_details\":{\"cache_read_input_tokens\":20,\"cache_creation_input_tokens\":10}}"}"#,
      .higress,
      TokenUsage(uncachedInput: 10, cacheRead: 20, cacheWrite5m: 10, visibleOutput: 5)),
    Case(
      "the gateway's Gemini",
      #"{"ai_log":"{\"input_token\":10,\"output_token\":5,\"total_token\":22,\"output_token_details\":{\"thoughts_token_count\":7}}"}"#,
      .higress, TokenUsage(uncachedInput: 10, visibleOutput: 5, reasoning: 7)),
    Case(
      "two counts for one thing",
      #"{"ai_log":"{\"input_token\":100,\"output_token\":5,\"cached_tokens\":40,\"input_token_details\":{\"cached_tokens\":50}}"}"#,
      .higress, TokenUsage(uncachedInput: 60, cacheRead: 40, visibleOutput: 5), isSuspect: true),
  ]

  @Test(arguments: cases)
  func `the classes of a record do not overlap`(_ example: Case) throws {
    let ledger = Ledger([[example.line]])
    #expect(ledger.turns.count == 1 && ledger.rejects.isEmpty)
    let turn = try #require(ledger.turns.first)
    #expect(turn.agent == example.agent)
    #expect(turn.usage == example.usage)
    #expect(turn.isSuspect == example.isSuspect)
  }

  @Test(arguments: [
    #"{"usage":{"cpu":5},"token":"x"}"#, #"{"usage":"85%","msg":"token"}"#,
    #"{"usage":null,"model":"token"}"#, #"{"msg":"the usage of a token","level":"info"}"#,
    #"{token} "usage":{"input_tokens":5}"#,
    #"{"type":"user","toolUseResult":{"usage":{"input_tokens":5}}}"#,
    #"{"type":"result","num_turns":3,"usage":{"input_tokens":5,"output_tokens":6}}"#,
    #"{"type":"message_delta","usage":{"output_tokens":6}}"#,
    #"usage {"usage":{"input_tokens":5}}"#,
  ])
  func `a line without a request's usage is nothing`(_ line: String) {
    let ledger = Ledger([[line]])
    #expect(ledger.turns.isEmpty && ledger.rejects.isEmpty)
  }

  @Test(arguments: [
    (#"{"usage":{"input_tokens":-5}}"#, TurnReject.invalidCount),
    (#"{"usage":{"input_tokens":5},"text":"that breaks o"#, .brokenRecord),
    (#"{"type":"assistant","message":{"id":"msg_1","usage":{"input_tokens":5,"out"#, .brokenRecord),
    (
      #"{"type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"#,
      .brokenRecord
    ),
    (#"{"type":"assistant","message":{"id":"m","usage":{"input_tokens":0.5}}}"#, .invalidCount),
    (
      #"{"type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":"x"}}}}"#,
      .invalidCount
    ),
  ])
  func `usage that cannot be used is rejected with the reason`(_ line: String, _ reason: TurnReject)
  {
    let ledger = Ledger([[line]])
    #expect(ledger.turns.isEmpty && ledger.rejects == [reason])
  }

  @Test func `what stands beside the usage is taken too`() throws {
    let line =
      #"{"timestamp":"2026-03-02T10:00:00+01:00","session_id":"s","user":"ada","latency_ms":120,"ttft_ms":30,"stream":true,"status":429,"error":{"message":"slow down","type":"rate_limit"},"path":"/v1","id":"chatcmpl-0123456789abcdef","model":"m","choices":[{"message":{"tool_calls":[{},{}]}}],"usage":{"prompt_tokens":1,"completion_tokens":1}}"#
    let turn = try #require(Ledger([[line, line], [line]]).turns.first)
    #expect(Ledger([[line, line], [line]]).turns.count == 1)
    #expect(turn.time == 1_772_442_000_000_000 && turn.session == "s" && turn.consumer == "ada")
    #expect(turn.latency == 120 && turn.firstToken == 30 && turn.isStream == true)
    #expect(turn.status == 429 && turn.error == "rate_limit" && turn.hasFailed)
    #expect(turn.path == "/v1" && turn.model == "m" && turn.toolCalls == 2)
    #expect(turn.requestID == "chatcmpl-0123456789abcdef")
  }

  @Test func `a record may stand behind a prefix or in Docker's`() {
    let usage = #"{"usage":{"input_tokens":3,"output_tokens":4}}"#
    let docker =
      #"{"log":"{\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}\n","stream":"stdout"}"#
    #expect(Ledger([[docker]]).sum.total == 7)
    let line = Array(("2026-03-02T10:00:00Z stdout F " + usage).utf8)
    var extractor = ExtractorProbe()
    #expect(extractor.total(of: line, body: 30..<line.count) == 7)
    #expect(extractor.total(of: line, body: 0..<line.count) == 0)
    #expect(extractor.total(of: line, body: 0..<0) == 0)
  }

  @Test(
    arguments: [
      ("\"2026-03-02T10:00:00Z\"", 1_772_445_600_000_000),
      ("\"2026-03-02 10:00:00\"", 1_772_445_600_000_000),
      ("\"2026-03-02T10:00:00.123456789Z\"", 1_772_445_600_123_456),
      ("\"2026-03-02T12:30:00+0230\"", 1_772_445_600_000_000),
      ("\"2026-03-02T09:00:00-01\"", 1_772_445_600_000_000),
      ("1772445600", 1_772_445_600_000_000), ("1772445600.25", 1_772_445_600_250_000),
      ("1772445600123", 1_772_445_600_123_000), ("1772445600123456789", 1_772_445_600_123_456),
      ("\"2026-03-02T10:010:00Z\"", nil), ("\"2026-02-30T10:00:00Z\"", nil), ("\"soon\"", nil),
      ("17", nil),
      ("\"2026-03-02T10:00:00Zz\"", nil), ("\"2026-03-02T10:00:00.Z\"", nil),
      ("99999999999999999999", nil),
    ] as [(String, Int64?)])
  func `times are read in any usual form`(_ text: String, _ time: Int64?) throws {
    let line = #"{"timestamp":\#(text),"usage":{"input_tokens":3}}"#
    let turn = try #require(Ledger([[line]]).turns.first)
    #expect(turn.time == time && turn.hasInvalidTime == (time == nil))
  }
}
