import Redaction
import Testing

@Suite struct `What agents and their tools say` {
  /// `%` stands for what is said.
  private static let said: [String] =
    [
      "output_text", "reasoning_text", "reasoning_summary_text", "refusal",
      "function_call_arguments", "mcp_call_arguments", "code_interpreter_call_code",
      "custom_tool_call_input", "audio.transcript",
    ].map { #"{"time":"t","type":"response.\#($0).delta","item_id":"m","delta":"%"}"# }
    + [
      event(#""type":"agent_message_delta","delta":"%""#),
      event(#""type":"agent_message_content_delta","item_id":"m","delta":"%""#),
      event(#""type":"realtime_transcript_delta","delta":"%""#),
      event(#""type":"exec_command_output_delta","call_id":"c","stream":null,"chunk":"%""#),
      event(#""type":"exec_command_begin","cwd":"/w","parsed_cmd":[{"type":"unknown","cmd":"%"}]"#),
      event(#""type":"exec_command_end","exit_code":1,"parsed_cmd":[{"type":"read","cmd":"%"}]"#),
      event(#""type":"image_generation_end","status":"completed","revised_prompt":"%""#),
      event(#""type":"dynamic_tool_call_response","tool":"f","success":false,"error":"%""#),
      event(#""type":"plan_update","explanation":"%","plan":[{"step":"%","status":"pending"}]"#),
      event(#""type":"guardian_assessment","risk_level":"low","risk_score":5,"rationale":"%""#),
      event(#""type":"collab_waiting_end","statuses":{"a1":{"completed":"%"}}"#),
      event(#""type":"collab_close_end","status":{"completed":"%"},"sender_thread_id":"a1""#),
      event(
        #""type":"request_user_input","questions":[{"id":"q","header":"%","question":"%","options":[{"label":"%","description":"%"}]}]"#
      ),
      event(
        #""type":"exited_review_mode","review_output":{"findings":[{"title":"%","body":"%","priority":1}],"overall_explanation":"%","overall_confidence_score":0.5}"#
      ),
      event(#""type":"entered_review_mode","user_facing_hint":"%""#),
      event(#""type":"not_known_yet","model":"m","n":2,"words":["%",{"other":"%"}]"#),
      record("response_item", #""type":"image_generation_call","id":"i","revised_prompt":"%""#),
      record(
        "session_meta",
        #""id":"s","cwd":"/w","originator":"o","dynamic_tools":[{"name":"f","description":"%"}]"#),
      #"{"payload":{"type":"plan_update","explanation":"%"},"timestamp":"t","type":"event_msg"}"#,
      #"{"type":"world_state","payload":"%"}"#,
      #"{"type":"content-replacement","replacements":[{"kind":"tool-result","toolUseId":"t","replacement":"%"}]}"#,
      #"{"type":"system","subtype":"stop_hook_summary","hookCount":1,"hookErrors":"%","stopReason":"%"}"#,
      #"{"type":"system","subtype":"api_error","error":{"status":529,"requestID":"r","error":{"type":"error","error":{"type":"overloaded_error","message":"%"}}},"retryAttempt":1}"#,
      #"{"type":"system","subtype":"api_error","cause":{"code":"E","errno":0},"error":{"message":"%"}}"#,
    ]

  private static func event(_ payload: String) -> String { record("event_msg", payload) }

  private static func record(_ type: String, _ payload: String) -> String {
    #"{"timestamp":"t","type":"\#(type)","payload":{\#(payload)}}"#
  }

  private static func filled(_ text: String, _ words: String) -> String {
    text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: words)
  }

  @Test(arguments: said)
  func `is dropped from every record that holds it, and nothing else`(_ record: String) throws {
    let text = Self.filled(record, "a secret")
    let dropped = try `Replacing what must not be stored`.replaced(text, .drop)
    #expect(dropped == Self.filled(record, "[dropped]"))
    let hashed = try `Replacing what must not be stored`.replaced(text, .hash(key: [1]))
    #expect(!hashed.contains("secret") && hashed.contains("[hash:"))
  }

  @Test(arguments: [
    (
      #"{"type":"world_state","payload":{"full":true,"state":{"id":"a"}}}"#,
      #"{"type":"world_state","payload":"[dropped]"}"#
    ),
    (
      #"{"type":"system","subtype":"stop_hook_summary","hookErrors":["a"]}"#,
      #"{"type":"system","subtype":"stop_hook_summary","hookErrors":"[dropped]"}"#
    ),
    (
      #"{"type":"event_msg","payload":{"type":"exec_command_output_delta","chunk":[72,105]}}"#,
      #"{"type":"event_msg","payload":{"type":"exec_command_output_delta","chunk":"[dropped]"}}"#
    ),
    (
      #"{"hookErrors":["a"],"stopReason":"b","subtype":"other"}"#,
      #"{"hookErrors":"[dropped]","stopReason":"[dropped]","subtype":"other"}"#
    ),
    (
      #"{"type":"event_msg","payload":{"plan":[{"step":"a"},x "rationale":"b"}}"#,
      #"{"type":"event_msg","payload":{"plan":[{"step":"[dropped]"},"[dropped]" [dropped]"#
    ),
    (
      #"{"payload":{"id":"i","rationale":"a"},"time":"t","type"#,
      #"{"payload":{"id":"i","rationale":"[dropped]"},"time":"t","type"#
    ),
    (
      #"{"payload":{"id":"i","rationale":"a"},"type":"order","x"#,
      #"{"payload":{"id":"i","rationale":"a"},"type":"order","x"#
    ),
  ])
  func `is dropped whole where nobody can tell its parts`(
    _ text: String, _ expected: String
  ) throws {
    #expect(try `Replacing what must not be stored`.replaced(text, .drop) == expected)
  }

  @Test(arguments: [
    #"{"level":"error","error":"timeout","label":"a","completed":"yes","step":"2","delta":5}"#,
    #"{"type":"order","payload":{"error":"timeout","header":"a","step":"2","body":"b"}}"#,
    #"{"type":"system","message":"started","error":{"message":"timeout"},"cause":"disk"}"#,
    #"{"stopReason":"end_turn","usage":{"inputTokens":1}}"#,
    #"{"delta":{"stop_reason":"end_turn"},"explanation":"a","description":"b","chunk":"c"}"#,
    event(
      #""type":"thread_settings_applied","thread_settings":{"model":"m","service_tier":"flex"}"#),
    event(
      #""type":"token_count","info":{"total_token_usage":{"input_tokens":1}},"rate_limits":{"limit_id":"l"}"#
    ),
    event(#""type":"model_reroute","from_model":"a","to_model":"b""#),
    event(#""type":"task_started","turn_id":"t","collaboration_mode_kind":"default""#),
    record("turn_context", #""cwd":"/w","model":"m","approval_policy":"never""#),
    record(
      "session_meta",
      #""id":"s","forked_from_id":"p","source":{"subagent":{"thread_spawn":{"parent_thread_id":"p"}}}"#
    ),
  ])
  func `is not what a log line or a name of the protocol says`(_ text: String) throws {
    #expect(try `Replacing what must not be stored`.replaced(text, .drop) == text)
  }

  @Test(arguments: [
    ("Claude AI usage limit reached|1772460000", true),
    ("Claude AI usage limit reached|", false), ("Claude AI usage limit reached|soon", false),
    ("Claude AI usage limit reached|4111111111111111", false),
    ("why: Claude AI usage limit reached|1772460000", false), ("1772460000", false),
  ])
  func `is not when a limit is lifted`(_ text: String, _ stays: Bool) throws {
    func record(_ text: String) -> String {
      #"{"isApiErrorMessage":true,"message":{"content":[{"type":"text","text":"\#(text)"}]}}"#
    }
    #expect(
      try `Replacing what must not be stored`.replaced(record(text), .drop)
        == record(stays ? text : "[dropped]"))
    #expect(
      try `Replacing what must not be stored`.replaced(record(text), .keep, ["AI"])
        == record(text.replacing("AI", with: "[redacted]")))
  }
}
