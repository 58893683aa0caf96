import TestSupport
import Testing

/// The seven lines in which the gateway's access log is hard to read, through the binary.
@Suite(.enabled(if: Repository.data != nil, "the shared test data is absent"))
struct `The gateway's template` {
  private static let session = "agent:main:discord:1465367993012981988"

  @Test func `each of the seven lines gives the right turn, or rightly none`() {
    let logs = LogFolder()
    logs.ingest((Repository.data ?? "") + "/higress/higress_template_SYNTHETIC.jsonl")
    // Line: input, cached, output, reasoning, cost; status, latency, first token, tools; failure, suspect.
    let rows = logs.rows(
      """
      SELECT (log_id & 0xFF) || ': ' || input_tokens || ' ' || cached_tokens || ' ' || output_tokens || ' '
        || reasoning_tokens || ' ' || cost_nano || '; ' || status || ' ' || latency_ms || ' ' || first_token_ms
        || ' ' || tool_calls || '; ' || coalesce(failure, '-') || ' ' || suspect AS turn
      FROM turns WHERE session = '\(Self.session)' AND model = 'gpt-4o' AND round = 3 AND stream = 1
        AND consumer = 'clawdbot' AND route = 'ai-route-openai.internal' ORDER BY log_id
      """)
    #expect(
      rows == [
        "1: 100 80 50 25 650000; 200 985 425 0; - 0",
        // 2 is no request of a model: ai_log is "-".
        // 3 has its counts as strings, and more in the cache than in the prompt.
        "3: 10 10 69 25 702500; 200 1955 425 0; - 1",
        // 4 has its details as an object, and null for text.
        "4: 100 80 50 25 650000; 200 985 425 0; - 0",
        // 5 has its messages as Go prints them, and parts for a question.
        "5: 100 80 50 25 650000; 200 985 425 0; - 0",
        // 6 is broken behind ai_log by what a client calls itself.
        "6: 100 80 50 25 650000; 200 985 425 0; - 0",
        // 7 failed before a token was counted.
        "7: 0 0 0 0 0; 503 985 425 0; UH 0",
      ])
    #expect(logs.value("SELECT count(*) FROM turns") == "6")
    #expect(logs.value("SELECT count(*) FROM rejects") == "0")
    #expect(logs.value("SELECT count(*) FROM log") == "7")
  }
}
