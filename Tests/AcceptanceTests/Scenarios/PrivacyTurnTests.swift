import TestSupport
import Testing

/// What is told of turns whose records must not be stored as they are.
@Suite struct `Privacy of turns` {
  private func logbook(_ setting: String, _ lines: [String]) -> Logbook {
    let logbook = Logbook()
    let path = logbook.scratch.file("a.jsonl")
    logbook.scratch.write("logbook.yaml", "sources: [{name: a, path: '\(path)', \(setting)}]\n")
    logbook.scratch.write("a.jsonl", lines.map { $0 + "\n" }.joined())
    #expect(logbook.run("ingest").status == 0)
    return logbook
  }

  private func rows(_ logbook: Logbook, _ columns: String) -> [String] {
    let shell = Command.run(
      "sqlite3", [logbook.database, "SELECT \(columns) FROM turns ORDER BY time"])
    #expect(shell.status == 0, "\(shell.errorOutput)")
    return shell.output.split(separator: "\n").map(String.init)
  }

  private static func failure(_ minute: Int, _ said: String, _ members: String = "") -> String {
    #"{"type":"assistant","isApiErrorMessage":true,"sessionId":"s1",\#(members)"timestamp":"2026-03-02T09:0\#(minute):00.000Z","#
      + #""message":{"id":"e\#(minute)","model":"<synthetic>","content":[{"type":"text","text":"\#(said)"}],"#
      + #""usage":{"input_tokens":0,"output_tokens":0}}}"#
  }

  @Test(arguments: ["drop", "hash"])
  func `a failure that is said in words alone keeps its class and its status`(_ content: String) {
    let logbook = logbook(
      "content: \(content)",
      [
        Self.failure(0, "API Error: 529 overloaded"),
        Self.failure(
          1,
          #"API Error: 400 {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"about Ada\"}}"#
        ),
        Self.failure(2, "Prompt is too long"), Self.failure(3, "Ada was here"),
        Self.failure(4, "API Error: 429 Ada", #""error":"rate_limit","#),
        Self.failure(5, "Claude AI usage limit reached|1772460000"),
      ])
    let failures = rows(logbook, "coalesce(status, ''), failure")
    #expect(
      failures.enumerated().map { $0 == 3 ? String($1.prefix(2)) : $1 } == [
        "529|529 overloaded_error", "400|400 invalid_request_error", "|request_too_large", "|[",
        "429|rate_limit", "|Claude AI usage limit reached|1772460000",
      ])
    let found = Command.run("/bin/sh", ["-ec", logbook.everythingScript])
    #expect(!String(decoding: found.outputBytes, as: UTF8.self).contains("Ada"))
  }

  private static func response(_ id: Int, _ model: String) -> String {
    #"{"timestamp":"2026-02-01T10:00:0\#(id)Z","id":"chatcmpl-012345678901234\#(id)","session_id":"s-4711","model":"\#(model)","#
      + #""choices":[],"usage":{"prompt_tokens":100000,"completion_tokens":5000,"total_tokens":105000}}"#
  }

  private static let responses = [
    response(1, "gpt-4o-2024-11-20"), response(2, "acme/claude-sonnet-4-5"),
    response(3, "acme-7"), failure(4, "API Error: 500"),
    #"{"ai_log":"{\"model\":\"gpt-4o\",\"input_token\":1000,\"output_token\":50,\"session_id\":\"s-4711\"}","start_time":"2026-02-01T10:00:09Z"}"#,
  ]

  /// The name of a model, of a session, the numbers of tokens.
  @Test(arguments: [#"gpt-4o\S*?(?=[",\\])|acme\S*?(?=")"#, #"s-\d+"#, #"\b\d{3,}\b"#])
  func `what a pattern takes out of a record takes nothing off its price`(_ pattern: String) {
    let kept = logbook("content: keep", Self.responses)
    let redacted = logbook("redact: '\(pattern)'", Self.responses)
    let sums = "input_tokens, output_tokens, cost_nano, price_match, price_id, status"
    #expect(rows(redacted, sums) == rows(kept, sums))
    #expect(rows(kept, "cost_nano IS NULL") == ["0", "0", "1", "0", "0"])
    let isModel = pattern.hasPrefix("gpt")
    #expect(rows(redacted, "model").contains("[redacted]") == isModel)
    // Billed anew, each turn costs what its model costs then, whatever it is called.
    let prices =
      #"{"gpt-4o": {"input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06}, "claude-sonnet-4-5": {"input_cost_per_token": 2e-06, "output_cost_per_token": 2e-06}}"#
    for logbook in [kept, redacted] {
      #expect(logbook.run("costs", "recost", "--since", "2026-01-01").output.contains(" 0 "))
      logbook.scratch.write("prices.json", prices)
      let file = logbook.scratch.file("prices.json")
      #expect(logbook.run("prices", "import", file, "--since", "2026-01-01").status == 0)
      #expect(logbook.run("costs", "recost", "--since", "2026-01-01").status == 0)
    }
    let costs = "cost_nano, price_match, price_id"
    #expect(rows(redacted, costs) == rows(kept, costs))
    #expect(rows(redacted, "cost_nano").contains("210000000"))
    #expect(redacted.run("verify", "--deep").status == 0)
  }

  private static let threads = [
    #"{"timestamp":"2026-05-04T10:00:00.000Z","type":"session_meta","payload":{"id":"T1","cwd":"/w"}}"#,
    #"{"timestamp":"2026-05-04T10:00:01.000Z","type":"turn_context","payload":{"model":"gpt-5.4-2026-03-05"}}"#,
    #"{"timestamp":"2026-05-04T10:00:05.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":1000,"output_tokens":100}}}}"#,
    #"{"timestamp":"2026-05-04T10:00:15.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":3000,"output_tokens":200}}}}"#,
    #"{"timestamp":"2026-05-04T10:00:16.000Z","type":"turn_context","payload":{"model":"o3"}}"#,
    #"{"timestamp":"2026-05-04T10:00:25.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":4000,"output_tokens":300}}}}"#,
    #"{"time":"2026-05-04T10:01:00Z","type":"message_start","message":{"id":"msg_0123456789abcdefghij","type":"message","model":"claude-sonnet-4-5","usage":{"input_tokens":20,"output_tokens":1}}}"#,
    #"{"time":"2026-05-04T10:01:09Z","type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":44}}"#,
  ]

  @Test func `a model that an earlier line names has its price, whatever runs see of the file`() {
    let pattern = #"redact: '(gpt|claude)-[a-z0-9.-]+'"#
    let kept = logbook("content: keep", Self.threads)
    let whole = logbook(pattern, Self.threads)
    let parts = logbook(pattern, [Self.threads[0]])
    for line in Self.threads.dropFirst() {
      parts.scratch.append("a.jsonl", Array((line + "\n").utf8))
      #expect(parts.run("ingest").status == 0)
    }
    let sums = "session, input_tokens, output_tokens, cost_nano"
    #expect(rows(whole, sums) == rows(kept, sums) && rows(parts, sums) == rows(kept, sums))
    #expect(rows(whole, "cost_nano").allSatisfy { $0 != "0" && $0 != "" })
    let names = ["[redacted]", "[redacted]", "o3", "[redacted]"]
    #expect(rows(whole, "model") == names && rows(parts, "model") == names)
    let found = Command.run("/bin/sh", ["-ec", whole.everythingScript])
    #expect(!String(decoding: found.outputBytes, as: UTF8.self).contains("gpt-5.4-2026-03-05"))
    #expect(whole.run("verify", "--deep").status == 0)
  }
}
