import JSON

/// A record of a coding agent in which more is said than the names of its members tell.
enum AgentRecord: UInt8 {
  /// Codex's: what its payload says has a name of its own in each kind of event.
  case event = 1
  /// Codex's: what the agent sees of its surroundings.
  case state
  /// Claude Code's: what went wrong, or what a hook has to say.
  case notice
  /// OpenAI's: an event of a response's stream, or what `codex exec` tells of an item.
  case stream
  /// OpenAI's: a call of a tool, or what it gave back.
  case call

  /// Whether what is said has a name in it that says something else elsewhere.
  var isSpoken: Bool { self == .stream || self == .call }

  /// What the object at `start` says of itself, in whatever order; one that breaks before it has said
  /// so may be an event.
  init?(_ text: Span<UInt8>, at start: Int) {
    guard var cursor = JSONCursor(text, at: start) else { return nil }
    var hasType = false
    while true {
      switch cursor.next(text) {
      case .member: break
      case .end: return nil
      case .broken:
        if hasType { return nil }
        self = .event
        return
      }
      let kinds: KeyTable
      switch Self.names.value(text, cursor.key) {
      case 1: kinds = Self.types
      case 2: kinds = Self.subtypes
      case 3:
        self = .notice
        return
      default: continue
      }
      hasType = true
      if let record = AgentRecord(rawValue: kinds.value(text, cursor.value)) {
        self = record
        return
      }
      if Self.isOfStream(text, cursor.value) {
        self = .stream
        return
      }
    }
  }

  private static func isOfStream(_ text: Span<UInt8>, _ type: Range<Int>) -> Bool {
    ["response.", "item.", "conversation.item."].contains {
      type.count > $0.utf8.count && text.hasPrefix($0, at: type.lowerBound)
    }
  }

  private static let names = KeyTable([
    ("type", 1), ("subtype", 2), ("hookErrors", 3), ("hookInfos", 3), ("hookCount", 3),
  ])

  private static let types = KeyTable(
    [
      ("event_msg", Self.event.rawValue), ("response_item", Self.event.rawValue),
      ("compacted", Self.event.rawValue), ("inter_agent_communication", Self.event.rawValue),
      ("world_state", Self.state.rawValue),
    ]
      + [
        "code_interpreter_call", "computer_call", "computer_call_output", "local_shell_call",
        "local_shell_call_output", "shell_call", "shell_call_output", "apply_patch_call",
        "apply_patch_call_output", "file_search_call", "web_search_call", "mcp_call",
        "mcp_list_tools", "mcp_approval_request", "mcp_approval_response", "image_generation_call",
        "custom_tool_call", "custom_tool_call_output", "function_call_output",
      ].map { ($0, Self.call.rawValue) })

  private static let subtypes = KeyTable([
    ("api_error", Self.notice.rawValue), ("stop_hook_summary", Self.notice.rawValue),
  ])
}
