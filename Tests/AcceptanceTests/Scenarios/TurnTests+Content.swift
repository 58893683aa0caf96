import TestSupport
import Testing

// What was said, read from the turns' lines when a session is shown.

/// Lines of one log, and what its session shows of them.
struct SaidCase: CustomTestStringConvertible {
  let testDescription: String
  let lines: [String]
  /// A turn each: question, answer and tools.
  let said: [[String?]]

  init(_ name: String, _ lines: [String], _ said: [[String?]]) {
    (testDescription, self.lines, self.said) = (name, lines, said)
  }

  private static let usage = #""usage":{"prompt_tokens":9,"completion_tokens":1}"#
  private static let tokens = #""usage":{"input_tokens":9,"output_tokens":1}"#

  private static func claude(_ kind: String, _ second: Int, _ rest: String) -> String {
    #"{"type":"\#(kind)","sessionId":"s","timestamp":"2026-03-02T10:00:0\#(second)Z",\#(rest)}"#
  }

  private static func block(_ second: Int, _ content: String) -> String {
    claude(
      "assistant", second,
      #""message":{"id":"msg_\#(second)","model":"claude-sonnet-4-6","content":[\#(content)],\#(tokens)}"#
    )
  }

  private static func codex(_ type: String, _ payload: String, second: Int = 1) -> String {
    #"{"timestamp":"2026-05-04T10:00:0\#(second).000Z","type":"\#(type)","payload":{\#(payload)}}"#
  }

  private static func total(_ count: Int, second: Int = 1) -> String {
    codex(
      "event_msg",
      #""type":"token_count","info":{"total_token_usage":{"input_tokens":\#(count),"output_tokens":1}}"#,
      second: second)
  }

