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
    /// A text is said, anything else holds it.
    case fragment
    /// Nothing but names and numbers of the protocol stays of its texts.
    case event
    /// What is said only in an agent's notice: elsewhere it is a name of the protocol.
    case reason
    /// What is said only in a call of a tool, or in an event of a stream.
    case spoken
    /// A list is said; anything else is a member of a log line.
    case list
    /// Holds what is said in an agent's notice: elsewhere it is the error of a log line.
    case cause

    /// Whether it is one wherever it stands.
    var isCertain: Bool {
      switch self {
      case .payload, .reason, .cause, .spoken, .list: false
      default: true
      }
    }
  }

  /// Within content: what a member of a message, a block or a call is.
  enum BlockRole: UInt8 {
    /// A name or a number of the protocol.
    case kept = 1
    case blocks
  }

  /// Within an event: what a member is that no role tells.
  enum EventRole: UInt8 {
    /// A name or a number of the protocol, where it is a text.
    case kept = 1
    /// What a tool printed, byte by byte.
    case opaque
  }

  static func role(_ text: Span<UInt8>, _ key: Range<Int>) -> Role? {
    Role(rawValue: table.value(text, key))
  }

  static func blockRole(_ text: Span<UInt8>, _ key: Range<Int>) -> BlockRole? {
    BlockRole(rawValue: blockTable.value(text, key))
  }

  static func eventRole(_ text: Span<UInt8>, _ key: Range<Int>) -> EventRole? {
    if let role = EventRole(rawValue: eventTable.value(text, key)) { return role }
    let isKept = ["_id", "-id", "_kind", "_type", "_mode", "_model", "Id", "ID"].contains {
      key.count > $0.utf8.count && text.hasPrefix($0, at: key.upperBound - $0.utf8.count)
    }
    return isKept ? .kept : nil
  }

  private static let blocks = [
    "messages", "message_list", "content", "contents", "question", "answer", "reasoning", "system",
    "tool_calls", "function_call", "functionCall", "functionResponse", "parts", "instructions",
    "system_instruction", "systemInstruction", "reasoning_content",
    "reasoning_details", "refusal", "completion", "text", "thinking", "replacement_history",
    "normalizedMessages", "gen_ai.input.messages", "gen_ai.output.messages", "history",
    "gen_ai.system_instructions", "chat_history", "conversation", "content_block",
  ]

  private static let items = ["prompt", "input", "output", "inputs"]

  private static let said = ["response", "completions", "generations", "generation"]

  private static let spoken = ["code", "outputs", "logs", "annotation", "operation"]

  private static let lists = ["annotations", "citations", "search_results"]

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
    "documents", "system_prompt", "user_prompt", "assistant_prompt", "user_message",
    "assistant_message", "system_message", "generated_text", "input_text", "output_text", "suffix",
    "gen_ai.prompt", "gen_ai.completion", "webSearchQueries", "web_search_queries", "thread_name",
    "threadName", "objective", "user_input", "user_query", "response_text", "answer_text",
    "hookErrors", "errorDetails", "taskDescription", "task_description", "mcpMeta",
    "structuredContent", "structured_content", "cited_text", "document_title", "citation",
    "revised_prompt", "b64_json", "partial_image_b64", "executableCode", "executable_code",
    "codeExecutionResult", "code_execution_result", "fileData", "groundingChunks",
    "groundingSupports", "searchEntryPoint", "retrievalQueries", "urlContextMetadata",
    "citationMetadata", "finishMessage", "inputText", "outputText", "preamble",
    "gen_ai.tool.call.arguments", "gen_ai.tool.call.result", "gen_ai.tool.definitions",
  ]

  private static let table = KeyTable(
    blocks.map { ($0, Role.blocks.rawValue) } + items.map { ($0, Role.items.rawValue) }
      + said.map { ($0, Role.said.rawValue) } + spoken.map { ($0, Role.spoken.rawValue) }
      + lists.map { ($0, Role.list.rawValue) }
      + opaque.map { ($0, Role.opaque.rawValue) } + [
        ("message", Role.message.rawValue), ("payload", Role.payload.rawValue),
        ("item", Role.payload.rawValue), ("part", Role.payload.rawValue),
        ("delta", Role.fragment.rawValue),
        ("replacements", Role.event.rawValue), ("dynamic_tools", Role.event.rawValue),
        ("stopReason", Role.reason.rawValue), ("error", Role.cause.rawValue),
        ("cause", Role.cause.rawValue),
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

  private static let eventTable = KeyTable(
    [
      "type", "kind", "mode", "role", "id", "timestamp", "status", "phase", "name", "namespace",
      "tool", "server", "model", "model_provider", "service_tier", "effort", "reasoning_effort",
      "cwd", "source", "author", "recipient", "agent_nickname", "limit_name", "balance",
      "codex_error_info", "approval_policy", "personality", "risk_level",
    ].map { ($0, EventRole.kept.rawValue) } + [("chunk", EventRole.opaque.rawValue)])
}
