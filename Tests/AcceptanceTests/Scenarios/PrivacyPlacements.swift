/// Records with a secret in them, which `%` stands for; each is a source of its own.
enum PrivacyPlacements {
  /// Where people and models speak, in every wire format.
  static let content: [(name: String, text: String)] = [
    ("higress answer", higress(#"\"answer\":\"it is %\""#)),
    ("higress reasoning", higress(#"\"reasoning\":\"so % then\""#)),
    ("higress system", higress(#"\"system\":\"%\""#)),
    ("higress question", higress(#"\"question\":\"what is % worth\""#)),
    (
      "higress question of parts",
      higress(#"\"question\":[{\"type\":\"text\",\"text\":\"%\"},{\"image_url\":{\"url\":\"%\"}}]"#)
    ),
    (
      "higress messages",
      higress(
        #"\"messages\":[{\"content\":\"%\",\"role\":\"user\"},{\"content\":[{\"text\":\"%\"}],\"role\":\"tool\"}]"#
      )
    ),
    (
      "higress messages that Go formatted",
      higress(#"\"messages\":\"[map[content:% role:user] … [truncated] …]\""#)
    ),
    (
      "higress arguments",
      higress(
        #"\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"k\\\":\\\"%\\\"}\"}}]"#
      )
    ),
    (
      "higress with a user agent that breaks the line",
      higress(#"\"answer\":\"%\""#).replacing(#""user_agent":"a""#, with: #""user_agent":"a " b""#)
    ),
    (
      "higress with an answer that breaks ai_log",
      higress(#"\"answer\":\"he said \"%\" and %\""#)
    ),
    ("higress that is cut", String(higress(#"\"answer\":\"it is %"#).prefix { $0 != "%" }) + "%"),
    ("openai content", openAI(#""message":{"role":"assistant","content":"%"}"#)),
    ("openai refusal", openAI(#""message":{"role":"assistant","content":null,"refusal":"%"}"#)),
    ("openai reasoning", openAI(#""message":{"reasoning_content":"%","content":""}"#)),
    (
      "openai tool call",
      openAI(
        #""message":{"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"%\":1}"}}]}"#
      )
    ),
    ("openai delta", openAI(#""delta":{"content":"%"}"#)),
    ("openai logprobs", openAI(#""logprobs":{"content":[{"token":"%","bytes":[1,2]}]}"#)),
    ("openai request", openAI(#""index":0"#, #""messages":[{"role":"user","content":"%"}],"#)),
    ("openai prompt", openAI(#""index":0"#, #""prompt":"%","#)),
    ("openai prompts", openAI(#""index":0"#, #""prompt":["%","b"],"#)),
    ("openai body in a string", openAI(#""index":0"#, #""request":"{\"messages\":[\"%\"]}","#)),
    (
      "openai responses",
      openAI(
        #""index":0"#,
        #""input":[{"role":"user","content":"%"}],"output":[{"type":"message","content":[{"type":"output_text","text":"%"}]},{"type":"function_call","arguments":"%"}],"instructions":"%","#
      )
    ),
    ("an escaped name", openAI(#""message":{"cont\u0065nt":"%"}"#)),
    ("a name in capitals", openAI(#""message":{"Content":"%"}"#)),
    ("anthropic text", anthropic(#"{"type":"text","text":"%"}"#)),
    ("anthropic thinking", anthropic(#"{"type":"thinking","thinking":"%","signature":"%"}"#)),
    (
      "anthropic tool use",
      anthropic(#"{"type":"tool_use","id":"t1","name":"Read","input":{"%":{"a":["%"]}}}"#)
    ),
    (
      "anthropic tool input that looks like a block",
      anthropic(
        #"{"type":"tool_use","id":"t1","name":"f","input":{"type":"%","name":"%","id":"%"}}"#)
    ),
    (
      "anthropic tool result",
      anthropic(
        #"{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"%"}]}"#)
    ),
    (
      "anthropic system",
      anthropic(#"{"type":"text","text":"a"}"#, #""system":[{"type":"text","text":"%"}],"#)
    ),
    (
      "gemini",
      #"{"timestamp":"2026-02-01T10:00:00.123Z","modelVersion":"gemini-2.5-pro","systemInstruction":{"parts":[{"text":"%"}]},"candidates":[{"content":{"role":"model","parts":[{"text":"%"},{"functionCall":{"name":"f","args":{"a":"%"}}},{"inlineData":{"mimeType":"x/y","data":"%"}}]}}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":3,"totalTokenCount":10}}"#
    ),
    (
      "claude code user",
      #"{"type":"user","sessionId":"s1","timestamp":"2026-03-02T08:15:00.000Z","message":{"role":"user","content":"%"},"toolUseResult":{"stdout":"%","usage":{"input_tokens":5}}}"#
    ),
    (
      "claude code assistant",
      claude(
        #"{"type":"text","text":"%"},{"type":"tool_use","id":"t1","name":"Bash","input":{"command":"%"}}"#
      )
    ),
    (
      "claude code progress",
      #"{"type":"progress","sessionId":"s1","timestamp":"2026-03-02T08:16:10.000Z","data":{"type":"agent_progress","prompt":"%","message":{"type":"assistant","timestamp":"2026-03-02T08:16:10.000Z","requestId":"req_7","message":{"id":"msg_7","model":"claude-haiku-4-5","content":[{"type":"text","text":"%"}],"usage":{"input_tokens":5,"output_tokens":50}}}}}"#
    ),
    (
      "claude code error",
      #"{"type":"assistant","isApiErrorMessage":true,"sessionId":"s1","timestamp":"2026-03-02T09:00:00.000Z","message":{"id":"e1","model":"<synthetic>","content":[{"type":"text","text":"limit % reached"}],"usage":{"input_tokens":0,"output_tokens":0}}}"#
    ),
    (
      "claude code summary",
      #"{"type":"summary","timestamp":"2026-03-02T09:00:00.000Z","summary":"about %","leafUuid":"u1"}"#
    ),
    (
      "claude code notices",
      #"{"type":"system","subtype":"api_error","timestamp":"2026-03-02T09:00:00.000Z","error":{"status":400,"error":{"type":"invalid_request_error","message":"%"}}}"#
        + "\n"
        + #"{"type":"system","subtype":"stop_hook_summary","timestamp":"2026-03-02T09:00:01.000Z","hookErrors":["%"],"stopReason":"%"}"#
        + "\n" + #"{"type":"content-replacement","replacements":[{"kind":"x","replacement":"%"}]}"#
    ),
    (
      "openai stream",
      #"{"time":"2026-02-01T10:00:00Z","type":"response.output_text.delta","delta":"%"}"#
    ),
    (
      "codex events",
      #"{"timestamp":"2026-05-04T10:00:00.000Z","type":"event_msg","payload":{"type":"agent_message_delta","delta":"%"}}"#
        + "\n"
        + #"{"timestamp":"2026-05-04T10:00:01.000Z","type":"event_msg","payload":{"type":"exec_command_end","exit_code":1,"parsed_cmd":[{"type":"unknown","cmd":"%"}]}}"#
        + "\n"
        + #"{"timestamp":"2026-05-04T10:00:02.000Z","type":"world_state","payload":{"state":{"%":"%"}}}"#
    ),
    (
      "codex messages",
      #"{"timestamp":"2026-05-04T10:00:00.000Z","type":"session_meta","payload":{"id":"T1","cwd":"/home/ada","instructions":"%"}}"#
        + "\n"
        + #"{"timestamp":"2026-05-04T10:00:01.000Z","type":"event_msg","payload":{"type":"user_message","message":"%","images":["%"]}}"#
        + "\n"
        + #"{"timestamp":"2026-05-04T10:00:02.000Z","type":"response_item","payload":{"type":"function_call","name":"shell","arguments":"{\"command\":[\"%\"]}","call_id":"c1"}}"#
        + "\n"
        + #"{"timestamp":"2026-05-04T10:00:03.000Z","type":"response_item","payload":{"type":"function_call_output","call_id":"c1","output":"%"}}"#
        + "\n"
        + #"{"timestamp":"2026-05-04T10:00:04.000Z","type":"response_item","payload":{"type":"reasoning","summary":[{"text":"%"}],"encrypted_content":"%"}}"#
        + "\n"
        + #"{"timestamp":"2026-05-04T10:00:05.000Z","type":"event_msg","payload":{"type":"exec_command_end","stdout":"%","aggregated_output":"%","command":["%"]}}"#
        + "\n"
        + #"{"timestamp":"2026-05-04T10:00:06.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":1000,"output_tokens":100},"last_token_usage":{"input_tokens":1000,"output_tokens":100}}}}"#
        + "\n"
        + #"{"timestamp":"2026-05-04T10:00:07.000Z","type":"compacted","payload":{"message":"%","replacement_history":[{"role":"user","content":"%"}]}}"#
    ),
    (
      "codex output",
      #"{"type":"thread.started","thread_id":"T9"}"# + "\n"
        + #"{"type":"item.completed","item":{"id":"i0","type":"agent_message","text":"%"}}"# + "\n"
        + #"{"type":"item.completed","item":{"id":"i1","type":"command_execution","command":"%","aggregated_output":"%"}}"#
        + "\n"
        + #"{"type":"turn.completed","timestamp":"2026-05-04T10:00:09.000Z","usage":{"input_tokens":50,"cached_input_tokens":10,"output_tokens":9}}"#
    ),
    (
      "docker", docker(higress(#"\"answer\":\"%\""#) + "\n")
    ),
    (
      "docker in parts",
      docker(String(higress(#"\"answer\":\"it is %"#).prefix(120))) + "\n"
        + docker(String(higress(#"\"answer\":\"it is %"#).dropFirst(120)) + "\n")
    ),
    (
      "docker in parts within the secret",
      docker(#"{"answer":"a "#) + "\n" + docker(#"b %","x":1}"# + "\n")
    ),
    ("cri", "2026-02-01T10:00:00.123456789Z stdout F " + higress(#"\"answer\":\"%\""#)),
    (
      "cri in parts",
      #"2026-02-01T10:00:00.123456789Z stdout P {"level":"info","answer":"a long "# + "\n"
        + #"2026-02-01T10:00:00.123456790Z stdout P text with % in "# + "\n"
        + #"2026-02-01T10:00:00.123456791Z stdout F it","usage":{"input_tokens":5,"output_tokens":6}}"#
    ),
    (
      "behind a prefix",
      #"2026-02-01 10:00:00 INFO got {"model":"gpt-4o","messages":[{"content":"%"}]}"#
    ),
    (
      "a number",
      #"{"time":"2026-02-01T10:00:00Z","input":{"card":4111111111111111,"x":"%"},"text":"%"}"#
    ),
    (
      "deep in strings",
      #"{"time":"2026-02-01T10:00:00Z","log":"{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"answer\\\\\\\":\\\\\\\"%\\\\\\\"}\\\"}\"}"}"#
    ),
  ]

  /// Where a pattern must find it, too.
  static let elsewhere: [(name: String, text: String)] = [
    ("plain text", "2026-02-01 10:00:00 ERROR login with % failed"),
    ("text of no format", "just % here\nand % there"),
    (
      "escapes",
      #"{"time":"2026-02-01T10:00:00Z","a":"\u0025","b":"x\/%\n%"}"#.replacing(
        #"\u0025"#, with: escaped)
    ),
    (
      "escapes in escapes",
      #"{"time":"2026-02-01T10:00:00Z","log":"{\"a\":\""# + escaped.replacing(#"\"#, with: #"\\"#)
        + #"\"}"}"#
    ),
    ("escapes in the midst of a line", #"2026-02-01 10:00:00 INFO body={"k":"\#(escaped)"} done"#),
    (
      "escapes of a string in the midst of a line",
      #"2026-02-01 10:00:00 INFO level=info body="{\"k\":\""#
        + escaped.replacing(#"\"#, with: #"\\"#) + #"\"}""#
    ),
    ("a name", #"{"time":"2026-02-01T10:00:00Z","%":1}"#),
    (
      "a session and a model",
      higress(#"\"answer\":\"a\""#).replacing("agent:main", with: "%").replacing(
        "gpt-4o", with: "%")
    ),
    ("a reject", #"{"timestamp":"2026-02-01T10:00:00Z","ai_log":"{\"session_id\": broken %"}"#),
    (
      "an error",
      #"{"time":"2026-02-01T10:00:00Z","model":"gpt-4o","error":{"message":"key % is wrong"},"usage":{"prompt_tokens":1,"completion_tokens":0,"total_tokens":1},"status":401}"#
    ),
    (
      "a thread",
      #"{"timestamp":"2026-05-04T10:00:00.000Z","type":"session_meta","payload":{"id":"T-%","cwd":"/home/%"}}"#
        + "\n"
        + #"{"timestamp":"2026-05-04T10:00:06.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":1000,"output_tokens":100},"last_token_usage":{"input_tokens":1000,"output_tokens":100}}}}"#
    ),
    (
      "a trace",
      "2026-02-01 10:00:00 ERROR boom\n\tat f(%)\n\tat g\ncaused by: %\n2026-02-01 10:00:01 INFO on"
    ),
    (
      "cri in parts within it",
      "2026-02-01T10:00:00.123456789Z stdout P a sk-Q7vX2mN9\n2026-02-01T10:00:00.123456790Z stdout F pL4kR8tW1zY5 b"
    ),
    (
      "docker in parts within it", docker("a sk-Q7vX2mN9") + "\n" + docker("pL4kR8tW1zY5 b\n")
    ),
    ("invalid UTF-8 beside it", "2026-02-01 10:00:00 INFO \u{FFFD}%\u{FFFD} x"),
  ]

  /// As a program that escapes everything would write it.
  static let escaped = String(
    "sk-Q7vX2mN9pL4kR8tW1zY5".utf8.map {
      "\\u00" + String($0, radix: 16)
    }.joined())

  private static func higress(_ member: String) -> String {
    #"{"ai_log":"{"# + member
      + #",\"chat_id\":\"c\",\"chat_round\":3,\"input_token\":100,\"model\":\"gpt-4o\",\"output_token\":50,\"response_type\":\"stream\",\"session_id\":\"agent:main\",\"total_token\":150}","duration":"990","request_id":"r1","response_code":"200","response_flags":"-","user_agent":"a","start_time":"2026-02-01T10:00:00.123Z"}"#
  }

  private static func openAI(_ choice: String, _ members: String = "") -> String {
    #"{"time":"2026-02-01T10:00:00Z",\#(members)"model":"gpt-4o","choices":[{"index":0,\#(choice)}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}"#
  }

  private static func anthropic(_ block: String, _ members: String = "") -> String {
    #"{"timestamp":"2026-02-01T10:00:00Z",\#(members)"type":"message","id":"msg_0123456789abcdefghij","model":"claude-sonnet-4-5","content":[\#(block)],"usage":{"input_tokens":10,"output_tokens":5}}"#
  }

  private static func claude(_ blocks: String) -> String {
    #"{"type":"assistant","uuid":"u2","cwd":"/home/ada/shop","sessionId":"s1","version":"2.1.200","requestId":"req_1","timestamp":"2026-03-02T08:15:30.250Z","message":{"id":"msg_1","role":"assistant","model":"claude-sonnet-4-6","content":[\#(blocks)],"usage":{"input_tokens":12,"output_tokens":340}}}"#
  }

  private static func docker(_ text: String) -> String {
    let escaped = text.replacing(#"\"#, with: #"\\"#).replacing("\"", with: #"\""#)
      .replacing("\n", with: #"\n"#)
    return #"{"log":"\#(escaped)","stream":"stdout","time":"2026-02-01T10:00:00.123456789Z"}"#
  }
}