  static let all = [
    SaidCase(
      "a gateway",
      [
        #"{"ai_log":"{\"session_id\":\"s\",\"input_token\":9,\"question\":[{\"type\":\"text\",\"text\":\"why\"}],"#
          + #"\"answer\":\"so\",\"tool_calls\":[{\"function\":{\"name\":\"f\"}},{\"function\":{\"name\":\"g\"}}]}"}"#,
        #"{"ai_log":"{\"session_id\":\"s\",\"input_token\":9,\"messages\":[{\"role\":\"user\",\"content\":\"who\"}]}"}"#,
      ], [["why", "so", "f, g"], ["who", nil, nil]]),
    SaidCase(
      "a gateway whose line is broken behind what it says",
      [
        #"{"ai_log":"{\"session_id\":\"s\",\"input_token\":9,\"question\":\"say \\\"hi\\\" {\\\"a\\\":1}\",\"answer\":\"so\"}","#
          + #""user_agent":"a "b" \x c","start_time":"2026-03-02T10:00:00Z"}"#,
        #"{"ai_log" : "{\"session_id\":\"s\",\"input_token\":8,\"question\":\"who\",\"answer\":\"you\"}" , "#
          + #""user_agent" : "a "b" \x c", "start_time" : "2026-03-02T10:00:01Z"}"#,
      ], [[#"say \"hi\" {\"a\":1}"#, "so", nil], ["who", "you", nil]]),
    SaidCase(
      "chat completions",
      [
        #"{"time":"2026-03-01T10:00:00Z","session":"s","request":{"messages":[{"role":"user","content":"old"},{"role":"user","content":"new"},"#
          + #"{"role":"tool","content":"x"}]},"response":{"choices":[{"message":{"content":"yes","#
          + #""tool_calls":[{"function":{"name":"f"}}]}}],\#(usage)}}"#,
        #"2026-03-02T10:00:00Z INFO {"session":"s","prompt":"p","choices":[{"text":"t"}],\#(usage)}"#,
      ], [["new", "yes", "f"], ["p", "t", nil]]),
    SaidCase(
      "responses",
      [
        #"{"session":"s","input":[{"role":"user","content":[{"type":"input_text","text":"a"}]}],"body":{"output":["#
          + #"{"type":"message","content":[{"type":"output_text","text":"b"}]},{"type":"function_call","name":"f"}],\#(tokens)}}"#,
        #"{"session":"s","request":{"input":"c"},"response":{"output":[],\#(tokens)}}"#,
        #"{"session":"s","input":"d","response":{"output":[],\#(tokens)}}"#,
      ], [["a", "b", "f"], ["c", nil, nil], ["d", nil, nil]]),
    SaidCase(
      "messages",
      [
        #"{"session":"s","messages":[{"role":"user","content":"a"}],"response":{"type":"message","content":["#
          + #"{"type":"text","text":"b"},{"type":"tool_use","name":"f"},{"type":"text","text":"c"}],\#(tokens)}}"#
      ], [["a", "b\nc", "f"]]),
    SaidCase(
      "Gemini",
      [
        #"{"session":"s","contents":[{"role":"user","parts":[{"text":"a"}]}],"response":{"candidates":[{"content":"#
          + #"{"parts":[{"text":"b"},{"functionCall":{"name":"f"}}]}}],"usageMetadata":{"promptTokenCount":9}}}"#
      ], [["a", "b", "f"]]),
    SaidCase(
      "Claude Code with several calls of a tool, one of them written twice",
      [
        claude("user", 1, #""message":{"content":"look"}"#),
        block(2, #"{"type":"tool_use","id":"toolu_1","name":"Bash"}"#),
        block(2, #"{"type":"tool_use","id":"toolu_2","name":"Bash"}"#),
        block(2, #"{"type":"tool_use","id":"toolu_2","name":"Bash"}"#),
        block(2, #"{"type":"tool_use","id":"toolu_3","name":"Read"}"#),
      ], [["look", nil, "Bash, Bash, Read"]]),
    agents[0], agents[1],
  ]

  static let agents = [
    SaidCase(
      "Claude Code",
      [
        claude("user", 1, #""message":{"content":"fix it"}"#),
        block(2, #"{"type":"text","text":"I look"}"#),
        block(2, #"{"type":"tool_use","name":"Read"}"#),
        claude("user", 3, #""message":{"content":[{"type":"tool_result","content":"code"}]}"#),
        block(4, #"{"type":"text","text":"done"}"#),
        claude("user", 5, #""message":{"content":[{"type":"text","text":"thanks"}]}"#),
        block(6, #"{"type":"text","text":"bye"}"#),
      ], [["fix it", "I look", "Read"], [nil, "done", nil], ["thanks", "bye", nil]]),
    SaidCase(
      "Codex",
      [
        codex("session_meta", #""id":"s""#),
        codex("event_msg", #""type":"user_message","message":"fix it""#),
        codex("event_msg", #""type":"agent_message","message":"I look""#),
        codex("response_item", #""type":"function_call","name":"shell""#), total(10),
        codex("event_msg", #""type":"agent_message","message":"done""#), total(20, second: 5),
      ], [["fix it", "I look", "shell"], [nil, "done", nil]]),
  ]
}

extension `Turns` {
  @Test(arguments: SaidCase.all)
  func `a session shows question, answer and tools of each turn, or nothing of them`(
    _ example: SaidCase
  ) {
    let logs = LogFolder()
    logs.appendText("app.log", example.lines.joined(separator: "\n") + "\n")
    logs.shell("touch -d '1 hour ago' app.log")
    logs.ingest()
    let show = ["sessions", "show", "s", "--format", "json"]
    let shown = Self.said(logs.run(show))
    func json(_ text: String?) -> String {
      text.map { "\"" + $0.replacing("\n", with: #"\n"#) + "\"" } ?? "null"
    }
    let expected = example.said.map { "[" + $0.map(json).joined(separator: ",") + "]" }
    #expect(shown == "[" + expected.joined(separator: ",") + "]\n")
    let silent = logs.run(show + ["--no-content"]).output
    for word in example.said.joined().compactMap(\.self) {
      #expect(!silent.contains("\"\(word)\""))
    }
    // The shell says the same.
    let sql = logs.run(["sessions", "show", "s", "--show-sql"]).output
    let shell = Command.run("sqlite3", ["-json", logs.logbook.database, sql])
    #expect(Self.said(shell) == shown, "\(shell.errorOutput)")
  }

  @Test func `what a turn says does not depend on which turns are shown with it`() {
    let logs = LogFolder()
    logs.appendText("app.log", SaidCase.agents[1].lines.joined(separator: "\n") + "\n")
    logs.ingest()
    let late = logs.run([
      "sessions", "show", "s", "--format", "json", "--since", "2026-05-04T10:00:03Z",
    ])
    #expect(Self.said(late) == #"[[null,"done",null]]"# + "\n")
  }

  @Test func `what a turn says does not depend on the files that are read between its lines`() {
    let (parts, whole) = (LogFolder(), LogFolder())
    for logs in [parts, whole] { logs.configuration = "sources: [{name: app, path: 'logs/*'}]\n" }
    let files = SaidCase.agents.flatMap { agent in
      ["one", "two"].map { name in
        agent.lines.map {
          $0.replacing(#""s""#, with: "\"\(name)\"").replacing("msg_", with: "msg_\(name)")
        }
      }
    }
    for line in 0..<(files.map(\.count).max() ?? 0) {
      for (number, lines) in files.enumerated() where line < lines.count {
        for logs in [parts, whole] { logs.appendText("\(number).log", lines[line] + "\n") }
      }
      _ = parts.run(["ingest"])
    }
    _ = whole.run(["ingest"])
    for name in ["one", "two"] {
      let show = ["sessions", "show", name, "--format", "json"]
      let shown = Self.said(whole.run(show))
      #expect(shown.contains(#"["fix it","I look","Read"],[null,"done",null]"#))
      #expect(shown.contains(#"["fix it","I look","shell"],[null,"done",null]"#))
      #expect(Self.said(parts.run(show)) == shown)
    }
  }

  @Test func `a limit ends a block, and is why a turn failed, also where nothing said is stored`() {
    func turn(_ hour: Int, _ text: String, _ rest: String = "") -> String {
      #"{"type":"assistant",\#(rest)"sessionId":"q","timestamp":"2026-03-02T0\#(hour):30:00Z","message":{"id":"msg_\#(hour)","model":"claude-sonnet-4-5","content":[{"type":"text","text":"\#(text)"}],"usage":{"input_tokens":1,"output_tokens":2}}}"#
    }
    let lines = [
      turn(8, "a"),
      turn(9, "Claude AI usage limit reached|1772460000", #""isApiErrorMessage":true,"#),
    ]
    let shown = ["keep", "drop", "hash"].map { content in
      let logs = LogFolder()
      logs.configuration = "sources: [{name: app, path: 'logs/*', content: \(content)}]\n"
      logs.append("a.log", records: lines)
      _ = logs.run(["ingest"])
      return ["failure", "block"].map {
        logs.run(["costs", "--by", $0, "--format", "csv"]).output
      }
    }
    #expect(shown[0][0].contains("|1772460000") && shown[0][1].count { $0 == "\n" } == 3)
    #expect(shown[1] == shown[0] && shown[2] == shown[0])
  }

  private static func said(_ shown: Command.Outcome) -> String {
    let filter = ["-c", "[.[] | [.question, .answer, .tool_names]]"]
    return Command.run("jq", filter, input: Array(shown.output.utf8)).output
  }
}
