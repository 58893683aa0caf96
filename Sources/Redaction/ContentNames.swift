import JSON

/// The members in which people and models speak, in the spellings of all wire formats.
enum ContentNames {
  enum Role: UInt8 {
    /// Messages, blocks, calls of tools: their structure stays.
    case blocks = 1
    /// The same in a list; nothing of anything else stays.
    case items
    /// A text or a list of them; an object holds the answer's other members.
    case said
    /// Nothing of it stays.
    case opaque
    /// What is said only inside `payload`: elsewhere it is the message of a log line.
    case message
    case payload
  }

  /// Within content: what a member of a message, a block or a call is.
  enum BlockRole: UInt8 {
    /// A name or a number of the protocol.
    case kept = 1
    case blocks
  }

  static func role(_ text: Span<UInt8>, _ key: Range<Int>) -> Role? {
    Role(rawValue: table.value(text, key))
  }

  static func blockRole(_ text: Span<UInt8>, _ key: Range<Int>) -> BlockRole? {
    BlockRole(rawValue: blockTable.value(text, key))
  }

  private static let blocks = [
    "messages", "message_list", "content", "contents", "question", "answer", "reasoning", "system",
    "tool_calls", "function_call", "functionCall", "functionResponse", "parts", "instructions",
    "system_instruction", "systemInstruction", "reasoning_content",
    "reasoning_details", "refusal", "completion", "text", "thinking", "replacement_history",
    "normalizedMessages", "gen_ai.input.messages", "gen_ai.output.messages", "history",
    "gen_ai.system_instructions", "chat_history", "conversation",
  ]

  private static let items = ["prompt", "input", "output"]

  private static let said = ["response", "completions", "generations"]

  private static let opaque = [
    "arguments", "args", "partial_json", "toolUseResult", "tool_result", "tool_results", "summary",
    "snapshot", "attachment", "attachments", "todos", "lastPrompt", "last_prompt", "planContent",
    "aiTitle", "customTitle", "title", "stdout", "stderr", "aggregated_output", "formatted_output",
    "fullOutput", "command", "changes", "unified_diff", "invocation", "result", "results", "query",
    "queries", "last_agent_message", "user_instructions", "developer_instructions",
    "base_instructions", "images", "image_url", "audio", "inline_data", "inlineData", "file_data",
    "logprobs", "top_logprobs", "logprobsResult", "encrypted_content", "signature",
    "thoughtSignature", "transcript", "tools", "functions", "stop_sequence", "action",
    "safecheck_riskWords", "safecheck_risk_words", "compact_summary", "patch", "diff",
    "documents", "citations", "system_prompt", "user_prompt", "assistant_prompt", "user_message",
    "assistant_message", "system_message", "generated_text", "input_text", "output_text", "suffix",
    "gen_ai.prompt", "gen_ai.completion", "webSearchQueries", "web_search_queries", "thread_name",
    "threadName", "objective", "user_input", "user_query", "response_text", "answer_text",
  ]

  private static let table = KeyTable(
    blocks.map { ($0, Role.blocks.rawValue) } + items.map { ($0, Role.items.rawValue) }
      + said.map { ($0, Role.said.rawValue) }
      + opaque.map { ($0, Role.opaque.rawValue) } + [
        ("message", Role.message.rawValue), ("payload", Role.payload.rawValue),
        ("item", Role.payload.rawValue),
      ])

  private static let blockTable = KeyTable(
    [
      "type", "role", "id", "index", "name", "tool_use_id", "tool_call_id", "toolCallId", "call_id",
      "callId", "status", "is_error", "isError", "finish_reason", "stop_reason", "mimeType",
      "mime_type", "media_type",
    ].map { ($0, BlockRole.kept.rawValue) }
      + [
        "content", "parts", "function", "functionCall", "functionResponse", "function_call",
        "tool_calls", "message", "text", "thinking", "reasoning", "source",
      ].map { ($0, BlockRole.blocks.rawValue) })
}
