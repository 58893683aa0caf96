/// Session files of coding agents with what they must add up to; all values are invented.
enum GoldenSessions {
  /// Claude Code: a session, its subagent, and a session that resumed it.
  ///
  /// Two lines of one response
  /// that grows, a response without a request id, a side question that replays a response, an advisor.
  static let claudeMain = [
    #"""
    {"type":"assistant","sessionId":"s1","requestId":"req_1","timestamp":"2026-03-02T10:00:00.000Z","message":{"id":"msg_A","model":"claude-sonnet-4-6","usage":{"input_tokens":10,"output_tokens":4,"cache_creation_input_tokens":1000,"cache_read_input_tokens":5000,"cache_creation":{"ephemeral_5m_input_tokens":200,"ephemeral_1h_input_tokens":800}}}}
    """#,
    #"""
    {"type":"assistant","sessionId":"s1","requestId":"req_1","timestamp":"2026-03-02T10:00:02.000Z","message":{"id":"msg_A","model":"claude-sonnet-4-6","usage":{"input_tokens":10,"output_tokens":120,"cache_creation_input_tokens":1000,"cache_read_input_tokens":5000,"cache_creation":{"ephemeral_5m_input_tokens":200,"ephemeral_1h_input_tokens":800}}}}
    """#,
    #"""
    {"type":"assistant","sessionId":"s1","timestamp":"2026-03-02T10:01:00.000Z","message":{"id":"msg_B","model":"claude-sonnet-4-6","usage":{"input_tokens":20,"output_tokens":30,"cache_creation_input_tokens":400}}}
    """#,
    #"""
    {"type":"assistant","sessionId":"s1","timestamp":"2026-03-02T10:01:00.000Z","message":{"id":"msg_B","model":"claude-sonnet-4-6","usage":{"input_tokens":20,"output_tokens":30,"cache_creation_input_tokens":400}}}
    """#,
  ]

  static let claudeSubagent = [
    #"""
    {"type":"assistant","isSidechain":true,"sessionId":"s1","requestId":"req_3","timestamp":"2026-03-02T10:02:00.000Z","message":{"id":"msg_C","model":"claude-haiku-4-5","usage":{"input_tokens":5,"output_tokens":50,"cache_creation_input_tokens":300,"cache_read_input_tokens":700}}}
    """#,
    #"""
    {"type":"assistant","isSidechain":true,"sessionId":"s1","requestId":"req_9","timestamp":"2026-03-02T10:00:02.000Z","message":{"id":"msg_A","model":"claude-sonnet-4-6","usage":{"input_tokens":10,"output_tokens":120,"cache_read_input_tokens":9000}}}
    """#,
  ]

  static let claudeResumed = [
    #"""
    {"type":"assistant","sessionId":"s2","requestId":"req_1","timestamp":"2026-03-02T10:00:02.000Z","message":{"id":"msg_A","model":"claude-sonnet-4-6","usage":{"input_tokens":10,"output_tokens":120,"cache_creation_input_tokens":1000,"cache_read_input_tokens":5000,"cache_creation":{"ephemeral_5m_input_tokens":200,"ephemeral_1h_input_tokens":800}}}}
    """#,
    #"""
    {"type":"assistant","sessionId":"s2","requestId":"req_4","timestamp":"2026-03-02T11:00:00.000Z","message":{"id":"msg_D","model":"claude-sonnet-4-6","usage":{"input_tokens":2,"output_tokens":40,"cache_read_input_tokens":9000,"iterations":[{"type":"message","model":null,"input_tokens":2,"output_tokens":40},{"type":"advisor_message","model":"claude-opus-4-8","input_tokens":1000,"output_tokens":100}]}}}
    """#,
  ]

  /// Codex: a thread whose counter is reported twice, and one that was forked from it before its third
  /// request, its history written again at the time of the fork.
  static let codexParent = [
    #"""
    {"timestamp":"2026-05-04T10:00:00.000Z","type":"session_meta","payload":{"id":"T1","cwd":"/home/ada/shop"}}
    """#,
    #"""
    {"timestamp":"2026-05-04T10:00:01.000Z","type":"turn_context","payload":{"model":"gpt-5.2-codex"}}
    """#,
    #"""
    {"timestamp":"2026-05-04T10:00:05.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":1000,"cached_input_tokens":200,"output_tokens":100,"reasoning_output_tokens":40,"total_tokens":1100},"last_token_usage":{"input_tokens":1000,"cached_input_tokens":200,"output_tokens":100,"reasoning_output_tokens":40,"total_tokens":1100}}}}
    """#,
    #"""
    {"timestamp":"2026-05-04T10:00:08.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":1000,"cached_input_tokens":200,"output_tokens":100,"reasoning_output_tokens":40,"total_tokens":1100},"last_token_usage":{"input_tokens":1000,"cached_input_tokens":200,"output_tokens":100,"reasoning_output_tokens":40,"total_tokens":1100}}}}
    """#,
    #"""
    {"timestamp":"2026-05-04T10:01:00.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":2500,"cached_input_tokens":1200,"output_tokens":180,"reasoning_output_tokens":60,"total_tokens":2680}}}}
    """#,
    #"""
    {"timestamp":"2026-05-04T10:30:00.000Z","type":"turn_context","payload":{"model":"gpt-5.4"}}
    """#,
    #"""
    {"timestamp":"2026-05-04T10:30:09.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":3300,"cached_input_tokens":1500,"output_tokens":260,"reasoning_output_tokens":90,"total_tokens":3560},"last_token_usage":{"input_tokens":800,"cached_input_tokens":300,"output_tokens":80,"reasoning_output_tokens":30,"total_tokens":880}}}}
    """#,
  ]

  static let codexChild = [
    #"""
    {"timestamp":"2026-05-04T10:05:00.000Z","type":"session_meta","payload":{"id":"T2","forked_from_id":"T1","cwd":"/home/ada/shop","source":{"subagent":{"thread_spawn":{"parent_thread_id":"T1"}}}}}
    """#,
    #"""
    {"timestamp":"2026-05-04T10:05:00.000Z","type":"session_meta","payload":{"id":"T1","cwd":"/home/ada/shop"}}
    """#,
    #"""
    {"timestamp":"2026-05-04T10:05:00.010Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":1000,"cached_input_tokens":200,"output_tokens":100,"reasoning_output_tokens":40,"total_tokens":1100}}}}
    """#,
    #"""
    {"timestamp":"2026-05-04T10:05:00.020Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":2500,"cached_input_tokens":1200,"output_tokens":180,"reasoning_output_tokens":60,"total_tokens":2680}}}}
    """#,
    #"""
    {"timestamp":"2026-05-04T10:05:20.000Z","type":"turn_context","payload":{"model":"gpt-5.4"}}
    """#,
    #"""
    {"timestamp":"2026-05-04T10:05:30.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":2900,"cached_input_tokens":1300,"output_tokens":220,"reasoning_output_tokens":70,"total_tokens":3120}}}}
    """#,
  ]
}
