import JSON

/// A record of a coding agent in which more is said than the names of its members tell.
enum AgentRecord: UInt8 {
  /// Codex's: what its payload says has a name of its own in each kind of event.
  case event = 1
  /// Codex's: what the agent sees of its surroundings.
  case state
  /// Claude Code's: what went wrong, or what a hook has to say.
  case notice

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
      guard let record = AgentRecord(rawValue: kinds.value(text, cursor.value)) else { continue }
      self = record
      return
    }
  }

  private static let names = KeyTable([
    ("type", 1), ("subtype", 2), ("hookErrors", 3), ("hookInfos", 3), ("hookCount", 3),
  ])

  private static let types = KeyTable([
    ("event_msg", Self.event.rawValue), ("response_item", Self.event.rawValue),
    ("compacted", Self.event.rawValue), ("inter_agent_communication", Self.event.rawValue),
    ("world_state", Self.state.rawValue),
  ])

  private static let subtypes = KeyTable([
    ("api_error", Self.notice.rawValue), ("stop_hook_summary", Self.notice.rawValue),
  ])
}
